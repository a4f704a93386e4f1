package io.credence.models;

import io.credence.ImagePreprocessing;
import io.credence.InputRange;
import io.credence.OutputKind;
import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * The MNIST networks that the authors of Outlier Exposure trained, as SavedModels: convolution
 * 5×5×10, max-pool 2, gelu; convolution 5×5×20, dropout of half its channels, max-pool 2, gelu; 50
 * dense units, gelu; ten logits and their softmax. No padding; gelu(x) = x·σ(1.702x), the sigmoid
 * form; pixels are divided by 255.
 *
 * <p>Source: Hendrycks, Mazeika, Dietterich 2019, "Deep Anomaly Detection with Outlier Exposure",
 * arXiv 1812.04606, and the code of hendrycks/outlier-exposure.
 */
public final class OutlierExposure {

  private static final int SIZE = 28;
  private static final float DROPOUT = 0.5f;

  private OutlierExposure() {}

  /**
   * Writes the network of these weights as a SavedModel with its sidecar. The folder appears
   * complete or not at all.
   *
   * @param weights the folder of the eight {@code .npy} files of one network, in PyTorch's layout:
   *     {@code conv1}, {@code conv2}, {@code fc1} and {@code fc2}, each {@code .weight.npy} and
   *     {@code .bias.npy}
   * @param out the folder to write
   * @param overwrite whether a model that is there already is replaced
   * @throws IOException if a file is missing, damaged or of another shape, or the folder exists or
   *     cannot be written
   */
  public static void export(Path weights, Path out, boolean overwrite) throws IOException {
    OutlierExposureWeights read = OutlierExposureWeights.read(weights);
    try (ModelFolder folder = ModelFolder.create(out, overwrite)) {
      Path checkpoint = folder.scratch().resolve("checkpoint");
      save(read, checkpoint);
      ServingExport.ofPictures(
              Shape.of(-1, SIZE, SIZE, 1), (layers, images) -> logits(layers, images, read))
          .write(checkpoint, folder.staging());
      sidecar(weights).write(folder.staging());
      folder.publish();
    }
  }

  private static void save(OutlierExposureWeights weights, Path checkpoint) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, SIZE, SIZE, 1)));
      logits(Layers.training(tf, 0), images, weights);
      try (Session session = new Session(graph)) {
        session.initialize();
        session.save(checkpoint.toString());
      }
    }
  }

  private static Operand<TFloat32> logits(
      Layers layers, Operand<TFloat32> images, OutlierExposureWeights weights) {
    int size = OutlierExposureWeights.SIZE;
    int first = OutlierExposureWeights.FILTERS_1;
    int second = OutlierExposureWeights.FILTERS_2;
    Ops tf = layers.ops();
    Operand<TFloat32> x =
        layers.convolution(
            images,
            Shape.of(size, size, 1, first),
            weights.filters("conv1"),
            weights.biases("conv1"),
            "VALID");
    x = gelu(tf, layers.maxPool(x, "VALID"));
    x =
        layers.convolution(
            x,
            Shape.of(size, size, first, second),
            weights.filters("conv2"),
            weights.biases("conv2"),
            "VALID");
    x = layers.channelDropout("dropout", x, DROPOUT);
    x = gelu(tf, layers.maxPool(x, "VALID"));
    long features = (long) OutlierExposureWeights.PLACES * OutlierExposureWeights.PLACES * second;
    x = tf.reshape(x, tf.constant(new long[] {-1, features}));
    x = gelu(tf, layers.dense(x, weights.hidden(), weights.biases("fc1")));
    return layers.dense(x, weights.last(), weights.biases("fc2"));
  }

  private static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
    return tf.math.mul(x, tf.math.sigmoid(tf.math.mul(x, tf.constant(1.702f))));
  }

  private static Sidecar sidecar(Path weights) {
    List<String> labels =
        IntStream.range(0, OutlierExposureWeights.CLASSES).mapToObj(Integer::toString).toList();
    return new Sidecar(
        Optional.of(OutputKind.PROBABILITIES),
        labels,
        Optional.of(new ImagePreprocessing(SIZE, SIZE, 1, 1.0 / 255, 0)),
        Optional.of(new InputRange(0, 1)),
        Map.of(
            "recipe",
            "outlier-exposure",
            "weights",
            "hendrycks/outlier-exposure, " + weights.getFileName()));
  }
}
