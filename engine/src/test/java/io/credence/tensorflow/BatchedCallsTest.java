package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.BatchingEngine;
import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMeasure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of many threads put into batches of a real model. */
class BatchedCallsTest {

  private static final SamplingPlan PLAN = new SamplingPlan(30, 7);
  private static final int CALLS = 400;

  @TempDir Path folder;

  @Test
  void classify_byManyThreads_isThatOfEachRowAlone() throws Exception {
    ExecutorService callers = Executors.newFixedThreadPool(16);
    SavedModelEngine alone = SavedModelEngine.load(TestModels.alwaysOn(folder));
    try (BatchingEngine batching =
        BatchingEngine.builder(alone).maxRows(16).maxDelay(Duration.ofMillis(1)).build()) {
      List<Callable<ClassificationPrediction>> calls = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        int row = i;
        calls.add(() -> batching.classify(Rows.row(row, CALLS, 3), PLAN));
      }
      List<Future<ClassificationPrediction>> results = callers.invokeAll(calls);
      for (int i = 0; i < CALLS; i++) {
        ClassificationPrediction expected = alone.classify(Rows.row(i, CALLS, 3), PLAN);
        assertEquals(1, results.get(i).get().size());
        for (ClassificationMeasure measure : ClassificationMeasure.values()) {
          assertEquals(
              measure.of(expected.get(0)),
              measure.of(results.get(i).get().get(0)),
              1e-5,
              measure + " of row " + i);
        }
      }
      assertTrue(results.get(0).get().get(0).mutualInformation() > 0);
    } finally {
      callers.shutdown();
    }
  }
}
