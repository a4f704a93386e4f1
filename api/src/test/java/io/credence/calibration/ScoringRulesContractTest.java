package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws that hold whatever the predictions, and what is refused. */
class ScoringRulesContractTest {

  /** Of sums of a hundred terms in another order. */
  private static final double ROUNDING = 1e-13;

  private static final int INPUTS = 100;

  /** Random predictions of K classes and labels, a function of the seed alone. */
  private static final class Predictions {
    final int classes;
    final double[][] rows = new double[INPUTS][];
    final int[] labels = new int[INPUTS];

    Predictions(long seed) {
      Random random = new Random(seed);
      classes = 2 + random.nextInt(9);
      double sharpness = Math.exp(random.nextGaussian());
      for (int n = 0; n < INPUTS; n++) {
        rows[n] = distribution(random, classes, sharpness);
        labels[n] = random.nextInt(classes);
      }
    }

    ScoringRules rules(int from, int to) {
      ScoringRules rules = ScoringRules.of(classes);
      for (int n = from; n < to; n++) {
        rules.add(rows[n], labels[n]);
      }
      return rules;
    }
  }

  private static double[] distribution(Random random, int classes, double sharpness) {
    double[] row = random.doubles(classes).map(u -> Math.pow(1 - u, sharpness)).toArray();
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    for (int k = 0; k < classes; k++) {
      row[k] /= sum;
    }
    return row;
  }

  private static void assertSame(ScoringRules expected, ScoringRules actual) {
    assertEquals(expected.inputs(), actual.inputs());
    assertEquals(expected.errorRate(), actual.errorRate());
    assertEquals(expected.negativeLogLikelihood(), actual.negativeLogLikelihood(), ROUNDING * 10);
    assertEquals(expected.brierScore(), actual.brierScore(), ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void scores_ofAnything_areInRange(long seed) {
    ScoringRules rules = new Predictions(seed).rules(0, INPUTS);
    assertTrue(0 <= rules.errorRate() && rules.errorRate() <= 1);
    assertTrue(0 <= rules.brierScore() && rules.brierScore() <= 2);
    // A label that is not the predicted class has at most half of the probability.
    assertTrue(rules.negativeLogLikelihood() >= rules.errorRate() * Math.log(2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void merge_ofParts_isTheWhole(long seed) {
    Predictions predictions = new Predictions(seed);
    ScoringRules whole = predictions.rules(0, INPUTS);
    for (int cut : new int[] {0, 1, 37, INPUTS}) {
      ScoringRules first = predictions.rules(0, cut);
      ScoringRules second = predictions.rules(cut, INPUTS);
      first.merge(second);
      assertSame(whole, first);
      assertEquals(INPUTS - cut, second.inputs(), "the other is unchanged");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void order_ofInputs_doesNotMatter(long seed) {
    Predictions predictions = new Predictions(seed);
    ScoringRules backwards = ScoringRules.of(predictions.classes);
    for (int n = INPUTS - 1; n >= 0; n--) {
      backwards.add(predictions.rows[n], predictions.labels[n]);
    }
    assertSame(predictions.rules(0, INPUTS), backwards);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void expectation_underTheTruth_isLeastForTheTruth(long seed) {
    Random random = new Random(seed);
    int classes = 2 + random.nextInt(9);
    double[] truth = distribution(random, classes, 1);
    double[] other = distribution(random, classes, 1);
    ScoringRules[] told = new ScoringRules[classes];
    ScoringRules[] others = new ScoringRules[classes];
    double[] gain = new double[3];
    for (int k = 0; k < classes; k++) {
      told[k] = ScoringRules.of(classes);
      told[k].add(truth, k);
      others[k] = ScoringRules.of(classes);
      others[k].add(other, k);
      gain[0] += truth[k] * (others[k].errorRate() - told[k].errorRate());
      gain[1] += truth[k] * (others[k].negativeLogLikelihood() - told[k].negativeLogLikelihood());
      gain[2] += truth[k] * (others[k].brierScore() - told[k].brierScore());
    }
    assertTrue(gain[0] >= -1e-15, "proper");
    assertTrue(gain[1] > 0, "strictly proper");
    double distance = 0;
    for (int k = 0; k < classes; k++) {
      distance += (truth[k] - other[k]) * (truth[k] - other[k]);
    }
    assertEquals(distance, gain[2], 1e-14, "strictly proper, by the squared distance");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 1000})
  void scores_uniform_areLnKAndOneLessOneKth(int classes) {
    double[] row = new double[classes];
    java.util.Arrays.fill(row, 1.0 / classes);
    ScoringRules rules = ScoringRules.of(classes);
    rules.add(row, 0);
    rules.add(row, classes - 1);
    rules.add(row, 0);
    assertEquals(1.0 / 3, rules.errorRate(), "a tie goes to the lowest class");
    assertEquals(Math.log(classes), rules.negativeLogLikelihood(), 1e-14);
    assertEquals(1 - 1.0 / classes, rules.brierScore(), ROUNDING);
  }

  @Test
  void scores_twoClasses_brierIsTwiceTheSquaredMiss() {
    ScoringRules rules = ScoringRules.of(2);
    rules.add(new double[] {.75, .25}, 1);
    assertEquals(2 * .75 * .75, rules.brierScore());
    assertEquals(1, rules.errorRate());
    assertEquals(Math.log(4), rules.negativeLogLikelihood(), 1e-15);
  }

  @Test
  void scores_certainAndRight_arePositiveZero() {
    ScoringRules rules = ScoringRules.of(2);
    rules.add(new double[] {1, -0.0}, 0);
    assertEquals(0.0, rules.errorRate());
    assertEquals(0.0, rules.negativeLogLikelihood());
    assertEquals(0.0, rules.brierScore());
  }

  @Test
  void negativeLogLikelihood_labelOfProbabilityZero_isInfiniteForGood() {
    ScoringRules rules = ScoringRules.of(2);
    rules.add(new double[] {1, 0}, 1);
    rules.add(new double[] {.5, .5}, 1);
    ScoringRules merged = ScoringRules.of(2);
    merged.merge(rules);
    merged.merge(rules);
    assertEquals(Double.POSITIVE_INFINITY, rules.negativeLogLikelihood());
    assertEquals(Double.POSITIVE_INFINITY, merged.negativeLogLikelihood());
    assertEquals(1, rules.errorRate());
    assertEquals(1.25, rules.brierScore());
  }

  @Test
  void add_summary_isItsMeanProbabilities() {
    ClassificationMoments moments = ClassificationMoments.of(1, 3, OutputKind.PROBABILITIES);
    moments.add(new float[] {.5f, .25f, .25f});
    moments.add(new float[] {0, .75f, .25f});
    ClassificationSummary summary = moments.summary(0);
    ScoringRules ofSummary = ScoringRules.of(3);
    ofSummary.add(summary, 2);
    ScoringRules ofMeans = ScoringRules.of(3);
    ofMeans.add(new double[] {.25, .5, .25}, 2);
    assertEquals(ofMeans.negativeLogLikelihood(), ofSummary.negativeLogLikelihood());
    assertEquals(ofMeans.brierScore(), ofSummary.brierScore());
    assertEquals(.0625 + .25 + .5625, ofSummary.brierScore());
    assertEquals(1, ofSummary.errorRate());
    assertEquals(3, ofSummary.classes());
  }

  @Test
  void add_probabilities_areNotChanged() {
    double[] row = {.5, .496};
    ScoringRules.of(2).add(row, 0);
    assertArrayEquals(new double[] {.5, .496}, row);
  }

  @Test
  void scores_noInput_areRefused() {
    ScoringRules none = ScoringRules.of(2);
    String expected = "no input was added yet; call add first";
    assertEquals(0, none.inputs());
    assertEquals(expected, assertThrows(IllegalStateException.class, none::errorRate).getMessage());
    assertEquals(
        expected,
        assertThrows(IllegalStateException.class, none::negativeLogLikelihood).getMessage());
    assertEquals(
        expected, assertThrows(IllegalStateException.class, none::brierScore).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -3})
  void of_fewerThanTwoClasses_isRefused(int classes) {
    assertEquals(
        "classes is " + classes + "; it must be at least 2",
        assertThrows(IllegalArgumentException.class, () -> ScoringRules.of(classes)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"-1", "3", "2147483647"})
  void add_labelOutOfRange_isRefused(int label) {
    assertEquals(
        "label is " + label + "; it must be a class, from 0 to 2", refusal(label, .2, .3, .5));
  }

  @Test
  void add_anythingButADistribution_isRefused() {
    assertEquals("2 probabilities are given; 3 are needed, one for each class", refusal(0, .5, .5));
    assertEquals(
        "probabilities[1] is NaN; it must be at least 0; logits must go through softmax first",
        refusal(0, .5, Double.NaN, .5));
    assertEquals(
        "probabilities[2] is -0.25; it must be at least 0; logits must go through softmax first",
        refusal(0, 1, .25, -.25));
    assertEquals(
        "probabilities sum to 1.5; they must sum to 1, to within 0.01; logits must go through"
            + " softmax first",
        refusal(0, .5, .5, .5));
    assertTrue(refusal(0, 0, 0, Double.POSITIVE_INFINITY).startsWith("probabilities sum to Inf"));
    assertTrue(refusal(0, 0, 0, 0).startsWith("probabilities sum to 0.0; "));
  }

  /** The message, after which nothing must have been added. */
  private static String refusal(int label, double... probabilities) {
    ScoringRules rules = ScoringRules.of(3);
    String message =
        assertThrows(IllegalArgumentException.class, () -> rules.add(probabilities, label))
            .getMessage();
    assertEquals(0, rules.inputs());
    return message;
  }

  @Test
  void merge_ofOtherClasses_isRefused() {
    ScoringRules three = ScoringRules.of(3);
    assertEquals(
        "scoring rules of 2 classes do not merge into those of 3; make both with the same of(..)",
        assertThrows(IllegalArgumentException.class, () -> three.merge(ScoringRules.of(2)))
            .getMessage());
  }
}
