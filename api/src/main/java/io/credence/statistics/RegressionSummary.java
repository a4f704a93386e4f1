package io.credence.statistics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What S samples y_s of D regression targets say about one input. Immutable; in the units of the
 * targets, variances in their squares.
 *
 * <p>Each sample gives every target a distribution of mean y_s and, unless the model predicts means
 * alone, variance v_s. With ȳ = (1/S) Σ y_s, the prediction: the epistemic variance (1/S) Σ (y_s −
 * ȳ)² is the part of the predictive variance on which the samples disagree, the aleatoric variance
 * (1/S) Σ v_s the noise of the data that they predict, and their sum the variance of the mixture of
 * the samples (the law of total variance). With S = 1 the epistemic variance is 0: one sample
 * cannot disagree with itself.
 *
 * <p>Sources: Gal and Ghahramani 2016, "Dropout as a Bayesian Approximation", arXiv 1506.02142,
 * section 4; Kendall and Gal 2017, "What Uncertainties Do We Need in Bayesian Deep Learning for
 * Computer Vision?", arXiv 1703.04977, section 2.1, equation 9.
 */
public final class RegressionSummary {

  private static final int SHOWN = 5;

  private final long samples;
  private final double[] mean;
  private final double[] epistemicVariance;
  private final Optional<double[]> aleatoricVariance;

  RegressionSummary(
      long samples,
      double[] mean,
      double[] epistemicVariance,
      Optional<double[]> aleatoricVariance) {
    this.samples = samples;
    this.mean = mean;
    this.epistemicVariance = epistemicVariance;
    this.aleatoricVariance = aleatoricVariance;
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

  /**
   * The mean over samples of the predicted variance of one target, (1/S) Σ v_s. Of {@linkplain
   * io.credence.RegressionHead.Quantiles quantiles} it leaves the tails out, and so is a lower
   * bound.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target; high means that the data themselves scatter; empty
   *     if the model predicts means alone and no observation variance was declared
   * @throws ArrayIndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble aleatoricVariance(int target) {
    return aleatoricVariance.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(aleatoricVariance.get()[target]);
  }

  /**
   * The variance of the mixture of all samples, epistemic plus aleatoric.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target; empty where {@link #aleatoricVariance} is
   * @throws ArrayIndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble totalVariance(int target) {
    return aleatoricVariance.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(epistemicVariance[target] + aleatoricVariance.get()[target]);
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
        && Arrays.equals(epistemicVariance, that.epistemicVariance)
        && aleatoricVariance.isPresent() == that.aleatoricVariance.isPresent()
        && Arrays.equals(
            aleatoricVariance.orElse(epistemicVariance),
            that.aleatoricVariance.orElse(that.epistemicVariance));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(mean) * 31 + Arrays.hashCode(epistemicVariance);
  }
}
