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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Dropout layers that Keras 2 left out of the serving graph, on models made here. */
class KerasDropoutTest {

  private static final int PASSES = 4000;

  @TempDir Path folder;

  private static SavedModelEngine load(Path model) {
    return SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load();
  }

  private static Operand<TFloat32> relu(Ops tf, String scope, Operand<TFloat32> x) {
    return KerasModels.scope(tf, scope).withName("Relu").nn.relu(x);
  }

  private Path twoLayers() {
    return KerasModels.write(
        folder,
        (tf, x) -> {
          Operand<TFloat32> first = KerasModels.served(tf, "dropout", relu(tf, "a", x));
          return KerasModels.served(tf, "block/drop", relu(tf, "b", first));
        },
        (tf, x) -> {
          Operand<TFloat32> first = KerasModels.training(tf, "dropout", relu(tf, "a", x), .25f);
          return KerasModels.training(tf, "block/drop", relu(tf, "b", first), .5f);
        });
  }

  @Test
  void sites_inlinedTraining_areTheLayersWithTheirRates() {
    try (SavedModelEngine engine = load(twoLayers())) {
      assertEquals(
          List.of("model/block/drop/Identity .5", "model/dropout/Identity .25"),
          engine.describe().sites().stream()
              .map(s -> s.name() + " " + s.rate().orElseThrow())
              .map(text -> text.replace(" 0.", " ."))
              .toList());
    }
  }

  @Test
  void singlePass_isServed_andPassesHaveTheMomentsOfDropout() {
    // y = x m₁ m₂ with independent masks: mean x, E y² = x² / ((1 − .25)(1 − .5)), so that the
    // variance is x² (8/3 − 1). Five standard errors; fourth moments of y are below 12 σ⁴.
    try (SavedModelEngine engine = load(twoLayers())) {
      float[] x = {1f, .5f, 2f, 1f};
      Map<String, FloatNdArray> rows = Map.of("x", Rows.array(x));
      assertArrayEquals(x, Rows.floats(engine.singlePass(rows)), 1e-6f);
      FloatNdArray samples = engine.sample(rows, new SamplingPlan(PASSES, 3));
      for (int k = 0; k < x.length; k++) {
        double[] column = new double[PASSES];
        for (int t = 0; t < PASSES; t++) {
          column[t] = samples.getFloat(t, 0, k);
        }
        double mean = Arrays.stream(column).average().orElseThrow();
        double variance =
            Arrays.stream(column).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double expected = x[k] * x[k] * (8 / 3.0 - 1);
        assertEquals(x[k], mean, 5 * Math.sqrt(expected / PASSES));
        assertEquals(expected, variance, 5 * expected * Math.sqrt(11.0 / PASSES));
      }
    }
  }

  @Test
  void sample_rowAlone_equalsRowInCompany() {
    try (SavedModelEngine engine = load(twoLayers())) {
      SamplingPlan plan = new SamplingPlan(20, 7);
      FloatNdArray company = engine.sample(Rows.random(64, 2), plan);
      FloatNdArray alone = engine.sample(Rows.row(31, 64, 2), plan);
      for (int pass = 0; pass < 20; pass++) {
        for (int k = 0; k < 4; k++) {
          assertEquals(company.getFloat(pass, 31, k), alone.getFloat(pass, 0, k), 1e-6);
        }
      }
    }
  }

  @Test
  void sites_trainingThatCallsALayerFunction_areFoundAlike() {
    ConcreteFunction layer =
        ConcreteFunction.create(
            ops -> {
              Placeholder<TFloat32> in =
                  ops.withName("inputs")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
              Operand<TFloat32> out = KerasModels.training(ops, "", in, .5f);
              return Signature.builder("layer").input("x", in).output("y", out).build();
            });
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> KerasModels.served(tf, "drop", relu(tf, "a", x)),
            (tf, x) ->
                KerasModels.cast(KerasModels.scope(tf, "drop").call(layer, relu(tf, "a", x))));
    try (SavedModelEngine engine = load(model)) {
      assertEquals(1, engine.describe().sites().size());
      assertEquals(.5, engine.describe().sites().get(0).rate().orElseThrow());
    }
  }

  @Test
  void sites_sharedLayerCalledTwice_areTwo() {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> {
              Ops drop = KerasModels.scope(tf, "drop");
              Operand<TFloat32> first = drop.withName("Identity").identity(relu(tf, "a", x));
              return drop.withName("Identity_1").identity(relu(tf, "b", first));
            },
            (tf, x) -> {
              Ops drop = KerasModels.scope(tf, "drop");
              Operand<TFloat32> first = KerasModels.trainingIn(drop, relu(tf, "a", x), .5f);
              return KerasModels.trainingIn(drop, relu(tf, "b", first), .25f);
            });
    try (SavedModelEngine engine = load(model)) {
      assertEquals(
          List.of("model/drop/Identity 0.5", "model/drop/Identity_1 0.25"),
          engine.describe().sites().stream()
              .map(site -> site.name() + " " + site.rate().orElseThrow())
              .toList());
    }
  }

  @Test
  void spatialDropout_dropsWholeChannels() {
    // x [N, 4] is taken as [N, 2 steps, 2 channels]: a mask [1, 1, 2] drops both steps or none.
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> steps = relu(tf, "a", tf.reshape(x, tf.array(-1, 2, 2)));
              return tf.reshape(KerasModels.served(tf, "drop", steps), tf.array(-1, 4));
            },
            (tf, x) -> {
              Operand<TFloat32> steps = relu(tf, "a", tf.reshape(x, tf.array(-1, 2, 2)));
              Operand<TFloat32> dropped = KerasModels.spatialTraining(tf, "drop", steps, .5f);
              return tf.reshape(dropped, tf.array(-1, 4));
            });
    try (SavedModelEngine engine = load(model)) {
      FloatNdArray samples =
          engine.sample(Map.of("x", Rows.array(1f, 1f, 1f, 1f)), new SamplingPlan(200, 1));
      boolean apart = false;
      for (int t = 0; t < 200; t++) {
        assertEquals(samples.getFloat(t, 0, 0), samples.getFloat(t, 0, 2));
        assertEquals(samples.getFloat(t, 0, 1), samples.getFloat(t, 0, 3));
        apart |= samples.getFloat(t, 0, 0) != samples.getFloat(t, 0, 1);
      }
      assertTrue(apart);
    }
  }

  @Test
  void spatialDropout2d_dropsWholeChannelsOfPictures() {
    // x [N, 4] is taken as a picture [N, 2, 1, 2 channels].
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> picture = relu(tf, "a", tf.reshape(x, tf.array(-1, 2, 1, 2)));
              return tf.reshape(KerasModels.served(tf, "drop", picture), tf.array(-1, 4));
            },
            (tf, x) -> {
              Operand<TFloat32> picture = relu(tf, "a", tf.reshape(x, tf.array(-1, 2, 1, 2)));
              return tf.reshape(
                  KerasModels.spatialTraining2d(tf, "drop", picture, .5f), tf.array(-1, 4));
            });
    try (SavedModelEngine engine = load(model)) {
      DropoutSite site = engine.describe().sites().get(0);
      assertEquals(DropoutSite.Kind.SPATIAL_DROPOUT, site.kind());
      assertEquals(Shape.of(1, 1, 1, 2), site.maskShape());
      FloatNdArray samples = engine.sample(Rows.same(3, 1f, 1f, 1f, 1f), new SamplingPlan(400, 1));
      int apart = 0;
      for (int t = 0; t < 400; t++) {
        assertEquals(samples.getFloat(t, 0, 0), samples.getFloat(t, 0, 2));
        assertEquals(samples.getFloat(t, 0, 1), samples.getFloat(t, 0, 3));
        assertEquals(samples.get(t).get(0), samples.get(t).get(2));
        apart += samples.getFloat(t, 0, 0) != samples.getFloat(t, 0, 1) ? 1 : 0;
      }
      assertEquals(200, apart, 50); // five standard deviations
    }
  }

  @Test
  void identityOfTheSameNameThatReadsSomethingElse_isNoSite() {
    // As in an RNN layer: <rnn>/Identity reads a weight, and <rnn>/dropout draws in training.
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> {
              Ops rnn = KerasModels.scope(tf, "rnn");
              Operand<TFloat32> weight =
                  rnn.withName("Identity").identity(rnn.withName("Read").constant(2f));
              return tf.math.mul(relu(tf, "a", x), weight);
            },
            (tf, x) -> KerasModels.training(tf, "rnn", relu(tf, "a", x), .5f));
    String message = assertThrows(ModelLoadException.class, () -> load(model).close()).getMessage();
    assertTrue(message.contains("layer \"rnn\" puts in noise in training (DROPOUT, 0.5)"), message);
    assertTrue(message.contains("is not found"), message);
  }

  @Test
  void trainingDropoutOfALayerThatIsNotServed_isPassedOver() {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> KerasModels.served(tf, "drop", relu(tf, "a", x)),
            (tf, x) -> {
              Operand<TFloat32> a = relu(tf, "a", x);
              KerasModels.training(tf, "auxiliary", a, .3f);
              return KerasModels.training(tf, "drop", a, .5f);
            });
    try (SavedModelEngine engine = load(model)) {
      assertEquals(1, engine.describe().sites().size());
    }
  }
}
