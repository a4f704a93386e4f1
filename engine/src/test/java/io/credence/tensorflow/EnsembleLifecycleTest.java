package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Prediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMeasure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.FloatNdArray;

/** Ensembles under threads, failures and closing. */
class EnsembleLifecycleTest extends EnsembleModels {

  @Test
  void predict_badInput_isRefusedWhateverTheThreads() {
    for (UnaryOperator<SavedModelEnsemble.Builder> option :
        List.<UnaryOperator<SavedModelEnsemble.Builder>>of(
            b -> b, b -> b.parallelMembers(3), b -> b.residentMembers(1))) {
      try (SavedModelEnsemble ensemble = option.apply(all()).load()) {
        String message =
            assertThrows(
                    IllegalArgumentException.class,
                    () -> ensemble.predict(Map.of("z", ROWS.get("x")), PLAN))
                .getMessage();
        assertTrue(message.startsWith("input \"z\" is unknown"), message);
        assertEquals(6, ensemble.predict(ROWS, PLAN).size());
      }
    }
  }

  @Test
  void predict_afterClose_isRefused() {
    for (int resident : new int[] {1, 3}) {
      SavedModelEnsemble ensemble = all().residentMembers(resident).load();
      ensemble.close();
      ensemble.close();
      assertThrows(IllegalStateException.class, () -> ensemble.predict(ROWS, PLAN));
      assertThrows(IllegalStateException.class, () -> ensemble.sample(ROWS, PLAN));
      int stayed = 0;
      for (EnsembleMember member : ensemble.members().all()) {
        if (member.resident().isPresent()) {
          SavedModelEngine engine = member.resident().get();
          assertThrows(IllegalStateException.class, () -> engine.predict(ROWS, PLAN));
          stayed++;
        }
      }
      assertEquals(resident == 3 ? 3 : 0, stayed);
    }
  }

  @Test
  void predict_manyTimes_leavesNoNativeObject() {
    SamplingPlan adaptive =
        SamplingPlan.untilStandardError(ClassificationMeasure.PREDICTIVE_ENTROPY, .02, 20, 200);
    Map<String, FloatNdArray> bad = Map.of("x", Rows.array(1f, Float.NaN, 1f, 1f));
    try (SavedModelEnsemble resident = all().parallelMembers(2).load();
        SavedModelEnsemble inTurn = all().residentMembers(1).load()) {
      long before = 0;
      for (int i = 0; i < 8; i++) {
        resident.predict(ROWS, adaptive);
        assertThrows(IllegalArgumentException.class, () -> resident.predict(bad, adaptive));
        for (SavedModelEnsemble ensemble : List.of(resident, inTurn)) {
          ensemble.predict(ROWS, PLAN);
          ensemble.sample(ROWS, PLAN);
          assertThrows(IllegalArgumentException.class, () -> ensemble.predict(bad, PLAN));
        }
        if (i == 1) { // what is made once, such as sessions of threads, is there by now
          System.gc();
          Pointer.deallocateReferences();
          before = Pointer.totalCount();
        }
      }
      assertTrue(Pointer.totalCount() <= before, "objects left open");
    }
  }

  @Test
  void inTurn_oneMemberFailsWithAnError_waitsForTheOthers() {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean running = new AtomicBoolean();
    try (SavedModelEnsemble ensemble = all().parallelMembers(3).load()) {
      assertThrows(
          OutOfMemoryError.class,
          () ->
              ensemble
                  .members()
                  .inTurn(
                      member -> {
                        if (member.index() == 0) {
                          awaitQuietly(begun);
                          throw new OutOfMemoryError("as if");
                        }
                        running.set(true);
                        begun.countDown();
                        awaitMillis(100);
                        running.set(false);
                        return member.index();
                      },
                      (member, given) -> {},
                      false));
      assertTrue(!running.get(), "a member still runs");
    }
  }

  @Test
  void predict_sinkThrows_isNotTheModelsFault() {
    try (SavedModelEngine engine = SavedModelEngine.load(first)) {
      UnsupportedOperationException own = new UnsupportedOperationException("mine");
      assertEquals(
          own,
          assertThrows(
              UnsupportedOperationException.class,
              () ->
                  engine.predict(
                      ROWS,
                      PLAN,
                      (member, pass, outputs, shape) -> {
                        throw own;
                      })));
      assertEquals(6, engine.predict(ROWS, PLAN).size());
    }
  }

  /** A call that is on its first member when the ensemble is closed still reaches its last. */
  @Test
  void close_withACallInFlight_waitsForIt() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    SavedModelEnsemble ensemble = all().load();
    try {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch closing = new CountDownLatch(1);
      Future<Prediction> call =
          pool.submit(
              () ->
                  ensemble.predict(
                      ROWS,
                      PLAN,
                      (member, pass, outputs, shape) -> {
                        begun.countDown();
                        try {
                          closing.await();
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                      }));
      begun.await();
      Thread closer = new Thread(ensemble::close);
      closer.start();
      while (closer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      closing.countDown();
      assertEquals(6, call.get().size());
      closer.join();
      assertThrows(IllegalStateException.class, () -> ensemble.predict(ROWS, PLAN));
    } finally {
      pool.shutdown();
      ensemble.close();
    }
  }

  @Test
  void singlePass_isRefused() {
    try (SavedModelEnsemble ensemble = all().load()) {
      assertThrows(UnsupportedOperationException.class, () -> ensemble.singlePass(ROWS));
    }
  }

  @Test
  void predict_byManyThreads_isTheSame() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (SavedModelEnsemble ensemble = all().residentMembers(2).parallelMembers(2).load()) {
      Prediction expected = ensemble.predict(ROWS, PLAN);
      List<Callable<Prediction>> calls = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        calls.add(() -> ensemble.predict(ROWS, PLAN));
      }
      for (Future<Prediction> call : pool.invokeAll(calls)) {
        assertEquals(expected, call.get());
      }
    } finally {
      pool.shutdown();
    }
  }
}
