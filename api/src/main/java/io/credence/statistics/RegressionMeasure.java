package io.credence.statistics;

import java.util.OptionalDouble;
import java.util.function.ToDoubleBiFunction;

/**
 * Every measure of a {@link RegressionSummary}, by name; each has a value for every target, in the
 * unit of the target or its square. {@code docs/methods/regression.md} tells when they mislead.
 */
public enum RegressionMeasure implements Measure {
  /** {@link RegressionSummary#mean(int)}, in the unit of the target. */
  MEAN(false, RegressionSummary::mean),
  /** {@link RegressionSummary#epistemicVariance(int)}, in the squared unit of the target. */
  EPISTEMIC_VARIANCE(false, RegressionSummary::epistemicVariance),
  /** {@link RegressionSummary#epistemicStandardDeviation(int)}, in the unit of the target. */
  EPISTEMIC_STANDARD_DEVIATION(false, RegressionSummary::epistemicStandardDeviation),
  /** {@link RegressionSummary#betweenMembersVariance(int)}, in the squared unit of the target. */
  BETWEEN_MEMBERS_VARIANCE(false, RegressionSummary::betweenMembersVariance),
  /** {@link RegressionSummary#withinMembersVariance(int)}, in the squared unit of the target. */
  WITHIN_MEMBERS_VARIANCE(false, RegressionSummary::withinMembersVariance),
  /** {@link RegressionSummary#aleatoricVariance(int)}, in the squared unit of the target. */
  ALEATORIC_VARIANCE(true, (s, d) -> s.aleatoricVariance(d).orElse(Double.NaN)),
  /** {@link RegressionSummary#totalVariance(int)}, in the squared unit of the target. */
  TOTAL_VARIANCE(true, (s, d) -> s.totalVariance(d).orElse(Double.NaN));

  private final boolean needsVariance;

  @SuppressWarnings("ImmutableEnumChecker") // functions without state
  private final ToDoubleBiFunction<RegressionSummary, Integer> value;

  RegressionMeasure(boolean needsVariance, ToDoubleBiFunction<RegressionSummary, Integer> value) {
    this.needsVariance = needsVariance;
    this.value = value;
  }

  /**
   * Whether only heads that tell a variance have this measure.
   *
   * @return true for {@link #ALEATORIC_VARIANCE} and {@link #TOTAL_VARIANCE}
   */
  public boolean needsVariance() {
    return needsVariance;
  }

  /**
   * The least value that the measure can take.
   *
   * @return −∞ for {@link #MEAN}, 0 for the others
   */
  public double lowest() {
    return this == MEAN ? Double.NEGATIVE_INFINITY : 0;
  }

  /**
   * The measure's value.
   *
   * @param summary what the samples say of one input
   * @param target the target, 0 ≤ target &lt; D
   * @return the value; empty if the measure {@linkplain #needsVariance needs a variance} that the
   *     model does not tell
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble of(RegressionSummary summary, int target) {
    double number = value.applyAsDouble(summary, target);
    return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
  }
}
