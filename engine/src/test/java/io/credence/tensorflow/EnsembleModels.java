package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.Sidecar;
import io.credence.statistics.ClassificationMoments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Small members of ensembles, and rows for them. */
abstract class EnsembleModels {

  static final SamplingPlan PLAN = new SamplingPlan(30, 7);
  static final Map<String, FloatNdArray> ROWS = Rows.random(6, 1);

  @TempDir Path folder;
  Path first;
  Path second;
  Path certain;

  @BeforeEach
  void write() {
    first = model("first", 1, .25f);
    second = model("second", -2, .5f);
    certain = model("certain", 3, 0);
  }

  /** Dropout on the input, unless the rate is 0; a dense layer, scaled; softmax. */
  Path model(String name, float scale, float rate) {
    return TestModels.write(
        folder.resolve(name), (tf, x) -> tf.nn.softmax(logits(tf, x, scale, rate)));
  }

  static Operand<TFloat32> logits(Ops tf, Operand<TFloat32> x, float scale, float rate) {
    Operand<TFloat32> dropped = rate == 0 ? x : TestModels.dropout(tf, x, rate);
    return tf.math.mul(TestModels.dense(tf, dropped), tf.constant(scale));
  }

  SavedModelEnsemble.Builder all() {
    return SavedModelEnsemble.builder(List.of(first, second, certain)).weights(1, 2, 5);
  }

  static ClassificationMoments empty() {
    return ClassificationMoments.of(6, TestModels.CLASSES, OutputKind.PROBABILITIES)
        .withErrorGroups(20);
  }

  static void label(Path model, String... labels) throws IOException {
    Files.writeString(
        model.resolve(Sidecar.FILE_NAME),
        "{\"schema\": \"credence.sidecar/1\", \"labels\": [\""
            + String.join("\", \"", labels)
            + "\"]}");
  }

  void assertOdd(String message, List<Path> members) {
    assertEquals(
        message,
        assertThrows(ModelLoadException.class, () -> SavedModelEnsemble.builder(members).load())
            .getMessage());
  }

  static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void awaitMillis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }
}
