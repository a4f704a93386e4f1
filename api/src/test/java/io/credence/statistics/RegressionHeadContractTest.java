package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of every head of regressors, and what they refuse. */
class RegressionHeadContractTest {

  private static final int INPUTS = 2;
  private static final int TARGETS = 2;
  private static final RegressionHead NOISE = RegressionHead.Mean.withObservationVariance(.5);
  private static final RegressionHead VARIANCE = new RegressionHead.MeanAndVariance();
  private static final RegressionHead LOG_VARIANCE = new RegressionHead.MeanAndLogVariance();
  private static final RegressionHead MIXTURE = new RegressionHead.MixtureDensity(3);
  private static final RegressionHead QUANTILES = new RegressionHead.Quantiles(List.of(.1, .5, .8));

  static Stream<RegressionHead> heads() {
    return Stream.of(
        RegressionHead.of(OutputKind.MEAN), NOISE, VARIANCE, LOG_VARIANCE, MIXTURE, QUANTILES);
  }

  static Stream<RegressionHead> densities() {
    return Stream.of(NOISE, VARIANCE, LOG_VARIANCE, MIXTURE);
  }

  private static int width(RegressionHead head) {
    return head.shared() + TARGETS * head.perTarget();
  }

  private static List<double[]> passes(RegressionHead head, int samples) {
    Random random = new Random(head.hashCode() * 31L + samples);
    List<double[]> passes = new ArrayList<>();
    for (int s = 0; s < samples; s++) {
      passes.add(
          random
              .doubles((long) INPUTS * width(head))
              .map(u -> head == VARIANCE ? u : 4 * u - 2)
              .toArray());
    }
    return passes;
  }

  private static RegressionMoments moments(RegressionHead head, List<double[]> passes) {
    RegressionMoments moments = RegressionMoments.of(INPUTS, width(head), head);
    passes.forEach(moments::add);
    return moments;
  }

  private static RegressionSamples samples(RegressionHead head, List<double[]> passes) {
    RegressionSamples samples = RegressionSamples.of(INPUTS, width(head), head);
    passes.forEach(samples::add);
    return samples;
  }

  @ParameterizedTest
  @MethodSource("heads")
  void merge_ofEverySplitInAnyOrder_equalsAllAtOnce(RegressionHead head) {
    List<double[]> passes = passes(head, 9);
    List<double[]> shuffled = new ArrayList<>(passes);
    Collections.shuffle(shuffled, new Random(3));
    for (int split = 0; split <= passes.size(); split++) {
      RegressionMoments left = moments(head, shuffled.subList(0, split));
      left.merge(moments(head, shuffled.subList(split, passes.size())));
      for (int n = 0; n < INPUTS; n++) {
        RegressionSummary expected = moments(head, passes).summary(n);
        RegressionSummary actual = left.summary(n);
        for (int d = 0; d < TARGETS; d++) {
          assertEquals(expected.mean(d), actual.mean(d), 1e-13);
          assertEquals(expected.epistemicVariance(d), actual.epistemicVariance(d), 1e-13);
          assertEquals(
              expected.totalVariance(d).orElse(-1), actual.totalVariance(d).orElse(-1), 1e-13);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("heads")
  void totalVariance_ofEveryHead_isTheSumOfItsParts(RegressionHead head) {
    RegressionSummary s = moments(head, passes(head, 7)).summary(1);
    boolean told = !head.equals(RegressionHead.of(OutputKind.MEAN));
    for (int d = 0; d < TARGETS; d++) {
      assertEquals(told, s.aleatoricVariance(d).isPresent());
      assertEquals(told, s.totalVariance(d).isPresent());
      if (told) {
        assertTrue(s.aleatoricVariance(d).orElseThrow() > 0);
        assertEquals(
            s.epistemicVariance(d) + s.aleatoricVariance(d).orElseThrow(),
            s.totalVariance(d).orElseThrow());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("heads")
  void epistemicVariance_oneSample_isZero(RegressionHead head) {
    RegressionSummary s = moments(head, passes(head, 1)).summary(0);
    assertEquals(0, s.epistemicVariance(0));
    assertEquals(s.aleatoricVariance(0), s.totalVariance(0));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void quantile_ofEveryHead_growsWithTheLevel(RegressionHead head) {
    RegressionSamples samples = samples(head, passes(head, 6));
    for (int n = 0; n < INPUTS; n++) {
      for (int d = 0; d < TARGETS; d++) {
        double before = Double.NEGATIVE_INFINITY;
        for (int percent = 1; percent < 100; percent++) {
          double quantile = samples.quantile(n, d, percent / 100.0);
          assertTrue(quantile >= before, percent + " %");
          before = quantile;
        }
        Interval half = samples.centralInterval(n, d, .5);
        assertEquals(samples.quantile(n, d, .25), half.low());
        assertEquals(samples.quantile(n, d, .75), half.high());
      }
    }
  }

  /** Of a mixture of S normals drawn exactly: E y = mean, by integrating the quantile function. */
  @ParameterizedTest
  @MethodSource("densities")
  void quantile_integratedOverLevels_isTheMean(RegressionHead head) {
    RegressionSamples samples = samples(head, passes(head, 4));
    double sum = 0;
    int steps = 2000;
    for (int i = 0; i < steps; i++) {
      sum += samples.quantile(1, 1, (i + .5) / steps);
    }
    assertEquals(samples.moments().summary(1).mean(1), sum / steps, 5e-3);
  }

  @ParameterizedTest
  @MethodSource("densities")
  void logLikelihood_streamedMergedOrOfSamples_isTheSame(RegressionHead head) {
    List<double[]> passes = passes(head, 8);
    double[] targets = {.5, -1, 30, 2};
    RegressionLogLikelihood one = RegressionLogLikelihood.of(targets, width(head), head);
    RegressionLogLikelihood two = RegressionLogLikelihood.of(targets, width(head), head);
    passes.subList(0, 3).forEach(one::add);
    passes.subList(3, 8).forEach(two::add);
    two.merge(one);
    assertEquals(8, two.samples());
    RegressionSamples all = samples(head, passes);
    assertEquals(all.logLikelihood(0, .5, -1), two.logLikelihood(0), 1e-12);
    assertEquals(all.logLikelihood(1, 30, 2), two.logLikelihood(1), 1e-10);
  }

  @Test
  void logLikelihood_standardNormalAtItsMean_isMinusHalfLogTwoPi() {
    RegressionLogLikelihood one = RegressionLogLikelihood.of(new double[] {3}, 2, LOG_VARIANCE);
    one.add(new float[] {3, 0});
    assertEquals(-.9189385332046727, one.logLikelihood(0), 1e-15);
    assertEquals(one.logLikelihood(0), one.mean());
  }

  @Test
  void logLikelihood_varianceZero_isInfiniteAndNeverNaN() {
    RegressionSamples samples = RegressionSamples.of(1, 4, VARIANCE);
    samples.add(new float[] {1, 2, 0, 0});
    assertEquals(Double.POSITIVE_INFINITY, samples.logLikelihood(0, 1, 2));
    assertEquals(Double.NEGATIVE_INFINITY, samples.logLikelihood(0, 1, 3));
    samples.add(new float[] {1, 2, 1, 1});
    assertTrue(Double.isFinite(samples.logLikelihood(0, 1, 3)));
    assertEquals(Double.POSITIVE_INFINITY, samples.logLikelihood(0, 1, 2));
    samples.add(new float[] {1, 2, 0, 0});
    assertEquals(Double.POSITIVE_INFINITY, samples.logLikelihood(0, 1, 2));
  }

  @Test
  void quantile_varianceZero_isTheMean() {
    RegressionSamples samples = RegressionSamples.of(1, 2, VARIANCE);
    samples.add(new float[] {1, 0});
    samples.add(new float[] {5, 0});
    assertEquals(1, samples.quantile(0, 0, .2), 1e-9);
    assertEquals(5, samples.quantile(0, 0, .8), 1e-9);
  }

  @Test
  void quantile_extremeLevels_areFiniteAndOrdered() {
    RegressionSamples samples = RegressionSamples.of(1, 2, LOG_VARIANCE);
    samples.add(new float[] {0, -50});
    samples.add(new float[] {1e6f, 50});
    double before = Double.NEGATIVE_INFINITY;
    for (double level : new double[] {1e-300, 1e-30, .1, .5, .9, 1 - 0x1p-53}) {
      double quantile = samples.quantile(0, 0, level);
      assertTrue(Double.isFinite(quantile) && quantile > before, level + ": " + quantile);
      before = quantile;
    }
  }

  @Test
  void quantile_ofMeansAlone_isLinearBetweenOrderStatistics() {
    RegressionSamples samples = RegressionSamples.of(1, 1, RegressionHead.of(OutputKind.MEAN));
    for (float y : new float[] {4, 1, 3, 2}) {
      samples.add(new float[] {y});
    }
    assertEquals(2.5, samples.quantile(0, 0, .5));
    assertEquals(1.75, samples.quantile(0, 0, .25));
    assertEquals(1.3, samples.quantile(0, 0, .1), 1e-12);
  }

  @Test
  void epistemicVariance_meanAMillionAndAThousandth_keepsSixDigitsUnderEveryLayout() {
    double d = 0x1p-10;
    for (RegressionHead head : List.of(LOG_VARIANCE, VARIANCE)) {
      RegressionMoments moments = RegressionMoments.of(1, 2, head);
      for (int s = 0; s < 100; s++) {
        moments.add(new double[] {s % 2 == 0 ? 1e6 + d : 1e6 - d, 0});
      }
      assertEquals(d * d, moments.summary(0).epistemicVariance(0), 1e-6 * d * d);
    }
  }

  static Stream<Arguments> badSamples() {
    return Stream.of(
        arguments(
            VARIANCE,
            new double[] {0, 1, 1, -1e-9},
            "-1.0E-9 at input 0, position 3; a variance must be at least 0; declare"
                + " MEAN_AND_LOG_VARIANCE if it is a logarithm"),
        arguments(
            LOG_VARIANCE,
            new double[] {0, 1, 601, 0},
            "601.0 at input 0, position 2; the logarithm of a variance must be within ±600.0"),
        arguments(
            LOG_VARIANCE,
            new double[] {0, Double.NaN, 0, 0},
            "NaN at input 0, position 1; outputs must be finite, and within ±1.0E150"),
        arguments(
            new RegressionHead.MixtureDensity(1),
            new double[] {0, 1, 1, 0, -301},
            "-301.0 at input 0, position 4; the logarithm of a standard deviation must be within"
                + " ±300.0"),
        arguments(
            QUANTILES,
            new double[] {0, 1, 2, 3, 4, Double.POSITIVE_INFINITY},
            "Infinity at input 0, position 5; outputs must be finite, and within ±1.0E150"));
  }

  @ParameterizedTest
  @MethodSource("badSamples")
  void add_badSample_isRefusedAndLeavesNoTrace(RegressionHead head, double[] bad, String problem) {
    double[] good = bad.clone();
    java.util.Arrays.fill(good, .5);
    String message = "sample 1 holds " + problem;
    RegressionMoments moments = RegressionMoments.of(1, bad.length, head);
    moments.add(good);
    RegressionSummary before = moments.summary(0);
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> moments.add(bad)).getMessage());
    assertEquals(before, moments.summary(0));
    RegressionSamples samples = RegressionSamples.of(1, bad.length, head);
    samples.add(good);
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> samples.add(bad)).getMessage());
    assertEquals(1, samples.samples());
    if (head != QUANTILES) {
      RegressionLogLikelihood likelihood =
          RegressionLogLikelihood.of(new double[head.targets(bad.length)], bad.length, head);
      likelihood.add(good);
      double told = likelihood.logLikelihood(0);
      assertEquals(
          message,
          assertThrows(IllegalArgumentException.class, () -> likelihood.add(bad)).getMessage());
      assertEquals(told, likelihood.logLikelihood(0));
    }
  }

  @Test
  void logLikelihood_ofHeadsWithoutDensity_isRefused() {
    RegressionHead means = RegressionHead.of(OutputKind.MEAN);
    double[] targets = {0, 0, 0, 0};
    assertEquals(
        "Mean[observationVariance=OptionalDouble.empty] has no density; give"
            + " Mean.withObservationVariance(..) the variance of the noise",
        assertThrows(
                IllegalArgumentException.class,
                () -> RegressionLogLikelihood.of(targets, TARGETS, means))
            .getMessage());
    RegressionSamples samples = samples(QUANTILES, passes(QUANTILES, 2));
    assertEquals(
        "Quantiles[levels=[0.1, 0.5, 0.8]] has no density; score quantiles by their pinball loss",
        assertThrows(IllegalArgumentException.class, () -> samples.logLikelihood(0, 1, 2))
            .getMessage());
  }

  @Test
  void logLikelihood_ofWrongTargets_isRefused() {
    double[] three = {0, 0, 0};
    assertEquals(
        "3 targets are no rows of 2; give every target of at least one input",
        assertThrows(
                IllegalArgumentException.class,
                () -> RegressionLogLikelihood.of(three, width(NOISE), NOISE))
            .getMessage());
    double[] nan = {0, Double.NaN};
    assertEquals(
        "targets[1] is NaN; targets must be finite",
        assertThrows(
                IllegalArgumentException.class,
                () -> RegressionLogLikelihood.of(nan, width(NOISE), NOISE))
            .getMessage());
    RegressionSamples samples = samples(NOISE, passes(NOISE, 2));
    assertEquals(
        "an input has 2 targets, got 1",
        assertThrows(IllegalArgumentException.class, () -> samples.logLikelihood(0, 1))
            .getMessage());
    RegressionLogLikelihood one = RegressionLogLikelihood.of(new double[2], width(NOISE), NOISE);
    RegressionLogLikelihood two =
        RegressionLogLikelihood.of(new double[] {0, 1}, width(NOISE), NOISE);
    assertEquals(
        "likelihoods of other targets or another head do not merge; make both of the same",
        assertThrows(IllegalArgumentException.class, () -> one.merge(two)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, Double.NaN})
  void quantile_levelOutsideItsRange_isRefused(double level) {
    RegressionSamples samples = samples(NOISE, passes(NOISE, 2));
    assertEquals(
        "level is " + level + "; it must be between 0 and 1, both exclusive",
        assertThrows(IllegalArgumentException.class, () -> samples.quantile(0, 0, level))
            .getMessage());
    assertEquals(
        "coverage is " + level + "; it must be between 0 and 1, both exclusive",
        assertThrows(IllegalArgumentException.class, () -> samples.centralInterval(0, 0, level))
            .getMessage());
  }

  @Test
  void anything_beforeAnySample_isRefused() {
    RegressionSamples samples = samples(NOISE, List.of());
    String message = "no sample was added yet; call add first";
    assertEquals(
        message,
        assertThrows(IllegalStateException.class, () -> samples.quantile(0, 0, .5)).getMessage());
    assertEquals(
        message,
        assertThrows(IllegalStateException.class, () -> samples.logLikelihood(0, 0, 0))
            .getMessage());
    RegressionLogLikelihood likelihood =
        RegressionLogLikelihood.of(new double[2], width(NOISE), NOISE);
    assertEquals(message, assertThrows(IllegalStateException.class, likelihood::mean).getMessage());
    assertThrows(IllegalArgumentException.class, () -> RegressionSamples.of(0, 2, NOISE));
    samples.add(new double[INPUTS * TARGETS]);
    assertThrows(IndexOutOfBoundsException.class, () -> samples.quantile(2, 0, .5));
    assertThrows(IndexOutOfBoundsException.class, () -> samples.quantile(0, 2, .5));
  }

  @Test
  void merge_ofAnotherHead_isRefused() {
    RegressionMoments variance = moments(VARIANCE, passes(VARIANCE, 1));
    RegressionMoments log = moments(LOG_VARIANCE, passes(LOG_VARIANCE, 1));
    assertEquals(
        "moments of 2 inputs × 2 targets (MeanAndLogVariance[]) do not merge into 2 × 2"
            + " (MeanAndVariance[])",
        assertThrows(IllegalArgumentException.class, () -> variance.merge(log)).getMessage());
    assertFalse(variance.summary(0).equals(log.summary(0)));
  }

  /** A component that hardly counts takes no digits from the others, however far off it is. */
  @Test
  void mean_ofAMixtureWithAFarComponentOfNoWeight_isThatOfTheOther() {
    RegressionMoments moments = RegressionMoments.of(1, 6, new RegressionHead.MixtureDensity(2));
    moments.add(new float[] {-40, 40, 0x1p53f, 3, 0, -10});
    RegressionSummary s = moments.summary(0);
    assertEquals(3, s.mean(0));
    assertEquals(Math.exp(-80) * 0x1p106, s.aleatoricVariance(0).orElseThrow(), 1e-8);
  }
}
