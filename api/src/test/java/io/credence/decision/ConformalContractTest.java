package io.credence.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.decision.ConformalScore.Method;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.Interval;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What conformal sets and intervals promise, and what is refused. */
class ConformalContractTest {

  private static final int REPETITIONS = 4000;
  private static final int HELD_OUT = 49;
  private static final int CLASSES = 4;

  static Stream<ConformalScore> scores() {
    return Stream.of(
        ConformalScore.threshold(),
        ConformalScore.adaptive(),
        ConformalScore.adaptive().randomized(11),
        ConformalScore.regularized(.1, 1),
        ConformalScore.regularized(.1, 1).randomized(12));
  }

  /** A model that is badly wrong: labels come from other probabilities than it tells. */
  private static double[] draw(Random random, int[] label) {
    double[] p = random.doubles(CLASSES).map(u -> u * u + 1e-3).toArray();
    double sum = p[0] + p[1] + p[2] + p[3];
    for (int k = 0; k < CLASSES; k++) {
      p[k] /= sum;
    }
    double u = random.nextDouble();
    label[0] = 0;
    while (label[0] < CLASSES - 1 && u >= .7 * p[label[0]] + .3 / CLASSES) {
      u -= .7 * p[label[0]] + .3 / CLASSES;
      label[0]++;
    }
    return p;
  }

  /**
   * Without ties the probability of coverage is exactly 45/50 = 0.9 for n = 49 and α = 0.1: over
   * 4,000 fresh held-out sets a share beyond 5 standard deviations, 0.0237, falsely fails below
   * 1e-6 a score.
   */
  @ParameterizedTest
  @MethodSource("scores")
  void sets_ofFreshInputs_coverAsOftenAsPromised(ConformalScore score) {
    long seed = 20261125;
    Random random = new Random(seed);
    int covered = 0;
    for (int r = 0; r < REPETITIONS; r++) {
      double[][] rows = new double[HELD_OUT][];
      int[] labels = new int[HELD_OUT];
      int[] label = new int[1];
      for (int n = 0; n < HELD_OUT; n++) {
        rows[n] = draw(random, label);
        labels[n] = label[0];
      }
      ConformalScore ofRepetition =
          score.seed().isPresent() ? score.randomized(1000L * r + 7) : score;
      ConformalClassifier conformal = ConformalClassifier.calibrate(ofRepetition, rows, labels, .1);
      double[] fresh = draw(random, label);
      covered += conformal.set(fresh, r).contains(label[0]) ? 1 : 0;
    }
    // Deterministic APS gives 1 to every least likely class: ties, which can only add coverage.
    double share = (double) covered / REPETITIONS;
    assertTrue(share > .9 - .0237, () -> share + " of seed " + seed);
    boolean ties = score.method() != Method.THR && score.seed().isEmpty();
    assertTrue(ties || share < .9 + .0237, () -> share + " of seed " + seed);
  }

  /** As above, for intervals of a model that is off by a shift and in scale. */
  @Test
  void intervals_ofFreshInputs_coverAsOftenAsPromised() {
    long seed = 20261126;
    Random random = new Random(seed);
    int covered = 0;
    for (int r = 0; r < REPETITIONS; r++) {
      double[] targets = random.doubles(HELD_OUT + 1).map(u -> u * u * 5).toArray();
      List<Interval> intervals =
          random
              .doubles(HELD_OUT + 1)
              .mapToObj(u -> new Interval(u, u + random.nextDouble()))
              .toList();
      ConformalRegressor conformal =
          ConformalRegressor.calibrate(
              intervals.subList(0, HELD_OUT), java.util.Arrays.copyOf(targets, HELD_OUT), .1);
      Interval fresh = conformal.interval(intervals.get(HELD_OUT));
      covered += fresh.contains(targets[HELD_OUT]) ? 1 : 0;
    }
    assertEquals(.9, (double) covered / REPETITIONS, .0237, "seed " + seed);
  }

  @ParameterizedTest
  @MethodSource("scores")
  void sets_lessAlpha_areLarger(ConformalScore score) {
    Random random = new Random(5);
    double[][] rows = new double[HELD_OUT][];
    int[] labels = new int[HELD_OUT];
    int[] label = new int[1];
    for (int n = 0; n < HELD_OUT; n++) {
      rows[n] = draw(random, label);
      labels[n] = label[0];
    }
    for (int n = 0; n < 20; n++) {
      double[] fresh = draw(random, label);
      List<Integer> previous = List.of();
      for (double alpha : new double[] {.9, .5, .2, .1, .02, .01}) {
        List<Integer> set = ConformalClassifier.calibrate(score, rows, labels, alpha).set(fresh, n);
        assertTrue(set.containsAll(previous));
        previous = set;
      }
      assertEquals(CLASSES, previous.size(), "49 inputs promise 0.98 at most");
    }
  }

  @Test
  void randomised_sameSeedAndNumber_isTheSameInWhateverOrder() {
    ConformalScore score = ConformalScore.adaptive().randomized(3);
    assertEquals(score.draw(1, 5), ConformalScore.adaptive().randomized(3).draw(1, 5));
    assertFalse(score.draw(1, 5) == score.draw(1, 6));
    assertFalse(score.draw(1, 5) == score.draw(0, 5));
    assertFalse(score.draw(1, 5) == score.randomized(4).draw(1, 5));
    assertEquals(1, ConformalScore.adaptive().draw(1, 5));
  }

  @Test
  void set_ofSummary_isThatOfItsMean() {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
    moments.add(new float[] {1, 0});
    moments.add(new float[] {.5f, .5f});
    ConformalClassifier conformal =
        ConformalClassifier.calibrate(
            ConformalScore.threshold(), new double[][] {{.75, .25}}, new int[] {0}, .5);
    assertEquals(List.of(0), conformal.set(moments.summary(0)));
    double[] float16 = {.7525, .2525}; // 0.7525 is above 0.75, its share of the sum below
    assertEquals(List.of(), conformal.set(float16), "divided by their sum");
  }

  @Test
  void interval_turnedInsideOut_isItsCentre() {
    ConformalRegressor narrower =
        ConformalRegressor.calibrate(List.of(new Interval(0, 10)), new double[] {6}, .5);
    assertEquals(-4, narrower.margin());
    assertEquals(new Interval(5, 7), narrower.interval(new Interval(1, 11)));
    assertEquals(new Interval(5, 5), narrower.interval(new Interval(1, 9)));
    assertEquals(new Interval(4, 4), narrower.interval(new Interval(1, 7)));
  }

  @Test
  void input_thatCannotBe_isRefused() {
    double[][] rows = {{.5, .5}};
    int[] labels = {0};
    ConformalScore score = ConformalScore.threshold();
    refused(
        "alpha is 0.0; it must be between 0 and 1, both exclusive",
        () -> ConformalClassifier.calibrate(score, rows, labels, 0));
    refused(
        "alpha is NaN; it must be between 0 and 1, both exclusive",
        () -> ConformalRegressor.calibrate(List.of(), new double[0], Double.NaN));
    refused(
        "1 distributions and 2 labels are given; as many of both are needed",
        () -> ConformalClassifier.calibrate(score, rows, new int[2], .1));
    refused(
        "labels is empty; at least one input is needed",
        () -> ConformalClassifier.calibrate(score, new double[0][], new int[0], .1));
    refused(
        "classes is 1; it must be at least 2",
        () -> ConformalClassifier.calibrate(score, new double[][] {{1}}, labels, .1));
    refused(
        "labels[0] is 2; it must be a class, from 0 to 1",
        () -> ConformalClassifier.calibrate(score, rows, new int[] {2}, .1));
    String softmax = "; logits must go through softmax first";
    refused(
        "probabilities[1] is NaN; it must be at least 0" + softmax,
        () -> ConformalClassifier.calibrate(score, new double[][] {{.5, Double.NaN}}, labels, .1));
    refused(
        "probabilities sum to 5.0; they must sum to 1, to within 0.01" + softmax,
        () -> ConformalClassifier.calibrate(score, new double[][] {{2, 3}}, labels, .1));
    refused(
        "3 probabilities are given; 2 are needed, one for each class",
        () -> ConformalClassifier.calibrate(score, rows, labels, .1).set(new double[3]));
    ConformalClassifier random =
        ConformalClassifier.calibrate(ConformalScore.adaptive().randomized(1), rows, labels, .5);
    assertEquals(
        "the score is randomised; call set(probabilities, input) with a number for each input",
        assertThrows(IllegalStateException.class, () -> random.set(rows[0])).getMessage());
    refused("THR is not randomised; choose APS or RAPS", () -> score.randomized(1));
    refused(
        "penalty is NaN and freeClasses 1; both must be at least 0, and finite",
        () -> ConformalScore.regularized(Double.NaN, 1));
    refused(
        "penalty is 0.1 and freeClasses -1; both must be at least 0, and finite",
        () -> ConformalScore.regularized(.1, -1));
    refused(
        "APS has no penalty and no free classes; give 0 for both, or choose RAPS",
        () -> new ConformalScore(Method.APS, .1, 0, OptionalLong.empty()));
    refused(
        "1 intervals and 0 targets are given; as many of both are needed",
        () -> ConformalRegressor.calibrate(List.of(new Interval(0, 1)), new double[0], .1));
    refused(
        "targets is empty; at least one input is needed",
        () -> ConformalRegressor.calibrate(List.of(), new double[0], .1));
    refused(
        "input 0 has Interval[low=0.0, high=1.0] and target NaN; all must be finite",
        () ->
            ConformalRegressor.calibrate(
                List.of(new Interval(0, 1)), new double[] {Double.NaN}, .1));
    Interval endless = new Interval(0, Double.POSITIVE_INFINITY);
    refused(
        "Interval[low=0.0, high=Infinity] is given; its ends must be finite",
        () ->
            ConformalRegressor.calibrate(List.of(new Interval(0, 1)), new double[1], .1)
                .interval(endless));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
