package io.credence.statistics;

import io.credence.OutputKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Streaming moments of samples of distributions over K classes, for N inputs at once. Each call of
 * {@link #add} brings one sample for every input, the output of one pass; {@link #summary} may be
 * asked at any time.
 *
 * <p>State is O(N · K), in float64, whatever the number of samples. Means and centred sums of
 * squares are updated by Welford's recurrence and merged by Chan's, so that a variance of 1e-12
 * around a mean of 1 keeps its digits. Each row is divided by its sum, so that the laws of {@link
 * ClassificationSummary} hold exactly for probabilities rounded to float32 or float16.
 *
 * <p>Not safe for use by several threads at once; give each its own and {@link #merge}.
 *
 * <p>Sources: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and
 * Products", doi 10.1080/00401706.1962.10490022; Chan, Golub, LeVeque 1983, "Algorithms for
 * Computing the Sample Variance", doi 10.1080/00031305.1983.10483115.
 */
public final class ClassificationMoments {

  /** How far a row of probabilities may be from summing to one; float16 rounding needs 5e-3. */
  private static final double SUM_TOLERANCE = 1e-2;

  private final int inputs;
  private final int classes;
  private final OutputKind kind;
  private final double[] mean;
  private final double[] centredSquares;
  private final double[] entropySum;
  private final long[] votes;
  private final double[] row;
  private long samples;

  private ClassificationMoments(int inputs, int classes, OutputKind kind) {
    this.inputs = inputs;
    this.classes = classes;
    this.kind = kind;
    this.mean = new double[Math.multiplyExact(inputs, classes)];
    this.centredSquares = new double[mean.length];
    this.entropySum = new double[inputs];
    this.votes = new long[mean.length];
    this.row = new double[classes];
  }

  /**
   * Empty moments.
   *
   * @param inputs number of inputs, N ≥ 1
   * @param width numbers the model gives for each input: K ≥ 2, or 1 for a binary kind
   * @param kind what those numbers mean
   * @return the moments, with no sample
   * @throws IllegalArgumentException if {@code inputs < 1}, {@code kind} is none of classes, or
   *     {@code width} does not suit {@code kind}
   */
  public static ClassificationMoments of(int inputs, int width, OutputKind kind) {
    if (inputs < 1) {
      throw new IllegalArgumentException("inputs is " + inputs + "; it must be at least 1");
    }
    if (!kind.isClassification()) {
      throw new IllegalArgumentException(
          kind + " is no distribution over classes; use RegressionMoments");
    }
    if (kind.isBinary() && width != 1) {
      throw new IllegalArgumentException(
          kind
              + " needs one number an input, got "
              + width
              + "; for several classes declare "
              + OutputKind.PROBABILITIES
              + " or "
              + OutputKind.LOGITS);
    }
    if (!kind.isBinary() && width < 2) {
      throw new IllegalArgumentException(
          kind
              + " needs at least 2 numbers an input, got "
              + width
              + "; for one number declare "
              + OutputKind.BINARY_PROBABILITY
              + " or "
              + OutputKind.BINARY_LOGIT);
    }
    return new ClassificationMoments(inputs, kind.isBinary() ? 2 : width, kind);
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
   * @param outputs the outputs of one pass, row by row: shape {@code [N, K]}, or {@code [N, 1]} for
   *     a binary kind
   * @throws IllegalArgumentException if the length is wrong, a value is NaN or infinite, or
   *     probabilities were declared and a value is below −0.01 or above 1.01, or a row of {@link
   *     OutputKind#PROBABILITIES} sums to less than 0.99 or more than 1.01 (what lies between is
   *     rounding: cut off at 0, and at 1 for a binary kind); the moments are then as they were
   *     before
   */
  public void add(float[] outputs) {
    int width = kind.isBinary() ? 1 : classes;
    if (outputs.length != inputs * width) {
      throw new IllegalArgumentException(
          "a sample of "
              + inputs
              + " inputs × "
              + width
              + " numbers has "
              + inputs * width
              + " values, got "
              + outputs.length);
    }
    for (int n = 0; n < inputs; n++) {
      check(outputs, n, width);
    }
    samples++;
    for (int n = 0; n < inputs; n++) {
      toProbabilities(outputs, n * width);
      addRow(n);
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here.
   *
   * @param other moments of the same inputs, classes and kind; unchanged
   * @throws IllegalArgumentException if inputs, classes or kind differ
   */
  public void merge(ClassificationMoments other) {
    if (inputs != other.inputs || classes != other.classes || kind != other.kind) {
      throw new IllegalArgumentException(
          "moments of "
              + other.inputs
              + " inputs × "
              + other.classes
              + " classes ("
              + other.kind
              + ") do not merge into "
              + inputs
              + " × "
              + classes
              + " ("
              + kind
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
      votes[i] += other.votes[i];
    }
    for (int n = 0; n < inputs; n++) {
      entropySum[n] += other.entropySum[n];
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
  public ClassificationSummary summary(int index) {
    if (samples == 0) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
    java.util.Objects.checkIndex(index, inputs);
    int from = index * classes;
    double[] p = java.util.Arrays.copyOfRange(mean, from, from + classes);
    double[] variances = new double[classes];
    for (int k = 0; k < classes; k++) {
      variances[k] = centredSquares[from + k] / samples;
    }
    long modeVotes = votes[from + ArgMax.of(votes, from, classes)];
    double variationRatio = (double) (samples - modeVotes) / samples;
    return new ClassificationSummary(
        samples, p, variances, entropySum[index] / samples, variationRatio);
  }

  /**
   * The summaries of all inputs.
   *
   * @return N summaries, in the order of the inputs
   * @throws IllegalStateException if no sample was added
   */
  public List<ClassificationSummary> summaries() {
    List<ClassificationSummary> all = new ArrayList<>(inputs);
    for (int n = 0; n < inputs; n++) {
      all.add(summary(n));
    }
    return all;
  }

  private void check(float[] outputs, int input, int width) {
    double sum = 0;
    for (int k = 0; k < width; k++) {
      float value = outputs[input * width + k];
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "sample "
                + samples
                + " holds "
                + value
                + " at input "
                + input
                + ", position "
                + k
                + "; outputs must be finite");
      }
      boolean outside = value < -SUM_TOLERANCE || value > 1 + SUM_TOLERANCE;
      if (outside && (kind == OutputKind.PROBABILITIES || kind == OutputKind.BINARY_PROBABILITY)) {
        throw new IllegalArgumentException(
            "sample "
                + samples
                + " holds "
                + value
                + " at input "
                + input
                + ", position "
                + k
                + ", which is no probability though "
                + kind
                + " was declared; declare "
                + (kind.isBinary() ? OutputKind.BINARY_LOGIT : OutputKind.LOGITS)
                + " if these are unnormalised scores");
      }
      sum += value;
    }
    if (kind == OutputKind.PROBABILITIES && !(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          "sample "
              + samples
              + " sums to "
              + sum
              + " at input "
              + input
              + ", not to 1, though "
              + kind
              + " was declared; declare "
              + OutputKind.LOGITS
              + " if these are unnormalised scores");
    }
  }

  private void toProbabilities(float[] outputs, int from) {
    switch (kind) {
      case PROBABILITIES -> {
        for (int k = 0; k < classes; k++) {
          row[k] = Math.max(outputs[from + k], 0);
        }
        normalise();
      }
      case LOGITS -> {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
          max = Math.max(max, outputs[from + k]);
        }
        for (int k = 0; k < classes; k++) {
          row[k] = Math.exp(outputs[from + k] - max);
        }
        normalise();
      }
      case BINARY_PROBABILITY -> {
        row[1] = Math.min(Math.max(outputs[from], 0), 1);
        row[0] = 1 - row[1];
      }
      case BINARY_LOGIT -> {
        row[1] = 1 / (1 + Math.exp(-(double) outputs[from]));
        row[0] = 1 / (1 + Math.exp(outputs[from]));
      }
      case MEAN -> throw new IllegalStateException(kind + " is refused when moments are made");
    }
  }

  private void normalise() {
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    for (int k = 0; k < classes; k++) {
      row[k] /= sum;
    }
  }

  private void addRow(int input) {
    int from = input * classes;
    for (int k = 0; k < classes; k++) {
      double delta = row[k] - mean[from + k];
      mean[from + k] += delta / samples;
      centredSquares[from + k] += delta * (row[k] - mean[from + k]);
    }
    entropySum[input] += Entropy.of(row, 0, classes);
    votes[from + ArgMax.of(row)]++;
  }
}
