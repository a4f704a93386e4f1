package io.credence.models;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A convolutional classifier with dropout: for each number of filters a 3×3 convolution, ReLU and
 * 2×2 max-pool; dropout .25; a dense layer with ReLU; dropout .5; a dense layer with one logit a
 * class. Glorot initialisation.
 *
 * @param filters filters of each convolution
 * @param denseUnits width of the hidden dense layer
 */
record DropoutCnn(List<Integer> filters, int denseUnits) {

  /** The logits of these images, shape [N, classes]. */
  Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images, int classes) {
    Ops tf = layers.ops();
    Operand<TFloat32> x = images;
    Shape shape = images.shape();
    long height = shape.get(1);
    long width = shape.get(2);
    long depth = shape.get(3);
    for (int f : filters) {
      x = layers.maxPool(tf.nn.relu(layers.convolution(x, 3, depth, f, "SAME")), "SAME");
      height = (height + 1) / 2;
      width = (width + 1) / 2;
      depth = f;
    }
    x = layers.dropout("dropout", x, 0.25f);
    long features = height * width * depth;
    x = tf.reshape(x, tf.constant(new long[] {-1, features}));
    x = tf.nn.relu(layers.dense(x, features, denseUnits));
    x = layers.dropout("dropout_1", x, 0.5f);
    return layers.dense(x, denseUnits, classes);
  }
}
