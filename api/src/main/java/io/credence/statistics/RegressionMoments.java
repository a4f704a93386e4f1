package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * Streaming moments of samples of D regression targets, for N inputs at once. Each call of {@link
 * #add(float[])} brings one sample for every input, the output of one pass; {@link #summary} may be
 * asked at any time.
 *
 * <p>State is O(N · D), in float64, whatever the number of samples (G + 1 times that with G error
 * groups). Means and centred sums of squares are updated by Welford's recurrence and merged by
 * Chan's, so that a standard deviation of 1e-3 around a mean of 1e6 keeps six digits of its
 * variance.
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
public final class RegressionMoments implements Moments {

  private final int inputs;
  private final Head head;
  private final MomentStore<RegressionSums> store;

  private RegressionMoments(int inputs, Head head, MomentStore<RegressionSums> store) {
    this.inputs = inputs;
    this.head = head;
    this.store = store;
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
    Head reader = Head.of(head, width);
    return new RegressionMoments(
        inputs,
        reader,
        MomentStore.of(new RegressionSums(inputs, reader.targets(), reader.tellsVariance())));
  }

  @Override
  public RegressionMoments withErrorGroups(int count) {
    return new RegressionMoments(inputs, head, store.withGroups(count));
  }

  /** Moments like these without a sample. */
  RegressionMoments empty() {
    return new RegressionMoments(inputs, head, store.empty());
  }

  @Override
  public int inputs() {
    return inputs;
  }

  @Override
  public long samples() {
    return store.samples();
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
    add(samples(), outputs);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code pass < 0}, or as {@link #add(double[])}
   */
  @Override
  public void add(long pass, float[] outputs) {
    add(pass, Head.widen(outputs));
  }

  private void add(long pass, double[] outputs) {
    store.checkNext(pass);
    head.check(outputs, inputs, pass);
    store.parts(pass, 1).forEach(part -> part.sums().add(head, outputs));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code first < 0}, or as {@link #add(double[])}
   */
  @Override
  public void addPasses(long first, FloatDataBuffer outputs) {
    store.checkNext(first);
    int each = Math.multiplyExact(inputs, head.width());
    int passes = PassTiles.passes(outputs, inputs, head.width());
    float[] pass = new float[each];
    double[] wide = new double[each];
    for (int t = 0; t < passes; t++) {
      outputs.offset((long) t * each).read(pass);
      head.check(Head.widen(pass, wide), inputs, first + t);
    }
    for (int t = 0; t < passes; t++) {
      outputs.offset((long) t * each).read(pass);
      double[] values = Head.widen(pass, wide);
      store.parts(first + t, 1).forEach(part -> part.sums().add(head, values));
    }
  }

  /**
   * Adds the samples of other moments, as if each had been added here.
   *
   * @param other moments of the same inputs, targets, head and error groups; unchanged
   * @throws IllegalArgumentException if inputs, targets, head or error groups differ
   * @throws IllegalStateException if members were added to either
   */
  public void merge(RegressionMoments other) {
    checkAlike(other);
    store.merge(other.store);
  }

  @Override
  public void addMember(Moments member, double weight) {
    if (!(member instanceof RegressionMoments other)) {
      throw new IllegalArgumentException(
          "the member is a classifier; the members of an ensemble must be of one kind");
    }
    checkAlike(other);
    store.addMember(other.store, weight);
  }

  private void checkAlike(RegressionMoments other) {
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
  }

  @Override
  public RegressionMoments keep(int... kept) {
    ProbabilityRows.checkKept(inputs, kept);
    return new RegressionMoments(kept.length, head, store.keep(kept));
  }

  @Override
  public double[] standardErrors(Measure measure) {
    if (!(measure instanceof RegressionMeasure asked)) {
      throw new IllegalArgumentException(measure + " is no measure of a regressor");
    }
    if (asked.needsVariance() && !head.tellsVariance()) {
      throw new IllegalArgumentException(
          asked
              + " is not told by an output of "
              + head.declared().kind()
              + " without observation variance; choose a measure of means, or declare that variance");
    }
    double[] errors = new double[inputs];
    List<RegressionSummary> summaries = summaries();
    for (int n = 0; n < inputs; n++) {
      RegressionSummary summary = summaries.get(n);
      for (int d = 0; d < head.targets(); d++) {
        double error = summary.standardError(asked, d).orElse(Double.POSITIVE_INFINITY);
        errors[n] = Math.max(errors[n], error);
      }
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
  public RegressionSummary summary(int index) {
    store.checkAsked();
    return keep(index).summaries().get(0);
  }

  /**
   * The summaries of all inputs.
   *
   * @return N summaries, in the order of the inputs
   * @throws IllegalStateException if no sample was added
   */
  public List<RegressionSummary> summaries() {
    store.checkAsked();
    RegressionSums sums = store.share();
    List<RegressionSummary> all = new ArrayList<>(inputs);
    for (int n = 0; n < inputs; n++) {
      int input = n;
      Supplier<LeftOut<RegressionSums>> left = store.leftOut(n);
      all.add(
          new RegressionSummary(
              sums,
              n,
              () ->
                  left.get()
                      .errors(
                          RegressionSummary.measures(sums, input),
                          without -> RegressionSummary.measures(without, 0))));
    }
    return all;
  }
}
