package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionSummary;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/** Plans by which each input takes as many passes as it needs. */
class AdaptiveSamplingTest {

  private static final double ROUNDING = 1e-5;
  private static final int ROWS = 24;
  private static final double TOLERANCE = .012;
  private static final SamplingPlan PLAN =
      SamplingPlan.untilStandardError(ClassificationMeasure.MUTUAL_INFORMATION, TOLERANCE, 20, 400)
          .withSeed(11);

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() {
    model = TestModels.alwaysOn(folder);
  }

  @Test
  void predict_untilAnError_tellsTheSameAsThatManyPasses() {
    Map<String, NdArray<?>> rows = Map.copyOf(Rows.random(ROWS, 3));
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      ClassificationPrediction adaptive = engine.classify(rows, PLAN);
      TreeSet<Long> taken = new TreeSet<>();
      for (int n = 0; n < ROWS; n++) {
        ClassificationSummary one = adaptive.get(n);
        taken.add(one.samples());
        SamplingPlan fixed = new SamplingPlan((int) one.samples(), 11);
        Summaries.assertClose(engine.classify(rows, fixed).get(n), one, ROUNDING);
        double error = one.standardError(ClassificationMeasure.MUTUAL_INFORMATION).orElseThrow();
        assertTrue(error <= TOLERANCE || one.samples() == PLAN.passes(), "error " + error);
      }
      assertTrue(taken.size() > 2, "passes taken: " + taken);
      assertTrue(taken.first() >= 20 && taken.last() <= 400, "passes taken: " + taken);
    }
  }

  @Test
  void predict_aRowAlone_takesAsManyPassesAsInCompany() {
    Map<String, NdArray<?>> rows = Map.copyOf(Rows.random(ROWS, 3));
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      ClassificationPrediction together = engine.classify(rows, PLAN);
      assertEquals(together, engine.classify(rows, PLAN));
      for (int n = 0; n < ROWS; n++) {
        Map<String, NdArray<?>> alone = Map.of("x", ElementTypes.rows(rows.get("x"), n));
        Summaries.assertClose(together.get(n), engine.classify(alone, PLAN).get(0), ROUNDING);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50})
  void predict_whateverTheChunks_isTheSame(int chunk) {
    Map<String, NdArray<?>> rows = Map.copyOf(Rows.random(ROWS, 3));
    try (SavedModelEngine engine = SavedModelEngine.load(model);
        SavedModelEngine chunked = SavedModelEngine.builder(model).maxChunk(chunk).load()) {
      ClassificationPrediction expected = engine.classify(rows, PLAN);
      ClassificationPrediction actual = chunked.classify(rows, PLAN);
      for (int n = 0; n < ROWS; n++) {
        Summaries.assertClose(expected.get(n), actual.get(n), ROUNDING);
      }
    }
  }

  /** Rows that leave cannot leave a batch of fixed size; they are drawn on, and not counted. */
  @Test
  void predict_batchOfFixedSize_isTheSame(@TempDir Path other) {
    Path fixed =
        TestModels.write(
            other,
            Shape.of(ROWS, TestModels.FEATURES),
            (tf, x) -> tf.nn.softmax(TestModels.dense(tf, TestModels.dropout(tf, x, .25f))));
    Map<String, NdArray<?>> rows = Map.copyOf(Rows.random(ROWS, 3));
    try (SavedModelEngine engine = SavedModelEngine.load(fixed)) {
      ClassificationPrediction adaptive = engine.classify(rows, PLAN);
      TreeSet<Long> taken = new TreeSet<>();
      for (int n = 0; n < ROWS; n++) {
        taken.add(adaptive.get(n).samples());
        SamplingPlan plan = new SamplingPlan((int) adaptive.get(n).samples(), 11);
        Summaries.assertClose(engine.classify(rows, plan).get(n), adaptive.get(n), ROUNDING);
      }
      assertTrue(taken.size() > 2, "passes taken: " + taken);
    }
  }

  @Test
  void predict_regressor_stopsAtTheLargestErrorOfItsTargets(@TempDir Path other) {
    SamplingPlan plan =
        SamplingPlan.untilStandardError(
            RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION, .05, 20, 600);
    Map<String, NdArray<?>> rows = Map.copyOf(Rows.random(ROWS, 3));
    try (SavedModelEngine engine =
        SavedModelEngine.builder(TestModels.gatedLogits(other))
            .outputKind(OutputKind.MEAN)
            .load()) {
      RegressionPrediction prediction = engine.regress(rows, plan);
      for (RegressionSummary one : prediction.summaries()) {
        for (int d = 0; d < one.targets(); d++) {
          double error =
              one.standardError(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION, d).orElseThrow();
          assertTrue(error <= .05 || one.samples() == 600, one.samples() + ": " + error);
        }
      }
    }
  }

  @Test
  void predict_measureOfTheOtherKind_isRefused() {
    SamplingPlan plan = SamplingPlan.untilStandardError(RegressionMeasure.MEAN, .1, 20, 60);
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      assertEquals(
          "MEAN is no measure of a classifier",
          assertThrows(
                  IllegalArgumentException.class, () -> engine.predict(Rows.random(2, 1), plan))
              .getMessage());
    }
  }

  @Test
  void sample_byAPlanWithATolerance_isRefused() {
    String message =
        "by a plan with a tolerance inputs take different numbers of passes, and their samples make"
            + " up no array; ask for samples with a fixed number of passes";
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      var rows = Rows.random(2, 1);
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> engine.sample(rows, PLAN))
              .getMessage());
      assertEquals(
          message,
          assertThrows(
                  IllegalArgumentException.class,
                  () -> engine.predict(rows, PLAN, (member, pass, outputs, shape) -> {}))
              .getMessage());
    }
  }
}
