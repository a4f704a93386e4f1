package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.DropoutSite.Kind;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Noise layers of Keras 2 that leave no node in serving: their readers read the input instead. */
class KerasNoiseTest {

  private static final double ALPHA = -1.7580993408473766;

  @TempDir Path folder;

  /** A dense layer after the noise: what reads it in training and in serving. */
  private static Operand<TFloat32> after(Ops tf, Operand<TFloat32> x) {
    return KerasModels.scope(tf, "dense")
        .withName("MatMul")
        .linalg
        .matMul(
            x, tf.constant(new float[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}));
  }

  private static Operand<TFloat32> before(Ops tf, Operand<TFloat32> x) {
    return KerasModels.scope(tf, "input").withName("Relu").nn.relu(x);
  }

  private SavedModelEngine load(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> noise) {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> after(tf, before(tf, x)),
            (tf, x) -> after(tf, noise.apply(tf, before(tf, x))));
    return SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load();
  }

  private static Operand<TFloat32> normal(Ops layer, Operand<TFloat32> x, float mean, float sd) {
    Ops in = layer.withSubScope("random_normal");
    Operand<TFloat32> drawn =
        in.withName("RandomStandardNormal")
            .random
            .randomStandardNormal(layer.shape(x), TFloat32.class);
    Operand<TFloat32> scaled =
        in.withName("mul").math.mul(drawn, in.withName("stddev").constant(sd));
    return layer.withName("random_normal").math.add(scaled, in.withName("mean").constant(mean));
  }

  private static void assertNoise(
      SavedModelEngine engine, Kind kind, double rate, double mean, double variance) {
    assertEquals(kind, engine.describe().sites().get(0).kind());
    assertEquals(rate, engine.describe().sites().get(0).rate().orElseThrow(), 1e-6);
    FloatNdArray samples = engine.sample(Rows.array(2f, 1f, 1f, 1f), new SamplingPlan(4000, 3));
    ModelFormsTest.assertMoments(samples, mean, variance);
    assertEquals(
        samples, engine.sample(Rows.array(2f, 1f, 1f, 1f), new SamplingPlan(4000, 3)), "kept");
    assertEquals(2f, engine.singlePass(Rows.array(2f, 1f, 1f, 1f)).getFloat(0, 0));
  }

  @Test
  void gaussianDropout_multipliesWithNormalNoise() {
    double rate = .2;
    float sd = (float) Math.sqrt(rate / (1 - rate));
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Ops layer = KerasModels.scope(tf, "gaussian_dropout");
              return layer.withName("mul").math.mul(x, normal(layer, x, 1, sd));
            })) {
      assertNoise(engine, Kind.GAUSSIAN_DROPOUT, rate, 2, 4 * .25);
    }
  }

  @Test
  void gaussianNoise_addsNormalNoise() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Ops layer = KerasModels.scope(tf, "gaussian_noise");
              return layer.withName("add").math.add(x, normal(layer, x, 0, .5f));
            })) {
      assertNoise(engine, Kind.GAUSSIAN_NOISE, .5, 2, .25);
    }
  }

  @Test
  void alphaDropout_keepsToSelusLimit() {
    double rate = .1;
    try (SavedModelEngine engine =
        load((tf, x) -> alpha(KerasModels.scope(tf, "alpha_dropout"), x, (float) rate))) {
      double a = 1 / Math.sqrt((1 - rate) * (1 + rate * ALPHA * ALPHA));
      double b = -a * ALPHA * rate;
      double mean = a * ((1 - rate) * 2 + rate * ALPHA) + b;
      double variance = a * a * (2 - ALPHA) * (2 - ALPHA) * rate * (1 - rate);
      assertNoise(engine, Kind.ALPHA_DROPOUT, rate, mean, variance);
    }
  }

  private static Operand<TFloat32> alpha(Ops layer, Operand<TFloat32> x, float rate) {
    Operand<TFloat32> drawn =
        layer
            .withSubScope("random_uniform")
            .withName("RandomUniform")
            .random
            .randomUniform(layer.shape(x), TFloat32.class);
    Operand<TFloat32> kept =
        layer
            .withName("Cast")
            .dtypes
            .cast(
                layer.withName("GreaterEqual").math.greaterEqual(drawn, layer.constant(rate)),
                TFloat32.class);
    double a = 1 / Math.sqrt((1 - rate) * (1 + rate * ALPHA * ALPHA));
    Operand<TFloat32> whole =
        layer
            .withName("add")
            .math
            .add(
                layer.withName("mul").math.mul(x, kept),
                layer
                    .withName("mul_1")
                    .math
                    .mul(layer.math.sub(layer.constant(1f), kept), layer.constant((float) ALPHA)));
    return layer
        .withName("add_1")
        .math
        .add(
            layer.withName("mul_2").math.mul(layer.constant((float) a), whole),
            layer.constant((float) (-a * ALPHA * rate)));
  }

  @Test
  void dropoutOfALayerOfOnesOwn_isFoundByItsReaders() {
    // tf.nn.dropout if training, else x: serving keeps no Identity.
    try (SavedModelEngine engine = load((tf, x) -> KerasModels.training(tf, "block/own", x, .5f))) {
      assertNoise(engine, Kind.DROPOUT, .5, 2, 4);
    }
  }

  @Test
  void noise_thatServingReadsInTwoPlaces_isOnBoth() {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> in = before(tf, x);
              return KerasModels.scope(tf, "join").withName("add").math.add(after(tf, in), in);
            },
            (tf, x) -> {
              Ops layer = KerasModels.scope(tf, "gaussian_noise");
              Operand<TFloat32> in = before(tf, x);
              Operand<TFloat32> noised =
                  layer.withName("add").math.add(in, normal(layer, in, 0, .5f));
              return KerasModels.scope(tf, "join")
                  .withName("add")
                  .math
                  .add(after(tf, noised), noised);
            });
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
      FloatNdArray samples = engine.sample(Rows.array(2f, 1f, 1f, 1f), new SamplingPlan(4000, 3));
      ModelFormsTest.assertMoments(samples, 4, 4 * .25); // the same noise twice
    }
  }

  @Test
  void noise_whoseReadersReadElsewhereInServing_isRefused() {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) ->
                KerasModels.scope(tf, "join").withName("add").math.add(after(tf, before(tf, x)), x),
            (tf, x) -> {
              Ops layer = KerasModels.scope(tf, "gaussian_noise");
              Operand<TFloat32> in = before(tf, x);
              Operand<TFloat32> noised =
                  layer.withName("add").math.add(in, normal(layer, in, 0, .5f));
              return KerasModels.scope(tf, "join")
                  .withName("add")
                  .math
                  .add(after(tf, noised), noised);
            });
    String message =
        assertThrows(
                ModelLoadException.class,
                () -> SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load().close())
            .getMessage();
    assertTrue(message.contains("layer \"gaussian_noise\""), message);
  }
}
