package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The k best are those of a sort, in whatever order and shards they come. */
class TopKContractTest {

  private record Input(String id, double score) {}

  /** Pools in which few scores are distinct, so that ids decide. */
  private static List<Input> pool(Random random, int size) {
    List<Input> pool = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      pool.add(new Input("row-" + i, random.nextInt(5) / 4.0));
    }
    Collections.shuffle(pool, random);
    return pool;
  }

  private static TopK<String> offered(TopK<String> top, List<Input> pool) {
    pool.forEach(each -> top.offer(each.id, each.score, () -> "of " + each.id));
    return top;
  }

  /** By a sort of the whole pool, by other means than a comparator of candidates. */
  private static List<String> sorted(List<Input> pool, Ranking ranking, int k) {
    List<Input> left = new ArrayList<>(pool);
    List<String> ids = new ArrayList<>();
    while (ids.size() < k && !left.isEmpty()) {
      Input best = left.get(0);
      for (Input each : left) {
        double key = ranking.key(each.id, each.score);
        double bestKey = ranking.key(best.id, best.score);
        if (key > bestKey || (key == bestKey && each.id.compareTo(best.id) < 0)) {
          best = each;
        }
      }
      ids.add(best.id);
      left.remove(best);
    }
    return ids;
  }

  static Stream<Ranking> rankings() {
    return Stream.of(Ranking.Kind.values()).map(kind -> new Ranking(kind, 7, 1.5));
  }

  private static List<String> ids(TopK<?> top) {
    return top.best().stream().map(Candidate::id).toList();
  }

  @ParameterizedTest
  @MethodSource("rankings")
  void best_ofScoresWithTies_areThoseOfASort(Ranking ranking) {
    Random random = new Random(20261211);
    for (int k : new int[] {1, 2, 10, 59, 60, 61}) {
      List<Input> pool = pool(random, 60);
      TopK<String> top = offered(TopK.of(k, ranking), pool);
      assertEquals(sorted(pool, ranking, k), ids(top));
      assertEquals(60, top.offered());
      for (Candidate<String> each : top.best()) {
        Input input = pool.stream().filter(i -> i.id.equals(each.id())).findFirst().orElseThrow();
        assertEquals(input.score, each.score());
        assertEquals(ranking.key(each.id(), each.score()), each.key());
        assertEquals(Optional.of("of " + each.id()), each.payload());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rankings")
  void best_inWhateverOrderAndShards_areTheSame(Ranking ranking) {
    Random random = new Random(20261212);
    List<Input> pool = pool(random, 200);
    List<Candidate<String>> whole = offered(TopK.of(20, ranking), pool).best();
    for (int repetition = 0; repetition < 20; repetition++) {
      Collections.shuffle(pool, random);
      int first = random.nextInt(201);
      int second = first + random.nextInt(201 - first);
      TopK<String> merged = offered(TopK.of(20, ranking), pool.subList(0, first));
      merged.merge(offered(TopK.of(20, ranking), pool.subList(second, 200)));
      merged.merge(offered(TopK.of(20, ranking), pool.subList(first, second)));
      assertEquals(whole, merged.best());
      assertEquals(200, merged.offered());
    }
  }

  @Test
  void order_ofEqualScores_isThatOfUtf16() {
    TopK<String> top = TopK.of(9);
    for (String id : List.of("b", "9", "10", "a", "B", "ä", "1", "")) {
      assertTrue(top.offer(id, 1));
    }
    assertEquals(List.of("", "1", "10", "9", "B", "a", "b", "ä"), ids(top));
  }

  @Test
  void negativeZero_isZero() {
    TopK<String> top = TopK.of(2);
    top.offer("a", -0.0);
    top.offer("b", 0.0);
    assertEquals(List.of("a", "b"), ids(top));
    Ranking power = new Ranking(Ranking.Kind.POWER, 0, 1);
    assertEquals(Double.NEGATIVE_INFINITY, power.key("a", -0.0));
  }

  @Test
  @SuppressWarnings("NullAway") // what callers without its checks may do
  void payload_null_isRefused_andNothingIsKept() {
    TopK<String> top = TopK.of(1);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> top.offer("b", 1, () -> null));
    assertEquals(
        "the payload of id \"b\" is null; give what is to be kept of it, or offer its score alone",
        e.getMessage());
    assertEquals(List.of(), top.best());
  }

  @Test
  void payload_ofWhatIsNotKept_isNotMade() {
    TopK<String> top = TopK.of(1);
    assertTrue(top.offer("b", 1, () -> "kept"));
    assertFalse(
        top.offer(
            "c",
            1,
            () -> {
              throw new AssertionError("made");
            }));
    assertTrue(top.offer("a", 1));
    assertEquals(List.of(new Candidate<String>("a", 1, 1, Optional.empty())), top.best());
    assertEquals(3, top.offered());
    assertEquals(1, top.capacity());
  }

  @Test
  void id_thatComesTwice_isRefusedAsLongAsItIsKept() {
    TopK<String> top = TopK.of(2);
    top.offer("a", 1);
    top.offer("b", 2);
    String twice =
        "id \"a\" is offered twice; every input needs an id of its own, and is offered once, in one"
            + " shard";
    refused(twice, () -> top.offer("a", 3));
    refused(twice, () -> top.offer("a", -3));
    TopK<String> other = TopK.of(2);
    other.offer("c", 9);
    other.offer("a", 1);
    refused(twice, () -> top.merge(other));
    assertEquals(List.of("b", "a"), ids(top));
    assertEquals(2, top.offered());
    top.offer("c", 3);
    assertFalse(top.offer("a", 1), "no longer kept, so it cannot be told");
  }

  @ParameterizedTest
  @EnumSource(Ranking.Kind.class)
  void score_thatIsNotFinite_isRefusedByEveryRanking(Ranking.Kind kind) {
    TopK<String> top = TopK.of(2, new Ranking(kind, 1, 1));
    for (double score : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
      refused(
          "the score of id \"x/7.png\" is "
              + score
              + "; it must be finite; see whether the model gives NaN for this input, and leave it"
              + " out",
          () -> top.offer("x/7.png", score));
    }
    assertEquals(List.of(), top.best());
    assertEquals(0, top.offered());
  }

  @Test
  void arguments_thatCannotBe_areRefused() {
    refused("capacity is 0; it must be at least 1", () -> TopK.of(0));
    refused(
        "the score of id \"a\" is -0.1; a power of it needs at least 0; choose a measure that is"
            + " never negative",
        () -> TopK.of(1, new Ranking(Ranking.Kind.POWER, 1, 1)).offer("a", -.1));
    refused(
        "top 2 by score cannot be merged with top 3 by score; make those of all shards alike",
        () -> TopK.of(2).merge(TopK.of(3)));
    refused(
        "top 2 by power, seed 1, coldness 2.0 cannot be merged with top 2 by softmax, seed 1,"
            + " coldness 2.0; make those of all shards alike",
        () ->
            TopK.of(2, new Ranking(Ranking.Kind.POWER, 1, 2))
                .merge(TopK.of(2, new Ranking(Ranking.Kind.SOFTMAX, 1, 2))));
    refused(
        "top 2 by chance, seed 1 cannot be merged with top 2 by chance, seed 2; make those of all"
            + " shards alike",
        () ->
            TopK.of(2, new Ranking(Ranking.Kind.RANDOM, 1, 1))
                .merge(TopK.of(2, new Ranking(Ranking.Kind.RANDOM, 2, 1))));
  }

  /** A pool of a million rows in constant memory, against the same found by arithmetic. */
  @Test
  void best_ofALargePool_areKept() {
    TopK<float[]> top = TopK.of(1000);
    int size = 1_000_003; // prime: 7 i mod size runs through all numbers
    for (long i = 0; i < size; i++) {
      long number = 7 * i % size;
      top.offer("row-" + number, (double) number, () -> new float[100]);
    }
    assertEquals(
        IntStream.range(0, 1000).mapToObj(i -> "row-" + (size - 1 - i)).toList(), ids(top));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
