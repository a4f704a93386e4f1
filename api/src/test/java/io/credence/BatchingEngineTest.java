package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;

/** Many callers of one engine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BatchingEngineTest {

  private static final SamplingPlan PLAN = new SamplingPlan(3, 5);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  private static Map<String, NdArray<?>> row(float... values) {
    return Map.of("x", StdArrays.ndCopyOf(new float[][] {values}));
  }

  private static double mean(Prediction prediction, int row) {
    return ((RegressionPrediction) prediction).get(row).mean(0);
  }

  private Future<Prediction> call(UncertaintyEngine engine, Map<String, NdArray<?>> inputs) {
    return callers.submit(() -> engine.predict(inputs, PLAN));
  }

  @Test
  void predict_manyCallers_getTheirOwnRowsOfFewBatches() throws Exception {
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(16).maxDelay(LONG).build()) {
      List<Callable<Prediction>> calls = new ArrayList<>();
      for (int i = 0; i < 160; i++) {
        float value = i;
        calls.add(() -> engine.predict(row(value, 1000), PLAN));
      }
      List<Future<Prediction>> results = callers.invokeAll(calls);
      for (int i = 0; i < 160; i++) {
        Prediction one = results.get(i).get();
        assertEquals(1, one.size());
        assertEquals(1000 + i, mean(one, 0));
        assertEquals(PLAN, one.plan());
        assertEquals(List.of("of 16"), one.warnings());
      }
      assertEquals(10, sums.batches().size(), sums.batches().toString());
    }
  }

  @Test
  void predict_callsOfSeveralRows_areParted() throws Exception {
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(5).maxDelay(LONG).build()) {
      Future<Prediction> two =
          call(engine, Map.of("x", StdArrays.ndCopyOf(new float[][] {{1}, {2}})));
      Future<Prediction> three =
          call(engine, Map.of("x", StdArrays.ndCopyOf(new float[][] {{3}, {4}, {5}})));
      assertEquals(2, two.get().size());
      assertEquals(1, mean(two.get(), 0));
      assertEquals(2, mean(two.get(), 1));
      assertEquals(3, mean(three.get(), 0));
      assertEquals(5, mean(three.get(), 2));
      assertEquals(List.of(5), sums.batches());
    }
  }

  @Test
  void predict_everyCarrier_isJoined() throws Exception {
    List<Map<String, NdArray<?>>> pairs =
        List.of(
            Map.of("x", StdArrays.ndCopyOf(new double[][] {{1.5}})),
            Map.of("x", StdArrays.ndCopyOf(new int[][] {{2}})),
            Map.of("x", StdArrays.ndCopyOf(new long[][] {{3}})),
            Map.of("x", StdArrays.ndCopyOf(new byte[][] {{4}})),
            Map.of("x", StdArrays.ndCopyOf(new boolean[][] {{true}})),
            Map.of("x", NdArrays.ofObjects(String.class, Shape.of(1, 1)).setObject("five", 0, 0)),
            Map.of(
                "x", StdArrays.ndCopyOf(new float[][] {{7}}),
                "z", StdArrays.ndCopyOf(new int[][] {{8}})));
    double[] expected = {1.5, 2, 3, 4, 1, 4, 15};
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(2).maxDelay(LONG).build()) {
      List<Future<Prediction>> results = new ArrayList<>();
      for (int twice = 0; twice < 2; twice++) {
        pairs.forEach(inputs -> results.add(call(engine, inputs)));
      }
      for (int i = 0; i < results.size(); i++) {
        assertEquals(expected[i % pairs.size()], mean(results.get(i).get(), 0));
      }
      assertEquals(List.of(2, 2, 2, 2, 2, 2, 2), sums.batches());
    }
  }

  @Test
  void predict_badInputOfOne_failsThatOneOnly() throws Exception {
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(3).maxDelay(LONG).build()) {
      Future<Prediction> good = call(engine, row(1));
      Future<Prediction> bad =
          callers.submit(
              () -> {
                assertEquals(
                    "a number is NaN",
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> engine.predict(row(Float.NaN), PLAN))
                        .getMessage());
                return null;
              });
      Future<Prediction> other = call(engine, row(2));
      assertEquals(1, mean(good.get(), 0));
      assertEquals(2, mean(other.get(), 0));
      bad.get();
      assertEquals(List.of(3, 1, 1, 1), sums.batches());
    }
  }

  @Test
  void predict_otherPlansOrShapes_areNotMixed() throws Exception {
    SumsEngine sums = new SumsEngine();
    SamplingPlan other = PLAN.withSeed(6);
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(2).maxDelay(LONG).build()) {
      List<Future<Prediction>> results = new ArrayList<>();
      for (int twice = 0; twice < 2; twice++) {
        results.add(call(engine, row(1)));
        results.add(callers.submit(() -> engine.predict(row(1), other)));
        results.add(call(engine, row(1, 1)));
      }
      for (Future<Prediction> result : results) {
        result.get();
      }
      assertEquals(other, results.get(1).get().plan());
      assertEquals(2, mean(results.get(2).get(), 0));
      assertEquals(List.of(2, 2, 2), sums.batches());
    }
  }

  @Test
  void predict_noOtherComes_isRunAfterTheDelay() {
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine =
        BatchingEngine.builder(sums).maxDelay(Duration.ofMillis(1)).build()) {
      assertEquals(4, mean(engine.predict(row(4), PLAN), 0));
      assertEquals(List.of(1), sums.batches());
    }
  }

  @Test
  void predict_noDelay_gathersWhileABatchRuns() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    SumsEngine sums = new SumsEngine(gate);
    try (BatchingEngine engine =
        BatchingEngine.builder(sums).maxDelay(Duration.ZERO).maxWaitingRows(8).build()) {
      List<Future<Prediction>> results = new ArrayList<>();
      results.add(call(engine, row(0)));
      sums.begun().await();
      for (int i = 1; i <= 8; i++) {
        results.add(call(engine, row(i)));
      }
      awaitWaiting(engine, 8);
      gate.countDown();
      for (int i = 0; i <= 8; i++) {
        assertEquals(i, mean(results.get(i).get(), 0));
      }
      assertEquals(List.of(1, 8), sums.batches());
    }
  }

  @Test
  void predict_moreThanMayWait_isHeldUp() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    SumsEngine sums = new SumsEngine(gate);
    try (BatchingEngine engine =
        BatchingEngine.builder(sums).maxDelay(Duration.ZERO).maxWaitingRows(3).build()) {
      List<Future<Prediction>> results = new ArrayList<>();
      results.add(call(engine, row(0)));
      sums.begun().await();
      for (int i = 1; i <= 20; i++) {
        results.add(call(engine, row(i)));
      }
      awaitWaiting(engine, 3);
      gate.countDown();
      for (int i = 0; i <= 20; i++) {
        assertEquals(i, mean(results.get(i).get(), 0));
      }
      assertTrue(sums.batches().stream().allMatch(rows -> rows <= 3), sums.batches().toString());
    }
  }

  private static void awaitWaiting(BatchingEngine engine, int rows) {
    while (engine.waitingRows() < rows) {
      Thread.onSpinWait();
    }
  }

  @Test
  void predict_fullByItselfOrRefused_isHandedOn() {
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(2).maxDelay(LONG).build()) {
      Map<String, NdArray<?>> three =
          Map.of("x", StdArrays.ndCopyOf(new float[][] {{1}, {2}, {3}}));
      assertEquals(3, engine.predict(three, PLAN).size());
      assertEquals(1, engine.predict(row(4), PLAN, (m, p, o, s) -> {}).size());
      assertEquals(Shape.of(1, 1, 1), engine.sample(row(4), PLAN).shape());
      assertEquals(Shape.of(2, 1), engine.singlePass(row(4)).shape());
      assertSame("sums", engine.describe().model());
    }
  }

  @Test
  void close_lets_thoseThatWaitFinish() throws Exception {
    SumsEngine sums = new SumsEngine();
    BatchingEngine engine = BatchingEngine.builder(sums).maxDelay(LONG).build();
    Future<Prediction> one = call(engine, row(1));
    Future<Prediction> two = call(engine, row(2));
    awaitWaiting(engine, 2);
    engine.close();
    engine.close();
    assertEquals(1, mean(one.get(), 0));
    assertEquals(2, mean(two.get(), 0));
    assertTrue(sums.isClosed());
    assertEquals(
        "the engine of sums is closed; load the model again",
        assertThrows(IllegalStateException.class, () -> engine.predict(row(1), PLAN)).getMessage());
  }

  @Test
  void predict_interruptedWhileHeldUp_saysSo() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    SumsEngine sums = new SumsEngine(gate);
    try (BatchingEngine engine =
        BatchingEngine.builder(sums).maxDelay(Duration.ZERO).maxWaitingRows(1).build()) {
      Future<Prediction> running = call(engine, row(0));
      sums.begun().await();
      Future<Prediction> waiting = call(engine, row(1));
      awaitWaiting(engine, 1);
      Thread heldUp =
          new Thread(
              () -> {
                Thread.currentThread().interrupt();
                assertThrows(IllegalStateException.class, () -> engine.predict(row(2), PLAN));
                assertTrue(Thread.currentThread().isInterrupted());
              });
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      heldUp.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      heldUp.start();
      heldUp.join();
      assertEquals(List.of(), failures);
      gate.countDown();
      running.get();
      waiting.get();
    }
  }

  /** An engine that breaks its promise fails the calls of its batch, and no others. */
  @Test
  void predict_engineGivesNothing_failsTheCallsAndGoesOn() throws Exception {
    SumsEngine sums =
        new SumsEngine() {
          @Override
          public Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
            if (inputs.get("x").shape().get(1) == 1) {
              throw new NoSuchMethodError("as if");
            }
            return super.predict(inputs, plan);
          }
        };
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(2).maxDelay(LONG).build()) {
      Future<Prediction> one = call(engine, row(1));
      Future<Prediction> two = call(engine, row(2));
      for (Future<Prediction> each : List.of(one, two)) {
        Throwable cause = assertThrows(ExecutionException.class, each::get).getCause();
        assertEquals("as if", cause.getMessage());
      }
      Future<Prediction> three = call(engine, row(3, 3));
      Future<Prediction> four = call(engine, row(4, 4));
      assertEquals(6, mean(three.get(), 0));
      assertEquals(8, mean(four.get(), 0));
    }
  }

  @Test
  void predict_interruptedWhileItsBatchGathers_isTakenBack() throws Exception {
    SumsEngine sums = new SumsEngine();
    try (BatchingEngine engine = BatchingEngine.builder(sums).maxRows(2).maxDelay(LONG).build()) {
      List<Throwable> failures = new CopyOnWriteArrayList<>();
      Thread caller =
          new Thread(
              () -> {
                assertThrows(IllegalStateException.class, () -> engine.predict(row(1), PLAN));
                assertTrue(Thread.currentThread().isInterrupted());
              });
      caller.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
      caller.start();
      awaitWaiting(engine, 1);
      caller.interrupt();
      caller.join();
      assertEquals(List.of(), failures);
      assertEquals(0, engine.waitingRows());
      Future<Prediction> two = call(engine, row(2));
      Future<Prediction> three = call(engine, row(3));
      assertEquals(2, mean(two.get(), 0));
      assertEquals(3, mean(three.get(), 0));
      assertEquals(List.of(2), sums.batches());
    }
  }

  @Test
  void builder_badOptions_areRefused() {
    BatchingEngine.Builder builder = BatchingEngine.builder(new SumsEngine());
    assertRefused("max rows is 0; it must be at least 1", () -> builder.maxRows(0));
    assertRefused("max waiting rows is 0; it must be at least 1", () -> builder.maxWaitingRows(0));
    assertRefused(
        "max delay is PT-0.001S; it must not be negative",
        () -> builder.maxDelay(Duration.ofMillis(-1)));
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
