package io.credence.decision;

import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionSummary;
import java.util.List;

/**
 * When a model says that it does not know: where a measure is above a threshold, or, of {@link
 * ClassificationMeasure#MAX_PROBABILITY} and {@link ClassificationMeasure#MARGIN}, whose high
 * values mean trust, below it. At the threshold itself it answers.
 *
 * <p>The factories choose the threshold on data of the kind to come, that the model was not trained
 * on; {@code docs/methods/decisions.md} tells what they promise.
 *
 * @param measure the measure
 * @param threshold the last value that is answered, in the unit of the measure
 */
public record AbstentionRule(Measure measure, double threshold) {

  /**
   * Checks measure and threshold.
   *
   * @param measure see the record
   * @param threshold see the record
   * @throws IllegalArgumentException if the threshold is NaN, or the measure is {@link
   *     RegressionMeasure#MEAN}, which tells no doubt
   */
  public AbstentionRule {
    if (measure == RegressionMeasure.MEAN) {
      throw new IllegalArgumentException(
          "measure is mean, which tells no doubt; choose one such as epistemicStandardDeviation");
    }
    if (Double.isNaN(threshold)) {
      throw new IllegalArgumentException("threshold is NaN; it must be a number");
    }
  }

  /**
   * The strictest rule that answers at least a share of given inputs: of n, those up to the ⌈share
   * · n⌉-th in the order of doubt, and what ties with it. On inputs to come the share scatters.
   *
   * @param measure the measure
   * @param values its value for each input, n ≥ 1
   * @param coverage the share, within (0, 1]
   * @return the rule
   * @throws IllegalArgumentException if there is no value, one is NaN, or unless {@code 0 <
   *     coverage && coverage <= 1}
   */
  public static AbstentionRule forCoverage(Measure measure, double[] values, double coverage) {
    if (!(coverage > 0 && coverage <= 1)) {
      throw new IllegalArgumentException(
          "coverage is " + coverage + "; it must be above 0 and at most 1");
    }
    double[] doubts = doubts(measure, values);
    return ofDoubt(measure, Scores.ofRank(doubts, Scores.rank(doubts.length, coverage)));
  }

  /**
   * The rule that answers most of given inputs at a mean loss of at most {@code risk} on them. On
   * inputs to come the risk may be higher: the threshold was chosen as the one that looks best
   * here.
   *
   * @param measure the measure
   * @param values its value for each input, n ≥ 1
   * @param losses what each answer costs, finite, ≥ 0: 1 for a wrong one and 0 for a right one, say
   * @param risk the largest mean loss of what is answered, ≥ 0
   * @return the rule
   * @throws IllegalArgumentException if there is no value, one is NaN, lengths differ, a loss is
   *     negative or not finite, {@code risk} is negative or NaN, or no threshold has so low a risk;
   *     the message names the lowest
   */
  public static AbstentionRule forRisk(
      Measure measure, double[] values, double[] losses, double risk) {
    if (!(risk >= 0)) {
      throw new IllegalArgumentException("risk is " + risk + "; it must be at least 0");
    }
    List<RiskCoverage.Point> curve = RiskCoverage.of(doubts(measure, values), losses).curve();
    RiskCoverage.Point lowest = curve.get(0);
    for (int i = curve.size() - 1; i >= 0; i--) {
      if (curve.get(i).selectiveRisk() <= risk) {
        return ofDoubt(measure, curve.get(i).threshold());
      }
      lowest = curve.get(i).selectiveRisk() < lowest.selectiveRisk() ? curve.get(i) : lowest;
    }
    throw new IllegalArgumentException(
        "risk "
            + risk
            + " is reached by no threshold of "
            + measure.key()
            + "; the lowest is "
            + lowest.selectiveRisk()
            + ", at coverage "
            + lowest.coverage()
            + "; allow more, or choose another measure");
  }

  /**
   * The strictest rule under which an input in distribution goes without an answer with a
   * probability of at most {@code rate}: of n, those up to the ⌈(n + 1)(1 − rate)⌉-th in the order
   * of doubt are answered. This holds for inputs to come that are exchangeable with these, in the
   * mean over such data (split conformal; Vovk, Gammerman, Shafer 2005, doi 10.1007/b106715).
   *
   * @param measure the measure
   * @param inDistribution its value for each of n inputs in distribution
   * @param rate the largest probability of a false alarm, within (0, 1)
   * @return the rule
   * @throws IllegalArgumentException if there is no value, one is NaN, unless {@code 0 < rate &&
   *     rate < 1}, or {@code n < ⌈1/rate⌉ − 1}, too few to promise it
   */
  public static AbstentionRule forFalseAlarmRate(
      Measure measure, double[] inDistribution, double rate) {
    Scores.checkShare("rate", rate);
    double[] doubts = doubts(measure, inDistribution);
    int rank = Scores.conformalRank(doubts.length, rate);
    if (rank > doubts.length) {
      throw new IllegalArgumentException(
          doubts.length
              + " inputs cannot promise a false-alarm rate of "
              + rate
              + "; give at least "
              + Scores.leastInputs(rate));
    }
    return ofDoubt(measure, Scores.ofRank(doubts, rank));
  }

  /** Values turned so that high means doubt. */
  private static double[] doubts(Measure measure, double... values) {
    Scores.check("values", values);
    double sign = trusts(measure) ? -1 : 1;
    double[] doubts = new double[values.length];
    for (int i = 0; i < doubts.length; i++) {
      doubts[i] = sign * values[i];
    }
    return doubts;
  }

  private static AbstentionRule ofDoubt(Measure measure, double doubt) {
    return new AbstentionRule(measure, trusts(measure) ? -doubt : doubt);
  }

  private static boolean trusts(Measure measure) {
    return measure instanceof ClassificationMeasure c && !c.higherMeansLessTrust();
  }

  /**
   * Whether there is an answer.
   *
   * @param value the value of the measure
   * @return whether it is up to the threshold, or down to it
   * @throws IllegalArgumentException if the value is NaN
   */
  public boolean answers(double value) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(measure.key() + " is NaN; it must be a number");
    }
    return trusts(measure) ? value >= threshold : value <= threshold;
  }

  /**
   * The share of inputs that are answered.
   *
   * @param values the value of the measure for each, one at least
   * @return within [0, 1]
   * @throws IllegalArgumentException if there is no value, or one is NaN
   */
  public double coverage(double... values) {
    Scores.check("values", values);
    int answered = 0;
    for (double value : values) {
      answered += answers(value) ? 1 : 0;
    }
    return (double) answered / values.length;
  }

  /**
   * Answers one input of a classifier, or not.
   *
   * @param summary what the samples say of it
   * @return its predicted class, or that it is not known
   * @throws IllegalArgumentException if the measure is one of regressors
   */
  public Decision<Integer> decide(ClassificationSummary summary) {
    if (!(measure instanceof ClassificationMeasure ofClasses)) {
      throw new IllegalArgumentException(
          measure.key() + " is a measure of regressors; choose one of ClassificationMeasure");
    }
    double value = ofClasses.of(summary);
    return answers(value)
        ? new Decision.Answer<>(summary.predictedClass())
        : new Decision.DontKnow<>(measure, value, threshold);
  }

  /**
   * Answers one target of one input of a regressor, or not.
   *
   * @param summary what the samples say of the input
   * @param target the target, 0 ≤ target &lt; D
   * @return its mean, or that it is not known
   * @throws IllegalArgumentException if the measure is one of classifiers, or needs a variance that
   *     the model does not tell
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public Decision<Double> decide(RegressionSummary summary, int target) {
    if (!(measure instanceof RegressionMeasure ofTargets)) {
      throw new IllegalArgumentException(
          measure.key() + " is a measure of classifiers; choose one of RegressionMeasure");
    }
    double value =
        ofTargets
            .of(summary, target)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        measure.key()
                            + " is not told by this model; choose epistemicVariance, or a model"
                            + " that predicts variances"));
    return answers(value)
        ? new Decision.Answer<>(summary.mean(target))
        : new Decision.DontKnow<>(measure, value, threshold);
  }
}
