package io.credence.decision;

import io.credence.statistics.Measure;

/**
 * A rule of abstention, what it was chosen for, and what it did to the inputs it was chosen on; on
 * others it does about as well, {@code docs/methods/decisions.md} says how nearly.
 *
 * @param rule when there is an answer
 * @param target what the threshold was chosen for
 * @param level the share that was asked for
 * @param coverage share of the inputs that the rule answers, within (0, 1]
 * @param risk mean loss of what it answers, ≥ 0: the share of wrong answers where a wrong one costs
 *     1
 */
public record Abstention(
    AbstentionRule rule, AbstentionTarget target, double level, double coverage, double risk) {

  /**
   * Checks the numbers.
   *
   * @param rule see the record
   * @param target see the record
   * @param level see the record
   * @param coverage see the record
   * @param risk see the record
   * @throws IllegalArgumentException if a number is out of its range
   */
  public Abstention {
    if (!(level >= 0 && level <= 1)
        || !(coverage > 0 && coverage <= 1)
        || !(risk >= 0 && risk < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "level is "
              + level
              + ", coverage "
              + coverage
              + ", risk "
              + risk
              + "; level must be within [0, 1], coverage within (0, 1], risk at least 0");
    }
  }

  /**
   * Chooses a threshold.
   *
   * @param target what for
   * @param level the share that is asked for
   * @param measure the measure that has the threshold
   * @param values its value for each input, n ≥ 1
   * @param losses what each answer costs, finite, ≥ 0: 1 for a wrong one and 0 for a right one, say
   * @return the rule and what it does to these inputs
   * @throws IllegalArgumentException as {@link AbstentionRule#forCoverage}, {@link
   *     AbstentionRule#forRisk} or {@link AbstentionRule#forFalseAlarmRate}, or if lengths differ,
   *     or a loss is negative or not finite
   */
  public static Abstention choose(
      AbstentionTarget target, double level, Measure measure, double[] values, double[] losses) {
    Scores.checkLosses("values", values.length, losses);
    AbstentionRule rule = target.rule(measure, values, losses, level);
    double loss = 0;
    int answered = 0;
    for (int i = 0; i < values.length; i++) {
      if (rule.answers(values[i])) {
        loss += losses[i];
        answered++;
      }
    }
    return new Abstention(rule, target, level, (double) answered / values.length, loss / answered);
  }
}
