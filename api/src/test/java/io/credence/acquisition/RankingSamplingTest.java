package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/**
 * Noise of ids, and batches drawn by it, follow the distributions they are said to. All seeds are
 * fixed; of fresh ones each test would falsely fail with a probability of 1e-6 at most.
 */
class RankingSamplingTest {

  private static final double FALSE_FAILURE = 1e-6;
  private static final int DRAWS = 40_000;
  private static final double[] SCORES = {.05, .1, .2, .3, .35};
  private static final double COLDNESS = 2;

  /**
   * Batches of two in the order drawn: p_i p_j / (1 − p_i), with the probabilities of the paper.
   */
  private static void checkBatches(Strategy strategy, double... weights) {
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    Map<String, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < DRAWS; seed++) {
      Acquisition acquisition =
          Acquisition.of(strategy, 2).withSeed(seed).withColdness(COLDNESS).withCandidates(5);
      TopK<Void> candidates = acquisition.newCandidates();
      for (int i = 0; i < SCORES.length; i++) {
        candidates.offer(String.valueOf(i), SCORES[i]);
      }
      List<Candidate<Void>> batch = acquisition.choose(candidates);
      assertEquals(2, batch.size());
      assertTrue(batch.get(0).key() > batch.get(1).key());
      counts.merge(batch.get(0).id() + batch.get(1).id(), 1, Integer::sum);
    }
    double[] expected = new double[20];
    long[] observed = new long[20];
    int pair = 0;
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        if (i != j) {
          double p = weights[i] / sum * weights[j] / (sum - weights[i]);
          expected[pair] = DRAWS * p;
          observed[pair++] = counts.getOrDefault("" + i + j, 0);
        }
      }
    }
    double p = new ChiSquareTest().chiSquareTest(expected, observed);
    assertTrue(p > FALSE_FAILURE, () -> strategy + " has p = " + p);
  }

  private interface Weight {
    double of(double score, int rank);
  }

  private static double[] weights(Weight weight) {
    double[] weights = new double[SCORES.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight.of(SCORES[i], SCORES.length - i);
    }
    return weights;
  }

  @Test
  void powerBald_drawsByPowersOfTheScore() {
    checkBatches(Strategy.POWERBALD, weights((score, rank) -> Math.pow(score, COLDNESS)));
  }

  @Test
  void softmaxBald_drawsByExponentials() {
    checkBatches(Strategy.SOFTMAX_BALD, weights((score, rank) -> Math.exp(COLDNESS * score)));
  }

  @Test
  void softrankBald_drawsByPowersOfTheRank() {
    checkBatches(Strategy.SOFTRANK_BALD, weights((score, rank) -> Math.pow(rank, -COLDNESS)));
  }

  @Test
  void random_drawsEachAlike() {
    checkBatches(Strategy.RANDOM, weights((score, rank) -> 1));
  }

  /** Kolmogorov–Smirnov over ids that differ little, of one seed and of many. */
  @Test
  void uniform_ofConsecutiveIdsOrSeeds_isUniform() {
    int n = 5000;
    double[] ofIds = new double[n];
    double[] ofSeeds = new double[n];
    for (int i = 0; i < n; i++) {
      ofIds[i] = Ranking.uniform(3, "img/" + i + ".png");
      ofSeeds[i] = Ranking.uniform(i, "img/0.png");
    }
    for (double[] numbers : List.of(ofIds, ofSeeds)) {
      double p =
          new KolmogorovSmirnovTest()
              .kolmogorovSmirnovTest(new UniformRealDistribution(0, 1), numbers);
      assertTrue(p > FALSE_FAILURE, "p = " + p);
    }
  }

  @Test
  void uniform_ofDifferentIds_differs() {
    Set<Double> seen = new HashSet<>();
    for (String id : List.of("", "a", "b", "ab", "ba", "aa", "a\0", "\0a", "\0", "\0\0", "aab")) {
      assertTrue(seen.add(Ranking.uniform(1, id)), id);
      assertTrue(seen.add(Ranking.uniform(2, id)), id);
    }
    assertEquals(Ranking.uniform(1, "a"), Ranking.uniform(1, "a"));
  }

  /** Batches of the same seed are the same on every machine and in every version. */
  @Test
  void uniform_ofTheSameSeedAndId_neverChanges() {
    assertEquals(UNIFORM_OF_SEED_1_ROW_7, Ranking.uniform(1, "row-7"));
    assertEquals(-Math.log(-Math.log(UNIFORM_OF_SEED_1_ROW_7)), Ranking.gumbel(1, "row-7"));
  }

  private static final double UNIFORM_OF_SEED_1_ROW_7 = 0.021772672514243585;
}
