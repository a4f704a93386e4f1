package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of the moments of regression, on random samples, and what they refuse. */
class RegressionMomentsContractTest {

  private static final int CASES = 40;

  /** Sums of up to 30 terms; relative to the largest number in them. */
  private static final double ROUNDING = 1e-13;

  /** Random outputs of passes, a function of the seed; sizes and scale vary with it. */
  private record Samples(int inputs, int targets, List<double[]> passes) {

    static Samples of(long seed) {
      Random random = new Random(seed);
      int inputs = 1 + random.nextInt(4);
      int targets = 1 + random.nextInt(5);
      double scale = Math.pow(10, random.nextInt(13) - 6);
      double centre = scale * random.nextGaussian();
      List<double[]> passes = new ArrayList<>();
      for (int s = 2 + random.nextInt(29); s > 0; s--) {
        passes.add(
            random
                .doubles((long) inputs * targets)
                .map(u -> centre + scale * (2 * u - 1))
                .toArray());
      }
      return new Samples(inputs, targets, passes);
    }

    RegressionMoments moments(int from, int to) {
      RegressionMoments moments = RegressionMoments.of(inputs, targets);
      passes.subList(from, to).forEach(moments::add);
      return moments;
    }

    RegressionMoments moments() {
      return moments(0, passes.size());
    }

    double[] column(int input, int target) {
      return passes.stream().mapToDouble(pass -> pass[input * targets + target]).toArray();
    }
  }

  static Stream<Samples> cases() {
    return Stream.iterate(1L, seed -> seed + 1).limit(CASES).map(Samples::of);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void summary_ofRandomSamples_isWithinItsBounds(Samples samples) {
    for (int n = 0; n < samples.inputs(); n++) {
      RegressionSummary s = samples.moments().summary(n);
      assertEquals(samples.passes().size(), s.samples());
      assertEquals(samples.targets(), s.targets());
      for (int d = 0; d < s.targets(); d++) {
        double[] column = samples.column(n, d);
        double min = Arrays.stream(column).min().orElseThrow();
        double max = Arrays.stream(column).max().orElseThrow();
        double slack = ROUNDING * (Math.abs(min) + Math.abs(max));
        assertTrue(s.mean(d) >= min - slack && s.mean(d) <= max + slack, s::toString);
        // Popoviciu 1935: a variable within [min, max] varies by at most (max − min)² / 4.
        double bound = (max - min) * (max - min) / 4;
        assertTrue(s.epistemicVariance(d) >= 0, s::toString);
        assertTrue(s.epistemicVariance(d) <= bound * (1 + ROUNDING), s::toString);
        assertEquals(Math.sqrt(s.epistemicVariance(d)), s.epistemicStandardDeviation(d));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void summary_samplesInAnotherOrder_isTheSame(Samples samples) {
    List<double[]> shuffled = new ArrayList<>(samples.passes());
    Collections.shuffle(shuffled, new Random(7));
    assertSame(
        samples.moments(), new Samples(samples.inputs(), samples.targets(), shuffled).moments());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void merge_ofEverySplit_equalsAllAtOnce(Samples samples) {
    int size = samples.passes().size();
    for (int split = 0; split <= size; split++) {
      RegressionMoments left = samples.moments(0, split);
      RegressionMoments right = samples.moments(split, size);
      left.merge(right);
      assertSame(samples.moments(), left);
      if (split < size) {
        assertEquals(samples.moments(split, size).summaries(), right.summaries(), "it changed");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void summary_oneSample_isThatSampleWithoutVariance(Samples samples) {
    for (int n = 0; n < samples.inputs(); n++) {
      RegressionSummary s = samples.moments(0, 1).summary(n);
      int from = n * samples.targets();
      assertArrayEquals(
          Arrays.copyOfRange(samples.passes().get(0), from, from + samples.targets()), s.mean());
      assertArrayEquals(new double[samples.targets()], s.epistemicVariance());
    }
  }

  @Test
  void epistemicVariance_identicalSamples_isZero() {
    RegressionMoments moments = RegressionMoments.of(1, 2);
    for (int s = 0; s < 60; s++) {
      moments.add(new float[] {.1f, -1e6f / 3});
      assertArrayEquals(new double[2], moments.summary(0).epistemicVariance());
    }
  }

  @Test
  void epistemicVariance_twoSamples_isThatOfThePopulation() {
    RegressionMoments moments = RegressionMoments.of(1, 1);
    moments.add(new float[] {1});
    moments.add(new float[] {4});
    assertEquals(2.5, moments.summary(0).mean(0));
    assertEquals(2.25, moments.summary(0).epistemicVariance(0));
    assertEquals(1.5, moments.summary(0).epistemicStandardDeviation(0));
  }

  @Test
  void epistemicVariance_ofAMillionAndAThousandth_keepsSixDigits() {
    // 1e6 ± d with d close to 1e-3 and exact in float64: the mean is 1e6, the variance d².
    double d = 0x1p-10;
    RegressionMoments moments = RegressionMoments.of(1, 1);
    for (int s = 0; s < 1000; s++) {
      moments.add(new double[] {s % 2 == 0 ? 1e6 + d : 1e6 - d});
    }
    assertEquals(d * d, moments.summary(0).epistemicVariance(0), 1e-6 * d * d);
  }

  @Test
  void add_inputsAndTargets_areToldApart() {
    RegressionMoments moments = RegressionMoments.of(2, 3);
    moments.add(new float[] {1, 2, 3, 4, 5, 6});
    moments.add(new float[] {1, 4, 3, 4, 5, 10});
    assertArrayEquals(new double[] {1, 3, 3}, moments.summary(0).mean());
    assertArrayEquals(new double[] {4, 5, 8}, moments.summary(1).mean());
    assertArrayEquals(new double[] {0, 1, 0}, moments.summary(0).epistemicVariance());
    assertArrayEquals(new double[] {0, 0, 4}, moments.summary(1).epistemicVariance());
  }

  static Stream<Arguments> badSamples() {
    return Stream.of(
        arguments(new double[3], "a sample of 2 inputs × 2 numbers has 4 values, got 3"),
        bad(1, Double.NaN, "NaN at input 0, position 1"),
        bad(2, Double.POSITIVE_INFINITY, "Infinity at input 1, position 0"),
        bad(3, Double.NEGATIVE_INFINITY, "-Infinity at input 1, position 1"),
        bad(3, -1.1e150, "-1.1E150 at input 1, position 1"));
  }

  private static Arguments bad(int position, double value, String where) {
    double[] sample = {1, 2, 3, 4};
    sample[position] = value;
    return arguments(
        sample, "sample 1 holds " + where + "; outputs must be finite, and within ±1.0E150");
  }

  @ParameterizedTest
  @MethodSource("badSamples")
  void add_badSample_isRefusedAndLeavesNoTrace(double[] bad, String message) {
    RegressionMoments moments = RegressionMoments.of(2, 2);
    moments.add(new double[] {1, 2, 3, 4});
    List<RegressionSummary> before = moments.summaries();
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> moments.add(bad)).getMessage());
    assertEquals(before, moments.summaries());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void add_floatThatIsNotFinite_isRefused(float value) {
    RegressionMoments moments = RegressionMoments.of(1, 2);
    float[] bad = {0, value};
    assertEquals(
        "sample 0 holds "
            + value
            + " at input 0, position 1; outputs must be finite, and within ±1.0E150",
        assertThrows(IllegalArgumentException.class, () -> moments.add(bad)).getMessage());
  }

  @Test
  void add_largestNumbers_leaveTheVarianceFinite() {
    RegressionMoments moments = RegressionMoments.of(1, 1);
    moments.add(new double[] {1e150});
    moments.add(new double[] {-1e150});
    assertEquals(1e300, moments.summary(0).epistemicVariance(0), 1e288);
  }

  @Test
  void of_badSizes_isRefused() {
    assertEquals(
        "inputs is 0; it must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> RegressionMoments.of(0, 1))
            .getMessage());
    assertEquals(
        "targets is 0; it must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> RegressionMoments.of(1, 0))
            .getMessage());
  }

  @Test
  void summary_beforeAnySample_isRefused() {
    RegressionMoments moments = RegressionMoments.of(2, 1);
    assertEquals(
        "no sample was added yet; call add first",
        assertThrows(IllegalStateException.class, () -> moments.summary(0)).getMessage());
    moments.add(new float[2]);
    assertThrows(IndexOutOfBoundsException.class, () -> moments.summary(2));
    assertThrows(IndexOutOfBoundsException.class, () -> moments.summary(-1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void merge_ofOtherSizes_isRefused(boolean otherInputs) {
    RegressionMoments moments = RegressionMoments.of(2, 3);
    RegressionMoments other = RegressionMoments.of(otherInputs ? 1 : 2, otherInputs ? 3 : 4);
    assertEquals(
        "moments of "
            + (otherInputs ? "1 inputs × 3" : "2 inputs × 4")
            + " targets (Mean[observationVariance=OptionalDouble.empty]) do not merge into 2 × 3"
            + " (Mean[observationVariance=OptionalDouble.empty])",
        assertThrows(IllegalArgumentException.class, () -> moments.merge(other)).getMessage());
  }

  private static void assertSame(RegressionMoments expected, RegressionMoments actual) {
    assertEquals(expected.samples(), actual.samples());
    for (int n = 0; n < expected.summaries().size(); n++) {
      RegressionSummary e = expected.summary(n);
      RegressionSummary a = actual.summary(n);
      for (int d = 0; d < e.targets(); d++) {
        double scale = Math.abs(e.mean(d)) + e.epistemicStandardDeviation(d);
        assertEquals(e.mean(d), a.mean(d), ROUNDING * scale);
        assertEquals(e.epistemicVariance(d), a.epistemicVariance(d), ROUNDING * scale * scale);
      }
    }
  }
}
