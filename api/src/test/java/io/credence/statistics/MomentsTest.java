package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.ndarray.Shape;

class MomentsTest {

  private static final Shape SHAPE = Shape.of(5, 2, 3, 4);

  private static float[] samples() {
    float[] samples = new float[5 * 2 * 3 * 4];
    Arrays.fill(samples, .25f);
    for (int i = 0; i < samples.length; i += 4) {
      samples[i] += .01f * (i % 17);
      samples[i + 1] -= .01f * (i % 17);
    }
    return samples;
  }

  @ParameterizedTest
  @EnumSource(names = {"PROBABILITIES", "LOGITS"})
  void of_samplesOfAClassifier_isThatOfTheirArray(OutputKind kind) {
    ClassificationMoments moments = (ClassificationMoments) Moments.of(samples(), SHAPE, kind);
    SampleArray array = SampleArray.of(samples(), SHAPE);
    assertEquals(array.classify(kind, 20).summaries(), moments.summaries());
    assertEquals(6, moments.inputs());
    assertEquals(5, moments.samples());
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY_PROBABILITY", "BINARY_LOGIT"})
  void of_samplesOfABinaryClassifier_isThatOfTheirArray(OutputKind kind) {
    Shape shape = Shape.of(5, 24, 1);
    ClassificationMoments moments = (ClassificationMoments) Moments.of(samples(), shape, kind);
    SampleArray array = SampleArray.of(samples(), shape);
    assertEquals(array.classify(kind, 20).summaries(), moments.summaries());
  }

  @ParameterizedTest
  @EnumSource(names = {"MEAN", "MEAN_AND_VARIANCE", "MEAN_AND_LOG_VARIANCE"})
  void of_samplesOfARegressor_isThatOfTheirArray(OutputKind kind) {
    RegressionMoments moments = (RegressionMoments) Moments.of(samples(), SHAPE, kind);
    SampleArray array = SampleArray.of(samples(), SHAPE);
    assertEquals(array.regress(RegressionHead.of(kind), 20).summaries(), moments.summaries());
    assertEquals(6, moments.inputs());
  }

  @ParameterizedTest
  @EnumSource(names = {"QUANTILES", "MIXTURE_DENSITY"})
  void of_kindThatLeavesSomethingOpen_isRefusedAsByItsHead(OutputKind kind) {
    assertEquals(
        assertThrows(IllegalArgumentException.class, () -> RegressionHead.of(kind)).getMessage(),
        assertThrows(IllegalArgumentException.class, () -> Moments.of(samples(), SHAPE, kind))
            .getMessage());
  }

  @Test
  void of_shapeThatDoesNotFit_isRefused() {
    assertEquals(
        "shape [5, 2, 3, 5] does not hold 120 values; give one value for each place",
        assertThrows(
                IllegalArgumentException.class,
                () -> Moments.of(samples(), Shape.of(5, 2, 3, 5), OutputKind.LOGITS))
            .getMessage());
  }

  @Test
  void of_samplesOfAnyRuntime_goOnAsMoments() {
    Moments moments = Moments.of(samples(), SHAPE, OutputKind.LOGITS);
    moments.add(5, new float[24]);
    assertEquals(6, moments.samples());
    Moments ensemble =
        ClassificationMoments.of(6, 4, OutputKind.LOGITS)
            .withErrorGroups(Moments.DEFAULT_ERROR_GROUPS);
    ensemble.addMember(moments, 1);
    assertEquals(6, ensemble.samples());
  }
}
