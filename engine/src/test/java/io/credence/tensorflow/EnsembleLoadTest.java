package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;

/** Members of an ensemble held against each other, and its options. */
class EnsembleLoadTest extends EnsembleModels {

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

  @Test
  void load_oneMemberWithoutDropout_isRefused() {
    assertOdd(
        certain
            + " is the only member and answers once, as it is served: nothing would differ between"
            + " samples; add members, or a model with dropout",
        List.of(certain));
  }

  @Test
  void load_oneMemberAsServed_answersOnce() {
    try (SavedModelEnsemble ensemble =
        SavedModelEnsemble.builder(List.of(certain)).asServed().load()) {
      ClassificationPrediction once = (ClassificationPrediction) ensemble.predict(ROWS, PLAN);
      assertEquals(1, once.get(0).samples());
      assertEquals(0, once.get(0).mutualInformation());
      assertEquals(
          once.summaries(),
          ((ClassificationPrediction) ensemble.predict(ROWS, PLAN.withSeed(9))).summaries());
    }
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
}
