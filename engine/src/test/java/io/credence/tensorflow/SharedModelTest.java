package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.DropoutSite;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * SavedModels that other people exported. Expected values come from TensorFlow's own loader,
 * session and random ops.
 *
 * <p>Vespa's model is y = max(z, z / 100), z = dropout(x) W + b: inverting the last step gives a
 * linear function of the masks, whose moments are known.
 */
class SharedModelTest {

  private static final int FEATURES = 784;
  private static final int CLASSES = 10;
  private static final int ROWS = 3;
  private static final int PASSES = 2000;

  @Test
  void vespa_site_isTheGatedDropout() {
    try (SavedModelEngine engine = vespa()) {
      assertEquals(
          List.of(
              new DropoutSite(
                  "xdrop/cond/dropout/random_uniform/RandomUniform",
                  DropoutSite.Kind.DROPOUT,
                  OptionalDouble.of(.5),
                  Shape.of(1, 784),
                  DropoutSite.Origin.RANDOM_OP,
                  Optional.of("training"))),
          engine.describe().sites());
      assertEquals("[x FLOAT32[?, 784]]", engine.describe().inputs().toString());
      assertEquals("y FLOAT32[?, 10]", engine.describe().output().toString());
    }
  }

  @Test
  void vespa_singlePass_isTheServedOutput() {
    float[] x = pictures();
    float[] served;
    try (SavedModelBundle bundle = vespaBundle()) {
      served = run(bundle, x, false, "outputs/Maximum");
    }
    try (SavedModelEngine engine = vespa()) {
      assertArrayEquals(served, Rows.floats(engine.singlePass(inputs(x))), 1e-5f);
      assertArrayEquals(served, Rows.floats(engine.masksAtOne(inputs(x))), 1e-5f);
    }
  }

  @Test
  void vespa_passes_haveTheMomentsOfDropout() {
    // z_k has mean Σ x_i w_ik + b_k, the served output, and at p = .5 the variance Σ (x_i w_ik)².
    // Within five standard errors for 60 numbers: with free seeds fewer than 1 run in 10,000 fails.
    float[] x = pictures();
    float[] kernel;
    float[] served;
    try (SavedModelBundle bundle = vespaBundle()) {
      kernel = run(bundle, x, false, "outputs/kernel/read");
      served = run(bundle, x, false, "outputs/BiasAdd");
    }
    double[][] z = sampled(x);
    for (int n = 0; n < ROWS; n++) {
      for (int k = 0; k < CLASSES; k++) {
        double variance = 0;
        for (int i = 0; i < FEATURES; i++) {
          variance += Math.pow(x[n * FEATURES + i] * kernel[i * CLASSES + k], 2);
        }
        double[] column = z[n * CLASSES + k];
        assertEquals(served[n * CLASSES + k], mean(column), 5 * Math.sqrt(variance / PASSES));
        assertEquals(variance, variance(column), 5 * variance * Math.sqrt(2.0 / PASSES));
      }
    }
  }

  @Test
  void vespa_passes_agreeWithTheNaiveWay() {
    // The model as it is, one session call a pass. Five standard errors, as above; its seed is
    // free.
    float[] x = pictures();
    double[][] naive = new double[ROWS * CLASSES][PASSES];
    try (SavedModelBundle bundle = vespaBundle()) {
      for (int t = 0; t < PASSES; t++) {
        float[] y = run(bundle, x, true, "outputs/Maximum");
        for (int i = 0; i < y.length; i++) {
          naive[i][t] = linear(y[i]);
        }
      }
    }
    double[][] ours = sampled(x);
    for (int i = 0; i < ours.length; i++) {
      double error = Math.sqrt((variance(naive[i]) + variance(ours[i])) / PASSES);
      assertEquals(mean(naive[i]), mean(ours[i]), 5 * error);
      // The standard error of a standard deviation is σ / √(2 T).
      assertEquals(
          Math.sqrt(variance(naive[i])), Math.sqrt(variance(ours[i])), 5 * error / Math.sqrt(2));
    }
  }

  @Test
  void vespa_passes_differAndRepeat() {
    float[] x = pictures();
    try (SavedModelEngine engine = vespa()) {
      float[] passes = Rows.floats(engine.sample(inputs(x), new SamplingPlan(20, 5)));
      int size = ROWS * CLASSES;

      assertEquals(
          20,
          Stream.iterate(0, t -> t + size)
              .limit(20)
              .map(t -> Arrays.toString(Arrays.copyOfRange(passes, t, t + size)))
              .distinct()
              .count());
      assertArrayEquals(
          passes, Rows.floats(engine.sample(inputs(x), new SamplingPlan(20, 5))), 1e-5f);
    }
  }

  @Test
  void vespa_outputKindNotDeclared_isAskedFor() {
    Path model = SharedFolder.savedModel("vespa-tf1-dropout");

    ModelLoadException e =
        assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model).close());

    assertTrue(e.getMessage().contains("nothing says what the output \"y\""), e::getMessage);
  }

  @Test
  void template_noDropout_isRefused() {
    Path model = SharedFolder.savedModel("tf1-template-no-dropout");

    ModelLoadException e =
        assertThrows(
            ModelLoadException.class,
            () -> SavedModelEngine.builder(model).output("softmax").load().close());

    assertTrue(
        e.getMessage()
            .startsWith(
                model
                    + ": the model has no dropout to turn on: no random op stands between its"
                    + " inputs and its output, so every pass would give the same answer,"),
        e::getMessage);
  }

  private static SavedModelEngine vespa() {
    return SavedModelEngine.builder(SharedFolder.savedModel("vespa-tf1-dropout"))
        .outputKind(OutputKind.LOGITS)
        .load();
  }

  private static SavedModelBundle vespaBundle() {
    return SavedModelBundle.load(SharedFolder.savedModel("vespa-tf1-dropout").toString(), "serve");
  }

  private static float[] run(SavedModelBundle bundle, float[] x, boolean training, String tensor) {
    Session session = bundle.session();
    try (TFloat32 input = TFloat32.tensorOf(array(x));
        TBool gate = TBool.scalarOf(training);
        Result result =
            session.runner().feed("X", input).feed("training", gate).fetch(tensor).run()) {
      return Rows.floats((TFloat32) result.get(0));
    }
  }

  /** The engine's passes, with the last step inverted: [N · K, T]. */
  private static double[][] sampled(float[] x) {
    double[][] z = new double[ROWS * CLASSES][PASSES];
    try (SavedModelEngine engine = vespa()) {
      float[] y = Rows.floats(engine.sample(inputs(x), new SamplingPlan(PASSES, 17)));
      for (int t = 0; t < PASSES; t++) {
        for (int i = 0; i < z.length; i++) {
          z[i][t] = linear(y[t * z.length + i]);
        }
      }
    }
    return z;
  }

  private static double linear(float y) {
    return y > 0 ? y : y * 100.0;
  }

  /** Seeded inputs of 0–1, mostly 0 as those of MNIST. */
  private static float[] pictures() {
    SplittableRandom random = new SplittableRandom(23);
    float[] x = new float[ROWS * FEATURES];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextInt(5) == 0 ? (float) random.nextDouble() : 0;
    }
    return x;
  }

  private static FloatNdArray array(float[] x) {
    return NdArrays.wrap(Shape.of(x.length / FEATURES, FEATURES), DataBuffers.of(x));
  }

  private static Map<String, FloatNdArray> inputs(float[] x) {
    return Map.of("x", array(x));
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }
}
