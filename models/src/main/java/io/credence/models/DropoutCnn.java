package io.credence.models;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A convolutional classifier with dropout: convolutions with ReLU, among them 2×2 max-pools;
 * dropout .25; a dense layer with ReLU; dropout .5; a dense layer with one logit a class. Glorot
 * initialisation.
 *
 * @param filters filters of each convolution
 * @param denseUnits width of the hidden dense layer
 * @param wide whether convolutions are 4×4, not padded, and one pool follows the last; else they
 *     are 3×3, padded, and a pool follows each
 */
record DropoutCnn(List<Integer> filters, int denseUnits, boolean wide) {

  /** The logits of these images, shape [N, classes]. */
  Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images, int classes) {
    Ops tf = layers.ops();
    Operand<TFloat32> x = images;
    Shape shape = images.shape();
    long height = shape.get(1);
    long width = shape.get(2);
    long depth = shape.get(3);
    for (int i = 0; i < filters.size(); i++) {
      int f = filters.get(i);
      x = tf.nn.relu(layers.convolution(x, wide ? 4 : 3, depth, f, wide ? "VALID" : "SAME"));
      depth = f;
      if (wide) {
        height -= 3;
        width -= 3;
      }
      if (!wide || i == filters.size() - 1) {
        x = layers.maxPool(x, "SAME");
        height = (height + 1) / 2;
        width = (width + 1) / 2;
      }
    }
    x = layers.dropout("dropout", x, 0.25f);
    long features = height * width * depth;
    x = tf.reshape(x, tf.constant(new long[] {-1, features}));
    x = tf.nn.relu(layers.dense(x, features, denseUnits));
    x = layers.dropout("dropout_1", x, 0.5f);
    return layers.dense(x, denseUnits, classes);
  }
}
