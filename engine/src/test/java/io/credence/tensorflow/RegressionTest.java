package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.Sidecar;
import io.credence.statistics.RegressionMoments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.index.Indices;

/** Models whose output is the mean of regression targets. */
class RegressionTest {

  private static final SamplingPlan PLAN = new SamplingPlan(20, 7);

  @TempDir Path folder;

  private static SavedModelEngine.Builder mean(Path model) {
    return SavedModelEngine.builder(model).outputKind(OutputKind.MEAN);
  }

  @Test
  void predict_regressor_isTheMomentsOfItsSamples() {
    try (SavedModelEngine engine = mean(TestModels.gatedLogits(folder)).load()) {
      var rows = Rows.random(6, 1);
      var samples = engine.sample(rows, PLAN);
      RegressionMoments moments = RegressionMoments.of(6, TestModels.CLASSES).withErrorGroups(20);
      for (int pass = 0; pass < PLAN.passes(); pass++) {
        moments.add(Rows.floats(samples.slice(Indices.at(pass))));
      }
      RegressionPrediction prediction =
          assertInstanceOf(RegressionPrediction.class, engine.predict(rows, PLAN));
      assertEquals(moments.summaries(), prediction.summaries());
      assertEquals(prediction, engine.regress(rows.get("x"), PLAN));
      assertTrue(prediction.get(0).epistemicVariance(0) > 0);
      assertEquals(PLAN, prediction.plan());
      assertEquals(List.of(), prediction.warnings());
    }
  }

  @Test
  void predict_regressorOfSamePasses_carriesAWarning() {
    try (SavedModelEngine engine = mean(TestModels.gatedLogits(folder)).load()) {
      var zeros = Map.of("x", Rows.array(0f, 0f, 0f, 0f));
      assertTrue(
          engine
              .predict(zeros, PLAN)
              .warnings()
              .get(0)
              .contains("all 20 passes gave the very same"));
    }
  }

  @Test
  void predict_headOfTheSidecar_isRead() throws IOException {
    Path model = TestModels.gatedLogits(folder);
    Files.writeString(
        model.resolve(Sidecar.FILE_NAME),
        "{\"schema\": \"credence.sidecar/1\", \"outputKind\": \"QUANTILES\","
            + " \"quantileLevels\": [0.1, 0.5, 0.9]}");
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      RegressionPrediction prediction = engine.regress(Rows.random(2, 1), PLAN);
      assertEquals(1, prediction.get(0).targets()); // three levels of one target
    }
  }

  @Test
  void load_meanOfASoftmax_isRefused() {
    Path model = TestModels.gated(folder);
    String message =
        assertThrows(ModelLoadException.class, () -> mean(model).load().close()).getMessage();
    assertEquals(
        "the output of "
            + model
            + " is declared as MEAN, but the graph ends in Softmax, so it is PROBABILITIES;"
            + " declare that, or nothing",
        message);
  }

  @Test
  void load_meanOfASigmoid_isABoundedTarget() {
    try (SavedModelEngine engine = mean(sigmoid()).load()) {
      var rows = Rows.random(2, 1);
      float[] samples = Rows.floats(engine.sample(rows, SamplingPlan.of(1)));
      assertEquals(samples[1], engine.regress(rows, SamplingPlan.of(1)).get(1).mean(0), 1e-6);
    }
    SavedModelEngine.Builder logit =
        SavedModelEngine.builder(folder).outputKind(OutputKind.BINARY_LOGIT);
    String message =
        assertThrows(ModelLoadException.class, () -> logit.load().close()).getMessage();
    assertTrue(message.contains("ends in Sigmoid, so it is BINARY_PROBABILITY"), message);
  }

  private Path sigmoid() {
    return TestModels.write(
        folder,
        (tf, x) ->
            tf.math.sigmoid(
                tf.math.mean(
                    TestModels.dense(tf, TestModels.dropout(tf, x, .5f)),
                    tf.constant(1),
                    org.tensorflow.op.math.Mean.keepDims(true))));
  }

  @Test
  void load_labelsOfTargets_areCounted() throws IOException {
    Path model = TestModels.gatedLogits(folder);
    labels("a", "b");
    String message =
        assertThrows(ModelLoadException.class, () -> mean(model).load().close()).getMessage();
    assertEquals(
        model + " has 3 targets, but its credence.json names 2 labels; mend the labels", message);
    labels("a", "b", "c");
    try (SavedModelEngine engine = mean(model).load()) {
      assertEquals("c", engine.describe().label(2));
    }
  }

  private void labels(String... names) throws IOException {
    String list = String.join(",", Arrays.stream(names).map(n -> "\"" + n + "\"").toList());
    Files.writeString(
        folder.resolve(Sidecar.FILE_NAME),
        "{\"schema\":\"credence.sidecar/1\",\"labels\":[" + list + "]}");
  }
}
