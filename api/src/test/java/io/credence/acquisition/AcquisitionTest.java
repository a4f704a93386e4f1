package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.acquisition.BatchBald.Pick;
import io.credence.statistics.SampleArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.ndarray.Shape;

/** From a pool to a batch, by every strategy. */
class AcquisitionTest {

  private static final int PASSES = 10;
  private static final int CLASSES = 4;
  private static final int COPIES = 8;

  /** The raw outputs of one input, as a pool keeps them. */
  private static SampleArray samples(double[][] distributions) {
    float[] outputs = new float[PASSES * CLASSES];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = (float) Math.log(distributions[i / CLASSES][i % CLASSES]);
    }
    return SampleArray.of(outputs, Shape.of(PASSES, 1, CLASSES));
  }

  private static double[][] distributions(SampleArray samples) {
    return samples.probabilities(OutputKind.LOGITS);
  }

  /** 15 inputs, eight times each: row-7-of-3 is the seventh copy of the third. */
  private static TopK<SampleArray> pool(Acquisition acquisition, long order) {
    double[][][] all = RandomNetworks.related(new Random(20261222), 15, PASSES, CLASSES);
    List<Integer> rows = new ArrayList<>(IntStream.range(0, all.length * COPIES).boxed().toList());
    Collections.shuffle(rows, new Random(order));
    TopK<SampleArray> candidates = acquisition.newCandidates();
    for (int row : rows) {
      SampleArray samples = samples(all[row / COPIES]);
      double score =
          acquisition.strategy().score(samples.classify(OutputKind.LOGITS, 0).summary(0));
      candidates.offer("row-" + row % COPIES + "-of-" + row / COPIES, score, () -> samples);
    }
    return candidates;
  }

  private static long distinct(List<? extends Candidate<?>> batch) {
    return batch.stream().map(each -> each.id().split("-of-", -1)[1]).distinct().count();
  }

  private static List<Candidate<SampleArray>> batch(Strategy strategy) {
    Acquisition acquisition = Acquisition.of(strategy, 10).withSeed(3);
    return acquisition.choose(pool(acquisition, 1), AcquisitionTest::distributions);
  }

  /** Ten labels: the highest BALD are copies of two inputs, BatchBALD takes six inputs at least. */
  @Test
  void batchBald_ofAPoolOfCopies_takesFewerOfThemThanBald() {
    assertEquals(2, distinct(batch(Strategy.BALD)));
    assertTrue(distinct(batch(Strategy.BATCHBALD)) >= 6);
    assertTrue(distinct(batch(Strategy.POWERBALD)) >= 5);
  }

  @ParameterizedTest
  @EnumSource(value = Strategy.class, mode = EnumSource.Mode.EXCLUDE, names = "EPISTEMIC_VARIANCE")
  void choose_inWhateverOrderThePoolComes_isTheSame(Strategy strategy) {
    Acquisition acquisition = Acquisition.of(strategy, 10).withCandidates(40).withSeed(5);
    List<String> ids = ids(acquisition, 1);
    assertEquals(10, ids.stream().distinct().count());
    assertEquals(ids, ids(acquisition, 2));
    boolean drawn =
        List.of(Strategy.RANDOM, Strategy.POWERBALD, Strategy.SOFTMAX_BALD, Strategy.SOFTRANK_BALD)
            .contains(strategy);
    assertEquals(drawn, !ids.equals(ids(acquisition.withSeed(6), 1)));
  }

  private static List<String> ids(Acquisition acquisition, long order) {
    return acquisition.choose(pool(acquisition, order), AcquisitionTest::distributions).stream()
        .map(Candidate::id)
        .toList();
  }

  @Test
  void batchBald_ofCandidates_isThatOfTheirDistributions() {
    Acquisition acquisition =
        new Acquisition(Strategy.BATCHBALD, 10, 30, 9, 1, 500); // drawn from the fifth on
    TopK<SampleArray> candidates = pool(acquisition, 1);
    List<Candidate<SampleArray>> best = candidates.best();
    assertEquals(30, best.size());
    double[][][] distributions =
        best.stream().map(c -> distributions(c.payload().orElseThrow())).toArray(double[][][]::new);
    List<Pick> picks = new BatchBald(500, 9).pick(distributions, 10);
    List<Candidate<SampleArray>> batch =
        acquisition.choose(candidates, AcquisitionTest::distributions);
    for (int i = 0; i < 10; i++) {
      assertEquals(best.get(picks.get(i).candidate()).id(), batch.get(i).id());
      assertEquals(picks.get(i).gain(), batch.get(i).key());
    }
    assertEquals(batch.get(0).score(), batch.get(0).key(), 1e-7, "of the first the gain is BALD");
    assertEquals(best.get(0).id(), batch.get(0).id());
    assertTrue(batch.get(9).key() < batch.get(9).score());
  }

  /** β so large that noise counts for nothing: the ranks decide. */
  @Test
  void softrankBald_cold_isBald() {
    Acquisition acquisition = Acquisition.of(Strategy.SOFTRANK_BALD, 10).withColdness(1e9);
    Acquisition bald = Acquisition.of(Strategy.BALD, 10);
    assertEquals(ids(bald, 1), ids(acquisition, 1));
    assertEquals(ids(bald, 1), ids(acquisition.withCandidates(10), 1));
  }

  @Test
  void choose_ofASmallPool_isAllOfIt() {
    for (Strategy strategy : Strategy.values()) {
      Acquisition acquisition = Acquisition.of(strategy, 5);
      TopK<double[][]> candidates = acquisition.newCandidates();
      assertEquals(List.of(), acquisition.choose(candidates, p -> p));
      candidates.offer("b", .1, () -> new double[][] {{.5, .5}, {.6, .4}});
      candidates.offer("a", .2, () -> new double[][] {{.1, .9}, {.9, .1}});
      assertEquals(
          List.of("a", "b"),
          acquisition.choose(candidates, p -> p).stream().map(Candidate::id).sorted().toList());
    }
  }

  @Test
  void settings_haveTheirDefaults() {
    assertEquals(
        new Acquisition(Strategy.BALD, 10, 1000, 0, 1, 10_000), Acquisition.of(Strategy.BALD, 10));
    assertEquals(2000, Acquisition.of(Strategy.BALD, 2000).candidates());
    assertEquals(
        new Acquisition(Strategy.BALD, 10, 20, 3, 4, 5),
        Acquisition.of(Strategy.BALD, 10)
            .withCandidates(20)
            .withSeed(3)
            .withColdness(4)
            .withConfigurations(5));
    for (Strategy each : Strategy.values()) {
      assertEquals(
          each.needsCandidates() ? 20 : 10,
          Acquisition.of(each, 10).withCandidates(20).newCandidates().capacity());
    }
  }

  @Test
  void arguments_thatCannotBe_areRefused() {
    Acquisition acquisition = Acquisition.of(Strategy.BATCHBALD, 10);
    refused("labels is 0; it must be at least 1", () -> Acquisition.of(Strategy.BALD, 0));
    refused(
        "candidates is 9; it must be at least the number of labels, 10, to choose among them",
        () -> acquisition.withCandidates(9));
    for (double coldness : new double[] {0, -1, Double.NaN, 1 / 0.0}) {
      refused(
          "coldness is "
              + coldness
              + "; it must be above 0 and finite; choose random instead of 0, bald instead of"
              + " infinity",
          () -> acquisition.withColdness(coldness));
    }
    refused(
        "configurations is 0; it must be at least 1, such as 10000",
        () -> acquisition.withConfigurations(0));
    TopK<double[][]> candidates = acquisition.newCandidates();
    refused(
        "batchbald needs the samples of each candidate; keep them as payload, and call choose(kept,"
            + " distributions)",
        () -> acquisition.choose(candidates));
    refused(
        "candidates were kept by top 1000 by score, but powerbald needs top 10 by power, seed 0,"
            + " coldness 1.0; offer the pool to what newCandidates() of these settings gives",
        () -> Acquisition.of(Strategy.POWERBALD, 10).choose(candidates));
    refused(
        "candidates were kept by top 1000 by score, but batchbald needs top 50 by score; offer the"
            + " pool to what newCandidates() of these settings gives",
        () -> acquisition.withCandidates(50).choose(candidates, p -> p));
    candidates.offer("x", 3, () -> new double[][] {{2, 3}});
    refused(
        "id \"x\", pass 0 sums to 5.0; probabilities sum to 1, to within 0.01; logits must go"
            + " through softmax first",
        () -> acquisition.choose(candidates, p -> p));
    candidates.offer("y", 4);
    refused(
        "id \"y\" has no payload; batchbald needs its samples: offer them",
        () -> acquisition.choose(candidates, p -> p));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
