package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ImagePreprocessing;
import io.credence.InputRange;
import io.credence.OutputKind;
import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * What training tells and leaves behind, seen on a tiny model of street digits that is trained once
 * for all tests.
 */
class ServingExportTest {

  private static final CnnRecipe TINY = new CnnRecipe("tiny", List.of(4), 8, 2, 5);
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(Integer::toString).toList();

  /** Not a multiple of the batches of training (64) or testing (250). */
  private static final int TRAINING_PICTURES = 300;

  private static final int TEST_PICTURES = 330;
  private static final long TRAINING_SEED = 501;
  private static final long TEST_SEED = 502;

  @TempDir private static Path digitsFolder;
  private static Path digits;
  private static double accuracy;
  private static final List<Step> STEPS = new ArrayList<>();

  private record Step(long step, long steps, double loss) {}

  @BeforeAll
  static void trainDigits() throws IOException {
    digits = digitsFolder.resolve("digits");
    accuracy =
        TINY.train(
            LabelledImages.streetDigits(TRAINING_SEED, TRAINING_PICTURES),
            LabelledImages.streetDigits(TEST_SEED, TEST_PICTURES),
            DIGITS,
            digits,
            false,
            (step, steps, loss) -> STEPS.add(new Step(step, steps, loss)));
  }

  @Test
  void train_exportedSignature_isImageToProbabilities() {
    try (ServedModel model = ServedModel.load(digits)) {
      var signature = model.signature();

      assertEquals("tensorflow/serving/predict", signature.getMethodName());
      assertEquals("[image]", signature.getInputsMap().keySet().toString());
      assertEquals("[probabilities]", signature.getOutputsMap().keySet().toString());
      assertTensor(signature.getInputsOrThrow("image"), -1, 32, 32, 3);
      assertTensor(signature.getOutputsOrThrow("probabilities"), -1, 10);
    }
  }

  @Test
  void train_outputs_areProbabilities() {
    try (ServedModel model = ServedModel.load(digits)) {
      float[] probabilities = model.probabilities(ServedModel.pictures(TEST_SEED, 0, 50));

      assertEquals(500, probabilities.length);
      for (int row = 0; row < 50; row++) {
        double sum = 0;
        for (int k = 0; k < 10; k++) {
          float p = probabilities[row * 10 + k];
          assertTrue(p >= 0 && p <= 1, "p is " + p);
          sum += p;
        }
        assertEquals(1, sum, 1e-5);
      }
    }
  }

  @Test
  void train_accuracy_isThatOfTheExportedModel() throws IOException {
    try (ServedModel model = ServedModel.load(digits)) {
      assertEquals(model.accuracy(TEST_SEED, TEST_PICTURES), accuracy, 1e-12);
    }
    assertEquals(
        accuracy,
        Double.parseDouble(training(digits).get("testAccuracy")),
        1e-12,
        "in the sidecar");
  }

  @Test
  void train_sidecar_saysWhatTheModelDoesNot() throws IOException {
    Sidecar sidecar = Sidecar.ofModel(digits);

    assertEquals(Optional.of(OutputKind.PROBABILITIES), sidecar.outputKind());
    assertEquals(DIGITS, sidecar.labels());
    assertEquals(Optional.of(new ImagePreprocessing(32, 32, 3, 1.0 / 255, 0)), sidecar.image());
    assertEquals(Optional.of(new InputRange(0, 1)), sidecar.inputRange());
    assertEquals(
        "{recipe=tiny, filters=[4], denseUnits=8, epochs=2, seed=5, trainingPictures=300,"
            + " testPictures=330, testAccuracy="
            + accuracy
            + "}",
        sidecar.training().toString());
  }

  @Test
  void train_folder_holdsTheModelAlone() throws IOException {
    assertEquals(List.of("digits"), names(digitsFolder));
    try (Stream<Path> all = Files.walk(digits)) {
      assertEquals(
          List.of(
              "credence.json",
              "saved_model.pb",
              "variables/variables.data-00000-of-00001",
              "variables/variables.index"),
          all.filter(Files::isRegularFile)
              .map(file -> digits.relativize(file).toString().replace('\\', '/'))
              .sorted()
              .toList());
    }
  }

  @Test
  void train_exportedWeights_areThoseOfTheNetworkAlone() throws IOException {
    try (ServedModel model = ServedModel.load(digits)) {
      List<NodeDef> nodes = model.graph().getNodeList();
      // A kernel and a bias for the convolution and for each of the two dense layers.
      assertEquals(
          List.of("weight_0", "weight_1", "weight_2", "weight_3", "weight_4", "weight_5"),
          nodes.stream()
              .filter(node -> node.getOp().equals("RestoreV2"))
              .flatMap(restore -> model.strings(restore.getInput(1)).stream())
              .sorted()
              .toList());
      assertEquals(
          List.of(), nodes.stream().map(NodeDef::getOp).filter(op -> op.contains("Adam")).toList());
    }
    int parameters = (3 * 3 * 3 * 4 + 4) + (16 * 16 * 4 * 8 + 8) + (8 * 10 + 10);
    assertEquals(
        4L * parameters, Files.size(digits.resolve("variables/variables.data-00000-of-00001")));
  }

  @Test
  void export_randomOps_areTheTwoDropouts() {
    try (ServedModel model = ServedModel.load(digits)) {
      List<NodeDef> nodes = model.graph().getNodeList();
      List<NodeDef> random =
          nodes.stream()
              .filter(n -> n.getOp().contains("Random") || n.getOp().contains("Normal"))
              .toList();
      assertEquals(
          List.of("RandomUniform", "RandomUniform"), random.stream().map(NodeDef::getOp).toList());
      double[] rates =
          random.stream()
              .map(NodeDef::getName)
              .map(
                  name ->
                      nodes.stream()
                          .filter(n -> n.getOp().equals("GreaterEqual"))
                          .filter(n -> n.getInput(0).equals(name))
                          .findFirst()
                          .orElseThrow())
              .mapToDouble(n -> model.run(picture(), Optional.empty(), n.getInput(1)).get(0)[0])
              .toArray();
      assertArrayEquals(new double[] {.25, .5}, rates);
    }
  }

  @Test
  void export_gateOn_dropsTheStatedShareAndScalesTheRest() {
    // The share of a fair draw is missed by five standard errors less than once in a million runs;
    // the seed is TensorFlow's own, so every run draws anew.
    double[] rates = {.25, .5};
    try (ServedModel model = ServedModel.load(digits)) {
      List<NodeDef> selects =
          model.graph().getNodeList().stream().filter(n -> n.getOp().startsWith("Select")).toList();
      assertEquals(2, selects.size());
      float[] images = ServedModel.pictures(TEST_SEED, 0, 200);
      for (int site = 0; site < 2; site++) {
        NodeDef select = selects.get(site);
        int active = 0;
        int dropped = 0;
        for (int pass = 0; pass < 20; pass++) {
          List<float[]> tensors =
              model.run(images, Optional.of(true), select.getName(), select.getInput(2));
          float[] after = tensors.get(0);
          float[] before = tensors.get(1);
          for (int i = 0; i < before.length; i++) {
            if (before[i] != 0) {
              active++;
              dropped += after[i] == 0 ? 1 : 0;
              double expected = after[i] == 0 ? 0 : before[i] / (1 - rates[site]);
              assertEquals(expected, after[i], 1e-5 * Math.abs(before[i]));
            }
          }
        }
        assertTrue(active > 2000, "only " + active + " active units at site " + site);
        double error = Math.sqrt(rates[site] * (1 - rates[site]) / active);
        assertEquals(rates[site], (double) dropped / active, 5 * error, "site " + site);
      }
    }
  }

  @Test
  void export_gateAsServed_isOff() {
    float[] images = ServedModel.pictures(TEST_SEED, 0, 10);
    try (ServedModel model = ServedModel.load(digits)) {
      float[] served = model.probabilities(images);

      assertArrayEquals(served, model.probabilities(images), 1e-6f);
      assertArrayEquals(served, model.probabilities(images, Optional.of(false)), 1e-6f);
    }
  }

  @Test
  void export_gateOn_passesAndSessionsDiffer() {
    float[] images = ServedModel.pictures(TEST_SEED, 0, 10);
    List<float[]> passes = new ArrayList<>();
    for (int session = 0; session < 2; session++) {
      try (ServedModel model = ServedModel.load(digits)) {
        passes.add(model.probabilities(images, Optional.of(true)));
        passes.add(model.probabilities(images, Optional.of(true)));
      }
    }
    for (int a = 0; a < passes.size(); a++) {
      for (int b = 0; b < a; b++) {
        double difference = largestDifference(passes.get(a), passes.get(b));
        assertTrue(difference > 1e-3, b + " and " + a + " differ by " + difference);
      }
    }
  }

  @Test
  void train_listener_hearsEveryStepOnce() {
    long expected = 2 * 5; // epochs · ⌈300 / 64⌉

    assertEquals(
        LongStream.rangeClosed(1, expected).boxed().toList(),
        STEPS.stream().map(Step::step).toList());
    assertEquals(List.of(expected), STEPS.stream().map(Step::steps).distinct().toList());
  }

  @Test
  void train_firstLoss_isAboutThatOfGuessingInNats() {
    assertEquals(Math.log(10), STEPS.get(0).loss(), 0.3);
  }

  private static float[] picture() {
    return ServedModel.pictures(TEST_SEED, 0, 1);
  }

  private static double largestDifference(float[] a, float[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
  }

  private static void assertTensor(TensorInfo info, long... shape) {
    assertEquals(DataType.DT_FLOAT, info.getDtype());
    assertArrayEquals(
        shape,
        info.getTensorShape().getDimList().stream()
            .mapToLong(TensorShapeProto.Dim::getSize)
            .toArray());
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
