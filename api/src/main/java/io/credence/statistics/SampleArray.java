package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import io.credence.TensorSpec;
import java.util.Arrays;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Samples from any runtime, as one array: S passes over N inputs of W numbers each, shape {@code
 * [S, N, W]}, or with dimensions between, such as {@code [S, N, H, W', K]} of maps of scores, where
 * each place of a map is an input of the moments. Rows of moments stand in the order of the array;
 * {@link #row} tells the row of a place, {@link #inputs} the shape that all rows together have.
 *
 * <pre>{@code
 * SampleArray samples = SampleArray.of(values, Shape.of(50, 8, 32, 32, 10));
 * ClassificationMoments moments = samples.classify(OutputKind.LOGITS, 0);
 * double[] map = moments.values(ClassificationMeasure.MUTUAL_INFORMATION); // shape samples.inputs(): [8, 32, 32]
 * double one = moments.summary(samples.row(3, 10, 20)).mutualInformation();
 * }</pre>
 *
 * <p>Immutable, but for the array, which is not copied: do not write to it before moments are made.
 */
public final class SampleArray {

  private static final int LEAST_RANK = 3;

  private final float[] values;
  private final Shape shape;

  private SampleArray(float[] values, Shape shape) {
    this.values = values;
    this.shape = shape;
  }

  /**
   * Samples in a flat array.
   *
   * @param values the numbers, the last dimension running fastest; not copied
   * @param shape their shape, {@code [S, N, …, W]}
   * @return the samples
   * @throws IllegalArgumentException if the shape has fewer than three dimensions, one of them
   *     below 1, or holds another number of values than there are
   */
  public static SampleArray of(float[] values, Shape shape) {
    if (shape.isUnknown() || shape.numDimensions() < LEAST_RANK) {
      throw new IllegalArgumentException(
          "shape is "
              + TensorSpec.describe(shape)
              + "; [passes, inputs, numbers] is needed, or more dimensions before the numbers");
    }
    double product = 1;
    for (int i = 0; i < shape.numDimensions(); i++) {
      if (shape.get(i) < 1) {
        throw new IllegalArgumentException(
            "shape is " + TensorSpec.describe(shape) + "; every dimension must be at least 1");
      }
      product *= shape.get(i);
    }
    if (product != values.length) {
      throw new IllegalArgumentException(
          "shape "
              + TensorSpec.describe(shape)
              + " does not hold "
              + values.length
              + " values; give one value for each place");
    }
    return new SampleArray(values, shape);
  }

  /**
   * Samples in an array of the ndarray library.
   *
   * @param array the numbers, shape {@code [S, N, …, W]}; copied
   * @return the samples
   * @throws IllegalArgumentException as {@link #of(float[], Shape)}
   */
  public static SampleArray of(FloatNdArray array) {
    float[] values = new float[Math.toIntExact(array.size())];
    array.copyTo(DataBuffers.of(values, false, false));
    return of(values, array.shape());
  }

  /**
   * Number of passes, S.
   *
   * @return the first dimension, S ≥ 1
   */
  public int passes() {
    return (int) shape.get(0);
  }

  /**
   * The shape of what has one summary each.
   *
   * @return all dimensions but the first and the last: {@code [N]}, or {@code [N, H, W']} of maps
   */
  public Shape inputs() {
    return shape.subShape(1, shape.numDimensions() - 1);
  }

  /**
   * The row of a place, for {@code summary(row)} of moments.
   *
   * @param position the place, one index for each dimension of {@link #inputs}
   * @return 0 ≤ row &lt; number of rows
   * @throws IllegalArgumentException unless there is one index for each dimension
   * @throws IndexOutOfBoundsException if an index is outside its dimension
   */
  public int row(int... position) {
    return row(inputs(), position);
  }

  /**
   * The row of a place in an array of that shape, the last dimension running fastest.
   *
   * @param inputs the shape
   * @param position the place, one index for each dimension
   * @return 0 ≤ row &lt; number of rows
   * @throws IllegalArgumentException unless there is one index for each dimension
   * @throws IndexOutOfBoundsException if an index is outside its dimension
   */
  public static int row(Shape inputs, int... position) {
    if (position.length != inputs.numDimensions()) {
      throw new IllegalArgumentException(
          position.length
              + " indices are given; inputs "
              + TensorSpec.describe(inputs)
              + " need "
              + inputs.numDimensions());
    }
    int row = 0;
    for (int i = 0; i < position.length; i++) {
      int size = (int) inputs.get(i);
      if (position[i] < 0 || position[i] >= size) {
        throw new IndexOutOfBoundsException(
            "index " + i + " is " + position[i] + "; inputs are " + TensorSpec.describe(inputs));
      }
      row = row * size + position[i];
    }
    return row;
  }

  /**
   * The moments of a classifier's samples.
   *
   * @param kind what the numbers mean
   * @param errorGroups groups of passes for sampling errors, as {@link Moments#withErrorGroups}; 0
   *     for none
   * @return moments of all passes, one row for each place of {@link #inputs}
   * @throws IllegalArgumentException as {@link ClassificationMoments#of}, {@link
   *     Moments#withErrorGroups} and {@link ClassificationMoments#add(float[])}
   */
  public ClassificationMoments classify(OutputKind kind, int errorGroups) {
    ClassificationMoments moments =
        ClassificationMoments.of(rows(), width(), kind).withErrorGroups(errorGroups);
    moments.addPasses(0, DataBuffers.of(values, true, false));
    return moments;
  }

  /**
   * The moments of a regressor's samples.
   *
   * @param head how the numbers make up distributions of the targets
   * @param errorGroups groups of passes for sampling errors, as {@link Moments#withErrorGroups}; 0
   *     for none
   * @return moments of all passes, one row for each place of {@link #inputs}
   * @throws IllegalArgumentException as {@link RegressionMoments#of(int, int, RegressionHead)},
   *     {@link Moments#withErrorGroups} and {@link RegressionMoments#add(float[])}
   */
  public RegressionMoments regress(RegressionHead head, int errorGroups) {
    RegressionMoments moments =
        RegressionMoments.of(rows(), width(), head).withErrorGroups(errorGroups);
    moments.addPasses(0, DataBuffers.of(values, true, false));
    return moments;
  }

  /**
   * A regressor's samples, kept, for quantiles and likelihoods.
   *
   * @param head how the numbers make up distributions of the targets
   * @return all passes, one row for each place of {@link #inputs}
   * @throws IllegalArgumentException as {@link #regress}
   */
  public RegressionSamples samples(RegressionHead head) {
    RegressionSamples samples = RegressionSamples.of(rows(), width(), head);
    for (int pass = 0; pass < passes(); pass++) {
      samples.add(outputs(pass));
    }
    return samples;
  }

  /**
   * The distributions of a classifier's samples, as the joint prediction of several inputs needs
   * them.
   *
   * @param kind what the numbers mean
   * @return of each pass, one after the other, a distribution for each place of {@link #inputs}:
   *     those of pass s begin at s times the number of rows
   * @throws IllegalArgumentException as {@link ClassificationMoments#of} and {@link
   *     ClassificationMoments#add(float[])}
   */
  public double[][] probabilities(OutputKind kind) {
    ProbabilityRows reader = ClassificationMoments.reader(rows(), width(), kind);
    double[][] probabilities = new double[passes() * rows()][reader.classes()];
    for (int i = 0; i < probabilities.length; i++) {
      reader.check(values, i * width(), i % rows(), i / rows());
      reader.read(values, i * width(), probabilities[i], 0);
    }
    return probabilities;
  }

  private int width() {
    return (int) shape.get(shape.numDimensions() - 1);
  }

  private int rows() {
    return values.length / passes() / width();
  }

  private float[] outputs(int pass) {
    int length = values.length / passes();
    return Arrays.copyOfRange(values, pass * length, (pass + 1) * length);
  }
}
