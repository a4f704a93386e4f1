package io.credence.decision;

import io.credence.statistics.Measure;

/** What the threshold of an {@link AbstentionRule} is chosen for. */
public enum AbstentionTarget {
  /** The least share of inputs that are answered, {@link AbstentionRule#forCoverage}. */
  COVERAGE("coverage"),
  /** The largest share of answers that are wrong, {@link AbstentionRule#forRisk}. */
  RISK("risk"),
  /**
   * The largest probability that an input in distribution is not answered, {@link
   * AbstentionRule#forFalseAlarmRate}.
   */
  FALSE_ALARM_RATE("false-alarm rate");

  private final String words;

  AbstentionTarget(String words) {
    this.words = words;
  }

  /** Returns the target for people, such as {@code false-alarm rate}. */
  @Override
  public String toString() {
    return words;
  }

  AbstentionRule rule(Measure measure, double[] values, double[] losses, double level) {
    return switch (this) {
      case COVERAGE -> AbstentionRule.forCoverage(measure, values, level);
      case RISK -> AbstentionRule.forRisk(measure, values, losses, level);
      case FALSE_ALARM_RATE -> AbstentionRule.forFalseAlarmRate(measure, values, level);
    };
  }
}
