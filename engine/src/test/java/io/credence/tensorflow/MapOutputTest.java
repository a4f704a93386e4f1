package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.SampleArray;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Models that answer with a map: one distribution for each pixel, or for each step. */
class MapOutputTest {

  private static final SamplingPlan PLAN = new SamplingPlan(30, 5);
  private static final int ROWS = 3;

  @TempDir Path folder;

  /** Pictures [N, 4, 5, 2] to scores [N, 4, 5, 3], by a convolution of dropped pixels. */
  private Path segmenter() {
    return TestModels.write(folder, Shape.of(-1, 4, 5, 2), MapOutputTest::convolved);
  }

  private static Operand<TFloat32> convolved(Ops tf, Operand<TFloat32> x) {
    float[][][][] kernel = new float[3][3][2][3];
    for (int i = 0; i < 54; i++) {
      kernel[i / 18][i / 6 % 3][i / 3 % 2][i % 3] = (float) Math.sin(i);
    }
    return tf.nn.conv2d(
        TestModels.dropout(tf, x, .25f), tf.constant(kernel), List.of(1L, 1L, 1L, 1L), "SAME");
  }

  private static Map<String, NdArray<?>> pictures() {
    float[] values = new float[ROWS * 40];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(i * i);
    }
    FloatNdArray pictures = NdArrays.wrap(Shape.of(ROWS, 4, 5, 2), DataBuffers.of(values));
    return Map.of("x", pictures);
  }

  @Test
  void predict_segmenter_isTheSummaryOfEachPixel() {
    try (SavedModelEngine engine =
        SavedModelEngine.builder(segmenter()).outputKind(OutputKind.LOGITS).load()) {
      ClassificationPrediction prediction = engine.classify(pictures(), PLAN);
      FloatNdArray samples = engine.sample(pictures(), PLAN);
      assertEquals(Shape.of(30, ROWS, 4, 5, 3), samples.shape());
      ClassificationMoments moments = SampleArray.of(samples).classify(OutputKind.LOGITS, 0);
      assertEquals(ROWS, prediction.size());
      assertEquals(Shape.of(4, 5), prediction.places());
      assertEquals(moments.summaries(), prediction.summaries());
      assertEquals(moments.summary(SampleArray.of(samples).row(2, 3, 1)), prediction.get(2, 3, 1));
      assertArrayEquals(
          moments.values(ClassificationMeasure.MUTUAL_INFORMATION),
          prediction.values(ClassificationMeasure.MUTUAL_INFORMATION));
      assertTrue(engine.passByPass().isEmpty(), engine.passByPass().orElse(""));
      assertEquals(Shape.of(ROWS, 4, 5, 3), engine.singlePass(pictures()).shape());
    }
  }

  @Test
  void predict_map_tellsErrorsWhereTheyAreAskedFor() {
    try (SavedModelEngine engine =
        SavedModelEngine.builder(segmenter()).outputKind(OutputKind.LOGITS).load()) {
      ClassificationSummary plain = engine.classify(pictures(), PLAN).get(0, 0, 0);
      ClassificationSummary asked =
          engine.classify(pictures(), PLAN.withErrorGroups(10)).get(0, 0, 0);
      assertTrue(plain.standardError(ClassificationMeasure.MARGIN).isEmpty());
      assertTrue(asked.standardError(ClassificationMeasure.MARGIN).orElseThrow() > 0);
      assertEquals(plain.mutualInformation(), asked.mutualInformation());
    }
  }

  /** A picture stays as long as one of its pixels needs more passes. */
  @Test
  void predict_mapUntilAnError_takesAsManyPassesForEachPixelOfAPicture() {
    SamplingPlan plan =
        SamplingPlan.untilStandardError(ClassificationMeasure.PREDICTIVE_ENTROPY, .04, 20, 300);
    try (SavedModelEngine engine =
        SavedModelEngine.builder(segmenter()).outputKind(OutputKind.LOGITS).load()) {
      ClassificationPrediction prediction = engine.classify(pictures(), plan);
      for (int n = 0; n < ROWS; n++) {
        TreeSet<Long> taken = new TreeSet<>();
        double largest = 0;
        for (int place = 0; place < 20; place++) {
          ClassificationSummary one = prediction.get(n, place / 5, place % 5);
          taken.add(one.samples());
          largest =
              Math.max(
                  largest,
                  one.standardError(ClassificationMeasure.PREDICTIVE_ENTROPY).orElseThrow());
        }
        assertEquals(1, taken.size());
        SamplingPlan fixed = SamplingPlan.of(taken.first().intValue());
        ClassificationPrediction expected = engine.classify(pictures(), fixed);
        for (int place = 0; place < 20; place++) {
          assertEquals(
              expected.get(n, place / 5, place % 5).mutualInformation(),
              prediction.get(n, place / 5, place % 5).mutualInformation(),
              1e-5);
        }
        assertTrue(largest <= .04 || taken.first() == 300, taken + ": " + largest);
      }
    }
  }

  @Test
  void predict_regressionMap_isTheSummaryOfEachPixel() {
    try (SavedModelEngine engine =
        SavedModelEngine.builder(segmenter()).outputKind(OutputKind.MEAN).load()) {
      RegressionPrediction prediction = engine.regress(pictures(), PLAN);
      FloatNdArray samples = engine.sample(pictures(), PLAN);
      assertEquals(Shape.of(4, 5), prediction.places());
      double sum = 0;
      for (int pass = 0; pass < 30; pass++) {
        sum += samples.getFloat(pass, 1, 2, 3, 2);
      }
      assertEquals(sum / 30, prediction.get(1, 2, 3).mean(2), 1e-12);
      assertEquals(
          prediction.get(1, 2, 3).epistemicVariance(0),
          prediction.values(RegressionMeasure.EPISTEMIC_VARIANCE, 0)[1 * 20 + 2 * 5 + 3]);
    }
  }
}
