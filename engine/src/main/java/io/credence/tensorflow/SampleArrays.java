package io.credence.tensorflow;

import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Collects the raw outputs of passes in one array. */
final class SampleArrays {

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final List<float[]> passes = new ArrayList<>();
  private Shape pass = Shape.unknown();

  /**
   * Adds the outputs of a pass.
   *
   * @param answer the shape of what the model answers for one row
   * @param all how many passes there will be
   * @throws IllegalArgumentException if they will not fit one array
   */
  void add(float[] outputs, int rows, Shape answer, long all) {
    if (outputs.length * all > MAX_ARRAY) {
      throw new IllegalArgumentException(
          all
              + " passes × "
              + outputs.length
              + " numbers do not fit one array; sample fewer rows at once, or use predict");
    }
    Shape shape = with(rows, answer);
    if (!passes.isEmpty() && !shape.equals(pass)) {
      throw new ModelLoadException(
          "passes answer with "
              + TensorSpec.describe(pass)
              + " and with "
              + TensorSpec.describe(shape)
              + ", and make up no array; choose an output that all members have");
    }
    pass = shape;
    passes.add(outputs);
  }

  /** All passes, in the order in which they were added: shape {@code [S, N, …, K]}. */
  FloatNdArray all() {
    int each = passes.get(0).length;
    float[] all = new float[each * passes.size()];
    for (int i = 0; i < passes.size(); i++) {
      System.arraycopy(passes.get(i), 0, all, i * each, each);
    }
    return array(all, passes.size(), pass);
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
