package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Streaming moments of samples of D regression targets, for N inputs at once. Each call of {@link
 * #add(float[])} brings one sample for every input, the output of one pass; {@link #summary} may be
 * asked at any time.
 *
 * <p>State is O(N · D), in float64, whatever the number of samples. Means and centred sums of
 * squares are updated by Welford's recurrence and merged by Chan's, so that a standard deviation of
 * 1e-3 around a mean of 1e6 keeps six digits of its variance.
 *
 * <p>Quantiles of the predictive distribution need all samples: {@link RegressionSamples} keeps
 * them.
 *
 * <p>Not safe for use by several threads at once; give each its own and {@link #merge}.
 *
 * <p>Sources: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and
 * Products", doi 10.1080/00401706.1962.10490022; Chan, Golub, LeVeque 1983, "Algorithms for
 * Computing the Sample Variance", doi 10.1080/00031305.1983.10483115.
 */
public final class RegressionMoments {

  private final int inputs;
  private final Head head;
  private final double[] mean;
  private final double[] centredSquares;
  private final double[] variance;
  private long samples;

  private RegressionMoments(int inputs, Head head) {
    this.inputs = inputs;
    this.head = head;
    this.mean = new double[Math.multiplyExact(inputs, head.targets())];
    this.centredSquares = new double[mean.length];
    this.variance = new double[head.tellsVariance() ? mean.length : 0];
  }

  /**
   * Empty moments of a model that predicts means alone.
   *
   * @param inputs number of inputs, N ≥ 1
   * @param targets numbers the model gives for each input, D ≥ 1
   * @return the moments, with no sample
   * @throws IllegalArgumentException if {@code inputs < 1} or {@code targets < 1}
   */
  public static RegressionMoments of(int inputs, int targets) {
    if (targets < 1) {
      throw new IllegalArgumentException("targets is " + targets + "; it must be at least 1");
    }
    return of(inputs, targets, RegressionHead.of(OutputKind.MEAN));
  }

  /**
   * Empty moments.
   *
   * @param inputs number of inputs, N ≥ 1
   * @param width numbers the model gives for each input, W
   * @param head how those numbers make up distributions of the targets
   * @return the moments, with no sample
   * @throws IllegalArgumentException if {@code inputs < 1}, or {@code width} does not suit {@code
   *     head}, as {@link RegressionHead#targets}
   */
  public static RegressionMoments of(int inputs, int width, RegressionHead head) {
    if (inputs < 1) {
      throw new IllegalArgumentException("inputs is " + inputs + "; it must be at least 1");
    }
    return new RegressionMoments(inputs, Head.of(head, width));
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
   * @param outputs the outputs of one pass, row by row: shape {@code [N, W]}, W = D for means
   * @throws IllegalArgumentException as {@link #add(double[])}
   */
  public void add(float[] outputs) {
    add(Head.widen(outputs));
  }

  /**
   * Adds one sample for every input, of a model that computes in float64.
   *
   * @param outputs the outputs of one pass, row by row: shape {@code [N, W]}, W = D for means
   * @throws IllegalArgumentException if the length is wrong, a value is NaN, or beyond ±1e150,
   *     where its square would overflow, a variance is below 0, the logarithm of a variance beyond
   *     ±600, or of a standard deviation beyond ±300; the moments are then as they were before
   */
  public void add(double[] outputs) {
    head.check(outputs, inputs, samples);
    samples++;
    for (int i = 0; i < mean.length; i++) {
      int input = i / head.targets();
      int target = i % head.targets();
      double value = head.mean(outputs, input, target);
      double delta = value - mean[i];
      mean[i] += delta / samples;
      centredSquares[i] += delta * (value - mean[i]);
      if (head.tellsVariance()) {
        variance[i] += (head.variance(outputs, input, target) - variance[i]) / samples;
      }
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here.
   *
   * @param other moments of the same inputs, targets and head; unchanged
   * @throws IllegalArgumentException if inputs, targets or head differ
   */
  public void merge(RegressionMoments other) {
    if (inputs != other.inputs
        || head.targets() != other.head.targets()
        || !head.declared().equals(other.head.declared())) {
      throw new IllegalArgumentException(
          "moments of "
              + other.inputs
              + " inputs × "
              + other.head.targets()
              + " targets ("
              + other.head.declared()
              + ") do not merge into "
              + inputs
              + " × "
              + head.targets()
              + " ("
              + head.declared()
              + ")");
    }
    if (other.samples == 0) {
      return;
    }
    double total = (double) samples + other.samples;
    double share = other.samples / total;
    double cross = samples * share;
    for (int i = 0; i < mean.length; i++) {
      double delta = other.mean[i] - mean[i];
      mean[i] += delta * share;
      centredSquares[i] += other.centredSquares[i] + delta * delta * cross;
    }
    for (int i = 0; i < variance.length; i++) {
      variance[i] += (other.variance[i] - variance[i]) * share;
    }
    samples += other.samples;
  }

  /**
   * The summary of one input.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @return its summary
   * @throws IllegalStateException if no sample was added
   * @throws IndexOutOfBoundsException if there is no such input
   */
  public RegressionSummary summary(int index) {
    if (samples == 0) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
    Objects.checkIndex(index, inputs);
    int from = index * head.targets();
    int to = from + head.targets();
    double[] epistemic = Arrays.copyOfRange(centredSquares, from, to);
    for (int d = 0; d < epistemic.length; d++) {
      epistemic[d] /= samples;
    }
    return new RegressionSummary(
        samples,
        Arrays.copyOfRange(mean, from, to),
        epistemic,
        head.tellsVariance()
            ? Optional.of(Arrays.copyOfRange(variance, from, to))
            : Optional.empty());
  }

  /**
   * The summaries of all inputs.
   *
   * @return N summaries, in the order of the inputs
   * @throws IllegalStateException if no sample was added
   */
  public List<RegressionSummary> summaries() {
    List<RegressionSummary> all = new ArrayList<>(inputs);
    for (int n = 0; n < inputs; n++) {
      all.add(summary(n));
    }
    return all;
  }
}
