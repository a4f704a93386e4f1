package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Masks;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.tensorflow.GraphIndex.Port;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.NdArray;

/** Masks that are kept are those that would be drawn, whoever asks, and whenever. */
class KeptMasksTest {

  /** 16 MiB of masks are those of 64 passes. */
  private static final int WIDTH = 1 << 16;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() {
    model =
        TestModels.write(
            folder,
            (tf, x) -> {
              var wide = tf.tile(x, tf.array(1, WIDTH / TestModels.FEATURES));
              var dropped = TestModels.dropout(tf, wide, .5f);
              var folded = tf.reshape(dropped, tf.array(-1, WIDTH / 4, TestModels.FEATURES));
              return TestModels.dense(tf, tf.math.mean(folded, tf.constant(1)));
            });
  }

  private SavedModelEngine load() {
    return SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load();
  }

  private static float[] sample(SavedModelEngine engine, int passes, long seed) {
    return Rows.floats(engine.sample(Rows.random(3, 1), new SamplingPlan(passes, seed)));
  }

  /** Of 100 passes the masks of 64 fit; the others are drawn in every call. */
  @Test
  void sample_moreThanFits_isAsDrawn() {
    try (SavedModelEngine engine = load()) {
      float[] drawn = sample(engine, 100, 5);
      for (int again = 0; again < 3; again++) {
        assertArrayEquals(drawn, sample(engine, 100, 5), 1e-6f);
      }
      assertArrayEquals(Arrays.copyOf(drawn, drawn.length / 10), sample(engine, 10, 5), 1e-6f);
    }
  }

  @Test
  void sample_otherSeedsBetween_isAsDrawn() {
    try (SavedModelEngine engine = load();
        SavedModelEngine fresh = load()) {
      for (long seed : new long[] {1, 1, 1, 2, 1, 2, 2, 2, 1, 1, 3, 1}) {
        int passes = (int) (4 + seed);
        float[] expected =
            Rows.floats(
                fresh.sample(Rows.random(3, 1), new SamplingPlan(passes, seed, Masks.SHARED)));
        fresh.sample(Rows.random(1, 1), new SamplingPlan(2, 99)); // no seed comes twice in turn
        assertArrayEquals(expected, sample(engine, passes, seed), 1e-6f);
      }
    }
  }

  @Test
  void sample_masksOfTheirOwn_areNotThoseKept() {
    try (SavedModelEngine engine = load()) {
      float[] shared = sample(engine, 4, 1);
      sample(engine, 4, 1);
      SamplingPlan own = new SamplingPlan(4, 1, Masks.PER_ROW);
      float[] first = Rows.floats(engine.sample(Rows.same(2, 1, 2, 3, 4), own));
      assertArrayEquals(first, Rows.floats(engine.sample(Rows.same(2, 1, 2, 3, 4), own)), 1e-6f);
      assertNotEquals(first[0], first[TestModels.CLASSES], 1e-6f);
      assertArrayEquals(shared, sample(engine, 4, 1), 1e-6f);
    }
  }

  /** Threads that ask for different seeds replace the masks under each other's calls. */
  @Test
  void sample_byManyThreads_isNeverMixedUp() throws Exception {
    int threads = 6;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (SavedModelEngine engine = load()) {
      List<float[]> expected =
          IntStream.range(0, 3).mapToObj(seed -> sample(engine, 6, seed)).toList();
      List<Callable<Boolean>> calls =
          IntStream.range(0, 120)
              .mapToObj(
                  i ->
                      (Callable<Boolean>)
                          () -> {
                            int seed = i / 4 % 3;
                            assertArrayEquals(expected.get(seed), sample(engine, 6, seed), 1e-6f);
                            return true;
                          })
              .toList();
      for (Future<Boolean> call : pool.invokeAll(calls)) {
        assertTrue(call.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void of_aSeedAskedForTwiceInTurn_isKept_untilAnotherIs() {
    try (SavedModelEngine engine = load()) {
      Map<String, ? extends NdArray<?>> row = Rows.random(1, 1);
      engine.sample(row, new SamplingPlan(4, 1));
      Port mask = new Port("credence/site_0/mask", 0);
      KeptMasks kept =
          new KeptMasks(
              engine.restored().session(),
              new BatchRun.Wiring(
                  Map.of(),
                  mask,
                  mask,
                  1,
                  List.of(),
                  Optional.empty(),
                  1,
                  0,
                  List.of(mask),
                  4L * WIDTH));
      assertTrue(kept.of(1, 50).isEmpty());
      KeptMasks.OfSeed first = kept.of(1, 50).orElseThrow();
      assertTrue(first.has(50));
      assertFalse(first.has(51));
      assertEquals(Optional.of(first), kept.of(1, 20));
      first.close();
      assertTrue(kept.of(2, 50).isEmpty());
      assertEquals(Optional.of(first), kept.of(1, 50), "until another comes twice");
      first.close();
      assertTrue(kept.of(2, 50).isEmpty());
      KeptMasks.OfSeed second = kept.of(2, 1000).orElseThrow();
      assertTrue(second.has(64));
      assertFalse(second.has(65));
      assertEquals(WIDTH * 50L, first.mask(0).shape().size(), "held still");
      first.close();
      second.close();
      kept.close();
      assertThrows(IllegalStateException.class, () -> first.mask(0).shape().size());
      assertThrows(IllegalStateException.class, () -> second.mask(0).shape().size());
    }
  }
}
