package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.Sidecar;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Several SavedModels as one engine. */
class SavedModelEnsembleTest {

  private static final SamplingPlan PLAN = new SamplingPlan(30, 7);
  private static final Map<String, FloatNdArray> ROWS = Rows.random(6, 1);

  @TempDir Path folder;
  private Path first;
  private Path second;
  private Path certain;

  @BeforeEach
  void write() {
    first = model("first", 1, .25f);
    second = model("second", -2, .5f);
    certain = model("certain", 3, 0);
  }

  /** Dropout on the input, unless the rate is 0; a dense layer, scaled; softmax. */
  private Path model(String name, float scale, float rate) {
    return TestModels.write(
        folder.resolve(name), (tf, x) -> tf.nn.softmax(logits(tf, x, scale, rate)));
  }

  private static Operand<TFloat32> logits(Ops tf, Operand<TFloat32> x, float scale, float rate) {
    Operand<TFloat32> dropped = rate == 0 ? x : TestModels.dropout(tf, x, rate);
    return tf.math.mul(TestModels.dense(tf, dropped), tf.constant(scale));
  }

  private SavedModelEnsemble.Builder all() {
    return SavedModelEnsemble.builder(List.of(first, second, certain)).weights(1, 2, 5);
  }

  @Test
  void predict_isTheMomentsOfTheMembersSamples() {
    try (SavedModelEnsemble ensemble = all().load()) {
      FloatNdArray samples = ensemble.sample(ROWS, PLAN);
      assertEquals(Shape.of(61, 6, TestModels.CLASSES), samples.shape());
      float[] values = Rows.floats(samples);
      ClassificationMoments expected = empty();
      double[] weights = {1, 2, 5};
      int at = 0;
      for (int m = 0; m < 3; m++) {
        ClassificationMoments member = empty();
        for (int pass = 0; pass < (m == 2 ? 1 : 30); pass++) {
          member.add(Arrays.copyOfRange(values, at, at + 18));
          at += 18;
        }
        expected.addMember(member, weights[m] / 5);
      }
      ClassificationPrediction prediction = ensemble.classify(ROWS, PLAN);
      assertEquals(expected.summaries(), prediction.summaries());
      assertEquals(List.of(), prediction.warnings());
      ClassificationSummary one = prediction.get(0);
      assertEquals(3, one.members());
      assertEquals(61, one.samples());
      assertTrue(one.betweenMembersMutualInformation() > 0);
      assertTrue(one.withinMembersMutualInformation() > 0);
      assertTrue(one.standardError(ClassificationMeasure.MUTUAL_INFORMATION).orElseThrow() > 0);
    }
  }

  private static ClassificationMoments empty() {
    return ClassificationMoments.of(6, TestModels.CLASSES, OutputKind.PROBABILITIES)
        .withErrorGroups(20);
  }

  /** The first member draws the networks of the plan's seed; no two members draw the same. */
  @Test
  void sample_ofTwoEqualMembers_drawsOtherNetworksForTheSecond() {
    try (SavedModelEnsemble ensemble = SavedModelEnsemble.builder(List.of(first, first)).load();
        SavedModelEngine alone = SavedModelEngine.load(first)) {
      float[] values = Rows.floats(ensemble.sample(ROWS, PLAN));
      float[] expected = Rows.floats(alone.sample(ROWS, PLAN));
      int half = values.length / 2;
      assertArrayEquals(expected, Arrays.copyOf(values, half));
      TreeSet<String> networks = new TreeSet<>();
      for (int pass = 0; pass < 60; pass++) {
        float[] outputs = Arrays.copyOfRange(values, pass * 18, (pass + 1) * 18);
        networks.add(Arrays.toString(outputs));
      }
      // Four inputs are dropped or not: sixteen networks at most, most of them seen twice.
      assertTrue(networks.size() > 8, networks.size() + " networks");
      assertTrue(!Arrays.equals(expected, Arrays.copyOfRange(values, half, 2 * half)));
    }
  }

  @Test
  void predict_ofOneMember_isThatOfTheModel() {
    try (SavedModelEnsemble ensemble = SavedModelEnsemble.builder(List.of(first)).load();
        SavedModelEngine alone = SavedModelEngine.load(first)) {
      ClassificationPrediction expected = alone.classify(ROWS, PLAN);
      ClassificationPrediction actual = ensemble.classify(ROWS, PLAN);
      for (int n = 0; n < 6; n++) {
        assertArrayEquals(expected.get(n).meanProbabilities(), actual.get(n).meanProbabilities());
        assertEquals(expected.get(n).mutualInformation(), actual.get(n).mutualInformation(), 1e-15);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "2, 2", "3, 3", "9, 2"})
  void predict_howeverManyAreResidentOrAtWork_isTheSame(int resident, int parallel) {
    try (SavedModelEnsemble usual = all().load();
        SavedModelEnsemble ensemble =
            all().residentMembers(resident).parallelMembers(parallel).load()) {
      Prediction expected = usual.predict(ROWS, PLAN);
      assertEquals(expected, ensemble.predict(ROWS, PLAN));
      assertEquals(expected, ensemble.predict(ROWS, PLAN));
      assertArrayEquals(
          Rows.floats(usual.sample(ROWS, PLAN)), Rows.floats(ensemble.sample(ROWS, PLAN)));
    }
  }

  @Test
  void predict_withASink_handsOnTheSamplesInOrder() {
    try (SavedModelEnsemble ensemble = all().parallelMembers(3).load()) {
      List<String> order = new ArrayList<>();
      List<Float> seen = new ArrayList<>();
      Prediction prediction =
          ensemble.predict(
              ROWS,
              PLAN,
              (member, pass, outputs, shape) -> {
                order.add(member + "/" + pass + shape);
                for (float value : outputs) {
                  seen.add(value);
                }
              });
      assertEquals(ensemble.predict(ROWS, PLAN), prediction);
      float[] samples = Rows.floats(ensemble.sample(ROWS, PLAN));
      assertEquals(samples.length, seen.size());
      for (int i = 0; i < samples.length; i++) {
        assertEquals(samples[i], seen.get(i));
      }
      assertEquals("0/0[6, 3]", order.get(0));
      assertEquals("1/29[6, 3]", order.get(59));
      assertEquals("2/0[6, 3]", order.get(60));
    }
  }

  @Test
  void predict_untilAnError_tellsTheSameAsThatManyPasses() {
    SamplingPlan plan =
        SamplingPlan.untilStandardError(ClassificationMeasure.PREDICTIVE_ENTROPY, .008, 20, 500);
    try (SavedModelEnsemble ensemble = all().parallelMembers(2).load()) {
      ClassificationPrediction adaptive = ensemble.classify(ROWS, plan);
      TreeSet<Long> taken = new TreeSet<>();
      for (int n = 0; n < 6; n++) {
        ClassificationSummary one = adaptive.get(n);
        int passes = (int) (one.samples() - 1) / 2;
        taken.add(one.samples());
        ClassificationSummary fixed = ensemble.classify(ROWS, SamplingPlan.of(passes)).get(n);
        assertEquals(fixed.mutualInformation(), one.mutualInformation(), 1e-5);
        double error = one.standardError(ClassificationMeasure.PREDICTIVE_ENTROPY).orElseThrow();
        assertTrue(error <= .008 || passes == 500, passes + ": " + error);
      }
      assertTrue(taken.size() > 1, taken.toString());
    }
  }

  @Test
  void predict_untilAnErrorWithMembersInTurn_isRefused() {
    SamplingPlan plan = SamplingPlan.untilStandardError(ClassificationMeasure.MARGIN, .01, 20, 500);
    try (SavedModelEnsemble ensemble = all().residentMembers(2).load()) {
      assertRefused(
          "members are loaded in turn, and a plan with a tolerance would load them all again for"
              + " each look; keep all 3 resident, or take a fixed number of passes",
          () -> ensemble.predict(ROWS, plan));
    }
  }

  @Test
  void predict_asServed_runsEachMemberOnce() {
    Path gated = TestModels.gated(folder.resolve("gated"));
    Path other = model("other", -1, 0);
    try (SavedModelEnsemble ensemble =
            SavedModelEnsemble.builder(List.of(gated, other)).asServed().load();
        SavedModelEngine alone = SavedModelEngine.load(gated)) {
      FloatNdArray samples = ensemble.sample(ROWS, PLAN);
      assertEquals(Shape.of(2, 6, TestModels.CLASSES), samples.shape());
      assertArrayEquals(
          Rows.floats(alone.singlePass(ROWS)), Arrays.copyOf(Rows.floats(samples), 18), 1e-6f);
      ClassificationSummary one = ensemble.classify(ROWS, PLAN).get(0);
      assertEquals(0, one.withinMembersMutualInformation());
      assertEquals(one.mutualInformation(), one.betweenMembersMutualInformation());
      assertTrue(one.standardError(ClassificationMeasure.MUTUAL_INFORMATION).isEmpty());
      assertEquals(List.of(), ensemble.describe().sites());
    }
  }

  @Test
  void load_asServedOfAModelThatAlwaysDraws_isRefused() {
    String message =
        assertThrows(
                ModelLoadException.class,
                () -> SavedModelEnsemble.builder(List.of(first, second)).asServed().load())
            .getMessage();
    assertTrue(message.contains("draws whenever the model is served"), message);
    assertTrue(message.contains(first.toString()), message);
  }

  @Test
  void describe_tellsMembersWeightsAndWhatWasNotChecked() {
    try (SavedModelEnsemble ensemble = all().load()) {
      ModelDescription description = ensemble.describe();
      assertEquals(
          "ensemble of [" + first + ", " + second + ", " + certain + "]", description.model());
      assertEquals(2, description.sites().size());
      assertEquals(3, description.members().size());
      assertEquals(.25, description.members().get(1).weight());
      assertTrue(description.members().get(1).stochastic());
      assertTrue(!description.members().get(2).stochastic());
      assertEquals(
          List.of(
              "that classes, or targets, stand in the same order is not checked: no labels are"
                  + " known of ["
                  + first
                  + ", "
                  + second
                  + ", "
                  + certain
                  + "]; name them in credence.json",
              "no dropout is found in [" + certain + "], which answer once, as they are served"),
          description.notes());
    }
  }

  @Test
  void load_oneMemberOfOtherWidth_isNamed() {
    Path narrow =
        TestModels.write(
            folder.resolve("narrow"), (tf, x) -> tf.nn.softmax(TestModels.dropout(tf, x, .5f)));
    assertOdd(
        "members differ in their shape of the output: \""
            + narrow
            + "\" has [?, 4], \""
            + first
            + "\" and 1 more have [?, 3]; choose the output that all have",
        List.of(first, narrow, second));
  }

  @Test
  void load_oneMemberOfOtherInput_isNamed() {
    Path wide =
        TestModels.write(
            folder.resolve("wide"),
            Shape.of(-1, 3),
            (tf, x) -> tf.nn.softmax(TestModels.dropout(tf, x, .5f)));
    assertOdd(
        "members differ in their inputs: \""
            + wide
            + "\" has \"x\" FLOAT32 [?, 3], \""
            + first
            + "\" and 1 more have \"x\" FLOAT32 [?, 4]; map input names with renameInput(..), or"
            + " export the model anew",
        List.of(wide, first, second));
  }

  /** What a member leaves open, the others say; any batch that they read, it reads too. */
  @Test
  void load_oneMemberLeavesASizeOpen_isAccepted() {
    Path open =
        TestModels.write(
            folder.resolve("open"),
            Shape.of(-1, -1),
            (tf, x) -> tf.nn.softmax(logits(tf, x, 1, .5f)));
    for (List<Path> members : List.of(List.of(open, first), List.of(first, open))) {
      try (SavedModelEnsemble ensemble = SavedModelEnsemble.builder(members).load()) {
        assertEquals(6, ensemble.predict(ROWS, PLAN).size());
      }
    }
  }

  @Test
  void predict_membersThatAgree_carriesAWarning() {
    try (SavedModelEnsemble ensemble =
        SavedModelEnsemble.builder(List.of(certain, model("copy", 3, 0))).load()) {
      assertEquals(
          List.of(
              "all 2 members gave the very same output for this batch: they may be copies of one"
                  + " model, or the output saturated"),
          ensemble.predict(ROWS, PLAN).warnings());
    }
  }

  @Test
  void load_oneMemberOfOtherKind_isNamed() {
    SavedModelEnsemble.Builder builder =
        SavedModelEnsemble.of(
            List.of(
                SavedModelEngine.builder(first),
                SavedModelEngine.builder(
                        TestModels.write(
                            folder.resolve("logits"), (tf, x) -> logits(tf, x, 1, .5f)))
                    .outputKind(OutputKind.LOGITS)));
    String message = assertThrows(ModelLoadException.class, builder::load).getMessage();
    assertEquals(
        "members differ in their output kind: \""
            + folder.resolve("logits")
            + "\" has LOGITS, \""
            + first
            + "\" has PROBABILITIES; declare the kind of each, or choose another output",
        message);
  }

  @Test
  void load_labelsInAnotherOrder_areNamed() throws IOException {
    label(first, "a", "b", "c");
    label(second, "a", "c", "b");
    label(certain, "a", "b", "c");
    assertOdd(
        "members differ in their labels: \""
            + second
            + "\" has [a, c, b], \""
            + first
            + "\" and 1 more have [a, b, c]; put classes into one order, or mend them in"
            + " credence.json",
        List.of(first, second, certain));
  }

  @Test
  void load_labelsOfAllTheSame_areThoseOfTheEnsemble() throws IOException {
    for (Path each : List.of(first, second, certain)) {
      label(each, "a", "b", "c");
    }
    try (SavedModelEnsemble ensemble = all().load()) {
      assertEquals(List.of("a", "b", "c"), ensemble.describe().labels());
      assertEquals(1, ensemble.describe().notes().size());
    }
  }

  private static void label(Path model, String... labels) throws IOException {
    Files.writeString(
        model.resolve(Sidecar.FILE_NAME),
        "{\"schema\": \"credence.sidecar/1\", \"labels\": [\""
            + String.join("\", \"", labels)
            + "\"]}");
  }

  private void assertOdd(String message, List<Path> members) {
    assertEquals(
        message,
        assertThrows(ModelLoadException.class, () -> SavedModelEnsemble.builder(members).load())
            .getMessage());
  }

  @Test
  void load_oneMemberWithoutDropout_isRefused() {
    assertOdd(
        certain
            + " is the only member and answers once, as it is served: nothing would differ between"
            + " samples; add members, or a model with dropout",
        List.of(certain));
  }

  @Test
  void load_membersWithOtherNames_areMapped() {
    SavedModelEnsemble.Builder builder =
        SavedModelEnsemble.of(
            List.of(
                SavedModelEngine.builder(first).signature("predict", "serving_default"),
                SavedModelEngine.builder(second).output("scores", "y").inputTensor("image", "x")));
    try (SavedModelEnsemble ensemble = builder.load();
        SavedModelEnsemble plain = SavedModelEnsemble.builder(List.of(first, second)).load()) {
      assertEquals("x", ensemble.describe().inputs().get(0).name());
      assertEquals(plain.predict(ROWS, PLAN), ensemble.predict(ROWS, PLAN));
    }
    builder.renameInput("x", "pixels").renameInput("image", "pixels");
    try (SavedModelEnsemble ensemble = builder.load()) {
      assertEquals("pixels", ensemble.describe().inputs().get(0).name());
      assertEquals(6, ensemble.predict(Map.of("pixels", ROWS.get("x")), PLAN).size());
    }
  }

  @Test
  void load_renamedInputThatNoMemberHas_isRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> all().renameInput("z", "pixels").load())
            .getMessage();
    assertTrue(message.startsWith("renamed inputs [z] are in no member; members have "), message);
  }

  @Test
  void builder_badOptions_areRefused() {
    assertRefused(
        "there are 2 weights for 3 members; give one for each, in their order",
        () -> all().weights(1, 2));
    assertRefused(
        "weight is 0.0; each must be within [1e-9, 1e9]; only ratios matter",
        () -> all().weights(1, 0, 1));
    assertRefused(
        "weight is NaN; each must be within [1e-9, 1e9]; only ratios matter",
        () -> all().weights(1, Double.NaN, 1));
    assertRefused(
        "weights 1.0E-9 and 1.0E9 are more than 1e9 apart; a member that counts so little has no"
            + " part in the result, leave it out",
        () -> all().weights(1, 1e9, 1e-9));
    assertRefused(
        "resident members is 0; at least 1 must be in memory to be run",
        () -> all().residentMembers(0));
    assertRefused(
        "parallel members is 0; at least 1 must be at work", () -> all().parallelMembers(0));
    assertRefused(
        "3 members at work at once, but 2 in memory; keep at least as many as are to be at work",
        () -> all().parallelMembers(3).residentMembers(2).load());
    assertRefused(
        "an ensemble needs at least one member, got none",
        () -> SavedModelEnsemble.builder(List.of()));
    assertRefused(
        "input \"x\" is called \"a\" already; give it one name",
        () -> all().renameInput("x", "a").renameInput("x", "b"));
  }

  @Test
  void predict_badInput_isRefusedWhateverTheThreads() {
    for (UnaryOperator<SavedModelEnsemble.Builder> option :
        List.<UnaryOperator<SavedModelEnsemble.Builder>>of(
            b -> b, b -> b.parallelMembers(3), b -> b.residentMembers(1))) {
      try (SavedModelEnsemble ensemble = option.apply(all()).load()) {
        String message =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ensemble.predict(Map.of("z", ROWS.get("x")), PLAN))
                .getMessage();
        assertTrue(message.startsWith("input \"z\" is unknown"), message);
        assertEquals(6, ensemble.predict(ROWS, PLAN).size());
      }
    }
  }

  @Test
  void predict_afterClose_isRefused() {
    for (int resident : new int[] {1, 3}) {
      SavedModelEnsemble ensemble = all().residentMembers(resident).load();
      ensemble.close();
      ensemble.close();
      assertThrows(IllegalStateException.class, () -> ensemble.predict(ROWS, PLAN));
      assertThrows(IllegalStateException.class, () -> ensemble.sample(ROWS, PLAN));
      int stayed = 0;
      for (EnsembleMember member : ensemble.members().all()) {
        if (member.resident().isPresent()) {
          SavedModelEngine engine = member.resident().get();
          assertThrows(IllegalStateException.class, () -> engine.predict(ROWS, PLAN));
          stayed++;
        }
      }
      assertEquals(resident == 3 ? 3 : 0, stayed);
    }
  }

  @Test
  void predict_manyTimes_leavesNoNativeObject() {
    SamplingPlan adaptive =
        SamplingPlan.untilStandardError(ClassificationMeasure.PREDICTIVE_ENTROPY, .02, 20, 200);
    Map<String, FloatNdArray> bad = Map.of("x", Rows.array(1f, Float.NaN, 1f, 1f));
    try (SavedModelEnsemble resident = all().parallelMembers(2).load();
        SavedModelEnsemble inTurn = all().residentMembers(1).load()) {
      long before = 0;
      for (int i = 0; i < 8; i++) {
        resident.predict(ROWS, adaptive);
        assertThrows(IllegalArgumentException.class, () -> resident.predict(bad, adaptive));
        for (SavedModelEnsemble ensemble : List.of(resident, inTurn)) {
          ensemble.predict(ROWS, PLAN);
          ensemble.sample(ROWS, PLAN);
          assertThrows(IllegalArgumentException.class, () -> ensemble.predict(bad, PLAN));
        }
        if (i == 1) { // what is made once, such as sessions of threads, is there by now
          System.gc();
          Pointer.deallocateReferences();
          before = Pointer.totalCount();
        }
      }
      assertTrue(Pointer.totalCount() <= before, "objects left open");
    }
  }

  @Test
  void load_oneMemberFails_closesTheOthers() {
    Path narrow =
        TestModels.write(
            folder.resolve("narrow"), (tf, x) -> tf.nn.softmax(TestModels.dropout(tf, x, .5f)));
    SavedModelEnsemble.Builder odd = SavedModelEnsemble.builder(List.of(first, second, narrow));
    assertThrows(ModelLoadException.class, odd::load);
    System.gc();
    Pointer.deallocateReferences();
    long before = Pointer.totalCount();
    assertThrows(ModelLoadException.class, odd::load);
    assertTrue(Pointer.totalCount() <= before, "objects left open");
  }

  @Test
  void load_leavesTheOptionsOfItsMembersAlone() {
    SavedModelEngine.Builder one = SavedModelEngine.builder(TestModels.gated(folder.resolve("g")));
    SavedModelEngine.Builder other = SavedModelEngine.builder(certain);
    try (SavedModelEnsemble inTurn =
        SavedModelEnsemble.of(List.of(one, other)).residentMembers(1).load()) {
      Prediction expected = inTurn.predict(ROWS, PLAN);
      SavedModelEnsemble.of(List.of(one, other)).asServed().load().close();
      assertEquals(expected, inTurn.predict(ROWS, PLAN));
    }
    try (SavedModelEngine alone = one.load()) {
      assertEquals(1, alone.describe().sites().size());
    }
    assertThrows(ModelLoadException.class, other::load);
  }

  @Test
  void load_batchesOfOtherFixedSizes_areRefused() {
    List<Path> models = new ArrayList<>();
    for (int rows : new int[] {2, 3}) {
      models.add(
          TestModels.write(
              folder.resolve("fixed" + rows),
              Shape.of(rows, TestModels.FEATURES),
              (tf, x) -> tf.nn.softmax(logits(tf, x, rows, .5f))));
    }
    String message =
        assertThrows(ModelLoadException.class, () -> SavedModelEnsemble.builder(models).load())
            .getMessage();
    assertTrue(message.startsWith("members differ in their inputs: "), message);
    try (SavedModelEnsemble ensemble =
        SavedModelEnsemble.builder(List.of(first, models.get(0))).load()) {
      assertEquals(Shape.of(2, 4), ensemble.describe().inputs().get(0).shape());
      assertEquals(2, ensemble.predict(Rows.random(2, 1), PLAN).size());
    }
  }

  @Test
  void load_mapsOfOtherShape_areRefused() {
    List<SavedModelEngine.Builder> members = new ArrayList<>();
    for (int height : new int[] {2, 3}) {
      Path model =
          TestModels.write(
              folder.resolve("map" + height),
              Shape.of(-1, 12),
              (tf, x) ->
                  tf.nn.softmax(
                      tf.reshape(
                          TestModels.dropout(tf, x, .5f),
                          tf.constant(new int[] {-1, height, 6 / height, 2}))));
      members.add(SavedModelEngine.builder(model));
    }
    String message =
        assertThrows(ModelLoadException.class, () -> SavedModelEnsemble.of(members).load())
            .getMessage();
    assertTrue(message.startsWith("members differ in their shape of the output: "), message);
  }

  @Test
  void inTurn_oneMemberFailsWithAnError_waitsForTheOthers() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean running = new AtomicBoolean();
    try (SavedModelEnsemble ensemble = all().parallelMembers(3).load()) {
      assertThrows(
          OutOfMemoryError.class,
          () ->
              ensemble
                  .members()
                  .inTurn(
                      member -> {
                        if (member.index() == 0) {
                          awaitQuietly(begun);
                          throw new OutOfMemoryError("as if");
                        }
                        running.set(true);
                        begun.countDown();
                        awaitMillis(100);
                        running.set(false);
                        return member.index();
                      },
                      (member, given) -> {},
                      false));
      assertTrue(!running.get(), "a member still runs");
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitMillis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void predict_sinkThrows_isNotTheModelsFault() {
    try (SavedModelEngine engine = SavedModelEngine.load(first)) {
      UnsupportedOperationException own = new UnsupportedOperationException("mine");
      assertEquals(
          own,
          assertThrows(
              UnsupportedOperationException.class,
              () ->
                  engine.predict(
                      ROWS,
                      PLAN,
                      (member, pass, outputs, shape) -> {
                        throw own;
                      })));
      assertEquals(6, engine.predict(ROWS, PLAN).size());
    }
  }

  /** A call that is on its first member when the ensemble is closed still reaches its last. */
  @Test
  void close_withACallInFlight_waitsForIt() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    SavedModelEnsemble ensemble = all().load();
    try {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch closing = new CountDownLatch(1);
      Future<Prediction> call =
          pool.submit(
              () ->
                  ensemble.predict(
                      ROWS,
                      PLAN,
                      (member, pass, outputs, shape) -> {
                        begun.countDown();
                        try {
                          closing.await();
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                      }));
      begun.await();
      Thread closer = new Thread(ensemble::close);
      closer.start();
      while (closer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      closing.countDown();
      assertEquals(6, call.get().size());
      closer.join();
      assertThrows(IllegalStateException.class, () -> ensemble.predict(ROWS, PLAN));
    } finally {
      pool.shutdown();
      ensemble.close();
    }
  }

  @Test
  void singlePass_isRefused() {
    try (SavedModelEnsemble ensemble = all().load()) {
      assertThrows(UnsupportedOperationException.class, () -> ensemble.singlePass(ROWS));
    }
  }

  @Test
  void predict_regressors_splitsTheVariance() {
    List<SavedModelEngine.Builder> members = new ArrayList<>();
    for (int m = 0; m < 3; m++) {
      float scale = m + 1;
      Path model =
          TestModels.write(folder.resolve("regressor" + m), (tf, x) -> logits(tf, x, scale, .5f));
      members.add(SavedModelEngine.builder(model).outputKind(OutputKind.MEAN));
    }
    try (SavedModelEnsemble ensemble = SavedModelEnsemble.of(members).load()) {
      RegressionPrediction prediction = ensemble.regress(ROWS, PLAN);
      double between = prediction.get(0).betweenMembersVariance(0);
      double within = prediction.get(0).withinMembersVariance(0);
      assertTrue(between > 0 && within > 0);
      assertEquals(between + within, prediction.get(0).epistemicVariance(0));
    }
  }

  @Test
  void predict_byManyThreads_isTheSame() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (SavedModelEnsemble ensemble = all().residentMembers(2).parallelMembers(2).load()) {
      Prediction expected = ensemble.predict(ROWS, PLAN);
      List<Callable<Prediction>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        calls.add(() -> ensemble.predict(ROWS, PLAN));
      }
      for (Future<Prediction> call : pool.invokeAll(calls)) {
        assertEquals(expected, call.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
