package io.credence.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Streaming moments of samples of D regression targets, for N inputs at once. Each call of {@link
 * #add(float[])} brings one sample for every input, the output of one pass; {@link #summary} may be
 * asked at any time.
 *
 * <p>State is O(N · D), in float64, whatever the number of samples. Means and centred sums of
 * squares are updated by Welford's recurrence and merged by Chan's, so that a standard deviation of
 * 1e-3 around a mean of 1e6 keeps six digits of its variance.
 *
 * <p>Not safe for use by several threads at once; give each its own and {@link #merge}.
 *
 * <p>Sources: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and
 * Products", doi 10.1080/00401706.1962.10490022; Chan, Golub, LeVeque 1983, "Algorithms for
 * Computing the Sample Variance", doi 10.1080/00031305.1983.10483115.
 */
public final class RegressionMoments {

  /** Sums of squares of larger numbers would leave float64. */
  private static final double LARGEST = 1e150;

  private final int inputs;
  private final int targets;
  private final double[] mean;
  private final double[] centredSquares;
  private long samples;

  private RegressionMoments(int inputs, int targets) {
    this.inputs = inputs;
    this.targets = targets;
    this.mean = new double[Math.multiplyExact(inputs, targets)];
    this.centredSquares = new double[mean.length];
  }

  /**
   * Empty moments.
   *
   * @param inputs number of inputs, N ≥ 1
   * @param targets numbers the model gives for each input, D ≥ 1
   * @return the moments, with no sample
   * @throws IllegalArgumentException if {@code inputs < 1} or {@code targets < 1}
   */
  public static RegressionMoments of(int inputs, int targets) {
    if (inputs < 1) {
      throw new IllegalArgumentException("inputs is " + inputs + "; it must be at least 1");
    }
    if (targets < 1) {
      throw new IllegalArgumentException("targets is " + targets + "; it must be at least 1");
    }
    return new RegressionMoments(inputs, targets);
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
   * @param outputs the outputs of one pass, row by row: shape {@code [N, D]}
   * @throws IllegalArgumentException if the length is wrong, or a value is NaN or infinite; the
   *     moments are then as they were before
   */
  public void add(float[] outputs) {
    double[] wide = new double[outputs.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = outputs[i];
    }
    add(wide);
  }

  /**
   * Adds one sample for every input, of a model that computes in float64.
   *
   * @param outputs the outputs of one pass, row by row: shape {@code [N, D]}
   * @throws IllegalArgumentException if the length is wrong, or a value is NaN, or beyond ±1e150,
   *     where its square would overflow; the moments are then as they were before
   */
  public void add(double[] outputs) {
    check(outputs);
    samples++;
    for (int i = 0; i < mean.length; i++) {
      double delta = outputs[i] - mean[i];
      mean[i] += delta / samples;
      centredSquares[i] += delta * (outputs[i] - mean[i]);
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here.
   *
   * @param other moments of the same inputs and targets; unchanged
   * @throws IllegalArgumentException if inputs or targets differ
   */
  public void merge(RegressionMoments other) {
    if (inputs != other.inputs || targets != other.targets) {
      throw new IllegalArgumentException(
          "moments of "
              + other.inputs
              + " inputs × "
              + other.targets
              + " targets do not merge into "
              + inputs
              + " × "
              + targets);
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
    int from = index * targets;
    double[] variance = new double[targets];
    for (int d = 0; d < targets; d++) {
      variance[d] = centredSquares[from + d] / samples;
    }
    return new RegressionSummary(samples, Arrays.copyOfRange(mean, from, from + targets), variance);
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

  private void check(double[] outputs) {
    if (outputs.length != mean.length) {
      throw new IllegalArgumentException(
          "a sample of "
              + inputs
              + " inputs × "
              + targets
              + " numbers has "
              + mean.length
              + " values, got "
              + outputs.length);
    }
    for (int i = 0; i < outputs.length; i++) {
      if (!(Math.abs(outputs[i]) <= LARGEST)) {
        throw new IllegalArgumentException(
            "sample "
                + samples
                + " holds "
                + outputs[i]
                + " at input "
                + i / targets
                + ", position "
                + i % targets
                + "; outputs must be finite, and within ±"
                + LARGEST);
      }
    }
  }
}
