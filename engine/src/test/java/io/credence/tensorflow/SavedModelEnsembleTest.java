package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;

/** Several SavedModels as one engine: what is drawn, and what it comes to. */
class SavedModelEnsembleTest extends EnsembleModels {

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
      Summaries.assertClose(expected.summaries(), prediction.summaries());
      assertEquals(List.of(), prediction.warnings());
      ClassificationSummary one = prediction.get(0);
      assertEquals(3, one.members());
      assertEquals(61, one.samples());
      assertTrue(one.betweenMembersMutualInformation() > 0);
      assertTrue(one.withinMembersMutualInformation() > 0);
      assertTrue(one.standardError(ClassificationMeasure.MUTUAL_INFORMATION).orElseThrow() > 0);
    }
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
}
