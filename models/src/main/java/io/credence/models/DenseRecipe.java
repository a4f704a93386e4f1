package io.credence.models;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import io.credence.Sidecar;
import io.credence.models.data.Points;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Trains a network of dense layers with dropout after each hidden one, on points of a few
 * coordinates, all of them in every step of Adam, and exports it as a SavedModel whose dropout is
 * gated by a placeholder. Its input is {@code x}, shape {@code [N, inputs]}.
 *
 * @param name the name of the recipe, for the sidecar
 * @param hidden units of each hidden layer, ≥ 1
 * @param activation what the hidden units do
 * @param dropout the rate of dropout, ≥ 0 and &lt; 1
 * @param head what a regressor answers, {@link RegressionHead.Mean} or {@link
 *     RegressionHead.MixtureDensity}; empty for a classifier, which answers probabilities
 * @param epochs steps of training, ≥ 1
 * @param decay weight in the loss of the sum of squared weights, ≥ 0
 * @param seed seed of weights and masks: on one machine the same seed gives the same bytes
 */
public record DenseRecipe(
    String name,
    List<Integer> hidden,
    Activation activation,
    double dropout,
    Optional<RegressionHead> head,
    int epochs,
    double decay,
    long seed) {

  private static final float LEARNING_RATE = 5e-3f;

  /**
   * Checks the recipe.
   *
   * @param name see the record
   * @param hidden see the record
   * @param activation see the record
   * @param dropout see the record
   * @param head see the record
   * @param epochs see the record
   * @param decay see the record
   * @param seed see the record
   * @throws IllegalArgumentException if a number is out of its range, or the head is of another
   *     kind
   */
  public DenseRecipe {
    hidden = List.copyOf(hidden);
    if (hidden.isEmpty() || hidden.stream().anyMatch(units -> units < 1) || epochs < 1) {
      throw new IllegalArgumentException(
          "hidden is "
              + hidden
              + ", epochs "
              + epochs
              + "; at least one layer, each of at least one unit, and one epoch are needed");
    }
    if (!(dropout >= 0 && dropout < 1) || !(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "dropout is "
              + dropout
              + ", decay "
              + decay
              + "; dropout must be within 0–1, 1 exclusive, and decay at least 0");
    }
    head.ifPresent(DenseLoss::check);
  }

  /**
   * This recipe with another seed.
   *
   * @param newSeed seed of weights and masks
   * @return the recipe
   */
  public DenseRecipe withSeed(long newSeed) {
    return new DenseRecipe(name, hidden, activation, dropout, head, epochs, decay, newSeed);
  }

  /**
   * This recipe with another number of steps.
   *
   * @param newEpochs steps of training, ≥ 1
   * @return the recipe
   */
  public DenseRecipe withEpochs(int newEpochs) {
    return new DenseRecipe(name, hidden, activation, dropout, head, newEpochs, decay, seed);
  }

  /**
   * This recipe with another activation.
   *
   * @param other what the hidden units do
   * @return the recipe
   */
  public DenseRecipe withActivation(Activation other) {
    return new DenseRecipe(name, hidden, other, dropout, head, epochs, decay, seed);
  }

  /**
   * Trains and exports the model. The folder appears complete or not at all.
   *
   * @param points what to learn; of a classifier the targets are distributions over the classes
   * @param out the folder to write
   * @param overwrite whether a model that is there already is replaced
   * @param listener hears of every step
   * @throws IOException if the folder exists or cannot be written
   */
  public void train(Points points, Path out, boolean overwrite, TrainingListener listener)
      throws IOException {
    try (ModelFolder folder = ModelFolder.create(out, overwrite)) {
      Path checkpoint = folder.scratch().resolve("checkpoint");
      long inputs = points.inputs().shape().get(1);
      int targets = (int) points.targets().shape().get(1);
      fit(points, inputs, targets, checkpoint, listener);
      export(Shape.of(-1, inputs), targets).write(checkpoint, folder.staging());
      sidecar(points.size(), targets).write(folder.staging());
      folder.publish();
    }
  }

  private void fit(
      Points points, long inputs, int targets, Path checkpoint, TrainingListener listener) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = placeholder(tf, Shape.of(-1, inputs));
      Placeholder<TFloat32> y = placeholder(tf, Shape.of(-1, targets));
      Placeholder<TFloat32> weights = placeholder(tf, Shape.of(-1));
      Layers layers = Layers.training(tf, seed);
      Operand<TFloat32> losses = DenseLoss.of(tf, head, output(layers, x, targets), y, targets);
      Operand<TFloat32> loss = tf.reduceSum(tf.math.mul(losses, weights), tf.constant(0));
      if (decay > 0) {
        loss = tf.math.add(loss, tf.math.mul(tf.constant((float) decay), layers.squares()));
      }
      Map<Placeholder<TFloat32>, FloatNdArray> all =
          Map.of(x, points.inputs(), y, points.targets(), weights, points.weights());
      new Descent(points.size(), points.size(), epochs, LEARNING_RATE, seed)
          .run(graph, loss, rows -> all, checkpoint, listener);
    }
  }

  private static Placeholder<TFloat32> placeholder(Ops tf, Shape shape) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  private Operand<TFloat32> output(Layers layers, Operand<TFloat32> x, int targets) {
    Operand<TFloat32> at = x;
    long features = x.shape().get(1);
    for (int i = 0; i < hidden.size(); i++) {
      at = activation.of(layers.ops(), layers.dense(at, features, hidden.get(i)));
      at = layers.dropout(i == 0 ? "dropout" : "dropout_" + i, at, (float) dropout);
      features = hidden.get(i);
    }
    int width = head.map(h -> h.perTarget() * targets + h.shared()).orElse(targets);
    return layers.dense(at, features, width);
  }

  private ServingExport export(Shape shape, int targets) {
    ServingExport.Network network = (layers, in) -> output(layers, in, targets);
    return head.isEmpty()
        ? ServingExport.classifier("x", shape, network)
        : new ServingExport("x", shape, "prediction", network);
  }

  private Sidecar sidecar(int points, int targets) {
    Map<String, String> training = new LinkedHashMap<>();
    training.put("recipe", name);
    training.put("hidden", hidden.toString());
    training.put("activation", activation.name());
    training.put("epochs", Integer.toString(epochs));
    training.put("seed", Long.toString(seed));
    training.put("trainingPoints", Integer.toString(points));
    List<String> labels =
        head.isPresent()
            ? List.of()
            : IntStream.range(0, targets).mapToObj(Integer::toString).toList();
    return new Sidecar(
        Optional.of(head.map(RegressionHead::kind).orElse(OutputKind.PROBABILITIES)),
        labels,
        Optional.empty(),
        Optional.empty(),
        training,
        head);
  }
}
