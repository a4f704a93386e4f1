package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.RegressionHead;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionMoments;
import io.credence.statistics.RegressionSummary;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** What each strategy makes of an input, and how it is called. */
class StrategyTest {

  private static final SamplingPlan PLAN = SamplingPlan.of(2);

  private static ClassificationMoments moments() {
    ClassificationMoments moments = ClassificationMoments.of(4, 3, OutputKind.PROBABILITIES);
    moments.add(new float[] {.5f, .25f, .25f, 1, 0, 0, .5f, .5f, 0, 0, 0, 1});
    moments.add(new float[] {.25f, .75f, 0, 0, 1, 0, .5f, .5f, 0, 0, 0, 1});
    return moments;
  }

  private static final ClassificationSummary SUMMARY = moments().summary(0);

  /** p̄ = (.375, .5, .125); written out by hand. */
  @Test
  void score_ofAClassifier_isHighWhereALabelIsWorthMore() {
    double entropy = -(.375 * Math.log(.375) + .5 * Math.log(.5) + .125 * Math.log(.125));
    double expected =
        -(.5 * Math.log(.5) + .5 * Math.log(.25) + .25 * Math.log(.25) + .75 * Math.log(.75)) / 2;
    for (Strategy bald :
        List.of(
            Strategy.BALD,
            Strategy.BATCHBALD,
            Strategy.POWERBALD,
            Strategy.SOFTMAX_BALD,
            Strategy.SOFTRANK_BALD)) {
      assertEquals(entropy - expected, bald.score(SUMMARY), 1e-14, bald.key());
    }
    assertEquals(entropy, Strategy.ENTROPY.score(SUMMARY), 1e-14);
    assertEquals(.5, Strategy.VARIATION_RATIO.score(SUMMARY));
    assertEquals(1 - .125, Strategy.MARGIN.score(SUMMARY), 1e-15);
    assertEquals(.5, Strategy.LEAST_CONFIDENCE.score(SUMMARY), 1e-15);
    assertEquals((.125 + .25 + .125) / 3, Strategy.MEAN_SD.score(SUMMARY), 1e-15);
    assertEquals(0, Strategy.RANDOM.score(SUMMARY));
  }

  @Test
  void scoreOf_turnsTrustRound_andOnlyThat() {
    assertEquals(.75, Strategy.MARGIN.scoreOf(.25));
    assertEquals(.75, Strategy.LEAST_CONFIDENCE.scoreOf(.25));
    assertEquals(.25, Strategy.BALD.scoreOf(.25));
    assertEquals(4, Strategy.EPISTEMIC_VARIANCE.scoreOf(4));
    assertEquals(0, Strategy.RANDOM.scoreOf(.25));
  }

  @Test
  void score_ofARegressor_isTheSumOverTargets() {
    RegressionMoments moments = RegressionMoments.of(1, 2, RegressionHead.of(OutputKind.MEAN));
    moments.add(new float[] {1, 10});
    moments.add(new float[] {3, 20});
    RegressionSummary summary = moments.summary(0);
    assertEquals(1 + 25, Strategy.EPISTEMIC_VARIANCE.score(summary));
    assertEquals(0, Strategy.RANDOM.score(summary));
    assertArrayEquals(
        new double[] {26},
        Strategy.EPISTEMIC_VARIANCE.scores(
            new RegressionPrediction(List.of(summary), PLAN, List.of())));
  }

  @Test
  void scores_ofMaps_areMeansOverPlaces() {
    List<ClassificationSummary> all = List.of(0, 1, 2, 3).stream().map(moments()::summary).toList();
    ClassificationPrediction rows = new ClassificationPrediction(all, PLAN, List.of());
    double[] each = Strategy.BALD.scores(rows);
    assertEquals(4, each.length);
    assertEquals(Strategy.BALD.score(SUMMARY), each[0]);
    assertEquals(Math.log(2), each[1], 1e-15);
    ClassificationPrediction maps = new ClassificationPrediction(all, Shape.of(2), PLAN, List.of());
    assertArrayEquals(
        new double[] {(each[0] + each[1]) / 2, (each[2] + each[3]) / 2},
        Strategy.BALD.scores(maps),
        1e-15);
  }

  @Test
  void key_isStable() {
    assertEquals(
        "[bald, entropy, variation-ratio, margin, least-confidence, mean-sd, epistemic-variance,"
            + " random, batchbald, powerbald, softmax-bald, softrank-bald]",
        Arrays.stream(Strategy.values()).map(Strategy::key).toList().toString());
    for (Strategy each : Strategy.values()) {
      assertEquals(each, Strategy.parse(each.key()));
      assertEquals(each, Strategy.parse(" " + each.name() + " "));
      assertEquals(each == Strategy.RANDOM, each.measure().equals(Optional.empty()));
      assertEquals(
          List.of(Strategy.BATCHBALD, Strategy.SOFTRANK_BALD).contains(each),
          each.needsCandidates());
    }
  }

  @Test
  void name_thatIsUnknown_isRefusedWithThoseThatAreKnown() {
    assertEquals(
        "there is no strategy \"badge\"; choose one of [bald, entropy, variation-ratio, margin,"
            + " least-confidence, mean-sd, epistemic-variance, random, batchbald, powerbald,"
            + " softmax-bald, softrank-bald]",
        assertThrows(IllegalArgumentException.class, () -> Strategy.parse("badge")).getMessage());
  }

  @Test
  void model_ofTheOtherKind_isRefused() {
    RegressionMoments regression = RegressionMoments.of(1, 1, RegressionHead.of(OutputKind.MEAN));
    regression.add(new float[] {1});
    assertEquals(
        "bald is for classifiers; choose one of [epistemic-variance, random]",
        assertThrows(
                IllegalArgumentException.class, () -> Strategy.BALD.score(regression.summary(0)))
            .getMessage());
    assertEquals(
        "epistemic-variance is for regressors; choose one of [bald, entropy, variation-ratio,"
            + " margin, least-confidence, mean-sd, random, batchbald, powerbald, softmax-bald,"
            + " softrank-bald]",
        assertThrows(
                IllegalArgumentException.class, () -> Strategy.EPISTEMIC_VARIANCE.score(SUMMARY))
            .getMessage());
  }
}
