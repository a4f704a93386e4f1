package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.OutputKind;
import org.junit.jupiter.api.Test;

class ClassificationSummaryTest {

  @Test
  void toString_namesClassMeasuresAndUnit() {
    assertEquals(
        "class 1, max probability 0.5000, predictive entropy 1.0397 nats, mutual information"
            + " 0.3466 nats",
        summary(new float[] {.5f, .5f, 0}, new float[] {0, .5f, .5f}).toString());
  }

  @Test
  void equals_sameSamples_isEqualWithEqualHash() {
    ClassificationSummary one = summary(new float[] {.25f, .75f}, new float[] {.5f, .5f});
    ClassificationSummary same = summary(new float[] {.25f, .75f}, new float[] {.5f, .5f});
    assertEquals(one, same);
    assertEquals(one.hashCode(), same.hashCode());
  }

  @Test
  void equals_anyPartDiffers_isUnequal() {
    ClassificationSummary one = summary(2, 0.75, 0.1, 0.5, 0.5);
    assertEquals(one, summary(2, 0.75, 0.1, 0.5, 0.5));
    assertNotEquals(one, summary(3, 0.75, 0.1, 0.5, 0.5));
    assertNotEquals(one, summary(2, 0.7, 0.1, 0.5, 0.5));
    assertNotEquals(one, summary(2, 0.75, 0.2, 0.5, 0.5));
    assertNotEquals(one, summary(2, 0.75, 0.1, 0.4, 0.5));
    assertNotEquals(one, summary(2, 0.75, 0.1, 0.5, 0));
  }

  @Test
  void meanProbability_noSuchClass_isRefused() {
    ClassificationSummary s = summary(new float[] {.25f, .75f});
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> s.meanProbability(2));
  }

  private static ClassificationSummary summary(
      long samples, double p, double variance, double expectedEntropy, double variationRatio) {
    return new ClassificationSummary(
        samples,
        new double[] {p, 1 - p},
        new double[] {variance, variance},
        expectedEntropy,
        variationRatio);
  }

  private static ClassificationSummary summary(float[]... passes) {
    ClassificationMoments moments =
        ClassificationMoments.of(1, passes[0].length, OutputKind.PROBABILITIES);
    for (float[] pass : passes) {
      moments.add(pass);
    }
    return moments.summary(0);
  }
}
