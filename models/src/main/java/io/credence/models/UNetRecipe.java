package io.credence.models;

import io.credence.ImagePreprocessing;
import io.credence.InputRange;
import io.credence.OutputKind;
import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Trains a small U-Net (Ronneberger, Fischer, Brox 2015, arXiv 1505.04597) of two classes a pixel,
 * with two steps down and up, dropout where it is deepest and on the way up, and of whole channels
 * before the last layer, and exports it as a SavedModel, {@code [N, size, size, 1]} to {@code [N,
 * size, size, 2]}. Each time a picture is seen it is turned and mirrored by chance.
 *
 * @param name the name of the recipe, for the sidecar
 * @param filters filters of the first convolutions, ≥ 1, doubled at each step down
 * @param dropout the rate of dropout, ≥ 0 and &lt; 1
 * @param epochs times every picture is seen, ≥ 1
 * @param seed seed of weights, order, turns and masks: on one machine the same seed gives the same
 *     bytes
 */
public record UNetRecipe(String name, int filters, double dropout, int epochs, long seed) {

  private static final int BATCH = 1;
  private static final float LEARNING_RATE = 2e-3f;

  /**
   * Checks the recipe.
   *
   * @param name see the record
   * @param filters see the record
   * @param dropout see the record
   * @param epochs see the record
   * @param seed see the record
   * @throws IllegalArgumentException if a number is out of its range
   */
  public UNetRecipe {
    if (filters < 1 || epochs < 1 || !(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "filters is "
              + filters
              + ", epochs "
              + epochs
              + ", dropout "
              + dropout
              + "; at least one filter and one epoch are needed, and dropout within 0–1, 1"
              + " exclusive");
    }
  }

  /**
   * This recipe with another number of epochs.
   *
   * @param newEpochs times every picture is seen, ≥ 1
   * @return the recipe
   */
  public UNetRecipe withEpochs(int newEpochs) {
    return new UNetRecipe(name, filters, dropout, newEpochs, seed);
  }

  /**
   * This recipe with another seed.
   *
   * @param newSeed seed of weights, order, turns and masks
   * @return the recipe
   */
  public UNetRecipe withSeed(long newSeed) {
    return new UNetRecipe(name, filters, dropout, epochs, newSeed);
  }

  /**
   * Trains and exports the model. The folder appears complete or not at all.
   *
   * @param images what to learn
   * @param labels the names of both classes
   * @param out the folder to write
   * @param overwrite whether a model that is there already is replaced
   * @param listener hears of every step
   * @throws IllegalArgumentException unless there are two labels
   * @throws IOException if the folder exists or cannot be written
   */
  public void train(
      SegmentedImages images,
      List<String> labels,
      Path out,
      boolean overwrite,
      TrainingListener listener)
      throws IOException {
    if (labels.size() != 2) {
      throw new IllegalArgumentException("labels are " + labels + "; two are needed");
    }
    try (ModelFolder folder = ModelFolder.create(out, overwrite)) {
      Path checkpoint = folder.scratch().resolve("checkpoint");
      fit(images, checkpoint, listener);
      ServingExport.ofPictures(Shape.of(-1, images.size(), images.size(), 1), this::logits)
          .write(checkpoint, folder.staging());
      sidecar(images, labels).write(folder.staging());
      folder.publish();
    }
  }

  private void fit(SegmentedImages images, Path checkpoint, TrainingListener listener) {
    int size = images.size();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> pixels =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, size, size, 1)));
      Placeholder<TFloat32> targets =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 2)));
      Operand<TFloat32> logits =
          tf.reshape(logits(Layers.training(tf, seed), pixels), tf.constant(new int[] {-1, 2}));
      Operand<TFloat32> loss =
          tf.math.mean(
              FrameworkOps.create(tf).nn.softmaxCrossEntropyWithLogits(targets, logits, -1),
              tf.constant(0));
      SplittableRandom turns = new SplittableRandom(~seed);
      new Descent(images.count(), BATCH, epochs, LEARNING_RATE, seed)
          .run(
              graph,
              loss,
              rows -> batch(images, rows, turns, pixels, targets),
              checkpoint,
              listener);
    }
  }

  private static Map<Placeholder<TFloat32>, FloatNdArray> batch(
      SegmentedImages images,
      int[] rows,
      SplittableRandom turns,
      Placeholder<TFloat32> pixels,
      Placeholder<TFloat32> targets) {
    int size = images.size();
    float[] x = new float[rows.length * size * size];
    float[] y = new float[2 * x.length];
    int at = 0;
    for (int row : rows) {
      float[] picture = images.pixels(row);
      int turn = turns.nextInt(8);
      for (int i = 0; i < size * size; i++, at++) {
        int from = turned(i, size, turn);
        x[at] = picture[from];
        y[2 * at + images.label(row, from)] = 1;
      }
    }
    return Map.of(
        pixels,
        NdArrays.wrap(Shape.of(rows.length, size, size, 1), DataBuffers.of(x)),
        targets,
        NdArrays.wrap(Shape.of(x.length, 2), DataBuffers.of(y)));
  }

  /** Where a pixel comes from when a square is mirrored, upside down and along its diagonal. */
  static int turned(int pixel, int size, int turn) {
    int row = pixel / size;
    int column = pixel % size;
    int r = (turn & 1) == 0 ? row : size - 1 - row;
    int c = (turn & 2) == 0 ? column : size - 1 - column;
    return (turn & 4) == 0 ? r * size + c : c * size + r;
  }

  private Operand<TFloat32> logits(Layers layers, Operand<TFloat32> pixels) {
    int f = filters;
    int size = (int) pixels.shape().get(1);
    Ops tf = layers.ops();
    // About 0, so that the first units neither all answer nor all keep silent.
    Operand<TFloat32> centred = tf.math.mul(tf.math.sub(pixels, tf.constant(.5f)), tf.constant(4f));
    Operand<TFloat32> first = twice(layers, centred, 1, f);
    Operand<TFloat32> second = twice(layers, layers.maxPool(first, "SAME"), f, 2 * f);
    Operand<TFloat32> deep = twice(layers, layers.maxPool(second, "SAME"), 2 * f, 4 * f);
    deep = layers.dropout("dropout", deep, (float) dropout);
    Operand<TFloat32> up = join(layers, deep, second, 4 * f, 2 * f, size / 2);
    up = layers.dropout("dropout_1", up, (float) dropout);
    Operand<TFloat32> top = join(layers, up, first, 2 * f, f, size);
    // Whole channels: a pass is one network at all places, not noise at each.
    top = layers.channelDropout("dropout_2", top, (float) dropout);
    return layers.convolution(top, 1, f, 2, "SAME");
  }

  private static Operand<TFloat32> twice(Layers layers, Operand<TFloat32> x, int in, int out) {
    Ops tf = layers.ops();
    Operand<TFloat32> once = tf.nn.relu(layers.convolution(x, 3, in, out, "SAME"));
    return tf.nn.relu(layers.convolution(once, 3, out, out, "SAME"));
  }

  /**
   * What comes from below, doubled in size, with what was there on the way down. A convolution of
   * both side by side is the sum of one of each.
   */
  private static Operand<TFloat32> join(
      Layers layers, Operand<TFloat32> below, Operand<TFloat32> beside, int in, int out, int size) {
    Ops tf = layers.ops();
    Operand<TFloat32> doubled =
        tf.image.resizeNearestNeighbor(below, tf.constant(new int[] {size, size}));
    Operand<TFloat32> both =
        tf.math.add(
            layers.convolution(doubled, 3, in, out, "SAME"),
            layers.convolution(beside, 3, out, out, "SAME"));
    return tf.nn.relu(layers.convolution(tf.nn.relu(both), 3, out, out, "SAME"));
  }

  private Sidecar sidecar(SegmentedImages images, List<String> labels) {
    Map<String, String> training = new LinkedHashMap<>();
    training.put("recipe", name);
    training.put("filters", Integer.toString(filters));
    training.put("dropout", Double.toString(dropout));
    training.put("epochs", Integer.toString(epochs));
    training.put("seed", Long.toString(seed));
    training.put("trainingPictures", Integer.toString(images.count()));
    return new Sidecar(
        Optional.of(OutputKind.PROBABILITIES),
        labels,
        Optional.of(new ImagePreprocessing(images.size(), images.size(), 1, 1.0 / 255, 0)),
        Optional.of(new InputRange(0, 1)),
        training);
  }
}
