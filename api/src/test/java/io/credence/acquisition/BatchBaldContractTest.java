package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.acquisition.BatchBald.Pick;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of information, and what is refused. */
class BatchBaldContractTest {

  private static double bald(double[][] distributions) {
    return new BatchBald(10_000, 0).pick(new double[][][] {distributions}, 1).get(0).gain();
  }

  private static double sum(List<Pick> picks) {
    return picks.stream().mapToDouble(Pick::gain).sum();
  }

  private static List<Integer> indices(List<Pick> picks) {
    return picks.stream().map(Pick::candidate).toList();
  }

  /** Summed over, and drawn for all but the first picks. */
  @ParameterizedTest
  @ValueSource(ints = {100_000, 40})
  void information_ofABatch_isAtMostTheSumOfTheInputs(int configurations) {
    Random random = new Random(20261213);
    for (int repetition = 0; repetition < 20; repetition++) {
      double[][][] all = RandomNetworks.independent(random, 8, 7, 3);
      double[] bald = Arrays.stream(all).mapToDouble(BatchBaldContractTest::bald).toArray();
      List<Pick> picks = new BatchBald(configurations, repetition).pick(all, 5);
      int best = IntStream.range(0, 8).reduce((a, b) -> bald[b] > bald[a] ? b : a).orElseThrow();
      assertEquals(best, picks.get(0).candidate(), "the first pick has the largest BALD");
      assertEquals(bald[best], picks.get(0).gain(), 1e-13);
      assertTrue(sum(picks) <= picks.stream().mapToDouble(p -> bald[p.candidate()]).sum());
      assertTrue(sum(picks) <= Math.log(7) + (configurations == 40 ? .2 : 1e-12));
      assertEquals(5, indices(picks).stream().distinct().count());
    }
  }

  /** Exact gains fall from pick to pick: information is submodular. */
  @Test
  void gains_whereSummedOver_fall() {
    Random random = new Random(20261214);
    for (int repetition = 0; repetition < 20; repetition++) {
      List<Pick> picks = new BatchBald(10_000, 0).pick(RandomNetworks.related(random, 10, 9, 3), 7);
      for (int i = 1; i < picks.size(); i++) {
        assertTrue(picks.get(i).gain() <= picks.get(i - 1).gain() + 1e-12);
        assertTrue(picks.get(i).gain() >= 0);
      }
    }
  }

  /** Networks are pairs (a, b): one input depends on a alone, the other on b alone. */
  @Test
  void information_ofInputsOfIndependentParts_isTheSum() {
    double[][] first = new double[6][];
    double[][] second = new double[6][];
    double[][] ofA = {{.9, .1}, {.2, .8}};
    double[][] ofB = {{.7, .3}, {.5, .5}, {.05, .95}};
    for (int t = 0; t < 6; t++) {
      first[t] = ofA[t % 2];
      second[t] = ofB[t / 2];
    }
    List<Pick> picks = new BatchBald(100, 0).pick(new double[][][] {first, second}, 2);
    assertEquals(bald(first) + bald(second), sum(picks), 1e-14);
  }

  @Test
  void gain_ofADuplicate_isLessThanItsBald() {
    Random random = new Random(20261215);
    for (int repetition = 0; repetition < 20; repetition++) {
      double[][] one = RandomNetworks.independent(random, 1, 7, 3)[0];
      List<Pick> picks = new BatchBald(10_000, 0).pick(new double[][][] {one, one}, 2);
      assertEquals(List.of(0, 1), indices(picks));
      assertEquals(bald(one), picks.get(0).gain());
      assertTrue(picks.get(1).gain() < .95 * bald(one));
      assertTrue(picks.get(1).gain() > 0);
    }
  }

  /** Answers without noise: seen once, a duplicate tells nothing, to the last digit. */
  @Test
  void gain_ofADuplicateOfCertainAnswers_isZero() {
    double[][] one = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 1, 0}};
    double[][] other = {{.5, .5, 0}, {.5, .5, 0}, {.5, .5, 0}, {.5, .4, .1}};
    List<Pick> picks = new BatchBald(100, 0).pick(new double[][][] {one, one, other}, 3);
    assertEquals(List.of(0, 2, 1), indices(picks));
    assertEquals(0, picks.get(2).gain());
  }

  /** Without a bound, by evaluating every candidate under every configuration. */
  private static List<Pick> withoutBound(
      double[][][] all, int labels, int configurations, long seed) {
    int passes = all[0].length;
    int classes = all[0][0].length;
    List<double[]> rows =
        IntStream.range(0, all.length)
            .mapToObj(n -> BatchBald.flatten("candidate", all[n], passes, classes))
            .toList();
    Configurations known = Configurations.ofNone(passes, classes, 1);
    SplittableRandom random = new SplittableRandom(seed);
    boolean exact = true;
    List<Pick> picks = new ArrayList<>();
    while (picks.size() < labels) {
      Pick best = new Pick(-1, -1);
      for (int n = 0; n < all.length; n++) {
        double gain = known.gain(rows.get(n));
        best = !indices(picks).contains(n) && gain > best.gain() ? new Pick(n, gain) : best;
      }
      picks.add(best);
      int from = picks.size() - 1;
      if (exact && known.size() * classes > configurations) {
        exact = false;
        from = 0;
        known = Configurations.ofNone(passes, classes, configurations / passes * passes);
      }
      for (Pick each : picks.subList(from, picks.size())) {
        double[] p = rows.get(each.candidate());
        known = exact ? known.extend(p) : known.draw(random, p);
      }
    }
    return picks;
  }

  /**
   * Of each input 20 copies: where the best is not that of the highest bound, many are before it.
   */
  @ParameterizedTest
  @ValueSource(ints = {5000, 305})
  void picks_withABound_areThoseOfAll(int configurations) {
    Random random = new Random(20261216);
    for (int repetition = 0; repetition < 4; repetition++) {
      double[][][] distinct =
          repetition < 1
              ? RandomNetworks.related(random, 30, 10, 4)
              : RandomNetworks.independent(random, 30, 10, 4);
      double[][][] all =
          IntStream.range(0, 600).mapToObj(n -> distinct[n % 30]).toArray(double[][][]::new);
      assertEquals(
          withoutBound(all, 12, configurations, repetition),
          new BatchBald(configurations, repetition).pick(all, 12));
    }
  }

  @Test
  void bound_ofAnyInput_isNotBelowItsGain() {
    Random random = new Random(20261217);
    double[][][] all = RandomNetworks.related(random, 30, 12, 3);
    Configurations known = Configurations.ofNone(12, 3, 600);
    for (int n = 0; n < 5; n++) {
      known = known.draw(new SplittableRandom(n), BatchBald.flatten("", all[n], 12, 3));
    }
    Configurations coarse = known.coarsen();
    assertTrue(coarse.size() > 12 && coarse.size() < 200, "groups: " + coarse.size());
    for (double[][] each : all) {
      double[] p = BatchBald.flatten("", each, 12, 3);
      assertTrue(coarse.gain(p) >= known.gain(p) - 1e-14);
      assertTrue(coarse.gain(p) <= 2 * known.gain(p), "a bound of some use");
    }
  }

  @Test
  void picks_ofTheSameSeed_dependOnNothingElse() throws InterruptedException, ExecutionException {
    double[][][] all = RandomNetworks.related(new Random(20261218), 40, 10, 4);
    Supplier<List<Pick>> call = () -> new BatchBald(200, 5).pick(all, 12);
    List<Pick> picks = call.get();
    assertEquals(picks, new ForkJoinPool(1).submit(call::get).get());
    assertEquals(picks, new ForkJoinPool(7).submit(call::get).get());
    assertTrue(!picks.equals(new BatchBald(200, 6).pick(all, 12)));
    assertEquals(picks.subList(0, 4), new BatchBald(200, 5).pick(all, 4));
    assertEquals(new BatchBald(10_000, 5), BatchBald.of(5));
  }

  /** The posterior of a hundred inputs is around 1e-100 before it is divided by its sum. */
  @Test
  void gains_ofLargeBatches_stayFinite() {
    double[][][] all = RandomNetworks.independent(new Random(20261219), 150, 8, 10);
    List<Pick> picks = new BatchBald(80, 1).pick(all, 150);
    assertEquals(150, indices(picks).stream().distinct().count());
    picks.forEach(pick -> assertTrue(pick.gain() >= 0 && pick.gain() < 3, pick::toString));
    assertEquals(Math.log(8), sum(picks), .2, "eight networks are told apart");
  }

  @Test
  void arguments_thatCannotBe_areRefused() {
    double[][][] one = {{{.5, .5}, {1, 0}}};
    BatchBald bald = BatchBald.of(1);
    refused("configurations is 0; it must be at least 1, such as 10000", () -> new BatchBald(0, 1));
    refused(
        "configurations is 1 for 2 passes; it must be at least their number, and at most 1073741823",
        () -> new BatchBald(1, 1).pick(one, 1));
    refused(
        "configurations is 1073741824 for 2 passes; it must be at least their number, and at most"
            + " 1073741823",
        () -> new BatchBald(1 << 30, 1).pick(one, 1));
    refused("labels is 0; it must be at least 1", () -> bald.pick(one, 0));
    refused("there is no candidate; give at least one", () -> bald.pick(new double[0][][], 1));
    String softmax = "; logits must go through softmax first";
    refused(
        "candidate 0, pass 1 has probability NaN; it must be at least 0" + softmax,
        () -> bald.pick(new double[][][] {{{1, 0}, {1, Double.NaN}}}, 1));
    refused(
        "candidate 0, pass 0 has probability -1.0; it must be at least 0" + softmax,
        () -> bald.pick(new double[][][] {{{2, -1}}}, 1));
    refused(
        "candidate 0, pass 0 sums to 5.0; probabilities sum to 1, to within 0.01" + softmax,
        () -> bald.pick(new double[][][] {{{2, 3}}}, 1));
    String differs =
        "candidate 1 does not have 2 passes of 2 classes, as the first has; all must be samples of"
            + " the same networks";
    refused(differs, () -> bald.pick(new double[][][] {one[0], {{1, 0}}}, 1));
    refused(differs, () -> bald.pick(new double[][][] {one[0], {{1, 0}, {1, 0, 0}}}, 1));
    refused(
        "candidate 0 has 0 passes of 0 classes; at least 1 pass of 2 classes is needed",
        () -> bald.pick(new double[][][] {{}}, 1));
    refused(
        "candidate 0 has 1 passes of 1 classes; at least 1 pass of 2 classes is needed",
        () -> bald.pick(new double[][][] {{{1}}}, 1));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
