package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.calibration.ReferenceFile.Case;
import io.credence.statistics.Interval;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bins and calibration errors against {@code make_reliability_reference.py}, in exact rational
 * arithmetic. That program says why the tolerance is what it is.
 */
class ReliabilityReferenceTest {

  private static final double TOLERANCE = 1e-14;

  static List<Case> cases() {
    return ReferenceFile.cases("reliability-reference.json", "cases");
  }

  static List<Case> classWise() {
    return ReferenceFile.cases("reliability-reference.json", "classWise");
  }

  static List<Case> wilson() {
    return ReferenceFile.cases("reliability-reference.json", "wilson");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void equalWidth_ofReferenceAnswers_isAsComputedElsewhere(Case reference) {
    check(
        reference.part("equalWidth"),
        ReliabilityDiagram.equalWidth(
            reference.numbers("confidences"),
            reference.truths("correct"),
            reference.node().get("bins").intValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void equalMass_ofReferenceAnswers_isAsComputedElsewhere(Case reference) {
    check(
        reference.part("equalMass"),
        ReliabilityDiagram.equalMass(
            reference.numbers("confidences"),
            reference.truths("correct"),
            reference.node().get("bins").intValue()));
  }

  private static void check(Case expected, ReliabilityDiagram actual) {
    JsonNode bins = expected.node().get("bins");
    assertEquals(bins.size(), actual.bins().size());
    for (int b = 0; b < bins.size(); b++) {
      ReliabilityBin bin = actual.bins().get(b);
      assertEquals(bins.get(b).get(0).doubleValue(), bin.low());
      assertEquals(bins.get(b).get(1).doubleValue(), bin.high());
      assertEquals(bins.get(b).get(2).longValue(), bin.count());
      assertEquals(bins.get(b).get(3).longValue(), bin.correct());
      assertEquals(bins.get(b).get(4).doubleValue(), bin.meanConfidence(), TOLERANCE);
    }
    assertEquals(expected.number("expected"), actual.expectedCalibrationError(), TOLERANCE);
    assertEquals(expected.number("maximum"), actual.maximumCalibrationError(), TOLERANCE);
    assertEquals(
        expected.number("rootMeanSquare"), actual.rootMeanSquareCalibrationError(), TOLERANCE);
    BrierDecomposition brier = actual.brierDecomposition();
    assertEquals(expected.number("brier"), brier.brierScore(), TOLERANCE);
    assertEquals(expected.number("reliability"), brier.reliability(), TOLERANCE);
    assertEquals(expected.number("resolution"), brier.resolution(), TOLERANCE);
    assertEquals(expected.number("uncertainty"), brier.uncertainty(), TOLERANCE);
    // Relative too: within-bin sums of a narrow bin are far below 1e-14 themselves.
    assertClose(expected.number("withinBinVariance"), brier.withinBinVariance());
    assertClose(expected.number("withinBinCovariance"), brier.withinBinCovariance());
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, 1e-18 + 1e-9 * Math.abs(expected));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("classWise")
  void classWise_ofReferencePredictions_isAsComputedElsewhere(Case reference) {
    double[][] rows = reference.rows("probabilities");
    int[] labels = reference.integers("labels");
    int classes = rows[0].length;
    ClassWiseCalibration calibration =
        ClassWiseCalibration.of(classes, reference.node().get("bins").intValue());
    ScoringRules rules = ScoringRules.of(classes);
    for (int n = 0; n < rows.length; n++) {
      calibration.add(rows[n], labels[n]);
      rules.add(rows[n], labels[n]);
    }
    assertEquals(reference.number("expected"), calibration.expectedCalibrationError(), TOLERANCE);
    double brier = calibration.brierDecomposition().brierScore();
    assertEquals(reference.number("brier"), brier, TOLERANCE);
    assertEquals(rules.brierScore(), brier, TOLERANCE, "the same score, in parts");
  }

  @ParameterizedTest
  @MethodSource("wilson")
  void accuracyInterval_ofReferenceCounts_isWilsons(Case reference) {
    ReliabilityBin bin =
        new ReliabilityBin(
            0,
            1,
            reference.node().get("trials").longValue(),
            reference.node().get("successes").longValue(),
            .5);
    Interval interval = bin.accuracyInterval(reference.number("level"));
    // The quantile of the normal distribution is known to 1e-9 in commons-math3.
    assertEquals(reference.number("low"), interval.low(), 1e-9);
    assertEquals(reference.number("high"), interval.high(), 1e-9);
  }
}
