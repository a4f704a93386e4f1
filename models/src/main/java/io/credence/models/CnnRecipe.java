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
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Trains a small convolutional classifier by Adam on softmax cross-entropy, and exports it as a
 * SavedModel whose dropout, if it has any, is gated by a placeholder.
 *
 * @param name the name of the recipe, for the sidecar
 * @param style what lies between the layers, dropout above all
 * @param filters filters of each convolution, ≥ 1
 * @param denseUnits width of the hidden dense layer, ≥ 1
 * @param epochs times every training picture is seen, ≥ 1
 * @param seed seed of weights, order and masks: on one machine the same seed gives the same bytes
 * @param outliers pictures of no class to be unsure of, if any
 */
public record CnnRecipe(
    String name,
    CnnStyle style,
    List<Integer> filters,
    int denseUnits,
    int epochs,
    long seed,
    Optional<Outliers> outliers) {

  /**
   * Checks the recipe.
   *
   * @param name see the record
   * @param style see the record
   * @param filters see the record
   * @param denseUnits see the record
   * @param epochs see the record
   * @param seed see the record
   * @param outliers see the record
   * @throws IllegalArgumentException if there is no convolution, or a number of filters, {@code
   *     denseUnits} or {@code epochs} is below 1
   */
  public CnnRecipe {
    filters = List.copyOf(filters);
    boolean convolutions = !filters.isEmpty() && filters.stream().allMatch(f -> f >= 1);
    if (!convolutions || denseUnits < 1 || epochs < 1) {
      throw new IllegalArgumentException(
          "filters is "
              + filters
              + ", denseUnits "
              + denseUnits
              + ", epochs "
              + epochs
              + "; at least one convolution, each of at least one filter, one unit and one epoch are needed");
    }
  }

  /**
   * A recipe with dropout and without outliers.
   *
   * @param name see the record
   * @param filters see the record
   * @param denseUnits see the record
   * @param epochs see the record
   * @param seed see the record
   */
  public CnnRecipe(String name, List<Integer> filters, int denseUnits, int epochs, long seed) {
    this(name, CnnStyle.DROPOUT, filters, denseUnits, epochs, seed, Optional.empty());
  }

  /**
   * The recipe of the bundled model of street digits: 44 thousand pictures or so, three
   * convolutions, less than 1 MB of weights.
   *
   * @return the recipe
   */
  public static CnnRecipe streetDigits() {
    return new CnnRecipe("street-digits", List.of(24, 48, 64), 128, 8, 42);
  }

  /**
   * A network of LeNet's kind for MNIST and Fashion-MNIST: two convolutions.
   *
   * @return the recipe
   */
  public static CnnRecipe lenet() {
    return new CnnRecipe("lenet", List.of(32, 64), 128, 3, 42);
  }

  /**
   * LeNet-5 without dropout, to be a member of an ensemble: three convolutions, and the steps of
   * google/uncertainty-baselines.
   *
   * @return the recipe
   */
  public static CnnRecipe lenet5() {
    return new CnnRecipe(
        "lenet5", CnnStyle.LENET5, List.of(6, 16, 120), 84, 25, 42, Optional.empty());
  }

  /**
   * The network of Gal, Islam, Ghahramani 2017 for active learning on MNIST: two convolutions.
   * Pictures have at least 7 rows and columns.
   *
   * @return the recipe
   */
  public static CnnRecipe active() {
    return new CnnRecipe(
        "active-learning", CnnStyle.ACTIVE, List.of(32, 32), 128, 50, 42, Optional.empty());
  }

  /**
   * This recipe with another number of epochs.
   *
   * @param newEpochs times every training picture is seen, ≥ 1
   * @return the recipe
   */
  public CnnRecipe withEpochs(int newEpochs) {
    return new CnnRecipe(name, style, filters, denseUnits, newEpochs, seed, outliers);
  }

  /**
   * This recipe with another seed.
   *
   * @param newSeed seed of weights, order and masks
   * @return the recipe
   */
  public CnnRecipe withSeed(long newSeed) {
    return new CnnRecipe(name, style, filters, denseUnits, epochs, newSeed, outliers);
  }

  /**
   * This recipe with Outlier Exposure.
   *
   * @param exposed pictures of no class to be unsure of
   * @return the recipe
   */
  public CnnRecipe withOutliers(Outliers exposed) {
    return new CnnRecipe(name, style, filters, denseUnits, epochs, seed, Optional.of(exposed));
  }

  /**
   * Trains, exports and tests the model. The folder appears complete or not at all.
   *
   * @param train the pictures to learn from
   * @param test the pictures to be judged by, of the same size
   * @param labels the name of each class
   * @param out the folder to write
   * @param overwrite whether a folder that is there already is replaced
   * @param listener hears of every step
   * @return the share of test pictures that the exported model, read back, classifies rightly
   * @throws IllegalArgumentException if a label is beyond the names, or the sizes differ
   * @throws IOException if the folder exists or cannot be written
   */
  public double train(
      LabelledImages train,
      LabelledImages test,
      List<String> labels,
      Path out,
      boolean overwrite,
      TrainingListener listener)
      throws IOException {
    check(train, test, labels);
    try (ModelFolder folder = ModelFolder.create(out, overwrite)) {
      Path checkpoint = folder.scratch().resolve("checkpoint");
      fit(train, labels.size(), checkpoint, listener);
      ServingExport.ofPictures(
              Shape.of(-1, train.height(), train.width(), train.channels()),
              (layers, images) -> logits(layers, images, labels.size()))
          .write(checkpoint, folder.staging());
      double accuracy = ServingExport.accuracy(folder.staging(), test);
      sidecar(train, test, labels, accuracy).write(folder.staging());
      folder.publish();
      return accuracy;
    }
  }

  /**
   * Checks that a model may be written to a folder, as {@link #train} does before all else.
   *
   * @param out the folder to write
   * @param overwrite whether a folder that is there already is replaced; one that holds anything
   *     but a model never is
   * @throws IOException if it may not
   */
  public static void checkTarget(Path out, boolean overwrite) throws IOException {
    ModelFolder.check(out, overwrite);
  }

  private void check(LabelledImages train, LabelledImages test, List<String> labels) {
    int classes = Math.max(train.classes(), test.classes());
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "a classifier needs at least 2 classes; " + labels.size() + " is named");
    }
    if (classes > labels.size()) {
      throw new IllegalArgumentException(
          "the data have " + classes + " classes, but only " + labels.size() + " are named");
    }
    if (!train.sizeText().equals(test.sizeText())) {
      throw new IllegalArgumentException(
          "training pictures are "
              + train.sizeText()
              + ", but test pictures "
              + test.sizeText()
              + "; both must be of the same size");
    }
    int smallest = style == CnnStyle.ACTIVE ? 3 * filters.size() + 1 : 1;
    if (Math.min(train.height(), train.width()) < smallest) {
      throw new IllegalArgumentException(
          "pictures are "
              + train.sizeText()
              + "; convolutions that are not padded need at least "
              + smallest
              + " rows and columns");
    }
    if (outliers.isPresent() && !train.sizeText().equals(outliers.get().images().sizeText())) {
      throw new IllegalArgumentException(
          "training pictures are "
              + train.sizeText()
              + ", but outliers "
              + outliers.get().images().sizeText()
              + "; both must be of the same size");
    }
  }

  private void fit(LabelledImages data, int classes, Path checkpoint, TrainingListener listener) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images =
          tf.placeholder(
              TFloat32.class,
              Placeholder.shape(Shape.of(-1, data.height(), data.width(), data.channels())));
      Placeholder<TFloat32> targets =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, classes)));
      Placeholder<TFloat32> weights =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1)));
      Operand<TFloat32> logits = logits(Layers.training(tf, seed), images, classes);
      Operand<TFloat32> losses =
          FrameworkOps.create(tf).nn.softmaxCrossEntropyWithLogits(targets, logits, -1);
      Operand<TFloat32> loss = tf.reduceSum(tf.math.mul(losses, weights), tf.constant(0));
      ImageBatches batches = new ImageBatches(data, classes, outliers, seed);
      new Descent(data.size(), style.batch(), epochs, style.learningRate(), seed)
          .run(
              graph,
              loss,
              rows -> {
                ImageBatches.Batch batch = batches.of(rows);
                return Map.of(
                    images, batch.images(), targets, batch.targets(), weights, batch.weights());
              },
              checkpoint,
              listener);
    }
  }

  private Operand<TFloat32> logits(Layers layers, Operand<TFloat32> images, int classes) {
    return switch (style) {
      case DROPOUT -> new DropoutCnn(filters, denseUnits, false).logits(layers, images, classes);
      case ACTIVE -> new DropoutCnn(filters, denseUnits, true).logits(layers, images, classes);
      case LENET5 -> new PlainCnn(filters, denseUnits).logits(layers, images, classes);
    };
  }

  private Sidecar sidecar(
      LabelledImages train, LabelledImages test, List<String> labels, double accuracy) {
    Map<String, String> training = new LinkedHashMap<>();
    training.put("recipe", name);
    training.put("filters", filters.toString());
    training.put("denseUnits", Integer.toString(denseUnits));
    training.put("epochs", Integer.toString(epochs));
    training.put("seed", Long.toString(seed));
    training.put("trainingPictures", Integer.toString(train.size()));
    training.put("testPictures", Integer.toString(test.size()));
    outliers.ifPresent(
        exposed -> {
          training.put("outliers", Integer.toString(exposed.images().size()));
          training.put("outlierWeight", Double.toString(exposed.weight()));
        });
    training.put("testAccuracy", Double.toString(accuracy));
    return new Sidecar(
        Optional.of(OutputKind.PROBABILITIES),
        labels,
        Optional.of(
            new ImagePreprocessing(train.height(), train.width(), train.channels(), 1.0 / 255, 0)),
        Optional.of(new InputRange(0, 1)),
        training);
  }
}
