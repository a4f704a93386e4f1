package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each measure says of itself. */
class MeasureTest {

  private static final double ROUNDING = 1e-12;

  @ParameterizedTest
  @EnumSource
  void unit_ofEachMeasure_isNatsWhereItIsInformation(Measure measure) {
    boolean information =
        EnumSet.of(
                Measure.PREDICTIVE_ENTROPY,
                Measure.EXPECTED_ENTROPY,
                Measure.MUTUAL_INFORMATION,
                Measure.MEAN_KULLBACK_LEIBLER,
                Measure.VOTE_ENTROPY)
            .contains(measure);
    assertEquals(information ? Measure.Unit.NATS : Measure.Unit.SHARE, measure.unit());
  }

  /** Every measure takes both ends of its range, on extreme samples of four classes. */
  @ParameterizedTest
  @EnumSource
  void range_ofEachMeasure_isAttained(Measure measure) {
    ClassificationSummary sure = summary(new float[] {0, 1, 0, 0}, new float[] {0, 1, 0, 0});
    ClassificationSummary flat = summary(new float[] {.25f, .25f, .25f, .25f});
    ClassificationSummary torn =
        summary(
            new float[] {1, 0, 0, 0},
            new float[] {0, 1, 0, 0},
            new float[] {0, 0, 1, 0},
            new float[] {0, 0, 0, 1});
    double[] values = {measure.of(sure), measure.of(flat), measure.of(torn)};
    double low = Math.min(values[0], Math.min(values[1], values[2]));
    double high = Math.max(values[0], Math.max(values[1], values[2]));
    assertEquals(measure.lowest(4), low, ROUNDING);
    assertEquals(measure.highest(4), high, ROUNDING);
    assertEquals(
        measure.higherMeansLessTrust(),
        measure.of(torn) > measure.of(sure) + ROUNDING
            || measure.of(flat) > measure.of(sure) + ROUNDING);
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void of_randomSamples_isWithinTheRange(RandomSamples random) {
    for (ClassificationSummary s : random.moments().summaries()) {
      for (Measure measure : Measure.values()) {
        double value = measure.of(s);
        assertTrue(value >= measure.lowest(s.classes()) - ROUNDING, measure + " " + value);
        assertTrue(value <= measure.highest(s.classes()) + ROUNDING, measure + " " + value);
      }
    }
  }

  @Test
  void of_eachMeasure_isThatOfItsName() {
    ClassificationSummary s = RandomSamples.of(13).moments().summary(0);
    assertEquals(s.predictiveEntropy(), Measure.PREDICTIVE_ENTROPY.of(s));
    assertEquals(s.expectedEntropy(), Measure.EXPECTED_ENTROPY.of(s));
    assertEquals(s.mutualInformation(), Measure.MUTUAL_INFORMATION.of(s));
    assertEquals(s.meanKullbackLeibler(), Measure.MEAN_KULLBACK_LEIBLER.of(s));
    assertEquals(s.variationRatio(), Measure.VARIATION_RATIO.of(s));
    assertEquals(s.maxProbability(), Measure.MAX_PROBABILITY.of(s));
    assertEquals(s.margin(), Measure.MARGIN.of(s));
    assertEquals(s.meanStandardDeviation(), Measure.MEAN_STANDARD_DEVIATION.of(s));
    assertEquals(s.voteEntropy(), Measure.VOTE_ENTROPY.of(s));
    assertEquals(s.disagreement(), Measure.DISAGREEMENT.of(s));
  }

  @Test
  void lowestAndHighest_ofOneClass_areRefused() {
    String message = "classes is 1; it must be at least 2";
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Measure.MARGIN.lowest(1)).getMessage());
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Measure.MARGIN.highest(1)).getMessage());
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
