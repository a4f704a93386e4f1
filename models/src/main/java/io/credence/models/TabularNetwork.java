package io.credence.models;

import io.credence.RegressionHead;
import io.credence.Sidecar;
import io.credence.models.data.Standardization;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * A trained network of one hidden layer of ReLU for a table of numbers. Its input is {@code x}, the
 * features in their own units, shape {@code [N, features]}; it answers in the unit of the target:
 * the mean, or mean and variance. Immutable.
 */
public final class TabularNetwork {

  /** What is added to a variance of standardised targets, so that none is 0. */
  static final float LEAST_VARIANCE = 1e-6f;

  private static final String INPUT = "x";

  private final Standardization standardization;
  private final double rate;
  private final DenseWeights hidden;
  private final DenseWeights last;

  TabularNetwork(
      Standardization standardization, double rate, DenseWeights hidden, DenseWeights last) {
    this.standardization = standardization;
    this.rate = rate;
    this.hidden = hidden;
    this.last = last;
  }

  /** The hidden layer. */
  DenseWeights hidden() {
    return hidden;
  }

  /** The last layer. */
  DenseWeights last() {
    return last;
  }

  /**
   * Writes the network as a SavedModel, where its rate is above 0 with dropout of input and hidden
   * units gated by a placeholder. The folder appears complete or not at all.
   *
   * @param out the folder to write
   * @param overwrite whether a model that is there already is replaced
   * @param head how its answers make up a distribution, of one number for a network that learnt
   *     means, of two for one that learnt variances too
   * @param training what is noted in the sidecar
   * @throws IOException if the folder exists or cannot be written
   * @throws IllegalArgumentException if the head takes another number of answers
   */
  public void export(Path out, boolean overwrite, RegressionHead head, Map<String, String> training)
      throws IOException {
    if (head.targets(last.width()) != 1) {
      throw new IllegalArgumentException(
          "head is "
              + head
              + ", but the network answers "
              + last.width()
              + " numbers of one target");
    }
    try (ModelFolder folder = ModelFolder.create(out, overwrite)) {
      Path checkpoint = folder.scratch().resolve("checkpoint");
      save(checkpoint);
      new ServingExport(INPUT, shape(), "prediction", this::answer)
          .write(checkpoint, folder.staging());
      new Sidecar(
              Optional.of(head.kind()),
              List.of(),
              Optional.empty(),
              Optional.empty(),
              training,
              Optional.of(head))
          .write(folder.staging());
      folder.publish();
    }
  }

  private Shape shape() {
    return Shape.of(-1, standardization.means().shape().get(1));
  }

  private void save(Path checkpoint) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      answer(Layers.training(tf, 0), tf.placeholder(TFloat32.class, Placeholder.shape(shape())));
      try (Session session = new Session(graph)) {
        session.initialize();
        session.save(checkpoint.toString());
      }
    }
  }

  private Operand<TFloat32> answer(Layers layers, Operand<TFloat32> x) {
    Ops tf = layers.ops();
    Operand<TFloat32> at =
        tf.math.div(
            tf.math.sub(x, tf.constant(standardization.means())),
            tf.constant(standardization.deviations()));
    at = dropout(layers, "dropout_input", at);
    at = tf.nn.relu(layers.dense(at, hidden.kernel(), hidden.biases()));
    at = layers.dense(dropout(layers, "dropout_hidden", at), last.kernel(), last.biases());
    float deviation = (float) standardization.targetDeviation();
    Operand<TFloat32> mean =
        tf.math.add(
            tf.math.mul(column(tf, at, 0), tf.constant(deviation)),
            tf.constant((float) standardization.targetMean()));
    if (last.width() == 1) {
      return mean;
    }
    Operand<TFloat32> variance =
        tf.math.mul(variance(tf, column(tf, at, 1)), tf.constant(deviation * deviation));
    return tf.concat(List.of(mean, variance), tf.constant(1));
  }

  private Operand<TFloat32> dropout(Layers layers, String name, Operand<TFloat32> x) {
    return rate == 0 ? x : layers.dropout(name, x, (float) rate);
  }

  private static Operand<TFloat32> column(Ops tf, Operand<TFloat32> x, int column) {
    return tf.slice(x, tf.constant(new int[] {0, column}), tf.constant(new int[] {-1, 1}));
  }

  /** The variance of standardised targets that an answer stands for. */
  static Operand<TFloat32> variance(Ops tf, Operand<TFloat32> answer) {
    return tf.math.add(tf.math.softplus(answer), tf.constant(LEAST_VARIANCE));
  }
}
