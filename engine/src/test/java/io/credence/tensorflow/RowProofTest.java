package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Models whose scores would depend on the batch are refused at the first call. */
class RowProofTest {

  @TempDir Path folder;

  private SavedModelEngine load(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return SavedModelEngine.builder(TestModels.write(folder, network))
        .outputKind(OutputKind.LOGITS)
        .load();
  }

  private static String refusal(SavedModelEngine engine, int rows) {
    return assertThrows(
            ModelLoadException.class,
            () -> engine.predict(Rows.random(rows, 1), SamplingPlan.of(5)))
        .getMessage();
  }

  @Test
  void dropout_featuresFirst_isRefusedForOneRowAndForMany() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> turned = tf.linalg.transpose(x, tf.array(1, 0));
              Operand<TFloat32> dropped = TestModels.dropout(tf, turned, .5f);
              return tf.linalg.transpose(dropped, tf.array(1, 0));
            })) {
      assertTrue(refusal(engine, 1).contains("has 4 as its first dimension for 2 rows"));
      assertTrue(refusal(engine, 7).contains("has 4 as its first dimension for 2 rows"));
    }
  }

  @Test
  void dropout_batchMergedWithTime_isRefused() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> merged = tf.reshape(x, tf.array(-1, 2));
              return tf.reshape(TestModels.dropout(tf, merged, .5f), tf.array(-1, 4));
            })) {
      assertTrue(refusal(engine, 3).contains("has 4 as its first dimension for 2 rows"));
    }
  }

  @Test
  void model_thatMixesRows_isRefused() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> dropped = TestModels.dropout(tf, x, .5f);
              return tf.math.add(dropped, tf.reduceSum(dropped, tf.array(0)));
            })) {
      assertTrue(refusal(engine, 3).contains("the model mixes the rows of a batch"));
    }
  }

  @Test
  void proof_goodModel_costsNothingTwice_andKeepsTheNumbers() {
    try (SavedModelEngine engine = load((tf, x) -> TestModels.dropout(tf, x, .5f))) {
      var first = engine.predict(Rows.random(3, 1), SamplingPlan.of(5));
      assertEquals(first, engine.predict(Rows.random(3, 1), SamplingPlan.of(5)));
    }
  }

  @Test
  void close_whileOthersPredict_letsThemFinish() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      SavedModelEngine engine = load((tf, x) -> TestModels.dropout(tf, x, .5f));
      List<Future<String>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(
            pool.submit(
                () -> {
                  while (true) {
                    try {
                      engine.predict(Rows.random(2, 1), SamplingPlan.of(20));
                    } catch (IllegalStateException e) {
                      return e.getMessage();
                    }
                  }
                }));
      }
      engine.predict(Rows.random(2, 1), SamplingPlan.of(20));
      engine.close();
      for (Future<String> call : calls) {
        assertTrue(call.get().contains("is closed; load the model again"), call.get());
      }
    } finally {
      pool.shutdown();
    }
  }
}
