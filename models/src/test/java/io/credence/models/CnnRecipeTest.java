package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Trains small models, mostly to tell pictures bright on the left from those bright on the right.
 */
class CnnRecipeTest {

  private static final CnnRecipe TINY = new CnnRecipe("tiny", List.of(4), 8, 2, 5);

  @TempDir private Path folder;

  /** What a listener throws to end a training. */
  private static final class StopException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void trainingGraph_dropout_isAlwaysOn() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 7, 9, 1)));
      Operand<TFloat32> logits =
          new DropoutCnn(List.of(4), 8, false).logits(Layers.training(tf, 3), images, 2);
      try (Session session = new Session(graph);
          TFloat32 x = TFloat32.tensorOf(sides(20, 1).array(IntStream.range(0, 20).toArray()))) {
        session.initialize();
        List<Float> first = new ArrayList<>();
        for (int pass = 0; pass < 4; pass++) {
          try (Result result = session.runner().feed(images, x).fetch(logits).run()) {
            first.add(((TFloat32) result.get(0)).getFloat(0, 0));
          }
        }
        assertTrue(first.stream().distinct().count() > 1, "logits " + first);
      }
    }
  }

  /** 28 × 28 become 25, 22 and by the pool 11 squared: 3,872 features, as in the paper. */
  @Test
  void active_hasTheLayersOfThePaper() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> images =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 28, 28, 1)));
      CnnRecipe active = CnnRecipe.active();
      new DropoutCnn(active.filters(), active.denseUnits(), true)
          .logits(Layers.training(tf, 3), images, 10);
      Set<Shape> shapes = new HashSet<>();
      graph
          .operations()
          .forEachRemaining(
              operation -> {
                for (int i = 0; i < operation.numOutputs(); i++) {
                  shapes.add(operation.output(i).shape());
                }
              });
      for (Shape kernel :
          List.of(
              Shape.of(4, 4, 1, 32),
              Shape.of(4, 4, 32, 32),
              Shape.of(11 * 11 * 32, 128),
              Shape.of(128, 10))) {
        assertTrue(shapes.contains(kernel), kernel + " is not among " + shapes);
      }
    }
  }

  @Test
  void train_pictureTooSmallForConvolutions_isRefused() throws IOException {
    LabelledImages small = new LabelledImages(new byte[2 * 54], new byte[] {0, 1}, 6, 9, 1);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                CnnRecipe.active()
                    .train(
                        small,
                        small,
                        List.of("left", "right"),
                        folder.resolve("model"),
                        false,
                        CnnRecipeTest::stop));
    assertEquals(
        "pictures are 6 × 9 × 1; convolutions that are not padded need at least 7 rows and columns",
        e.getMessage());
    LabelledImages sides = sides(2, 1);
    CnnRecipe smallest = CnnRecipe.active().withEpochs(1);
    smallest.train(
        sides,
        sides,
        List.of("left", "right"),
        folder.resolve("model"),
        false,
        TrainingListener.silent());
    assertEquals(List.of("model"), names(folder));
  }

  @Test
  void train_easyPictures_areLearnt() throws IOException {
    List<Double> losses = new ArrayList<>();
    Path out = folder.resolve("sides");

    double share =
        new CnnRecipe("sides", List.of(4, 8), 16, 12, 11)
            .train(
                sides(640, 1),
                sides(400, 2),
                List.of("left", "right"),
                out,
                false,
                (step, steps, loss) -> losses.add(loss));

    assertTrue(share > .95, "accuracy " + share);
    double last =
        losses.subList(losses.size() - 10, losses.size()).stream()
            .mapToDouble(loss -> loss)
            .average()
            .orElseThrow();
    assertTrue(last < .2, "mean of the last ten losses is " + last); // ln 2 is guessing
    try (ServedModel model = ServedModel.load(out)) {
      int[] two = {0, 1};
      float[] p = model.probabilities(sides(2, 3).values(two));
      assertTrue(p[0] > .5 && p[3] > .5, () -> "left, right: " + Arrays.toString(p));
    }
  }

  @Test
  void train_sameSeed_givesTheSameNetwork_andAnotherSeedDoesNot() throws IOException {
    CnnRecipe recipe = new CnnRecipe("sides", List.of(4), 8, 1, 11);
    List<Double> losses = new ArrayList<>();
    float[] one = probabilitiesOf(recipe, "one", losses);
    float[] again = probabilitiesOf(recipe, "again", losses);
    float[] other = probabilitiesOf(recipe.withSeed(12), "other", losses);

    assertEquals(losses.subList(0, 5), losses.subList(5, 10));
    assertNotEquals(losses.get(0), losses.get(10), 1e-3);
    assertArrayEquals(one, again);
    double apart = largestDifference(one, other);
    assertTrue(apart > .1, "two seeds, apart by " + apart);
  }

  @Test
  void train_folderThere_isRefusedBeforeTraining() throws IOException {
    Path out = Files.createDirectory(folder.resolve("model"));
    Files.writeString(out.resolve("precious"), "1");

    FileAlreadyExistsException e =
        assertThrows(
            FileAlreadyExistsException.class, () -> trainSides(out, false, CnnRecipeTest::stop));

    assertEquals(
        out + " is there already; name another folder, or say --overwrite", e.getMessage());
    assertEquals(List.of("model"), names(folder));
    assertEquals(List.of("precious"), names(out));
  }

  @Test
  void train_overwrite_replacesAllOfTheFolder() throws IOException {
    Path out = Files.createDirectory(folder.resolve("model"));
    Files.writeString(out.resolve("saved_model.pb"), "1");
    Files.writeString(out.resolve("credence.json"), "stale");

    trainSides(out, true, TrainingListener.silent());

    assertEquals(List.of("model"), names(folder));
    assertEquals(List.of("credence.json", "saved_model.pb", "variables"), names(out));
    assertEquals("sides", training(out).get("recipe"));
  }

  @Test
  void train_listenerThrows_leavesNothing() throws IOException {
    StopException thrown = new StopException();

    StopException e =
        assertThrows(
            StopException.class,
            () ->
                trainSides(
                    folder.resolve("model"),
                    false,
                    (step, steps, loss) -> {
                      if (step == 2) {
                        throw thrown;
                      }
                    }));

    assertSame(thrown, e);
    assertEquals(List.of(), names(folder));
  }

  @Test
  void train_listenerThrows_leavesTheOldFolder() throws IOException {
    Path out = Files.createDirectory(folder.resolve("model"));
    Files.writeString(out.resolve("saved_model.pb"), "1");

    assertThrows(StopException.class, () -> trainSides(out, true, CnnRecipeTest::stop));

    assertEquals(List.of("model"), names(folder));
    assertEquals(List.of("saved_model.pb"), names(out));
  }

  @Test
  void train_oneClass_isRefused() throws IOException {
    LabelledImages one = new LabelledImages(new byte[63], new byte[1], 7, 9, 1);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TINY.train(
                    one, one, List.of("left"), folder.resolve("one"), false, CnnRecipeTest::stop));
    assertEquals("a classifier needs at least 2 classes; 1 is named", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void train_labelBeyondTheNames_isRefused(boolean inTraining) throws IOException {
    LabelledImages two = sides(2, 1);
    LabelledImages three = new LabelledImages(new byte[63], new byte[] {2}, 7, 9, 1);

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TINY.train(
                    inTraining ? three : two,
                    inTraining ? two : three,
                    List.of("left", "right"),
                    folder.resolve("model"),
                    false,
                    CnnRecipeTest::stop));

    assertEquals("the data have 3 classes, but only 2 are named", e.getMessage());
    assertEquals(List.of(), names(folder));
  }

  @ParameterizedTest
  @CsvSource({"9, 9, 1", "7, 3, 1", "7, 9, 3", "21, 3, 1"})
  void train_sizesDiffer_areNamed(int height, int width, int channels) throws IOException {
    LabelledImages other =
        new LabelledImages(
            new byte[height * width * channels], new byte[1], height, width, channels);

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TINY.train(
                    sides(2, 1),
                    other,
                    List.of("left", "right"),
                    folder.resolve("model"),
                    false,
                    CnnRecipeTest::stop));

    assertEquals(
        "training pictures are 7 × 9 × 1, but test pictures "
            + height
            + " × "
            + width
            + " × "
            + channels
            + "; both must be of the same size",
        e.getMessage());
    assertEquals(List.of(), names(folder));
  }

  @ParameterizedTest
  @CsvSource({"'', 8, 1", "0, 8, 1", "4 -1, 8, 1", "4, 0, 1", "4, 8, 0", "4, -8, -1"})
  void of_numberBelowOne_isRefused(String list, int denseUnits, int epochs) {
    List<Integer> filters =
        Arrays.stream(list.split(" ", -1)).filter(f -> !f.isEmpty()).map(Integer::valueOf).toList();

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new CnnRecipe("bad", filters, denseUnits, epochs, 1));

    assertEquals(
        "filters is "
            + filters
            + ", denseUnits "
            + denseUnits
            + ", epochs "
            + epochs
            + "; at least one convolution, each of at least one filter, one unit and one epoch are"
            + " needed",
        e.getMessage());
  }

  @Test
  void with_epochsOrSeed_keepsTheRest() {
    assertEquals(new CnnRecipe("tiny", List.of(4), 8, 9, 5), TINY.withEpochs(9));
    assertEquals(new CnnRecipe("tiny", List.of(4), 8, 2, 9), TINY.withSeed(9));
    assertThrows(IllegalArgumentException.class, () -> TINY.withEpochs(0));
  }

  @Test
  void filters_changedByTheCaller_leaveTheRecipeAlone() {
    List<Integer> filters = new ArrayList<>(List.of(4));
    CnnRecipe recipe = new CnnRecipe("tiny", filters, 8, 2, 5);

    filters.set(0, 7);

    assertEquals(List.of(4), recipe.filters());
    assertFalse(recipe.filters().contains(7));
  }

  private static void stop(long step, long steps, double loss) {
    throw new StopException();
  }

  private static double trainSides(Path out, boolean overwrite, TrainingListener listener)
      throws IOException {
    return new CnnRecipe("sides", List.of(4), 8, 1, 11)
        .train(sides(130, 1), sides(10, 2), List.of("left", "right"), out, overwrite, listener);
  }

  private float[] probabilitiesOf(CnnRecipe recipe, String name, List<Double> losses)
      throws IOException {
    Path out = folder.resolve(name);
    recipe.train(
        sides(300, 1),
        sides(10, 2),
        List.of("left", "right"),
        out,
        false,
        (step, steps, loss) -> losses.add(loss));
    try (ServedModel model = ServedModel.load(out)) {
      return model.probabilities(sides(20, 3).values(IntStream.range(0, 20).toArray()));
    }
  }

  /** Noise of 7 × 9, brighter on the left (class 0, even pictures) or on the right (class 1). */
  private static LabelledImages sides(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[count * 63];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 2);
      for (int j = 0; j < 63; j++) {
        boolean bright = i % 2 == 0 ? j % 9 < 4 : j % 9 > 4;
        pixels[i * 63 + j] = (byte) (random.nextInt(100) + (bright ? 120 : 0));
      }
    }
    return new LabelledImages(pixels, labels, 7, 9, 1);
  }

  private static double largestDifference(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }

  private static Map<String, String> training(Path model) throws IOException {
    return Sidecar.ofModel(model).training();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
