package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.acquisition.Acquisition;
import io.credence.acquisition.ActiveLearning;
import io.credence.acquisition.Candidate;
import io.credence.acquisition.Strategy;
import io.credence.acquisition.TopK;
import io.credence.models.LabelledImages;
import io.credence.statistics.SampleArray;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at in a round, how it is scored, and what is counted at last. */
class TrainActiveTableTest {

  @TempDir private Path folder;

  /** A loop of two labels a round that was right in these shares; ids in the order of labelling. */
  private static ActiveLearning loop(int size, List<Integer> labelled, double... metrics) {
    StringBuilder rounds = new StringBuilder();
    for (int i = 0; i < metrics.length; i++) {
      rounds
          .append(i == 0 ? "" : ",")
          .append("{\"metric\":")
          .append(metrics[i])
          .append(",\"acquired\":")
          .append(quoted(labelled.subList(2 + 2 * i, 4 + 2 * i)))
          .append('}');
    }
    String json =
        "{\"schema\":\"credence.active-learning/1\",\"acquisition\":{\"strategy\":\"bald\","
            + "\"labels\":2,\"candidates\":10,\"seed\":0,\"coldness\":1.0,\"configurations\":10},"
            + "\"poolSize\":"
            + size
            + ",\"labelled\":"
            + quoted(labelled.subList(0, 2))
            + ",\"rounds\":["
            + rounds
            + "]}";
    return ActiveLearning.resume(json, ids(size));
  }

  private static String quoted(List<Integer> ids) {
    return ids.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(",", "[", "]"));
  }

  private static List<String> ids(int size) {
    return IntStream.range(0, size).mapToObj(Integer::toString).toList();
  }

  @Test
  void lines_countLabelsToEachError_andCopies() {
    Map<TrainActiveTrial, List<ActiveLearning>> loops = new LinkedHashMap<>();
    // Of 20 pictures i and i + 10 are copies: 1 and 11 within the first four labels, 5 and 15 not.
    loops.put(
        new TrainActiveTrial(TrainActivePool.REPEATED, Strategy.BALD, 2, 6, List.of("33")),
        List.of(
            loop(20, List.of(1, 11, 2, 5, 3, 15, 4, 6), .5, .9, .8),
            loop(20, List.of(1, 2, 3, 4, 5, 15, 6, 7), .5, .89, .9)));
    loops.put(
        new TrainActiveTrial(TrainActivePool.REPEATED, Strategy.RANDOM, 2, 4, List.of("44")),
        List.of(loop(20, List.of(7, 8, 9, 17, 1, 2), .5, .95), loop(20, List.of(7, 8, 9, 10), .5)));
    TrainActiveTable table = new TrainActiveTable(loops);

    assertEquals(
        """
        MNIST, each picture twice, with noise: labels until so few are wrong
          chosen by  a round  10 % wrong  mean  published  copies of one another among 4
          bald       2        4 6         5     33         1 0
          random     2        4 -         -     44         1 0""",
        String.join("\n", table.lines(TrainActivePool.REPEATED)));
    assertEquals(List.of(), table.lines(TrainActivePool.MNIST));
  }

  @Test
  void lines_bothErrors_haveTheirColumns() {
    Map<TrainActiveTrial, List<ActiveLearning>> loops = new LinkedHashMap<>();
    loops.put(
        new TrainActiveTrial(TrainActivePool.MNIST, Strategy.BALD, 2, 6, List.of("33", "55")),
        List.of(loop(20, List.of(1, 11, 2, 5, 3, 15, 4, 6), .5, .9, .95)));
    assertEquals(
        """
        MNIST: labels until so few are wrong
          chosen by  a round  10 % wrong  mean  published  5 % wrong  mean  published
          bald       2        4           4     33         6          6     55""",
        String.join("\n", new TrainActiveTable(loops).lines(TrainActivePool.MNIST)));
  }

  @Test
  void looked_takesAllCopiesOfSome_andAnotherRoundOthers() {
    int pictures = 10_000;
    List<String> unlabelled = ids(pictures).subList(3, pictures);

    List<String> some = TrainActivePool.REPEATED.looked(unlabelled, pictures, 1);

    assertTrue(some.size() > 4990 && some.size() <= 5000, () -> some.size() + " are looked at");
    assertTrue(unlabelled.containsAll(some));
    HashSet<String> all = new HashSet<>(some);
    for (String id : some) {
      int i = Integer.parseInt(id);
      assertTrue(i == 5000 || i == 5001 || i == 5002 || all.contains("" + (i + 5000) % 10_000), id);
    }
    assertEquals(some, TrainActivePool.REPEATED.looked(unlabelled, pictures, 1));
    assertNotEquals(some, TrainActivePool.REPEATED.looked(unlabelled, pictures, 2));
    assertEquals(2000, TrainActivePool.MNIST.looked(ids(pictures), pictures, 1).size());
  }

  @Test
  void first_hasTwoOfEachClass() {
    LabelledImages pictures = noise(90);

    List<String> first = TrainActivePool.first(pictures, 4);

    Map<Integer, Integer> classes = new HashMap<>();
    first.forEach(id -> classes.merge(pictures.label(Integer.parseInt(id)), 1, Integer::sum));
    assertEquals(Map.of(0, 2, 1, 2, 2, 2), classes);
    assertNotEquals(first, TrainActivePool.first(pictures, 5));
  }

  private static LabelledImages noise(int count) {
    SplittableRandom random = new SplittableRandom(1);
    byte[] pixels = new byte[count * 64];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 3);
    }
    return new LabelledImages(pixels, labels, 8, 8, 1);
  }

  /** Mutual information by its definition, of the very samples that go on to BatchBALD. */
  @Test
  void score_isTheMeasureOfTheSamplesThatAreKept() {
    LabelledImages pool = noise(600);
    Acquisition acquisition = Acquisition.of(Strategy.BALD, 5).withSeed(3);
    try (Progress progress = Progress.of("", OptionalLong.empty(), "")) {
      TrainActiveLearner learner =
          new TrainActiveLearner(
              TrainActivePool.REPEATED, pool, pool, folder.resolve("m"), 5, 8, progress);
      learner.train(List.of("0", "1", "2"));
      TopK<SampleArray> candidates = acquisition.newCandidates();
      learner.score(ids(600).subList(3, 600), Strategy.BALD, candidates);
      assertEquals(597, candidates.offered());
      assertTrue(learner.evaluate() > .2 && learner.evaluate() < .6);
      for (Candidate<SampleArray> candidate : candidates.best()) {
        double[][] distributions = learner.distributions(candidate.payload().orElseThrow());
        assertEquals(100, distributions.length);
        double[] mean = new double[3];
        double expected = 0;
        for (double[] p : distributions) {
          for (int c = 0; c < 3; c++) {
            mean[c] += p[c] / 100;
            expected -= p[c] * Math.log(p[c]) / 100;
          }
        }
        double entropy = 0;
        for (double p : mean) {
          entropy -= p * Math.log(p);
        }
        assertEquals(entropy - expected, candidate.score(), 1e-6);
      }
    }
  }
}
