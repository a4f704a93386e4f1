package io.credence.models;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * A convolutional classifier without dropout: for each number of filters a 5×5 convolution and
 * ReLU, all but the last before a 2×2 max-pool; a dense layer with ReLU; a dense layer with one
 * logit a class. Padded to keep the size; Glorot initialisation.
 *
 * <p>With 6, 16 and 120 filters and 84 units it is LeNet-5 as google/uncertainty-baselines trains
 * it, after LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning applied to document
 * recognition", doi 10.1109/5.726791.
 *
 * @param filters filters of each convolution
 * @param denseUnits width of the hidden dense layer
 */
record PlainCnn(List<Integer> filters, int denseUnits) {

  /** The logits of these images, shape [N, classes]. */
  Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images, int classes) {
    Ops tf = layers.ops();
    Operand<TFloat32> x = images;
    Shape shape = images.shape();
    long height = shape.get(1);
    long width = shape.get(2);
    long depth = shape.get(3);
    for (int i = 0; i < filters.size(); i++) {
      x = tf.nn.relu(layers.convolution(x, 5, depth, filters.get(i), "SAME"));
      depth = filters.get(i);
      if (i < filters.size() - 1) {
        x = layers.maxPool(x, "SAME");
        height = (height + 1) / 2;
        width = (width + 1) / 2;
      }
    }
    long features = height * width * depth;
    x = tf.reshape(x, tf.constant(new long[] {-1, features}));
    x = tf.nn.relu(layers.dense(x, features, denseUnits));
    return layers.dense(x, denseUnits, classes);
  }
}
