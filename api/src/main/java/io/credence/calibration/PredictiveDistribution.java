package io.credence.calibration;

/**
 * What a regressor tells of one target, F, to be held against what it turned out to be, y.
 * Immutable.
 *
 * <p>The continuous ranked probability score is ∫ (F(x) − 1[y ≤ x])² dx, in the unit of the target:
 * 0 for a point at y, the distance |x − y| for a point at x, and lower is better. It is proper:
 * nobody can expect a lower one than by telling the true distribution. Source: Gneiting and Raftery
 * 2007, "Strictly Proper Scoring Rules, Prediction, and Estimation", section 4.2, doi
 * 10.1198/016214506000001437.
 */
public sealed interface PredictiveDistribution permits SampleDistribution, NormalMixture {

  /**
   * The distribution of samples, each as likely: steps of 1/S.
   *
   * @param samples S ≥ 1 finite numbers, in any order; copied
   * @return the distribution
   * @throws IllegalArgumentException if there is no sample, or one is not finite
   */
  static SampleDistribution ofSamples(double... samples) {
    return new SampleDistribution(samples);
  }

  /**
   * A normal distribution.
   *
   * @param mean its mean, finite
   * @param standardDeviation its standard deviation, not its variance, ≥ 0; 0 is a point
   * @return the distribution
   * @throws IllegalArgumentException if a number is not finite, or {@code standardDeviation < 0}
   */
  static PredictiveDistribution normal(double mean, double standardDeviation) {
    return mixture(new double[] {1}, new double[] {mean}, new double[] {standardDeviation});
  }

  /**
   * A mixture of normal distributions, such as of the samples of an ensemble that tell mean and
   * variance each.
   *
   * @param weights weight of each of C ≥ 1 components, ≥ 0; divided by their sum; copied
   * @param means mean of each, finite; copied
   * @param standardDeviations standard deviation, not variance, of each, ≥ 0; copied
   * @return the distribution
   * @throws IllegalArgumentException if lengths differ, there is no component, a number is not
   *     finite, a weight or standard deviation is negative, or all weights are 0
   */
  static PredictiveDistribution mixture(
      double[] weights, double[] means, double[] standardDeviations) {
    return new NormalMixture(weights, means, standardDeviations);
  }

  /**
   * The probability of a target at or below a number, the probability integral transform of y.
   *
   * @param y any finite number
   * @return F(y), within [0, 1]
   * @throws IllegalArgumentException if y is not finite
   */
  double distributionFunction(double y);

  /**
   * The continuous ranked probability score.
   *
   * @param y what the target turned out to be, finite
   * @return ≥ 0, in the unit of the target; lower is better
   * @throws IllegalArgumentException if y is not finite
   */
  double rankedProbabilityScore(double y);
}
