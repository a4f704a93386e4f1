package io.credence.tensorflow;

import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/** Collects the raw outputs of passes in one array. */
final class SampleArrays {

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final long all;
  private float[] values = {};
  private int passes;
  private Shape pass = Shape.unknown();

  /** Room for so many passes. */
  SampleArrays(long all) {
    this.all = all;
  }

  /**
   * Adds the outputs of some passes.
   *
   * @param answer the shape of what the model answers for one row
   * @throws IllegalArgumentException if all passes will not fit one array
   */
  void add(int some, FloatDataBuffer outputs, int rows, Shape answer) {
    int each = Math.toIntExact(outputs.size() / some);
    if (each * all > MAX_ARRAY) {
      throw new IllegalArgumentException(
          all
              + " passes × "
              + each
              + " numbers do not fit one array; sample fewer rows at once, or use predict");
    }
    Shape shape = with(rows, answer);
    if (passes > 0 && !shape.equals(pass)) {
      throw new ModelLoadException(
          "passes answer with "
              + TensorSpec.describe(pass)
              + " and with "
              + TensorSpec.describe(shape)
              + ", and make up no array; choose an output that all members have");
    }
    if (passes == 0) {
      values = new float[(int) (each * all)];
    }
    pass = shape;
    outputs.read(values, passes * each, some * each);
    passes += some;
  }

  /** All passes, in the order in which they were added: shape {@code [S, N, …, K]}. */
  FloatNdArray all() {
    return array(values, passes, pass);
  }

  /** An array of one dimension more than a shape. */
  static FloatNdArray array(float[] values, int first, Shape rest) {
    return NdArrays.wrap(with(first, rest), DataBuffers.of(values));
  }

  /** A shape with one dimension more, the first. */
  static Shape with(int first, Shape rest) {
    return Shape.of(first).append(rest);
  }

  /**
   * Refuses a plan by which inputs take different numbers of passes.
   *
   * @throws IllegalArgumentException if it has a stopping rule
   */
  static void refuseStopping(SamplingPlan plan) {
    if (plan.stopping().isPresent()) {
      throw new IllegalArgumentException(
          "by a plan with a tolerance inputs take different numbers of passes, and their samples"
              + " make up no array; ask for samples with a fixed number of passes");
    }
  }
}
