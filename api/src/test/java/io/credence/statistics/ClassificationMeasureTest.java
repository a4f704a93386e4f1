package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.util.EnumSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each measure says of itself. */
class ClassificationMeasureTest {

  private static final double ROUNDING = 1e-12;

  @ParameterizedTest
  @EnumSource
  void unit_ofEachMeasure_isNatsWhereItIsInformation(ClassificationMeasure measure) {
    boolean information =
        EnumSet.of(
                ClassificationMeasure.PREDICTIVE_ENTROPY,
                ClassificationMeasure.EXPECTED_ENTROPY,
                ClassificationMeasure.MUTUAL_INFORMATION,
                ClassificationMeasure.MEAN_KULLBACK_LEIBLER,
                ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION,
                ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION,
                ClassificationMeasure.VOTE_ENTROPY)
            .contains(measure);
    assertEquals(
        information ? ClassificationMeasure.Unit.NATS : ClassificationMeasure.Unit.SHARE,
        measure.unit());
  }

  /** Every measure takes both ends of its range, on extreme samples of four classes. */
  @ParameterizedTest
  @EnumSource
  void range_ofEachMeasure_isAttained(ClassificationMeasure measure) {
    ClassificationSummary sure = summary(new float[] {0, 1, 0, 0}, new float[] {0, 1, 0, 0});
    ClassificationSummary flat = summary(new float[] {.25f, .25f, .25f, .25f});
    ClassificationSummary torn =
        summary(
            new float[] {1, 0, 0, 0},
            new float[] {0, 1, 0, 0},
            new float[] {0, 0, 1, 0},
            new float[] {0, 0, 0, 1});
    ClassificationMoments members = ClassificationMoments.of(1, 4, OutputKind.PROBABILITIES);
    for (int k = 0; k < 4; k++) {
      ClassificationMoments one = ClassificationMoments.of(1, 4, OutputKind.PROBABILITIES);
      float[] certain = new float[4];
      certain[k] = 1;
      one.add(certain);
      members.addMember(one, 1);
    }
    double[] values =
        Stream.of(sure, flat, torn, members.summary(0)).mapToDouble(measure::of).sorted().toArray();
    assertEquals(measure.lowest(4), values[0], ROUNDING);
    assertEquals(measure.highest(4), values[3], ROUNDING);
    assertEquals(measure.higherMeansLessTrust(), measure.of(sure) == values[0]);
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void of_randomSamples_isWithinTheRange(RandomSamples random) {
    for (ClassificationSummary s : random.moments().summaries()) {
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        double value = measure.of(s);
        assertTrue(value >= measure.lowest(s.classes()) - ROUNDING, measure + " " + value);
        assertTrue(value <= measure.highest(s.classes()) + ROUNDING, measure + " " + value);
      }
    }
  }

  @Test
  void of_eachMeasure_isThatOfItsName() {
    ClassificationSummary s = RandomSamples.of(13).moments().summary(0);
    assertEquals(s.predictiveEntropy(), ClassificationMeasure.PREDICTIVE_ENTROPY.of(s));
    assertEquals(s.expectedEntropy(), ClassificationMeasure.EXPECTED_ENTROPY.of(s));
    assertEquals(s.mutualInformation(), ClassificationMeasure.MUTUAL_INFORMATION.of(s));
    assertEquals(s.meanKullbackLeibler(), ClassificationMeasure.MEAN_KULLBACK_LEIBLER.of(s));
    assertEquals(s.variationRatio(), ClassificationMeasure.VARIATION_RATIO.of(s));
    assertEquals(s.maxProbability(), ClassificationMeasure.MAX_PROBABILITY.of(s));
    assertEquals(s.margin(), ClassificationMeasure.MARGIN.of(s));
    assertEquals(s.meanStandardDeviation(), ClassificationMeasure.MEAN_STANDARD_DEVIATION.of(s));
    assertEquals(s.voteEntropy(), ClassificationMeasure.VOTE_ENTROPY.of(s));
    assertEquals(s.disagreement(), ClassificationMeasure.DISAGREEMENT.of(s));
    assertEquals(0, ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION.of(s));
    assertEquals(
        s.mutualInformation(), ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION.of(s));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mutualInformation", "mutual-information", "MUTUAL_INFORMATION"})
  void parse_whateverJoinsTheWords_isTheMeasure(String text) {
    assertEquals(ClassificationMeasure.MUTUAL_INFORMATION, Measure.parse(text, true));
  }

  @Test
  void parse_everyKey_isTheMeasure() {
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      assertEquals(measure, Measure.parse(measure.key(), true));
    }
    for (RegressionMeasure measure : RegressionMeasure.values()) {
      assertEquals(measure, Measure.parse(measure.key(), false));
    }
    assertEquals("meanStandardDeviation", ClassificationMeasure.MEAN_STANDARD_DEVIATION.key());
  }

  @Test
  void parse_unknown_isRefusedWithTheKnown() {
    assertEquals(
        "there is no measure \"bald\" of regressors; choose one of [mean, epistemicVariance,"
            + " epistemicStandardDeviation, betweenMembersVariance, withinMembersVariance,"
            + " aleatoricVariance, totalVariance]",
        assertThrows(IllegalArgumentException.class, () -> Measure.parse("bald", false))
            .getMessage());
  }

  @Test
  void lowestAndHighest_ofOneClass_areRefused() {
    String message = "classes is 1; it must be at least 2";
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> ClassificationMeasure.MARGIN.lowest(1))
            .getMessage());
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> ClassificationMeasure.MARGIN.highest(1))
            .getMessage());
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
