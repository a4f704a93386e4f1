package io.credence.statistics;

import io.credence.OutputKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

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
public final class ClassificationMoments implements Moments {

  private final ProbabilityRows rows;
  private final MomentStore<ClassificationSums> store;

  /** Used again for each block of passes; nothing in them lasts. */
  private final PassTiles tiles;

  private final PassBlock block;
  private final ClassificationSums part;

  private ClassificationMoments(ProbabilityRows rows, MomentStore<ClassificationSums> store) {
    this.rows = rows;
    this.store = store;
    this.tiles = new PassTiles(rows.inputs(), rows.width());
    this.block = new PassBlock(rows.classes());
    this.part = new ClassificationSums(1, rows.classes());
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
    ProbabilityRows rows = reader(inputs, width, kind);
    return new ClassificationMoments(
        rows, MomentStore.of(new ClassificationSums(inputs, rows.classes())));
  }

  /** Reads outputs of that kind, refused as by {@link #of}. */
  static ProbabilityRows reader(int inputs, int width, OutputKind kind) {
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
    return new ProbabilityRows(inputs, kind.isBinary() ? 2 : width, kind);
  }

  @Override
  public ClassificationMoments withErrorGroups(int count) {
    return new ClassificationMoments(rows, store.withGroups(count));
  }

  /** Moments like these without a sample. */
  ClassificationMoments empty() {
    return new ClassificationMoments(rows, store.empty());
  }

  @Override
  public int inputs() {
    return rows.inputs();
  }

  @Override
  public long samples() {
    return store.samples();
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
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code pass < 0}, or as {@link #add(float[])}
   */
  @Override
  public void add(long pass, float[] outputs) {
    addPasses(pass, rows.onePass(outputs));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code first < 0}, or as {@link #add(float[])}
   */
  @Override
  public void addPasses(long first, FloatDataBuffer outputs) {
    store.checkNext(first);
    tiles.open(outputs);
    for (int from = 0; from < tiles.passes(); from += tiles.tilePasses()) {
      int passes = Math.min(tiles.tilePasses(), tiles.passes() - from);
      long sample = first + from;
      tiles.read(
          outputs,
          from,
          passes,
          (input, tile, at, stride) -> {
            for (int t = 0; t < passes; t++) {
              rows.check(tile, at + t * stride, input, sample + t);
            }
          });
    }
    block.open(tiles.tilePasses());
    for (int from = 0; from < tiles.passes(); from += tiles.tilePasses()) {
      int passes = Math.min(tiles.tilePasses(), tiles.passes() - from);
      List<PassSums.Part<ClassificationSums>> parts = store.parts(first + from, passes);
      tiles.read(
          outputs,
          from,
          passes,
          (input, tile, at, stride) -> {
            for (int t = 0; t < passes; t++) {
              block.read(t, rows, tile, at + t * stride);
            }
            parts.forEach(each -> each.sums().add(input, block, each, part));
          });
      parts.forEach(each -> each.sums().count(each.passes()));
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here, in the error group it had
   * there.
   *
   * @param other moments of the same inputs, classes, kind and error groups; unchanged
   * @throws IllegalArgumentException if inputs, classes, kind or error groups differ
   * @throws IllegalStateException if members were added to either
   */
  public void merge(ClassificationMoments other) {
    checkAlike(other);
    store.merge(other.store);
  }

  @Override
  public void addMember(Moments member, double weight) {
    if (!(member instanceof ClassificationMoments other)) {
      throw new IllegalArgumentException(
          "the member is a regressor; the members of an ensemble must be of one kind");
    }
    checkAlike(other);
    store.addMember(other.store, weight);
  }

  private void checkAlike(ClassificationMoments other) {
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
  }

  @Override
  public ClassificationMoments keep(int... inputs) {
    return new ClassificationMoments(rows.keep(inputs), store.keep(inputs));
  }

  @Override
  public double[] standardErrors(Measure measure) {
    if (!(measure instanceof ClassificationMeasure asked)) {
      throw new IllegalArgumentException(measure + " is no measure of a classifier");
    }
    store.checkAsked();
    double[] errors = new double[rows.inputs()];
    for (int n = 0; n < errors.length; n++) {
      errors[n] =
          store
              .leftOut(n)
              .get()
              .errors(
                  new double[] {asked.of(bare(n))},
                  sums -> new double[] {asked.of(new ClassificationSummary(sums, 0))})
              .standardError(0)
              .orElse(Double.POSITIVE_INFINITY);
    }
    return errors;
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
    store.checkAsked();
    return keep(index).summaries().get(0);
  }

  /**
   * The summaries of all inputs.
   *
   * @return N summaries, in the order of the inputs
   * @throws IllegalStateException if no sample was added
   */
  public List<ClassificationSummary> summaries() {
    store.checkAsked();
    ClassificationSums sums = store.share();
    List<ClassificationSummary> all = new ArrayList<>(rows.inputs());
    for (int n = 0; n < rows.inputs(); n++) {
      int input = n;
      // Most who ask for a summary never ask for its errors, which cost more than all the rest.
      Supplier<LeftOut<ClassificationSums>> left = store.leftOut(n);
      all.add(
          new ClassificationSummary(
              sums,
              n,
              () ->
                  left.get()
                      .errors(
                          ClassificationSummary.measures(sums, input),
                          without -> ClassificationSummary.measures(without, 0))));
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
  public double[] values(ClassificationMeasure measure) {
    double[] values = new double[rows.inputs()];
    for (int n = 0; n < values.length; n++) {
      values[n] = measure.of(bare(n));
    }
    return values;
  }

  /** The summary of one input, without errors. */
  private ClassificationSummary bare(int index) {
    store.checkAsked();
    return new ClassificationSummary(store.whole(), index);
  }
}
