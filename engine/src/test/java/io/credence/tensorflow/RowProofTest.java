package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Models whose rows cannot be told apart are run pass by pass. */
class RowProofTest {

  @TempDir Path folder;

  private SavedModelEngine load(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return SavedModelEngine.builder(TestModels.write(folder, network))
        .outputKind(OutputKind.LOGITS)
        .load();
  }

  /** Passes differ, and each gives what it gives without the others. */
  private static void assertPassByPass(SavedModelEngine engine, String why) {
    assertTrue(
        engine.passByPass().orElse("in one call").contains(why), engine.passByPass()::toString);
    FloatNdArray samples = engine.sample(Rows.random(3, 1), SamplingPlan.of(5));
    assertNotEquals(samples.get(0), samples.get(1));
    FloatNdArray first = engine.sample(Rows.random(3, 1), SamplingPlan.of(1));
    assertEquals(first.get(0), samples.get(0));
  }

  @Test
  void dropout_featuresFirst_isSharedByRows_andRunTogether() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> turned = tf.linalg.transpose(x, tf.array(1, 0));
              Operand<TFloat32> dropped = TestModels.dropout(tf, turned, .5f);
              return tf.linalg.transpose(dropped, tf.array(1, 0));
            })) {
      assertEquals(Optional.empty(), engine.passByPass());
      FloatNdArray samples = engine.sample(Rows.same(3, 1f, 1f, 1f, 1f), SamplingPlan.of(40));
      for (int pass = 0; pass < 40; pass++) {
        assertEquals(samples.get(pass).get(0), samples.get(pass).get(2));
      }
      assertNotEquals(samples.get(0), samples.get(1));
    }
  }

  @Test
  void dropout_batchMergedWithTime_isSharedByRows() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> merged = tf.reshape(x, tf.array(-1, 2));
              return tf.reshape(TestModels.dropout(tf, merged, .5f), tf.array(-1, 4));
            })) {
      FloatNdArray samples = engine.sample(Rows.same(3, 1f, 1f, 1f, 1f), SamplingPlan.of(40));
      boolean apart = false;
      for (int pass = 0; pass < 40; pass++) {
        assertEquals(samples.get(pass).get(0), samples.get(pass).get(2));
        apart |= samples.getFloat(pass, 0, 0) != samples.getFloat(pass, 0, 2);
      }
      assertTrue(apart, "the two steps of a row share their mask");
      assertEquals(Optional.empty(), engine.passByPass());
    }
  }

  @Test
  void model_thatMixesRows_isRunPassByPass() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> dropped = TestModels.dropout(tf, x, .5f);
              return tf.math.add(dropped, tf.reduceSum(dropped, tf.array(0)));
            })) {
      assertPassByPass(engine, "(Sum)");
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
