package io.credence.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.calibration.ReferenceFile;
import io.credence.calibration.ReferenceFile.Case;
import io.credence.decision.ConformalScore.Method;
import io.credence.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Metrics, curves and conformal sets against {@code make_decision_reference.py}, by brute force in
 * exact arithmetic. That program says why the tolerance is what it is.
 */
class DecisionReferenceTest {

  private static final String FILE = "/io/credence/decision/decision-reference.json";
  private static final double TOLERANCE = 1e-13;

  static List<Case> outOfDistribution() {
    return ReferenceFile.cases(FILE, "outOfDistribution");
  }

  static List<Case> riskCoverage() {
    return ReferenceFile.cases(FILE, "riskCoverage");
  }

  static List<Case> conformal() {
    return ReferenceFile.cases(FILE, "conformal");
  }

  static List<Case> intervals() {
    return ReferenceFile.cases(FILE, "intervals");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outOfDistribution")
  void outOfDistribution_ofReferenceScores_isAsComputedElsewhere(Case reference) {
    double[] in = reference.numbers("in");
    double[] out = reference.numbers("out");
    assertEquals(reference.number("auroc"), OutOfDistribution.auroc(in, out), TOLERANCE);
    assertEquals(
        reference.number("averagePrecision"),
        OutOfDistribution.averagePrecision(in, out),
        TOLERANCE);
    assertEquals(
        reference.number("falsePositiveRate95"), OutOfDistribution.falsePositiveRate95(in, out));
    assertEquals(
        reference.number("falsePositiveRate50"), OutOfDistribution.falsePositiveRate(in, out, .5));
    assertEquals(
        reference.number("falsePositiveRate100"), OutOfDistribution.falsePositiveRate(in, out, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("riskCoverage")
  void riskCoverage_ofReferenceAnswers_isAsComputedElsewhere(Case reference) {
    double[] losses = reference.numbers("losses");
    RiskCoverage actual = RiskCoverage.of(reference.numbers("scores"), losses);
    assertEquals(reference.number("aurc"), actual.aurc(), TOLERANCE);
    assertEquals(reference.number("excessAurc"), actual.excessAurc(), TOLERANCE);
    assertEquals(reference.number("augrc"), actual.augrc(), TOLERANCE);
    JsonNode curve = reference.node().get("curve");
    assertEquals(curve.size(), actual.curve().size());
    for (int i = 0; i < curve.size(); i++) {
      RiskCoverage.Point point = actual.curve().get(i);
      assertEquals(curve.get(i).get(0).doubleValue(), point.threshold() + 0.0);
      assertEquals(curve.get(i).get(1).doubleValue(), point.coverage());
      assertEquals(curve.get(i).get(2).doubleValue(), point.selectiveRisk(), TOLERANCE);
      assertEquals(curve.get(i).get(3).doubleValue(), point.generalizedRisk(), TOLERANCE);
    }
    if (Arrays.stream(losses).allMatch(loss -> loss == 0 || loss == 1)) {
      boolean[] correct = new boolean[losses.length];
      IntStream.range(0, losses.length).forEach(i -> correct[i] = losses[i] == 0);
      assertEquals(actual.curve(), RiskCoverage.of(reference.numbers("scores"), correct).curve());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("conformal")
  void conformalSets_ofReferencePredictions_areAsFoundElsewhere(Case reference) {
    JsonNode node = reference.node();
    ConformalScore score =
        new ConformalScore(
            Method.valueOf(node.get("method").textValue()),
            reference.number("penalty"),
            node.get("freeClasses").intValue(),
            node.get("seed").isNull()
                ? OptionalLong.empty()
                : OptionalLong.of(node.get("seed").longValue()));
    ConformalClassifier actual =
        ConformalClassifier.calibrate(
            score, reference.rows("rows"), reference.integers("labels"), reference.number("alpha"));
    assertEquals(reference.number("level"), actual.quantileLevel());
    assertEquals(reference.number("threshold"), actual.threshold(), TOLERANCE);
    double[][] tests = reference.rows("tests");
    for (int n = 0; n < tests.length; n++) {
      List<Integer> set = new ArrayList<>();
      node.get("sets").get(n).forEach(k -> set.add(k.intValue()));
      assertEquals(set, actual.set(tests[n], n));
      if (score.seed().isEmpty()) {
        assertEquals(set, actual.set(tests[n]));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("intervals")
  void conformalMargin_ofReferenceIntervals_isAsFoundElsewhere(Case reference) {
    double[] lows = reference.numbers("lows");
    double[] highs = reference.numbers("highs");
    List<Interval> intervals =
        IntStream.range(0, lows.length).mapToObj(n -> new Interval(lows[n], highs[n])).toList();
    ConformalRegressor actual =
        ConformalRegressor.calibrate(
            intervals, reference.numbers("targets"), reference.number("alpha"));
    assertEquals(reference.number("level"), actual.quantileLevel());
    double margin = reference.number("margin");
    assertEquals(margin, actual.margin());
    assertEquals(new Interval(-10 - margin, 10 + margin), actual.interval(new Interval(-10, 10)));
  }
}
