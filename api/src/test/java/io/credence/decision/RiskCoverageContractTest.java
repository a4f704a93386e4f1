package io.credence.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of risk and coverage and of the metrics of outliers, and what is refused. */
class RiskCoverageContractTest {

  private static final double ROUNDING = 1e-12;
  private static final int INPUTS = 150;

  private static double[] scores(Random random, int n) {
    return random.doubles(n).map(u -> Math.round(30 * u) / 30.0).toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void areas_ofRightAndWrong_keepTheirLaws(long seed) {
    Random random = new Random(seed);
    double[] scores = scores(random, INPUTS);
    boolean[] correct = new boolean[INPUTS];
    double[] transformed = new double[INPUTS];
    double[] backwards = new double[INPUTS];
    boolean[] alsoBackwards = new boolean[INPUTS];
    int right = 0;
    for (int i = 0; i < INPUTS; i++) {
      correct[i] = random.nextDouble() < .7;
      right += correct[i] ? 1 : 0;
      transformed[i] = Math.exp(5 * scores[i]);
      backwards[INPUTS - 1 - i] = scores[i];
      alsoBackwards[INPUTS - 1 - i] = correct[i];
    }
    RiskCoverage risk = RiskCoverage.of(scores, correct);
    double error = 1 - (double) right / INPUTS;
    RiskCoverage.Point all = risk.curve().get(risk.curve().size() - 1);
    assertEquals(1, all.coverage());
    assertEquals(error, all.selectiveRisk(), ROUNDING);
    assertEquals(error, all.generalizedRisk(), ROUNDING);
    assertTrue(0 <= risk.excessAurc() && risk.excessAurc() <= risk.aurc());
    assertTrue(error * error / 2 - ROUNDING <= risk.augrc());
    assertTrue(risk.augrc() <= error - error * error / 2 + ROUNDING, "all wrong ones first");
    RiskCoverage same = RiskCoverage.of(transformed, correct);
    assertEquals(risk.aurc(), same.aurc(), ROUNDING, "the order of scores alone counts");
    assertEquals(risk.augrc(), same.augrc(), ROUNDING, "the order of scores alone counts");
    RiskCoverage turned = RiskCoverage.of(backwards, alsoBackwards);
    assertEquals(risk.aurc(), turned.aurc(), ROUNDING, "the order of inputs does not count");
    assertEquals(risk.augrc(), turned.augrc(), ROUNDING, "the order of inputs does not count");
    assertEquals(risk.curve(), turned.curve());
  }

  @Test
  void areas_scoresThatTellNothing_areTheMeanLossAndHalfOfIt() {
    RiskCoverage risk = RiskCoverage.of(new double[4], new double[] {1, 2, 3, 6});
    assertEquals(3, risk.aurc(), 1e-15);
    assertEquals(1.5, risk.augrc(), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void outliers_anyScores_keepTheirLaws(long seed) {
    Random random = new Random(seed);
    double[] in = scores(random, 1 + random.nextInt(60));
    double[] out = scores(random, 1 + random.nextInt(60));
    double precision = OutOfDistribution.averagePrecision(in, out);
    assertTrue(0 < precision && precision <= 1);
    double previous = 0;
    for (double recall : new double[] {.05, .2, .5, .8, .95, 1}) {
      double rate = OutOfDistribution.falsePositiveRate(in, out, recall);
      assertTrue(previous <= rate && rate <= 1, "more outliers found, more false alarms");
      previous = rate;
    }
    double[] moved = java.util.Arrays.stream(out).map(s -> s + 2).toArray();
    assertEquals(1, OutOfDistribution.averagePrecision(in, moved));
    assertEquals(0, OutOfDistribution.falsePositiveRate95(in, moved));
  }

  @Test
  void outliers_infiniteScores_areOrderedLikeOthers() {
    double infinity = Double.POSITIVE_INFINITY;
    double[] in = {-infinity, 0, infinity};
    double[] out = {infinity, 1};
    assertEquals(1.0 / 3, OutOfDistribution.falsePositiveRate95(in, out));
    assertEquals(.5 * .5 + .5 * (2.0 / 3), OutOfDistribution.averagePrecision(in, out), 1e-15);
    assertEquals(1, OutOfDistribution.falsePositiveRate95(in, new double[] {-infinity}));
  }

  @Test
  void input_thatCannotBe_isRefused() {
    double[] one = {1};
    double[] none = {};
    double[] nan = {1, Double.NaN};
    refused(
        "inDistribution is empty; at least one score is needed",
        () -> OutOfDistribution.averagePrecision(none, one));
    refused(
        "outOfDistribution[1] is NaN; scores must be numbers",
        () -> OutOfDistribution.falsePositiveRate95(one, nan));
    refused(
        "outOfDistribution is empty; at least one score is needed",
        () -> OutOfDistribution.falsePositiveRate95(one, none));
    refused(
        "recall is 0.0; it must be above 0 and at most 1",
        () -> OutOfDistribution.falsePositiveRate(one, one, 0));
    refused(
        "recall is NaN; it must be above 0 and at most 1",
        () -> OutOfDistribution.falsePositiveRate(one, one, Double.NaN));
    refused("scores is empty; at least one score is needed", () -> RiskCoverage.of(none, none));
    refused("scores[1] is NaN; scores must be numbers", () -> RiskCoverage.of(nan, nan));
    refused(
        "1 scores and 0 losses are given; as many of both are needed",
        () -> RiskCoverage.of(one, new boolean[0]));
    String finite = "; it must be finite and at least 0";
    refused("losses[0] is -1.0" + finite, () -> RiskCoverage.of(one, new double[] {-1}));
    refused("losses[0] is NaN" + finite, () -> RiskCoverage.of(one, new double[] {Double.NaN}));
    refused(
        "losses[0] is Infinity" + finite,
        () -> RiskCoverage.of(one, new double[] {Double.POSITIVE_INFINITY}));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
