package io.credence.tensorflow;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Inputs of the test models. */
final class Rows {

  private Rows() {}

  /** Seeded values within (−1, 1), shape [rows, 4]. */
  static float[] values(int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * TestModels.FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  static FloatNdArray array(float... values) {
    Shape shape = Shape.of(values.length / TestModels.FEATURES, TestModels.FEATURES);
    return NdArrays.wrap(shape, DataBuffers.of(values.clone()));
  }

  static Map<String, FloatNdArray> random(int rows, long seed) {
    return Map.of("x", array(values(rows, seed)));
  }

  static Map<String, FloatNdArray> row(int row, int rows, long seed) {
    float[] all = values(rows, seed);
    int from = row * TestModels.FEATURES;
    return Map.of("x", array(Arrays.copyOfRange(all, from, from + TestModels.FEATURES)));
  }

  static float[] floats(FloatNdArray array) {
    float[] values = new float[(int) array.size()];
    array.copyTo(DataBuffers.of(values));
    return values;
  }

  /** The same row, several times. */
  static Map<String, FloatNdArray> same(int rows, float... row) {
    FloatNdArray array = NdArrays.ofFloats(Shape.of(rows, row.length));
    array.scalars().forEachIndexed((at, cell) -> cell.setFloat(row[(int) at[1]]));
    return Map.of("x", array);
  }
}
