package io.credence.statistics;

import io.credence.RegressionHead;
import java.util.Objects;

/**
 * Streaming predictive log-likelihood of known targets, for N inputs at once: ln p(y) = ln (1/S)
 * Σ_s p(y | sample s), by log-sum-exp, with p(y | s) the joint density of the D targets of an
 * input, independent given the sample (and given the component, in a mixture). With means and
 * observation variance 1/τ it is ln Σ_s exp(−½ τ ‖y − ŷ_s‖²) − ln S − (D/2) ln 2π + (D/2) ln τ.
 *
 * <p>State is O(N), whatever the number of samples. Not safe for use by several threads at once;
 * give each its own and {@link #merge}.
 *
 * <p>Source: Gal and Ghahramani 2016, "Dropout as a Bayesian Approximation", arXiv 1506.02142,
 * equation 8.
 */
public final class RegressionLogLikelihood {

  private final int inputs;
  private final Head head;
  private final double[] values;
  private final LogSumExp sums;
  private long samples;

  private RegressionLogLikelihood(int inputs, Head head, double[] values) {
    this.inputs = inputs;
    this.head = head;
    this.values = values;
    this.sums = new LogSumExp(inputs);
  }

  /**
   * No likelihood yet of given targets.
   *
   * @param targets what was observed, row by row: shape {@code [N, D]}; copied
   * @param width numbers the model gives for each input, W
   * @param head how those numbers make up distributions of the targets
   * @return the likelihood, with no sample
   * @throws IllegalArgumentException if {@code head} has no density (quantiles, or means without
   *     observation variance), {@code width} does not suit it, or {@code targets} are empty, no
   *     multiple of D, or hold a number that is not finite
   */
  public static RegressionLogLikelihood of(double[] targets, int width, RegressionHead head) {
    Head reader = Head.of(head, width);
    checkDensity(reader);
    if (targets.length == 0 || targets.length % reader.targets() != 0) {
      throw new IllegalArgumentException(
          targets.length
              + " targets are no rows of "
              + reader.targets()
              + "; give every target of at least one input");
    }
    checkTargets(targets);
    return new RegressionLogLikelihood(targets.length / reader.targets(), reader, targets.clone());
  }

  static void checkDensity(Head head) {
    if (!head.tellsDensity()) {
      throw new IllegalArgumentException(
          head.declared()
              + " has no density; "
              + (head instanceof QuantileHead
                  ? "score quantiles by their pinball loss"
                  : "give Mean.withObservationVariance(..) the variance of the noise"));
    }
  }

  static void checkTargets(double[] targets) {
    for (int i = 0; i < targets.length; i++) {
      if (!Double.isFinite(targets[i])) {
        throw new IllegalArgumentException(
            "targets[" + i + "] is " + targets[i] + "; targets must be finite");
      }
    }
  }

  /**
   * Number of samples added, S.
   *
   * @return S ≥ 0
   */
  public long samples() {
    return samples;
  }

  /**
   * Adds one sample for every input.
   *
   * @param outputs the outputs of one pass, row by row: shape {@code [N, W]}
   * @throws IllegalArgumentException as {@link RegressionMoments#add(double[])}
   */
  public void add(float[] outputs) {
    add(Head.widen(outputs));
  }

  /**
   * Adds one sample for every input, of a model that computes in float64.
   *
   * @param outputs the outputs of one pass, row by row: shape {@code [N, W]}
   * @throws IllegalArgumentException as {@link RegressionMoments#add(double[])}
   */
  public void add(double[] outputs) {
    head.check(outputs, inputs, samples);
    samples++;
    double[] row = new double[head.targets()];
    for (int n = 0; n < inputs; n++) {
      System.arraycopy(values, n * row.length, row, 0, row.length);
      sums.add(n, head.logDensity(outputs, n, row));
    }
  }

  /**
   * Adds the samples of another likelihood, as if each had been added here.
   *
   * @param other the likelihood of the same targets under the same head; unchanged
   * @throws IllegalArgumentException if targets or head differ
   */
  public void merge(RegressionLogLikelihood other) {
    if (!java.util.Arrays.equals(values, other.values)
        || !head.declared().equals(other.head.declared())
        || head.width() != other.head.width()) {
      throw new IllegalArgumentException(
          "likelihoods of other targets or another head do not merge; make both of the same");
    }
    sums.merge(other.sums);
    samples += other.samples;
  }

  /**
   * The predictive log-likelihood of one input.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @return ln p(y), nats per input, of a density in inverse units of the targets; −∞ where every
   *     sample has no density there, +∞ where a variance of 0 meets its mean
   * @throws IllegalStateException if no sample was added
   * @throws IndexOutOfBoundsException if there is no such input
   */
  public double logLikelihood(int index) {
    if (samples == 0) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
    return sums.of(Objects.checkIndex(index, inputs)) - Math.log((double) samples);
  }

  /**
   * The mean over inputs, as test log-likelihoods are reported.
   *
   * @return the mean of {@link #logLikelihood} over the N inputs
   * @throws IllegalStateException if no sample was added
   */
  public double mean() {
    double sum = 0;
    for (int n = 0; n < inputs; n++) {
      sum += logLikelihood(n);
    }
    return sum / inputs;
  }
}
