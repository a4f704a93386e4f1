package io.credence.calibration;

import java.util.Arrays;

/** The distribution of S samples, each as likely. Immutable. */
public final class SampleDistribution implements PredictiveDistribution {

  private final double[] sorted;

  SampleDistribution(double... samples) {
    if (samples.length == 0) {
      throw new IllegalArgumentException("samples is empty; at least one is needed");
    }
    sorted = samples.clone();
    for (int i = 0; i < sorted.length; i++) {
      Finite.check("samples[" + i + "]", sorted[i]);
    }
    Arrays.sort(sorted);
  }

  @Override
  public double distributionFunction(double y) {
    Finite.check("y", y);
    int below = 0;
    while (below < sorted.length && sorted[below] <= y) {
      below++;
    }
    return (double) below / sorted.length;
  }

  /**
   * The score of the samples' own distribution, (1/S) Σ_i |x_i − y| − 1/(2 S²) Σ_ij |x_i − x_j|, as
   * a sum of areas without cancellation. It grows as samples get fewer, by the {@linkplain
   * #fairRankedProbabilityScore unfair} part.
   */
  @Override
  public double rankedProbabilityScore(double y) {
    Finite.check("y", y);
    double score = Math.max(sorted[0] - y, 0) + Math.max(y - sorted[sorted.length - 1], 0);
    for (int i = 1; i < sorted.length; i++) {
      double below = (double) i / sorted.length;
      double cut = Math.min(Math.max(y, sorted[i - 1]), sorted[i]);
      score += below * below * (cut - sorted[i - 1]);
      score += (1 - below) * (1 - below) * (sorted[i] - cut);
    }
    return score;
  }

  /**
   * The score that the distribution the samples are drawn from has on average, (1/S) Σ_i |x_i − y|
   * − 1/(2 S (S − 1)) Σ_ij |x_i − x_j|: an unbiased estimate, so that models sampled S times
   * compare with models sampled more often. It may be negative. Source: Ferro 2014, "Fair Scores
   * for Ensemble Forecasts", doi 10.1002/qj.2270.
   *
   * @param y what the target turned out to be, finite
   * @return in the unit of the target; lower is better
   * @throws IllegalArgumentException if y is not finite
   * @throws IllegalStateException if S = 1
   */
  public double fairRankedProbabilityScore(double y) {
    int samples = sorted.length;
    if (samples < 2) {
      throw new IllegalStateException("one sample has no fair score; give two at least");
    }
    double spread = 0; // (1/S²) Σ_i<j |x_i − x_j|
    for (int i = 1; i < samples; i++) {
      spread +=
          (double) i / samples * ((samples - i) / (double) samples) * (sorted[i] - sorted[i - 1]);
    }
    return rankedProbabilityScore(y) - spread / (samples - 1);
  }
}
