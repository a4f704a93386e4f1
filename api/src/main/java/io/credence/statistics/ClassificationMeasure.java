package io.credence.statistics;

import java.util.function.ToDoubleFunction;

/**
 * Every measure of a {@link ClassificationSummary}, by name, with its unit, its range, and what
 * high values mean. The page {@code docs/methods/} of each tells when it misleads.
 */
public enum ClassificationMeasure implements Measure {
  /** {@link ClassificationSummary#predictiveEntropy()}. */
  PREDICTIVE_ENTROPY(Unit.NATS, true, true, ClassificationSummary::predictiveEntropy),
  /** {@link ClassificationSummary#expectedEntropy()}. */
  EXPECTED_ENTROPY(Unit.NATS, true, true, ClassificationSummary::expectedEntropy),
  /** {@link ClassificationSummary#mutualInformation()}. */
  MUTUAL_INFORMATION(Unit.NATS, true, true, ClassificationSummary::mutualInformation),
  /** {@link ClassificationSummary#meanKullbackLeibler()}. */
  MEAN_KULLBACK_LEIBLER(Unit.NATS, true, true, ClassificationSummary::meanKullbackLeibler),
  /** {@link ClassificationSummary#betweenMembersMutualInformation()}. */
  BETWEEN_MEMBERS_MUTUAL_INFORMATION(
      Unit.NATS, true, true, ClassificationSummary::betweenMembersMutualInformation),
  /** {@link ClassificationSummary#withinMembersMutualInformation()}. */
  WITHIN_MEMBERS_MUTUAL_INFORMATION(
      Unit.NATS, true, true, ClassificationSummary::withinMembersMutualInformation),
  /** {@link ClassificationSummary#variationRatio()}. */
  VARIATION_RATIO(Unit.SHARE, true, false, ClassificationSummary::variationRatio),
  /** {@link ClassificationSummary#maxProbability()}. */
  MAX_PROBABILITY(Unit.SHARE, false, false, ClassificationSummary::maxProbability),
  /** {@link ClassificationSummary#margin()}. */
  MARGIN(Unit.SHARE, false, false, ClassificationSummary::margin),
  /** {@link ClassificationSummary#meanStandardDeviation()}. */
  MEAN_STANDARD_DEVIATION(Unit.SHARE, true, true, ClassificationSummary::meanStandardDeviation),
  /** {@link ClassificationSummary#voteEntropy()}. */
  VOTE_ENTROPY(Unit.NATS, true, true, ClassificationSummary::voteEntropy),
  /** {@link ClassificationSummary#disagreement()}. */
  DISAGREEMENT(Unit.SHARE, true, true, ClassificationSummary::disagreement);

  /** What a measure is counted in. */
  public enum Unit {
    /** Information to base e. */
    NATS,
    /** A probability, or a share of samples, or a difference or deviation of such; no unit. */
    SHARE
  }

  private final Unit unit;
  private final boolean higherMeansLessTrust;
  private final boolean smooth;

  @SuppressWarnings("ImmutableEnumChecker") // method references without state
  private final ToDoubleFunction<ClassificationSummary> value;

  ClassificationMeasure(
      Unit unit,
      boolean higherMeansLessTrust,
      boolean smooth,
      ToDoubleFunction<ClassificationSummary> value) {
    this.unit = unit;
    this.higherMeansLessTrust = higherMeansLessTrust;
    this.smooth = smooth;
    this.value = value;
  }

  /**
   * What the measure is counted in.
   *
   * @return the unit
   */
  public Unit unit() {
    return unit;
  }

  /**
   * Whether a higher value means less trust in the answer.
   *
   * @return false for {@link #MAX_PROBABILITY} and {@link #MARGIN}, true for the others
   */
  public boolean higherMeansLessTrust() {
    return higherMeansLessTrust;
  }

  /**
   * Whether the measure is a smooth function of means over samples, so that its bias is of order
   * 1/S and the jackknife removes it. The largest of several means is not smooth where two are
   * equal.
   *
   * @return false for {@link #VARIATION_RATIO}, {@link #MAX_PROBABILITY} and {@link #MARGIN}
   */
  public boolean isSmooth() {
    return smooth;
  }

  /**
   * The least value that the measure can take.
   *
   * @param classes number of classes, K ≥ 2
   * @return 1/K for {@link #MAX_PROBABILITY}, 0 for the others
   * @throws IllegalArgumentException if {@code classes < 2}
   */
  public double lowest(int classes) {
    check(classes);
    return this == MAX_PROBABILITY ? 1.0 / classes : 0;
  }

  /**
   * The largest value that the measure can take, whatever the number of samples.
   *
   * @param classes number of classes, K ≥ 2
   * @return ln K for measures in nats; 1 − 1/K for {@link #VARIATION_RATIO}; √(K − 1)/K for {@link
   *     #MEAN_STANDARD_DEVIATION}; 1 for the others
   * @throws IllegalArgumentException if {@code classes < 2}
   */
  public double highest(int classes) {
    check(classes);
    return switch (this) {
      case VARIATION_RATIO -> 1 - 1.0 / classes;
      case MEAN_STANDARD_DEVIATION -> Math.sqrt(classes - 1.0) / classes;
      case MAX_PROBABILITY, MARGIN, DISAGREEMENT -> 1;
      default -> Math.log(classes);
    };
  }

  /**
   * The measure's value.
   *
   * @param summary what the samples say of one input
   * @return the value, of this {@linkplain #unit() unit}, within [{@link #lowest}, {@link
   *     #highest}] to rounding
   */
  public double of(ClassificationSummary summary) {
    return value.applyAsDouble(summary);
  }

  private static void check(int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes is " + classes + "; it must be at least 2");
    }
  }
}
