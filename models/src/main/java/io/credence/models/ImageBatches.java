package io.credence.models;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * What a step of training sees: n pictures with their classes, each with the weight 1/n in the
 * loss, and as many outliers, if there are any, with the uniform distribution and the weight λ/n.
 */
final class ImageBatches {

  /**
   * A batch.
   *
   * @param images the pictures, then the outliers
   * @param targets the distribution over the classes that each is to get
   * @param weights the weight of each in the loss
   */
  record Batch(FloatNdArray images, FloatNdArray targets, FloatNdArray weights) {}

  private final LabelledImages data;
  private final int classes;
  private final Optional<Outliers> outliers;
  private final SplittableRandom random;
  private int[] order = {};
  private int used;

  ImageBatches(LabelledImages data, int classes, Optional<Outliers> outliers, long seed) {
    this.data = data;
    this.classes = classes;
    this.outliers = outliers;
    this.random = new SplittableRandom(~seed);
  }

  /** The batch of these pictures. */
  Batch of(int[] rows) {
    int inside = rows.length;
    int all = outliers.isPresent() ? 2 * inside : inside;
    float[] targets = new float[all * classes];
    float[] weights = new float[all];
    for (int i = 0; i < inside; i++) {
      targets[i * classes + data.label(rows[i])] = 1;
      weights[i] = 1f / inside;
    }
    float[] values = data.values(rows);
    if (outliers.isPresent()) {
      int each = values.length / inside;
      values = Arrays.copyOf(values, all * each);
      float[] outside = outliers.get().images().values(next(inside));
      System.arraycopy(outside, 0, values, inside * each, outside.length);
      Arrays.fill(targets, inside * classes, targets.length, 1f / classes);
      Arrays.fill(weights, inside, all, (float) (outliers.get().weight() / inside));
    }
    return new Batch(
        NdArrays.wrap(
            Shape.of(all, data.height(), data.width(), data.channels()), DataBuffers.of(values)),
        NdArrays.wrap(Shape.of(all, classes), DataBuffers.of(targets)),
        NdArrays.wrap(Shape.of(all), DataBuffers.of(weights)));
  }

  /** Outliers in an order of chance, a new one each time that all were seen. */
  private int[] next(int count) {
    int size = outliers.orElseThrow().images().size();
    int[] some = new int[count];
    for (int i = 0; i < count; i++) {
      if (used == order.length) {
        order = Descent.shuffled(size, random);
        used = 0;
      }
      some[i] = order[used++];
    }
    return some;
  }
}
