package io.credence.decision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfDistributionTest {

  private static final double[] NONE = {};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void auroc_randomScoresWithTies_equalsPairCounting(long seed) {
    Random random = new Random(seed);
    double[] in = scores(random, 1 + random.nextInt(60));
    double[] out = scores(random, 1 + random.nextInt(60));
    assertEquals(pairCount(in, out), OutOfDistribution.auroc(in, out), 1e-14);
    assertEquals(1 - pairCount(in, out), OutOfDistribution.auroc(out, in), 1e-14);
  }

  @Test
  void auroc_scipyExample_isTheMannWhitneyStatisticPerPair() {
    // python3 -c "from scipy.stats import mannwhitneyu as u
    // print(u([.4, .9, 1.2, .3, 2.5], [.1, .4, .4, .7, 1.2, .05, .4]).statistic / 35)"
    // with scipy 1.17.1; 25 of 35 pairs, so float64 holds it to an ulp.
    double[] in = {.1, .4, .4, .7, 1.2, .05, .4};
    double[] out = {.4, .9, 1.2, .3, 2.5};
    assertEquals(0.7142857142857143, OutOfDistribution.auroc(in, out), 1e-15);
  }

  @Test
  void auroc_everyOutlierHigher_isOne() {
    assertEquals(1.0, OutOfDistribution.auroc(new double[] {2, 1}, new double[] {5, 3, 4}));
  }

  @Test
  void auroc_everyOutlierLower_isZero() {
    assertEquals(0.0, OutOfDistribution.auroc(new double[] {5, 3, 4}, new double[] {2, 1}));
  }

  @Test
  void auroc_allTied_isOneHalf() {
    assertEquals(0.5, OutOfDistribution.auroc(new double[] {1, 1, 1}, new double[] {1, 1}));
  }

  @Test
  void auroc_zerosOfBothSigns_areTied() {
    assertEquals(0.5, OutOfDistribution.auroc(new double[] {-0.0}, new double[] {0.0}));
    assertEquals(0.5, OutOfDistribution.auroc(new double[] {0.0}, new double[] {-0.0}));
  }

  @Test
  void auroc_infiniteScores_areOrderedLikeOthers() {
    double infinity = Double.POSITIVE_INFINITY;
    double[] in = {infinity, 1};
    double[] out = {infinity, -infinity};
    assertEquals(pairCount(in, out), OutOfDistribution.auroc(in, out));
  }

  @Test
  void auroc_moreThanTwoBillionPairs_doesNotOverflow() {
    double[] in = new Random(1).doubles(50_000).toArray();
    double[] out = new Random(2).doubles(50_000).map(u -> 1 + u).toArray();
    assertEquals(1.0, OutOfDistribution.auroc(in, out));
  }

  @Test
  void auroc_arguments_areNotChanged() {
    double[] in = {3, -0.0, 1};
    double[] out = {2, 5, 4};
    double auroc = OutOfDistribution.auroc(in, out);
    assertArrayEquals(new double[] {3, -0.0, 1}, in);
    assertArrayEquals(new double[] {2, 5, 4}, out);
    assertEquals(8.0 / 9, auroc, 1e-15);
  }

  @Test
  void auroc_empty_isRefused() {
    assertEquals(
        "inDistribution is empty; at least one score is needed", refusal(NONE, new double[1]));
    assertEquals(
        "outOfDistribution is empty; at least one score is needed", refusal(new double[1], NONE));
  }

  @Test
  void auroc_nan_isRefused() {
    double[] nan = {1, Double.NaN};
    assertEquals("inDistribution[1] is NaN; scores must be numbers", refusal(nan, new double[1]));
    assertEquals(
        "outOfDistribution[1] is NaN; scores must be numbers", refusal(new double[1], nan));
  }

  private static String refusal(double[] in, double[] out) {
    return assertThrows(IllegalArgumentException.class, () -> OutOfDistribution.auroc(in, out))
        .getMessage();
  }

  /** Eleven distinct values, so that most scores have ties. */
  private static double[] scores(Random random, int length) {
    return random.ints(length, -5, 6).mapToDouble(i -> i / 3.0).toArray();
  }

  private static double pairCount(double[] in, double[] out) {
    double wins = 0;
    for (double o : out) {
      for (double i : in) {
        wins += o > i ? 1 : o == i ? 0.5 : 0;
      }
    }
    return wins / ((double) in.length * out.length);
  }
}
