package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Batches that lie apart. */
class DiversityTest {

  /** Candidates in the order of their scores, each with its embedding; ids are their places. */
  private static List<Candidate<double[]>> candidates(double[]... embeddings) {
    TopK<double[]> top = TopK.of(Math.max(embeddings.length, 1));
    for (int i = 0; i < embeddings.length; i++) {
      double[] embedding = embeddings[i];
      top.offer(String.valueOf(i), -i, () -> embedding);
    }
    return top.best();
  }

  private static List<Integer> ids(List<Candidate<double[]>> batch) {
    return batch.stream().map(each -> Integer.valueOf(each.id())).toList();
  }

  /** Ten groups far apart, in mixed order. */
  private static double[][] groups(int size) {
    Random random = new Random(20261223);
    return IntStream.range(0, size)
        .mapToObj(
            i ->
                new double[] {
                  100 * (i * 7 % 10) + random.nextDouble(), random.nextDouble(), i / 1e6
                })
        .toArray(double[][]::new);
  }

  @Test
  void kMeans_ofGroupsFarApart_takesTheBestOfEach() {
    List<Candidate<double[]>> all = candidates(groups(200));
    int right = 0;
    for (int seed = 0; seed < 20; seed++) {
      List<Integer> batch = ids(Diversity.kMeans(all, double[]::clone, 10, seed));
      assertEquals(batch, ids(Diversity.kMeans(all, double[]::clone, 10, seed)));
      right += batch.equals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)) ? 1 : 0;
    }
    assertTrue(right >= 15, "k-means may end elsewhere, but rarely: " + right + " of 20");
  }

  /** Points without groups: where the clusters end depends on the first centres. */
  @Test
  void kMeans_ofTheSameSeed_isTheSame() {
    Random random = new Random(20261224);
    List<Candidate<double[]>> all =
        candidates(
            IntStream.range(0, 300)
                .mapToObj(i -> random.doubles(3).toArray())
                .toArray(double[][]::new));
    List<Integer> batch = ids(Diversity.kMeans(all, double[]::clone, 12, 1));
    assertEquals(batch, ids(Diversity.kMeans(all, double[]::clone, 12, 1)));
    assertNotEquals(batch, ids(Diversity.kMeans(all, double[]::clone, 12, 2)));
    assertEquals(12, batch.stream().distinct().count());
    assertEquals(batch.stream().sorted().toList(), batch);
  }

  @Test
  void kCenter_ofGroupsFarApart_takesOneOfEach() {
    double[][] embeddings = groups(200);
    List<Candidate<double[]>> batch =
        Diversity.kCenter(candidates(embeddings), double[]::clone, 10, List.of());
    assertEquals(10, ids(batch).stream().map(i -> i * 7 % 10).distinct().count());
    assertTrue(ids(batch).contains(0), "the best comes first");
    List<double[]> labelled = IntStream.range(0, 9).mapToObj(i -> embeddings[i]).toList();
    assertEquals(
        9 * 7 % 10,
        ids(Diversity.kCenter(candidates(embeddings), double[]::clone, 1, labelled)).get(0)
            * 7
            % 10);
  }

  /** By hand: from 0 the farthest is 10, then 4 (as far as 6, but before it), then 7. */
  @Test
  void kCenter_onALine_isThatByHand() {
    double[][] line = {{0}, {1}, {4}, {6}, {7}, {10}, {10}};
    assertEquals(
        List.of(0, 2, 4, 5),
        ids(Diversity.kCenter(candidates(line), double[]::clone, 4, List.of())));
    List<double[]> labelled = List.of(new double[] {10});
    assertEquals(
        List.of(0), ids(Diversity.kCenter(candidates(line), double[]::clone, 1, labelled)));
    assertEquals(
        List.of(0, 2), ids(Diversity.kCenter(candidates(line), double[]::clone, 2, labelled)));
  }

  @Test
  void batch_whereFewPlacesAreDistinct_hasOneOfEachAndTheBestOfTheOthers() {
    List<Candidate<double[]>> all = candidates(new double[][] {{1}, {1}, {1}, {2}, {1}, {3}, {2}});
    for (int labels = 3; labels <= 7; labels++) {
      List<Integer> expected =
          List.of(
                  List.of(0, 3, 5),
                  List.of(0, 1, 3, 5),
                  List.of(0, 1, 2, 3, 5),
                  List.of(0, 1, 2, 3, 4, 5),
                  List.of(0, 1, 2, 3, 4, 5, 6))
              .get(labels - 3);
      assertEquals(expected, ids(Diversity.kMeans(all, double[]::clone, labels, 1)));
      assertEquals(expected, ids(Diversity.kCenter(all, double[]::clone, labels, List.of())));
    }
    assertEquals(all, Diversity.kMeans(all, double[]::clone, 100, 1));
    assertEquals(all, Diversity.kCenter(all, double[]::clone, 100, List.of(new double[] {1})));
    assertEquals(List.of(), Diversity.kMeans(candidates(), double[]::clone, 2, 1));
    assertEquals(
        List.of(), Diversity.kCenter(candidates(), double[]::clone, 2, List.of(new double[] {1})));
    assertEquals(2, Diversity.kMeans(all, double[]::clone, 2, 1).size());
    List<double[]> everywhere = List.of(new double[] {3}, new double[] {1}, new double[] {2});
    assertEquals(List.of(0, 3, 5), ids(Diversity.kCenter(all, double[]::clone, 3, everywhere)));
  }

  @Test
  void embeddings_thatCannotBe_areRefused() {
    List<Candidate<double[]>> all = candidates(new double[][] {{1, 2}, {1, 3}});
    refused(
        "labels is 0; it must be at least 1", () -> Diversity.kMeans(all, double[]::clone, 0, 1));
    refused(
        "labels is 0; it must be at least 1",
        () -> Diversity.kCenter(all, double[]::clone, 0, List.of()));
    refused(
        "the embedding of id \"1\" has 1 coordinates, the first 2; all need the same number, at"
            + " least 1",
        () -> Diversity.kMeans(candidates(new double[][] {{1, 2}, {1}}), double[]::clone, 1, 1));
    refused(
        "the embedding of id \"0\" has 0 coordinates, the first 0; all need the same number, at"
            + " least 1",
        () -> Diversity.kMeans(candidates(new double[][] {{}}), double[]::clone, 1, 1));
    refused(
        "the embedding of id \"1\" holds NaN; coordinates must be finite",
        () ->
            Diversity.kCenter(
                candidates(new double[][] {{1}, {Double.NaN}}), double[]::clone, 1, List.of()));
    refused(
        "labelled embedding 1 has 1 coordinates, the first 2; all need the same number, at least 1",
        () ->
            Diversity.kCenter(
                all, double[]::clone, 1, List.of(new double[] {1, 2}, new double[] {1})));
    TopK<double[]> without = TopK.of(1);
    without.offer("a", 1);
    refused(
        "the embedding of id \"a\" is missing; offer candidates with a payload",
        () -> Diversity.kMeans(new ArrayList<>(without.best()), double[]::clone, 1, 1));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
