package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.acquisition.BatchBald.Pick;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Gains under configurations that are drawn come nearer to those under all the more are drawn. */
class BatchBaldSamplingTest {

  private static final int PASSES = 10;
  private static final int CLASSES = 3;
  private static final int PICKED = 5;
  private static final int REPETITIONS = 200;

  private final double[][][] all =
      RandomNetworks.independent(new Random(20261220), PICKED + 3, PASSES, CLASSES);

  private double[] row(int n) {
    return BatchBald.flatten("", all[n], PASSES, CLASSES);
  }

  private Configurations drawn(int configurations, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Configurations known = Configurations.ofNone(PASSES, CLASSES, configurations);
    for (int n = 0; n < PICKED; n++) {
      known = known.draw(random, row(n));
    }
    return known;
  }

  /**
   * Of each of three inputs, over 200 seeds: the mean is that of all configurations to 5 standard
   * errors (falsely failing with a probability below 1e-5), and the error falls as 1/√M, so by 10
   * from M = 30 to M = 3,000; a ratio outside 7 to 14 of 200 draws each would be 5 standard
   * deviations off.
   */
  @Test
  void gains_ofMoreConfigurations_comeNearerToThoseOfAll() {
    Configurations exact = Configurations.ofNone(PASSES, CLASSES, 1);
    for (int n = 0; n < PICKED; n++) {
      exact = exact.extend(row(n));
    }
    assertEquals(243, exact.size());
    for (int n = PICKED; n < all.length; n++) {
      double expected = exact.gain(row(n));
      double few = error(n, expected, 30);
      double many = error(n, expected, 3000);
      assertTrue(many < few / 7 && many > few / 14, few + " and " + many);
      assertTrue(many < .02 * expected, many + " of " + expected);
    }
  }

  private double error(int n, double expected, int configurations) {
    double sum = 0;
    double squares = 0;
    for (int seed = 0; seed < REPETITIONS; seed++) {
      double difference = drawn(configurations, 1000L + seed).gain(row(n)) - expected;
      sum += difference;
      squares += difference * difference;
    }
    double error = Math.sqrt(squares / REPETITIONS);
    assertEquals(0, sum / REPETITIONS, 5 * error / Math.sqrt(REPETITIONS), "bias");
    return error;
  }

  /** Seven inputs of 5 classes, the last two picked under 2,000 drawn configurations of 15,625. */
  @Test
  void picks_ofManyConfigurations_areThoseOfAll() {
    double[][][] many = RandomNetworks.related(new Random(20261221), 30, PASSES, 5);
    List<Pick> exact = new BatchBald(20_000, 0).pick(many, 7);
    List<Pick> drawn = new BatchBald(2000, 0).pick(many, 7);
    for (int i = 0; i < 7; i++) {
      assertEquals(exact.get(i).candidate(), drawn.get(i).candidate());
      assertEquals(exact.get(i).gain(), drawn.get(i).gain(), i < 5 ? 0 : .03 * exact.get(i).gain());
    }
    assertNotEquals(exact.get(5).gain(), drawn.get(5).gain());
  }
}
