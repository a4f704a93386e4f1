package io.credence.decision;

import static io.credence.statistics.ClassificationMeasure.MAX_PROBABILITY;
import static io.credence.statistics.ClassificationMeasure.PREDICTIVE_ENTROPY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.decision.Decision.Answer;
import io.credence.decision.Decision.DontKnow;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionMoments;
import io.credence.statistics.RegressionSummary;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AbstentionRuleTest {

  private static final double[] TEN = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};

  private static ClassificationSummary summary() {
    ClassificationMoments moments = ClassificationMoments.of(1, 3, OutputKind.PROBABILITIES);
    moments.add(new float[] {.25f, .75f, 0});
    moments.add(new float[] {.25f, .25f, .5f});
    return moments.summary(0); // mean (0.25, 0.5, 0.25)
  }

  private static RegressionSummary regression() {
    RegressionMoments moments = RegressionMoments.of(1, 2);
    moments.add(new float[] {1, 10});
    moments.add(new float[] {3, 10});
    return moments.summary(0);
  }

  @ParameterizedTest
  @EnumSource
  void decide_everyMeasure_answersAtItsValueAndNotBeyond(ClassificationMeasure measure) {
    ClassificationSummary summary = summary();
    double value = measure.of(summary);
    assertEquals(new Answer<>(1), new AbstentionRule(measure, value).decide(summary));
    double beyond = measure.higherMeansLessTrust() ? Math.nextDown(value) : Math.nextUp(value);
    assertEquals(
        new DontKnow<Integer>(measure, value, beyond),
        new AbstentionRule(measure, beyond).decide(summary));
  }

  @Test
  void reason_namesMeasureValueAndThreshold() {
    ClassificationSummary summary = summary();
    assertEquals(
        "maxProbability is 0.5, below 0.75",
        dontKnow(new AbstentionRule(MAX_PROBABILITY, .75).decide(summary)).reason());
    String reason = dontKnow(new AbstentionRule(PREDICTIVE_ENTROPY, .5).decide(summary)).reason();
    assertEquals("predictiveEntropy is " + summary.predictiveEntropy() + ", above 0.5", reason);
  }

  private static DontKnow<Integer> dontKnow(Decision<Integer> decision) {
    return (DontKnow<Integer>) decision;
  }

  @Test
  void decide_regression_isOfOneTarget() {
    RegressionMeasure measure = RegressionMeasure.EPISTEMIC_VARIANCE;
    AbstentionRule rule = new AbstentionRule(measure, .5);
    assertEquals(new DontKnow<Double>(measure, 1, .5), rule.decide(regression(), 0));
    assertEquals(new Answer<>(10.0), rule.decide(regression(), 1));
    assertThrows(IndexOutOfBoundsException.class, () -> rule.decide(regression(), 2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {.05, .1, .25, .3, .5, .95, 1})
  void forCoverage_ofDistinctValues_isTheLeastThatCovers(double share) {
    double expected = Math.ceil(share * 10 - 1e-9) / 10;
    AbstentionRule entropy = AbstentionRule.forCoverage(PREDICTIVE_ENTROPY, TEN, share);
    assertEquals(expected, entropy.coverage(TEN));
    assertEquals(10 * expected, entropy.threshold());
    AbstentionRule sure = AbstentionRule.forCoverage(MAX_PROBABILITY, TEN, share);
    assertEquals(expected, sure.coverage(TEN));
    assertEquals(11 - 10 * expected, sure.threshold(), "the surest are answered");
  }

  @Test
  void forCoverage_rank_isCountedInDecimals() {
    double[] hundred = new double[100];
    Arrays.setAll(hundred, i -> i + 1);
    AbstentionRule rule = AbstentionRule.forCoverage(PREDICTIVE_ENTROPY, hundred, .07);
    assertEquals(7, rule.threshold(), "100 · 0.07 is above 7 in float64");
  }

  @Test
  void forCoverage_ties_areAnsweredTogether() {
    double[] tied = {1, 2, 2, 2, 3};
    AbstentionRule rule = AbstentionRule.forCoverage(PREDICTIVE_ENTROPY, tied, .4);
    assertEquals(2, rule.threshold());
    assertEquals(.8, rule.coverage(tied));
  }

  @Test
  void forRisk_isTheGreatestCoverageWithinIt() {
    double[] losses = {1, 0, 1, 0, 0, 0, 0, 0, 0, 1}; // wrong: 10, 8 and 1
    assertEquals(10, AbstentionRule.forRisk(PREDICTIVE_ENTROPY, TEN, losses, .3).threshold());
    assertEquals(9, AbstentionRule.forRisk(PREDICTIVE_ENTROPY, TEN, losses, .25).threshold());
    assertEquals(7, AbstentionRule.forRisk(PREDICTIVE_ENTROPY, TEN, losses, .15).threshold());
    // The surest answer is wrong: risk falls before it grows, and 1/7 at seven is the lowest.
    assertEquals(
        "risk 0.1 is reached by no threshold of predictiveEntropy; the lowest is "
            + 1 / 7.0
            + ", at coverage 0.7; allow more, or choose another measure",
        refusal(() -> AbstentionRule.forRisk(PREDICTIVE_ENTROPY, TEN, losses, .1)));
    assertEquals(
        2,
        AbstentionRule.forRisk(MAX_PROBABILITY, TEN, new double[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 0)
            .threshold());
  }

  @Test
  void forFalseAlarmRate_isTheConformalRank() {
    double[] nineteen = new double[19];
    Arrays.setAll(nineteen, i -> i + 1);
    AbstentionRule rule = AbstentionRule.forFalseAlarmRate(PREDICTIVE_ENTROPY, nineteen, .05);
    assertEquals(19, rule.threshold(), "20 · 0.95 = 19, of float64 too");
    assertEquals(
        18, AbstentionRule.forFalseAlarmRate(PREDICTIVE_ENTROPY, nineteen, .1).threshold());
    assertEquals(2, AbstentionRule.forFalseAlarmRate(MAX_PROBABILITY, nineteen, .1).threshold());
    assertEquals(
        3,
        AbstentionRule.forFalseAlarmRate(PREDICTIVE_ENTROPY, Arrays.copyOf(nineteen, 9), .7)
            .threshold(),
        "10 (1 - 0.7) is above 3 in float64");
    assertEquals(
        "18 inputs cannot promise a false-alarm rate of 0.05; give at least 19",
        refusal(
            () ->
                AbstentionRule.forFalseAlarmRate(
                    PREDICTIVE_ENTROPY, Arrays.copyOf(nineteen, 18), .05)));
  }

  /**
   * Over 4,000 pairs of 39 inputs and a fresh one, false alarms are binomial with a probability of
   * exactly 0.1, no ties: a share beyond 5 standard deviations, 0.0237, falsely fails below 1e-6.
   */
  @Test
  void forFalseAlarmRate_ofFreshInputs_isKeptAndUsedUp() {
    long seed = 20261124;
    Random random = new Random(seed);
    int alarms = 0;
    int repetitions = 4000;
    for (int r = 0; r < repetitions; r++) {
      double[] values = random.doubles(39).toArray();
      AbstentionRule rule = AbstentionRule.forFalseAlarmRate(MAX_PROBABILITY, values, .1);
      alarms += rule.answers(random.nextDouble()) ? 0 : 1;
    }
    assertEquals(.1, (double) alarms / repetitions, .0237, "seed " + seed);
  }

  @Test
  void input_thatCannotBe_isRefused() {
    double[] none = {};
    double[] nan = {Double.NaN};
    assertEquals(
        "measure is mean, which tells no doubt; choose one such as epistemicStandardDeviation",
        refusal(() -> new AbstentionRule(RegressionMeasure.MEAN, 1)));
    assertEquals(
        "threshold is NaN; it must be a number",
        refusal(() -> new AbstentionRule(MAX_PROBABILITY, Double.NaN)));
    assertEquals(
        "coverage is 0.0; it must be above 0 and at most 1",
        refusal(() -> AbstentionRule.forCoverage(MAX_PROBABILITY, TEN, 0)));
    assertEquals(
        "values is empty; at least one score is needed",
        refusal(() -> AbstentionRule.forCoverage(MAX_PROBABILITY, none, .5)));
    assertEquals(
        "values[0] is NaN; scores must be numbers",
        refusal(() -> AbstentionRule.forFalseAlarmRate(MAX_PROBABILITY, nan, .5)));
    assertEquals(
        "rate is 1.0; it must be between 0 and 1, both exclusive",
        refusal(() -> AbstentionRule.forFalseAlarmRate(MAX_PROBABILITY, TEN, 1)));
    assertEquals(
        "risk is NaN; it must be at least 0",
        refusal(() -> AbstentionRule.forRisk(MAX_PROBABILITY, TEN, TEN, Double.NaN)));
    assertEquals(
        "10 scores and 1 losses are given; as many of both are needed",
        refusal(() -> AbstentionRule.forRisk(MAX_PROBABILITY, TEN, new double[1], .5)));
    AbstentionRule ofClasses = new AbstentionRule(MAX_PROBABILITY, .5);
    assertEquals(
        "maxProbability is NaN; it must be a number", refusal(() -> ofClasses.answers(Double.NaN)));
    assertEquals(
        "maxProbability is a measure of classifiers; choose one of RegressionMeasure",
        refusal(() -> ofClasses.decide(regression(), 0)));
    assertEquals(
        "epistemicVariance is a measure of regressors; choose one of ClassificationMeasure",
        refusal(
            () -> new AbstentionRule(RegressionMeasure.EPISTEMIC_VARIANCE, 1).decide(summary())));
    assertEquals(
        "totalVariance is not told by this model; choose epistemicVariance, or a model that"
            + " predicts variances",
        refusal(
            () -> new AbstentionRule(RegressionMeasure.TOTAL_VARIANCE, 1).decide(regression(), 0)));
    assertTrue(ofClasses.answers(.5));
    assertFalse(ofClasses.answers(.49));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
