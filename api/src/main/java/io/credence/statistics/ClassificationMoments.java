package io.credence.statistics;

import io.credence.OutputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Streaming moments of samples of distributions over K classes, for N inputs at once. Each call of
 * {@link #add} brings one sample for every input, the output of one pass; {@link #summary} may be
 * asked at any time.
 *
 * <p>State is O(N · K), in float64, whatever the number of samples. Means and centred sums of
 * squares are updated by Welford's recurrence and merged by Chan's, so that a variance of 1e-12
 * around a mean of 1 keeps its digits; mutual information is summed in the same way, of divergences
 * instead of squares, and keeps its digits where it is far smaller than the entropies. Each row is
 * divided by its sum, so that the laws of {@link ClassificationSummary} hold exactly for
 * probabilities rounded to float32 or float16.
 *
 * <p>Not safe for use by several threads at once; give each its own and {@link #merge}.
 *
 * <p>Sources: Welford 1962, "Note on a Method for Calculating Corrected Sums of Squares and
 * Products", doi 10.1080/00401706.1962.10490022; Chan, Golub, LeVeque 1983, "Algorithms for
 * Computing the Sample Variance", doi 10.1080/00031305.1983.10483115.
 */
public final class ClassificationMoments {

  private final ProbabilityRows rows;
  private final ClassificationSums sums;
  private final double[] row;

  private ClassificationMoments(ProbabilityRows rows) {
    this.rows = rows;
    this.sums = new ClassificationSums(rows.inputs(), rows.classes());
    this.row = new double[rows.classes()];
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
    return new ClassificationMoments(
        new ProbabilityRows(inputs, kind.isBinary() ? 2 : width, kind));
  }

  /**
   * Number of samples added, S.
   *
   * @return S ≥ 0
   */
  public long samples() {
    return sums.samples();
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
    rows.check(outputs, samples());
    sums.next();
    for (int n = 0; n < rows.inputs(); n++) {
      rows.read(outputs, n, row);
      sums.add(n, row);
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here.
   *
   * @param other moments of the same inputs, classes and kind; unchanged
   * @throws IllegalArgumentException if inputs, classes or kind differ
   */
  public void merge(ClassificationMoments other) {
    if (rows.inputs() != other.rows.inputs()
        || rows.classes() != other.rows.classes()
        || rows.kind() != other.rows.kind()) {
      throw new IllegalArgumentException(
          "moments of "
              + other.rows.inputs()
              + " inputs × "
              + other.rows.classes()
              + " classes ("
              + other.rows.kind()
              + ") do not merge into "
              + rows.inputs()
              + " × "
              + rows.classes()
              + " ("
              + rows.kind()
              + ")");
    }
    sums.merge(other.sums);
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
    if (samples() == 0) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
    return new ClassificationSummary(sums.of(Objects.checkIndex(index, rows.inputs())));
  }

  /**
   * The summaries of all inputs.
   *
   * @return N summaries, in the order of the inputs
   * @throws IllegalStateException if no sample was added
   */
  public List<ClassificationSummary> summaries() {
    List<ClassificationSummary> all = new ArrayList<>(rows.inputs());
    for (int n = 0; n < rows.inputs(); n++) {
      all.add(summary(n));
    }
    return all;
  }
}
