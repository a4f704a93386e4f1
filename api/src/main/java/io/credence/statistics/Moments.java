package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.List;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * Streaming moments of samples for N inputs at once: of {@linkplain ClassificationMoments
 * distributions over classes} or of {@linkplain RegressionMoments regression targets}. Samples come
 * pass by pass from one model, or as {@linkplain #addMember members} of an ensemble, from whatever
 * runtime.
 */
public sealed interface Moments permits ClassificationMoments, RegressionMoments {

  /** Groups of passes that suffice for a sampling error: {@value}. */
  int DEFAULT_ERROR_GROUPS = 20;

  /**
   * The moments of samples from any runtime.
   *
   * @param samples the numbers, the last dimension running fastest
   * @param shape their shape, {@code [S, N, …, W]}; each place of the dimensions between counts as
   *     an input
   * @param kind what the numbers mean; of a regressor one that leaves nothing open, else take
   *     {@link SampleArray#regress}
   * @return moments of all S passes, with {@value #DEFAULT_ERROR_GROUPS} error groups
   * @throws IllegalArgumentException as {@link SampleArray#of(float[], Shape)}, {@link
   *     SampleArray#classify} and {@link SampleArray#regress}
   */
  static Moments of(float[] samples, Shape shape, OutputKind kind) {
    SampleArray array = SampleArray.of(samples, shape);
    return kind.isClassification()
        ? array.classify(kind, DEFAULT_ERROR_GROUPS)
        : array.regress(RegressionHead.of(kind), DEFAULT_ERROR_GROUPS);
  }

  /**
   * The moments of an ensemble, of those of its members.
   *
   * @param members moments of one model each, at least one, of the same inputs, widths, kind and
   *     error groups; unchanged
   * @param weights the weight of each member, as {@link #addMember}; none for equal weights
   * @return the moments
   * @throws IllegalArgumentException if there is no member, another number of weights than of
   *     members, or as {@link #addMember}
   */
  static Moments ofMembers(List<? extends Moments> members, double... weights) {
    if (members.isEmpty() || (weights.length > 0 && weights.length != members.size())) {
      throw new IllegalArgumentException(
          "there are "
              + members.size()
              + " members and "
              + weights.length
              + " weights; give one member at least, and a weight for each or none");
    }
    Moments first = members.get(0);
    Moments ensemble =
        first instanceof ClassificationMoments classes
            ? classes.empty()
            : ((RegressionMoments) first).empty();
    for (int m = 0; m < members.size(); m++) {
      ensemble.addMember(members.get(m), weights.length == 0 ? 1 : weights[m]);
    }
    return ensemble;
  }

  /**
   * Number of inputs, N.
   *
   * @return N ≥ 1
   */
  int inputs();

  /**
   * Number of samples added, S; of an ensemble, those of all its members.
   *
   * @return S ≥ 0
   */
  long samples();

  /**
   * Empty moments like these that also tell the sampling error of every measure, by the jackknife
   * over groups of passes: pass t is in group t mod G. So groups are of one size, to within one,
   * after any number of passes, and a function of the pass alone, whatever the chunks in which
   * passes are run.
   *
   * <p>State grows from one to G + 1 times O(N · K), and so does the time of a summary; no other
   * number changes. With fewer passes than groups, each pass is a group of its own.
   *
   * @param count number of groups, G ≥ 2; {@value #DEFAULT_ERROR_GROUPS} is a good choice; or 0 for
   *     no errors
   * @return the moments, with no sample
   * @throws IllegalArgumentException if {@code count < 0 || count == 1}
   * @throws IllegalStateException if a sample was added already
   */
  Moments withErrorGroups(int count);

  /**
   * Adds one sample for every input, of a given pass. Where passes are shared out among several
   * moments to be merged, errors are then told from the same groups as if one had seen them all.
   *
   * @param pass number of the pass within its plan, t ≥ 0, which tells its error group
   * @param outputs the outputs of the pass, row by row: shape {@code [N, W]}
   * @throws IllegalArgumentException if {@code pass < 0}, the length is wrong, or a value is NaN,
   *     infinite, or not what was declared; the moments are then as they were before
   * @throws IllegalStateException if members were added
   */
  void add(long pass, float[] outputs);

  /**
   * Adds samples of several passes that follow each other, for every input. It gives what {@link
   * #add} of each in turn gives, to rounding, in less time; the heap never holds them all.
   *
   * @param first number of the first pass within its plan, t ≥ 0
   * @param outputs the outputs, pass by pass and row by row, wherever they are: shape {@code [C, N,
   *     W]}; read, and not kept
   * @throws IllegalArgumentException if {@code first < 0}, these are not the numbers of whole
   *     passes, or a value is NaN, infinite, or not what was declared; the moments are then as they
   *     were before
   * @throws IllegalStateException if members were added
   */
  void addPasses(long first, FloatDataBuffer outputs);

  /**
   * Adds all samples of one member of an ensemble, which share its weight. The split of measures
   * between members and within them is then told, and memory stays O(N · K), or G + 1 times that,
   * whatever the number of members.
   *
   * <p>Sampling errors are those of drawing passes with the members as they are. A member of a
   * single sample is taken for a network as it is served, which every draw would repeat; the others
   * must have the same number of samples, or no errors are told.
   *
   * @param member moments of the same inputs, widths, kind and error groups, of one model;
   *     unchanged
   * @param weight weight of the member, within [1e-9, 1e9], relative to those of the others
   * @throws IllegalArgumentException if the member is of another kind or shape, has no sample or is
   *     an ensemble itself, or unless {@code 1e-9 <= weight <= 1e9}
   * @throws IllegalStateException if passes were added to these moments
   */
  void addMember(Moments member, double weight);

  /**
   * The moments of some inputs, for sampling them further.
   *
   * @param inputs the inputs, each 0 ≤ input &lt; N, at least one
   * @return a copy, with the inputs in that order
   * @throws IndexOutOfBoundsException if there is no such input
   * @throws IllegalArgumentException if no input is named
   */
  Moments keep(int... inputs);

  /**
   * The standard error of a measure of every input; of a regressor, the largest over its targets.
   *
   * @param measure the measure
   * @return N errors, in the order of the inputs; ∞ where none can be told
   * @throws IllegalArgumentException if the measure is not one of these moments
   * @throws IllegalStateException if no sample was added
   */
  double[] standardErrors(Measure measure);
}
