package io.credence.calibration;

import org.apache.commons.math3.special.Erf;

/**
 * A mixture of normal distributions. Its score is Σ_i w_i A(y − μ_i, σ_i) − ½ Σ_ij w_i w_j A(μ_i −
 * μ_j, √(σ_i² + σ_j²)), with A(m, s) = E|N(m, s²)| = 2 s φ(m/s) + m (2 Φ(m/s) − 1): O(C²). Source:
 * Grimit, Gneiting, Berrocal, Johnson 2006, "The Continuous Ranked Probability Score for Circular
 * Variables and its Application to Mesoscale Forecast Ensemble Verification", doi
 * 10.1256/qj.05.235, equation 5.
 */
final class NormalMixture implements PredictiveDistribution {

  private final double[] weights;
  private final double[] means;
  private final double[] deviations;

  NormalMixture(double[] weights, double[] means, double[] deviations) {
    this.weights = weights.clone();
    this.means = means.clone();
    this.deviations = deviations.clone();
    if (weights.length == 0
        || means.length != weights.length
        || deviations.length != weights.length) {
      throw new IllegalArgumentException(
          weights.length
              + " weights, "
              + means.length
              + " means and "
              + deviations.length
              + " standard deviations are given; as many of each are needed, and one at least");
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      Finite.check("means[" + i + "]", means[i]);
      atLeastZero("weights[" + i + "]", weights[i]);
      atLeastZero("standardDeviations[" + i + "]", deviations[i]);
      sum += weights[i];
    }
    if (!(sum > 0)) {
      throw new IllegalArgumentException("weights are all 0; one at least must be above");
    }
    for (int i = 0; i < weights.length; i++) {
      this.weights[i] /= sum;
    }
  }

  private static void atLeastZero(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " is " + value + "; it must be finite and at least 0");
    }
  }

  @Override
  public double distributionFunction(double y) {
    Finite.check("y", y);
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double delta = y - means[i];
      if (deviations[i] == 0) {
        sum += delta >= 0 ? weights[i] : 0;
      } else {
        sum += weights[i] * 0.5 * Erf.erfc(-delta / deviations[i] / Math.sqrt(2));
      }
    }
    return Math.min(sum, 1);
  }

  @Override
  public double rankedProbabilityScore(double y) {
    Finite.check("y", y);
    double distance = 0;
    double spread = 0;
    for (int i = 0; i < weights.length; i++) {
      distance += weights[i] * expectedDistance(y - means[i], deviations[i]);
      for (int j = 0; j < weights.length; j++) {
        double deviation = Math.hypot(deviations[i], deviations[j]);
        spread += weights[i] * weights[j] * expectedDistance(means[i] - means[j], deviation);
      }
    }
    return Math.max(distance - spread / 2, 0);
  }

  /** E|N(m, s²)|. */
  private static double expectedDistance(double mean, double deviation) {
    if (deviation == 0) {
      return Math.abs(mean);
    }
    double z = mean / deviation;
    return deviation * Math.sqrt(2 / Math.PI) * Math.exp(-z * z / 2)
        + mean * Erf.erf(z / Math.sqrt(2));
  }
}
