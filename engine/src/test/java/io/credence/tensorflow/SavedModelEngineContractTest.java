package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMoments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/** What holds for every model, whatever turns its dropout on. */
class SavedModelEngineContractTest {

  private static final SamplingPlan PLAN = new SamplingPlan(20, 7);

  @TempDir Path folder;

  static Stream<Arguments> models() {
    return Stream.of(
        Arguments.of("gated", (UnaryOperator<Path>) TestModels::gated, List.of(0.5)),
        Arguments.of("alwaysOn", (UnaryOperator<Path>) TestModels::alwaysOn, List.of(.25, .5)),
        Arguments.of("cond", (UnaryOperator<Path>) TestModels::cond, List.of(0.5)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void describe_everyModel_namesSitesAndRates(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      assertEquals(
          rates,
          engine.describe().sites().stream().map(s -> s.rate().orElseThrow()).sorted().toList());
      assertTrue(
          engine.describe().sites().stream()
              .allMatch(s -> s.gate().isPresent() == !name.equals("alwaysOn")));
      assertEquals(OutputKind.PROBABILITIES, engine.describe().outputKind());
      assertEquals("[x FLOAT32[?, 4]]", engine.describe().inputs().toString());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void predict_sameSeed_isTheSame_andAnotherSeedIsNot(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      var rows = Rows.random(5, 1);
      assertEquals(engine.predict(rows, PLAN), engine.predict(rows, PLAN));
      assertNotEquals(
          engine.classify(rows, PLAN).summaries(),
          engine.classify(rows, PLAN.withSeed(8)).summaries());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void predict_sameSeed_isTheSameInAnotherSession(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    Path model = write.apply(folder);
    var rows = Rows.random(5, 1);
    ClassificationPrediction first;
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      first = engine.classify(rows, PLAN);
    }
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      assertEquals(first, engine.predict(rows, PLAN));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void sample_rowAlone_equalsRowInCompany(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      FloatNdArray company = engine.sample(Rows.random(64, 2), PLAN);
      for (int row : new int[] {0, 31, 63}) {
        FloatNdArray alone = engine.sample(Rows.row(row, 64, 2), PLAN);
        for (int pass = 0; pass < PLAN.passes(); pass++) {
          for (int k = 0; k < TestModels.CLASSES; k++) {
            assertEquals(company.getFloat(pass, row, k), alone.getFloat(pass, 0, k), 1e-6);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void sample_morePasses_startWithTheSameNetworks(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      float[] few = Rows.floats(engine.sample(Rows.random(3, 1), new SamplingPlan(4, 7)));
      float[] many = Rows.floats(engine.sample(Rows.random(3, 1), new SamplingPlan(9, 7)));
      assertArrayEquals(few, Arrays.copyOf(many, few.length), 1e-6f);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void predict_isTheSummaryOfSample(String name, UnaryOperator<Path> write, List<Double> rates) {
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      var rows = Rows.random(6, 3);
      FloatNdArray samples = engine.sample(rows, PLAN);
      assertEquals(Shape.of(20, 6, TestModels.CLASSES), samples.shape());
      ClassificationMoments moments =
          ClassificationMoments.of(6, TestModels.CLASSES, OutputKind.PROBABILITIES)
              .withErrorGroups(20);
      for (int pass = 0; pass < 20; pass++) {
        moments.add(Rows.floats(samples.get(pass)));
      }
      Summaries.assertClose(moments.summaries(), engine.classify(rows, PLAN).summaries());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void singlePass_gatedModel_isWhatTheSignatureServes(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    Path model = write.apply(folder);
    if (name.equals("alwaysOn")) {
      return; // Its signature serves a random draw: nothing to compare with.
    }
    var rows = Rows.random(6, 3);
    try (SavedModelEngine engine = SavedModelEngine.load(model);
        SavedModelBundle bundle = SavedModelBundle.load(model.toString());
        TFloat32 x = TFloat32.tensorOf(rows.get("x"));
        Result served = bundle.function("serving_default").call(Map.of("x", x))) {
      float[] expected = Rows.floats((TFloat32) served.get("y").orElseThrow());
      assertArrayEquals(expected, Rows.floats(engine.singlePass(rows)), 1e-6f);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void predict_manyThreads_givesEachItsOwnAnswer(
      String name, UnaryOperator<Path> write, List<Double> rates) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      List<ClassificationPrediction> alone = new ArrayList<>();
      List<Callable<ClassificationPrediction>> calls = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        var rows = Rows.random(3, i);
        SamplingPlan plan = new SamplingPlan(5, i);
        alone.add(engine.classify(rows, plan));
        calls.add(() -> engine.classify(rows, plan));
      }
      List<Future<ClassificationPrediction>> together = pool.invokeAll(calls);
      for (int i = 0; i < 16; i++) {
        assertEquals(alone.get(i), together.get(i).get());
      }
    } finally {
      pool.shutdown();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void predict_manyCalls_leaveNoNativeObject(
      String name, UnaryOperator<Path> write, List<Double> rates) {
    try (SavedModelEngine engine = SavedModelEngine.load(write.apply(folder))) {
      var bad = Map.of("x", Rows.array(1f, 2f, Float.NaN, 4f));
      callAll(engine, bad);
      long before = nativeObjects();
      for (int i = 0; i < 50; i++) {
        callAll(engine, bad);
      }
      assertTrue(Pointer.totalCount() <= before, "objects left open");
    }
  }

  /** Native objects that are open, without those that earlier code left to the collector. */
  private static long nativeObjects() {
    System.gc();
    Pointer.deallocateReferences();
    return Pointer.totalCount();
  }

  private static void callAll(SavedModelEngine engine, Map<String, FloatNdArray> bad) {
    engine.predict(Rows.random(3, 1), PLAN);
    engine.sample(Rows.random(3, 1), PLAN);
    engine.singlePass(Rows.random(3, 1));
    assertThrows(IllegalArgumentException.class, () -> engine.predict(bad, PLAN));
  }

  @Test
  void predict_tensorFlowFails_leavesNoNativeObject() {
    // Logits declared as probabilities fail after the first pass has run.
    Path model = TestModels.gatedLogits(folder);
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.PROBABILITIES).load()) {
      var rows = Map.of("x", Rows.array(9f, 9f, 9f, 9f));
      assertThrows(IllegalArgumentException.class, () -> engine.predict(rows, PLAN));
      // The second call keeps the masks of the seed, for as long as the engine is open.
      assertThrows(IllegalArgumentException.class, () -> engine.predict(rows, PLAN));
      long before = nativeObjects();
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> engine.predict(rows, PLAN));
      assertTrue(e.getMessage().contains("declare LOGITS"), e.getMessage());
      assertTrue(Pointer.totalCount() <= before, "objects left open");
    }
  }

  @Test
  void load_failing_leavesNoNativeObject() {
    Path model = TestModels.gated(folder);
    folder.resolve("variables/variables.data-00000-of-00001").toFile().delete();
    writeBytes(folder.resolve("variables/variables.data-00000-of-00001"), new byte[3]);
    assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model));
    long before = nativeObjects();
    for (int i = 0; i < 5; i++) {
      assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model));
    }
    assertTrue(Pointer.totalCount() <= before, "objects left open");
  }

  @Test
  void close_twice_isFine_andUseAfterwardsSaysSo() {
    SavedModelEngine engine = SavedModelEngine.load(TestModels.gated(folder));
    engine.close();
    engine.close();
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> engine.predict(Rows.random(1, 1), PLAN));
    assertTrue(e.getMessage().contains("is closed; load the model again"), e.getMessage());
    assertFalse(engine.describe().sites().isEmpty());
  }

  @Test
  void predict_passesThatNeverDiffer_carryAWarning() {
    try (SavedModelEngine engine = SavedModelEngine.load(TestModels.gated(folder))) {
      var zeros = Map.of("x", Rows.array(0f, 0f, 0f, 0f));
      assertTrue(
          engine
              .predict(zeros, PLAN)
              .warnings()
              .get(0)
              .contains("all 20 passes gave the very same"));
      assertEquals(List.of(), engine.predict(zeros, SamplingPlan.of(1)).warnings());
      assertEquals(List.of(), engine.predict(Rows.random(1, 1), PLAN).warnings());
    }
  }

  private static void writeBytes(Path file, byte[] bytes) {
    try {
      java.nio.file.Files.write(file, bytes);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
