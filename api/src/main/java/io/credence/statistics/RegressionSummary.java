package io.credence.statistics;

import java.util.Arrays;
import java.util.Locale;

/**
 * What S samples y_s of D regression targets say about one input. Immutable; in the units of the
 * targets, variances in their squares.
 *
 * <p>With ȳ = (1/S) Σ y_s, the prediction: the epistemic variance (1/S) Σ (y_s − ȳ)², target by
 * target, is the part of the predictive variance on which the samples disagree. The noise of the
 * data itself, the aleatoric part, cannot be told from predicted means. With S = 1 the variance is
 * 0: one sample cannot disagree with itself.
 *
 * <p>Sources: Gal and Ghahramani 2016, "Dropout as a Bayesian Approximation", arXiv 1506.02142,
 * section 4; Kendall and Gal 2017, "What Uncertainties Do We Need in Bayesian Deep Learning for
 * Computer Vision?", arXiv 1703.04977, section 2.1.
 */
public final class RegressionSummary {

  private static final int SHOWN = 5;

  private final long samples;
  private final double[] mean;
  private final double[] epistemicVariance;

  RegressionSummary(long samples, double[] mean, double[] epistemicVariance) {
    this.samples = samples;
    this.mean = mean;
    this.epistemicVariance = epistemicVariance;
  }

  /**
   * Number of samples, S.
   *
   * @return S ≥ 1
   */
  public long samples() {
    return samples;
  }

  /**
   * Number of targets, D.
   *
   * @return D ≥ 1
   */
  public int targets() {
    return mean.length;
  }

  /**
   * The mean over samples of each target, ȳ: the prediction.
   *
   * @return a copy, shape {@code [D]}
   */
  public double[] mean() {
    return mean.clone();
  }

  /**
   * The mean over samples of one target.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ȳ of that target
   * @throws ArrayIndexOutOfBoundsException if there is no such target
   */
  public double mean(int target) {
    return mean[target];
  }

  /**
   * The variance over samples of each target, (1/S) Σ (y_s − ȳ)²; population variance (ddof 0).
   *
   * @return a copy, shape {@code [D]}, each ≥ 0, in squared units of the target; high means that
   *     the networks contradict each other
   */
  public double[] epistemicVariance() {
    return epistemicVariance.clone();
  }

  /**
   * The variance over samples of one target.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target
   * @throws ArrayIndexOutOfBoundsException if there is no such target
   */
  public double epistemicVariance(int target) {
    return epistemicVariance[target];
  }

  /**
   * The standard deviation over samples of one target, the root of {@link #epistemicVariance(int)}.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in the units of the target
   * @throws ArrayIndexOutOfBoundsException if there is no such target
   */
  public double epistemicStandardDeviation(int target) {
    return Math.sqrt(epistemicVariance[target]);
  }

  /** Returns mean ± epistemic standard deviation of the first targets, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("mean ± epistemic standard deviation ");
    for (int d = 0; d < Math.min(mean.length, SHOWN); d++) {
      text.append(d == 0 ? "" : ", ");
      text.append(
          String.format(Locale.ROOT, "%.4g ± %.4g", mean[d], epistemicStandardDeviation(d)));
    }
    return text.append(mean.length > SHOWN ? ", …" : "").toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegressionSummary that
        && samples == that.samples
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(epistemicVariance, that.epistemicVariance);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mean) * 31 + Arrays.hashCode(epistemicVariance);
  }
}
