package io.credence.statistics;

import io.credence.OutputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

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

  /** Groups of passes that suffice for a sampling error: {@value}. */
  public static final int DEFAULT_ERROR_GROUPS = 20;

  private final ProbabilityRows rows;
  private final ClassificationSums sums;
  private final Optional<ErrorGroups> groups;
  private final double[] row;

  private ClassificationMoments(ProbabilityRows rows, Optional<ErrorGroups> groups) {
    this.rows = rows;
    this.groups = groups;
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
        new ProbabilityRows(inputs, kind.isBinary() ? 2 : width, kind), Optional.empty());
  }

  /**
   * Empty moments like these that also tell the {@linkplain ClassificationSummary#standardError
   * sampling error} of every measure, by the jackknife over groups of passes: pass t is in group t
   * mod G. So groups are of one size, to within one, after any number of passes, and a function of
   * the pass alone, whatever the chunks in which passes are run.
   *
   * <p>State grows from one to G + 1 times O(N · K), and so does the time of {@link #summary}; no
   * other number changes. With fewer passes than groups, each pass is a group of its own.
   *
   * @param count number of groups, G ≥ 2; {@value #DEFAULT_ERROR_GROUPS} is a good choice; or 0 for
   *     no errors
   * @return the moments, with no sample
   * @throws IllegalArgumentException if {@code count < 0 || count == 1}
   * @throws IllegalStateException if a sample was added already
   */
  public ClassificationMoments withErrorGroups(int count) {
    if (count < 0 || count == 1) {
      throw new IllegalArgumentException(
          "error groups is "
              + count
              + "; it must be at least 2, "
              + DEFAULT_ERROR_GROUPS
              + " is a good choice, or 0 for no errors");
    }
    if (samples() > 0) {
      throw new IllegalStateException(
          "samples were added already, and their groups are lost; call withErrorGroups first");
    }
    return new ClassificationMoments(
        rows,
        count == 0
            ? Optional.empty()
            : Optional.of(new ErrorGroups(count, rows.inputs(), rows.classes())));
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
   * Adds one sample for every input; as pass number {@link #samples()}, where errors are told.
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
    add(samples(), outputs);
  }

  /**
   * Adds one sample for every input, of a given pass. Of use where passes are shared out among
   * several moments to be {@linkplain #merge merged}: errors are then told from the same groups as
   * if one had seen them all.
   *
   * @param pass number of the pass within its plan, t ≥ 0, which tells its error group
   * @param outputs the outputs of the pass, as {@link #add(float[])}
   * @throws IllegalArgumentException if {@code pass < 0}, or as {@link #add(float[])}
   */
  public void add(long pass, float[] outputs) {
    if (pass < 0) {
      throw new IllegalArgumentException("pass is " + pass + "; it must be at least 0");
    }
    rows.check(outputs, samples());
    sums.next();
    groups.ifPresent(g -> g.of(pass).next());
    for (int n = 0; n < rows.inputs(); n++) {
      rows.read(outputs, n, row);
      sums.add(n, row);
      if (groups.isPresent()) {
        groups.get().of(pass).add(n, row);
      }
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here, in the error group it had
   * there.
   *
   * @param other moments of the same inputs, classes, kind and error groups; unchanged
   * @throws IllegalArgumentException if inputs, classes, kind or error groups differ
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
    int count = groups.map(ErrorGroups::count).orElse(0);
    int others = other.groups.map(ErrorGroups::count).orElse(0);
    if (count != others) {
      throw new IllegalArgumentException(
          "moments of "
              + others
              + " error groups do not merge into "
              + count
              + "; make both with the same withErrorGroups(..)");
    }
    sums.merge(other.sums);
    groups.ifPresent(mine -> mine.merge(other.groups.orElseThrow()));
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
    checkAsked(index);
    ClassificationSummary summary = new ClassificationSummary(sums.of(index));
    return groups.map(g -> summary.with(g.errorOf(index, summary))).orElse(summary);
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

  /**
   * One measure of all inputs.
   *
   * @param measure the measure
   * @return N values, in the order of the inputs
   * @throws IllegalStateException if no sample was added
   */
  public double[] values(Measure measure) {
    double[] values = new double[rows.inputs()];
    for (int n = 0; n < values.length; n++) {
      checkAsked(n);
      values[n] = measure.of(new ClassificationSummary(sums.of(n)));
    }
    return values;
  }

  private void checkAsked(int index) {
    if (samples() == 0) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
    Objects.checkIndex(index, rows.inputs());
  }
}
