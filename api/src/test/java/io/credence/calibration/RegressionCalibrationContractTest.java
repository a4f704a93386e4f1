package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.statistics.Interval;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of scores, coverages and maps of regressors, and what is refused. */
class RegressionCalibrationContractTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void samples_anyOrderShiftAndScale_keepTheirLaws(long seed) {
    Random random = new Random(seed);
    double[] samples = random.doubles(30, -3, 3).toArray();
    double y = random.nextGaussian();
    SampleDistribution distribution = PredictiveDistribution.ofSamples(samples);
    double score = distribution.rankedProbabilityScore(y);
    assertTrue(distribution.fairRankedProbabilityScore(y) < score && score >= 0);
    double[] changed = new double[samples.length];
    for (int i = 0; i < samples.length; i++) {
      changed[samples.length - 1 - i] = -4 * (samples[i] + 10);
    }
    SampleDistribution other = PredictiveDistribution.ofSamples(changed);
    assertEquals(4 * score, other.rankedProbabilityScore(-4 * (y + 10)), 1e-12);
    double mean = 0;
    for (double sample : samples) {
      mean += Math.abs(sample - y) / samples.length;
    }
    assertTrue(score <= mean + 1e-14, "no worse than its samples one by one");
  }

  /** Samples of a normal distribution score as the distribution itself, the fair score unbiased. */
  @Test
  void fairScore_ofFewSamples_isThatOfTheirDistributionOnAverage() {
    long seed = 20261127;
    Random random = new Random(seed);
    double plain = 0;
    double fair = 0;
    int repetitions = 20_000;
    for (int r = 0; r < repetitions; r++) {
      SampleDistribution three =
          PredictiveDistribution.ofSamples(
              random.nextGaussian(), random.nextGaussian(), random.nextGaussian());
      plain += three.rankedProbabilityScore(.5) / repetitions;
      fair += three.fairRankedProbabilityScore(.5) / repetitions;
    }
    double exact = PredictiveDistribution.normal(0, 1).rankedProbabilityScore(.5);
    // One fair score scatters by 0.45: a mean beyond 5 standard errors falsely fails below 1e-6.
    assertEquals(exact, fair, 5 * .45 / Math.sqrt(repetitions), "seed " + seed);
    assertTrue(plain > exact + .1, "the plain score counts few samples against the model");
  }

  @Test
  void normal_scoreAndDistribution_areOfDeviationNotVariance() {
    PredictiveDistribution normal = PredictiveDistribution.normal(0, 2);
    assertEquals(
        2 * (Math.sqrt(2 / Math.PI) - 1 / Math.sqrt(Math.PI)),
        normal.rankedProbabilityScore(0),
        1e-15);
    assertEquals(.8413447460685429, normal.distributionFunction(2), 1e-15);
  }

  @Test
  void intervalCoverage_streams() {
    IntervalCoverage first = new IntervalCoverage();
    first.add(new Interval(0, 1), 1);
    first.add(new Interval(0, 3), 3.5);
    IntervalCoverage second = new IntervalCoverage();
    second.add(new Interval(-1, 1), -1);
    first.merge(second);
    assertEquals(3, first.inputs());
    assertEquals(2 / 3.0, first.coverage());
    assertEquals(2, first.meanWidth());
    assertTrue(first.coverageInterval(.95).contains(2 / 3.0));
    assertEquals(1, second.inputs(), "the other is unchanged");
    second.add(new Interval(0, Double.POSITIVE_INFINITY), 5);
    assertEquals(Double.POSITIVE_INFINITY, second.meanWidth());
    IntervalCoverage none = new IntervalCoverage();
    String message = "no input was added yet; call add first";
    assertEquals(message, assertThrows(IllegalStateException.class, none::coverage).getMessage());
    assertEquals(message, assertThrows(IllegalStateException.class, none::meanWidth).getMessage());
    assertThrows(IllegalStateException.class, () -> none.coverageInterval(.9));
    assertEquals(
        "target is NaN; it must be finite",
        refusal(() -> none.add(new Interval(0, 1), Double.NaN)));
    assertEquals(0, none.inputs());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isotonicMap_anyPoints_risesKeepsTheMeanAndBeatsOthers(long seed) {
    Random random = new Random(seed);
    double[] x = random.doubles(60).map(u -> Math.round(40 * u) / 40.0).toArray();
    double[] y = Arrays.stream(x).map(v -> v + random.nextGaussian()).toArray();
    IsotonicMap map = IsotonicMap.fit(x, y);
    double previous = Double.NEGATIVE_INFINITY;
    for (double at = -.1; at < 1.1; at += .01) {
      assertTrue(map.value(at) >= previous);
      previous = map.value(at);
    }
    double loss = 0;
    double ofLine = 0;
    double balance = 0;
    for (int i = 0; i < x.length; i++) {
      loss += Math.pow(y[i] - map.value(x[i]), 2);
      ofLine += Math.pow(y[i] - x[i], 2);
      balance += y[i] - map.value(x[i]);
    }
    assertTrue(loss <= ofLine, "nearer than another rising map");
    assertEquals(0, balance, 1e-12, "the mean is kept");
  }

  /** Levels recalibrated by many of their own kind are uniform: 5 standard errors, 1e-6. */
  @Test
  void recalibration_ofManyLevels_makesFreshOnesUniform() {
    long seed = 20261128;
    Random random = new Random(seed);
    double[] levels = random.doubles(20_000).map(u -> u * u).toArray();
    DistributionRecalibration map = DistributionRecalibration.fit(levels);
    assertEquals(.5, map.recalibrated(.25), 5 * .5 / Math.sqrt(20_000), "seed " + seed);
    assertEquals(.25, map.levelFor(.5), 5 * .5 / Math.sqrt(20_000), "seed " + seed);
    assertEquals(.7, map.recalibrated(map.levelFor(.7)), 1e-4);
    double gap = Math.sqrt(.5) - .5;
    assertEquals(gap * gap, map.meanSquareError(1), .01, "u² is below ½ as often as u below √½");
    assertEquals(0, map.recalibrated(0));
    assertEquals(1, map.recalibrated(1));
  }

  @Test
  void input_thatCannotBe_isRefused() {
    assertEquals(
        "samples is empty; at least one is needed", refusal(PredictiveDistribution::ofSamples));
    assertEquals(
        "samples[1] is NaN; it must be finite",
        refusal(() -> PredictiveDistribution.ofSamples(1, Double.NaN)));
    assertEquals(
        "y is Infinity; it must be finite",
        refusal(
            () ->
                PredictiveDistribution.ofSamples(1)
                    .rankedProbabilityScore(Double.POSITIVE_INFINITY)));
    assertEquals(
        "y is NaN; it must be finite",
        refusal(() -> PredictiveDistribution.normal(0, 1).distributionFunction(Double.NaN)));
    assertEquals(
        "means[0] is NaN; it must be finite",
        refusal(() -> PredictiveDistribution.normal(Double.NaN, 1)));
    assertEquals(
        "standardDeviations[0] is -1.0; it must be finite and at least 0",
        refusal(() -> PredictiveDistribution.normal(0, -1)));
    double[] one = {1};
    double[] zero = {0};
    assertEquals(
        "weights are all 0; one at least must be above",
        refusal(() -> PredictiveDistribution.mixture(zero, one, one)));
    assertEquals(
        "weights[0] is NaN; it must be finite and at least 0",
        refusal(() -> PredictiveDistribution.mixture(new double[] {Double.NaN}, one, one)));
    assertEquals(
        "1 weights, 2 means and 1 standard deviations are given; as many of each are needed, and"
            + " one at least",
        refusal(() -> PredictiveDistribution.mixture(one, new double[2], one)));
    assertEquals(
        "one sample has no fair score; give two at least",
        assertThrows(
                IllegalStateException.class,
                () -> PredictiveDistribution.ofSamples(1).fairRankedProbabilityScore(0))
            .getMessage());
    String points = " are given; as many of both are needed, and one at least";
    assertEquals(
        "0 x and 0 y" + points, refusal(() -> IsotonicMap.fit(new double[0], new double[0])));
    assertEquals("2 x and 1 y" + points, refusal(() -> IsotonicMap.fit(new double[2], one)));
    assertEquals(
        "y[0] is NaN; it must be finite",
        refusal(() -> IsotonicMap.fit(one, new double[] {Double.NaN})));
    assertEquals(
        "x is NaN; it must be finite", refusal(() -> IsotonicMap.fit(one, one).value(Double.NaN)));
    assertEquals(
        "levels is empty; at least one is needed", refusal(DistributionRecalibration::fit));
    assertEquals(
        "levels[1] is 1.5; it must be within [0, 1]",
        refusal(() -> DistributionRecalibration.fit(.5, 1.5)));
    assertEquals(
        "level is NaN; it must be within [0, 1]",
        refusal(() -> DistributionRecalibration.fit(.5).levelFor(Double.NaN)));
    assertEquals(
        "points is 0; it must be at least 1",
        refusal(() -> DistributionRecalibration.fit(.5).meanSquareError(0)));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
