package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.calibration.ReferenceFile.Case;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scores and maps of regressors against {@code make_regression_reference.py}, by integration and
 * exact arithmetic. That program says why the tolerances are what they are.
 */
class RegressionCalibrationReferenceTest {

  private static final double SCORE = 1e-13;
  private static final double MAP = 1e-14;

  static List<Case> samples() {
    return ReferenceFile.cases("regression-reference.json", "samples");
  }

  static List<Case> mixtures() {
    return ReferenceFile.cases("regression-reference.json", "mixtures");
  }

  static List<Case> isotonic() {
    return ReferenceFile.cases("regression-reference.json", "isotonic");
  }

  static List<Case> recalibration() {
    return ReferenceFile.cases("regression-reference.json", "recalibration");
  }

  private static double largest(double... values) {
    return Arrays.stream(values).map(Math::abs).max().getAsDouble();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samples")
  void samples_ofReference_scoreAsComputedElsewhere(Case reference) {
    double[] samples = reference.numbers("samples");
    double y = reference.number("y");
    SampleDistribution distribution = PredictiveDistribution.ofSamples(samples);
    // Differences of the samples are exact, so the score keeps its digits far from zero.
    double tolerance = SCORE * (reference.number("score") + 1e-3);
    assertEquals(reference.number("score"), distribution.rankedProbabilityScore(y), tolerance);
    assertEquals(reference.number("distribution"), distribution.distributionFunction(y));
    if (!reference.node().get("fair").isNull()) {
      assertEquals(reference.number("fair"), distribution.fairRankedProbabilityScore(y), tolerance);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mixtures")
  void mixtures_ofReference_scoreAsIntegratedElsewhere(Case reference) {
    double[] means = reference.numbers("means");
    double[] deviations = reference.numbers("deviations");
    double y = reference.number("y");
    PredictiveDistribution distribution =
        PredictiveDistribution.mixture(reference.numbers("weights"), means, deviations);
    double tolerance = SCORE * Math.max(largest(means), largest(y, 1));
    assertEquals(reference.number("score"), distribution.rankedProbabilityScore(y), tolerance);
    assertEquals(reference.number("distribution"), distribution.distributionFunction(y), SCORE);
    if (means.length == 1) {
      PredictiveDistribution normal = PredictiveDistribution.normal(means[0], deviations[0]);
      assertEquals(distribution.rankedProbabilityScore(y), normal.rankedProbabilityScore(y));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("isotonic")
  void isotonicMap_ofReferencePoints_isAsComputedElsewhere(Case reference) {
    double[] y = reference.numbers("y");
    IsotonicMap map = IsotonicMap.fit(reference.numbers("x"), y);
    double[] asked = reference.numbers("asked");
    for (int i = 0; i < asked.length; i++) {
      assertEquals(
          reference.numbers("values")[i], map.value(asked[i]), MAP * Math.max(1, largest(y)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recalibration")
  void recalibration_ofReferenceLevels_isAsComputedElsewhere(Case reference) {
    DistributionRecalibration map = DistributionRecalibration.fit(reference.numbers("levels"));
    double[] asked = reference.numbers("asked");
    for (int i = 0; i < asked.length; i++) {
      assertEquals(
          reference.numbers("recalibrated")[i], map.recalibrated(asked[i]), MAP, "" + asked[i]);
      assertEquals(reference.numbers("levelFor")[i], map.levelFor(asked[i]), MAP, "" + asked[i]);
    }
    assertEquals(
        reference.number("meanSquareError"),
        map.meanSquareError(reference.node().get("points").intValue()),
        MAP);
  }
}
