package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.DropoutSite;
import io.credence.DropoutSite.Kind;
import io.credence.DropoutSite.Origin;
import io.credence.Masks;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** Forms of models that people save, each made small by hand. */
class ModelFormsTest {

  private static final int PASSES = 4000;

  @TempDir Path folder;

  private static SavedModelEngine.Builder logits(Path model) {
    return SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS);
  }

  private SavedModelEngine load(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return logits(TestModels.write(folder, network)).load();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void draw_thatTellsWhatIsDropped_hasTheRateOfThat(boolean turnedRound) {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(x), TFloat32.class);
              Operand<TBool> dropped = tf.math.less(uniform, tf.constant(.25f));
              return turnedRound
                  ? tf.math.mul(x, tf.dtypes.cast(tf.math.logicalNot(dropped), TFloat32.class))
                  : tf.select(dropped, tf.zerosLike(x), x);
            })) {
      assertEquals(.25, engine.describe().sites().get(0).rate().orElseThrow());
      assertMoments(engine.sample(Rows.array(1f, 1f, 1f, 1f), plan()), .75, .1875);
    }
  }

  @Test
  void draw_thatIsScaledInAWayOfItsOwn_keepsItsScale() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(x), TFloat32.class);
              Operand<TFloat32> keep =
                  tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant(.5f)), TFloat32.class);
              return tf.math.mul(tf.math.mul(x, tf.constant(3f)), keep);
            })) {
      assertEquals(Kind.RANDOM_OP, engine.describe().sites().get(0).kind());
      assertMoments(engine.sample(Rows.array(1f, 1f, 1f, 1f), plan()), 1.5, 2.25);
    }
  }

  /** What is dropped is copied for each pass of a call, though it is a tensor of the trunk. */
  @Test
  void dropoutOnAWideInput_chunksAreSizedByIt() {
    int features = 1 << 18; // 1 MiB a row
    Path model =
        TestModels.write(
            folder.resolve("wide"),
            Shape.of(-1, features),
            (tf, x) ->
                tf.reshape(
                    tf.math.mean(TestModels.dropout(tf, x, .5f), tf.constant(1)),
                    tf.constant(new int[] {-1, 1})));
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.MEAN).load()) {
      assertEquals(Optional.empty(), engine.passByPass());
      assertEquals(8, engine.chunk(1));
      assertEquals(4, engine.chunk(2));
    }
  }

  @Test
  void twoOutputs_eachCanBeSampled() {
    for (String output : List.of("mean", "twice")) {
      Path model =
          TestModels.writeAll(
              folder.resolve(output),
              (tf, x) -> {
                Operand<TFloat32> dropped = TestModels.dropout(tf, x, .5f);
                return Map.of("mean", dropped, "twice", tf.math.mul(dropped, tf.constant(2f)));
              });
      try (SavedModelEngine engine = logits(model).output(output).load()) {
        double scale = output.equals("mean") ? 1 : 2;
        assertMoments(engine.sample(Rows.array(1f, 1f, 1f, 1f), plan()), scale, scale * scale);
      }
    }
  }

  @Test
  void staticBatchOfOne_isSampled() {
    Path model =
        TestModels.write(
            folder,
            Shape.of(1, 4),
            (tf, x) -> {
              Operand<TFloat32> dropped = TestModels.dropout(tf, x, .5f);
              // The shape bakes the batch in, as tf.lite's converters and exporters to mobile do.
              return tf.reshape(tf.reshape(dropped, tf.array(1, 2, 2)), tf.array(1, 4));
            });
    try (SavedModelEngine engine = logits(model).load()) {
      assertTrue(
          engine.passByPass().orElse("").contains("bakes the batch in"),
          engine.passByPass()::toString);
      assertMoments(engine.sample(Rows.array(1f, 1f, 1f, 1f), plan()), 1, 1);
    }
  }

  @Test
  void unetSkips_crossTheCut() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> image = tf.reshape(x, tf.array(-1, 2, 2, 1));
              Operand<TFloat32> filter = tf.fill(tf.array(1, 1, 1, 2), tf.constant(.5f));
              Operand<TFloat32> encoded =
                  tf.nn.relu(tf.nn.conv2d(image, filter, List.of(1L, 1L, 1L, 1L), "SAME"));
              Operand<TFloat32> pooled =
                  tf.nn.maxPool(encoded, tf.array(1, 2, 2, 1), tf.array(1, 2, 2, 1), "SAME");
              Operand<TFloat32> bottom = TestModels.dropout(tf, pooled, .5f);
              Operand<TInt32> size = tf.shape(encoded);
              Operand<TFloat32> up =
                  tf.nn.conv2dBackpropInput(
                      size,
                      tf.fill(tf.array(2, 2, 2, 2), tf.constant(1f)),
                      bottom,
                      List.of(1L, 2L, 2L, 1L),
                      "SAME");
              Operand<TFloat32> both = tf.concat(List.of(encoded, up), tf.constant(3));
              return tf.reduceSum(both, tf.array(2, 3));
            })) {
      assertEquals(Optional.empty(), engine.passByPass());
      SamplingPlan plan = new SamplingPlan(20, 3);
      FloatNdArray company = engine.sample(Rows.random(64, 2), plan);
      FloatNdArray alone = engine.sample(Rows.row(31, 64, 2), plan);
      for (int pass = 0; pass < 20; pass++) {
        assertEquals(company.getFloat(pass, 31, 0), alone.getFloat(pass, 0, 0), 1e-5);
      }
      // Row (1, 1, 1, 1): skips give 2 · 2 · .5 = 2 a line; the pooled .5 of two channels, each
      // doubled or dropped, comes back as 2 · 2 · (m0 + m1) · .5 a line.
      FloatNdArray samples = engine.sample(Rows.array(1f, 1f, 1f, 1f), plan());
      assertMoments(samples, 2 + 4, 8);
    }
  }

  @Test
  void loop_drawsAnewAtEveryStep() {
    ConcreteFunction body =
        ConcreteFunction.create(
            tf -> {
              Placeholder<TInt32> step =
                  tf.withName("step").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
              Placeholder<TFloat32> state =
                  tf.withName("state")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
              Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(state), TFloat32.class);
              return Signature.builder("body")
                  .input("step", step)
                  .input("state", state)
                  .output("next", tf.math.add(step, tf.constant(1)))
                  .output("sum", tf.math.add(state, uniform))
                  .build();
            });
    ConcreteFunction condition =
        ConcreteFunction.create(
            tf -> {
              Placeholder<TInt32> step =
                  tf.withName("step").placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
              Placeholder<TFloat32> state =
                  tf.withName("state")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
              return Signature.builder("cond")
                  .input("step", step)
                  .input("state", state)
                  .output("more", tf.math.less(step, tf.constant(3)))
                  .build();
            });
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              List<Operand<?>> start = List.of(tf.constant(0), x);
              return KerasModels.cast(second(tf.whileOp(start, condition, body)));
            })) {
      FloatNdArray samples = engine.sample(Rows.array(0f, 0f, 0f, 0f), plan());
      assertMoments(samples, 1.5, 3 / 12.0); // one draw for all steps would give 9/12
      FloatNdArray company = engine.sample(Rows.random(5, 3), new SamplingPlan(8, 1));
      FloatNdArray alone = engine.sample(Rows.row(3, 5, 3), new SamplingPlan(8, 1));
      for (int pass = 0; pass < 8; pass++) {
        assertEquals(company.getFloat(pass, 3, 2), alone.getFloat(pass, 0, 2), 1e-6);
      }
    }
  }

  private static Operand<?> second(Iterable<? extends Operand<?>> outputs) {
    var each = outputs.iterator();
    each.next();
    return each.next();
  }

  @Test
  void dropoutOfDoubles_isDrawn() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat64> wide = tf.dtypes.cast(x, TFloat64.class);
              Operand<TFloat64> uniform = tf.random.randomUniform(tf.shape(wide), TFloat64.class);
              Operand<TFloat64> keep =
                  tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant(.5)), TFloat64.class);
              return tf.dtypes.cast(
                  tf.math.mul(tf.math.mul(wide, tf.constant(2.0)), keep), TFloat32.class);
            })) {
      assertMoments(engine.sample(Rows.array(1f, 1f, 1f, 1f), plan()), 1, 1);
    }
  }

  @Test
  void masksPerRow_haveTheSameMarginals_andDifferBetweenRows() {
    try (SavedModelEngine engine = load((tf, x) -> TestModels.dropout(tf, x, .5f))) {
      SamplingPlan perRow = plan().withMasks(Masks.PER_ROW);
      FloatNdArray samples = engine.sample(Rows.same(3, 1f, 1f, 1f, 1f), perRow);
      assertMoments(samples, 1, 1);
      int alike = 0;
      for (int pass = 0; pass < PASSES; pass++) {
        alike += samples.getFloat(pass, 0, 0) == samples.getFloat(pass, 2, 0) ? 1 : 0;
      }
      assertEquals(PASSES / 2.0, alike, 5 * Math.sqrt(PASSES) / 2);
      FloatNdArray shared = engine.sample(Rows.same(3, 1f, 1f, 1f, 1f), plan());
      assertEquals(shared.get(7).get(0), shared.get(7).get(2));
      assertNotEquals(samples.get(7), samples.get(8));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50})
  void chunkSize_doesNotMatter(int chunk) {
    Path model = TestModels.alwaysOn(folder.resolve("m" + chunk));
    SamplingPlan plan = new SamplingPlan(60, 4);
    try (SavedModelEngine whole = SavedModelEngine.load(model);
        SavedModelEngine parts = SavedModelEngine.builder(model).maxChunk(chunk).load()) {
      float[] expected = Rows.floats(whole.sample(Rows.random(9, 5), plan));
      float[] actual = Rows.floats(parts.sample(Rows.random(9, 5), plan));
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 1e-5 * Math.max(1, Math.abs(expected[i])));
      }
    }
  }

  @Test
  void sites_areDescribed() {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> KerasModels.served(tf, "drop", tf.nn.relu(x)),
            (tf, x) -> KerasModels.training(tf, "drop", tf.nn.relu(x), .5f));
    try (SavedModelEngine engine = logits(model).load()) {
      assertEquals(
          List.of(
              new DropoutSite(
                  "model/drop/Identity",
                  Kind.DROPOUT,
                  OptionalDouble.of(.5),
                  Shape.of(1, 4),
                  Origin.TRAINING_FUNCTION,
                  Optional.empty())),
          engine.describe().sites());
    }
  }

  private static SamplingPlan plan() {
    return new SamplingPlan(PASSES, 17);
  }

  /**
   * Mean and variance of the first output of row 0, within five standard errors: with free seeds
   * fewer than one run in 10,000 would fail.
   */
  static void assertMoments(FloatNdArray samples, double mean, double variance) {
    int passes = (int) samples.shape().get(0);
    double sum = 0;
    double squares = 0;
    double fourth = 0;
    for (int pass = 0; pass < passes; pass++) {
      double off = samples.getFloat(pass, 0, 0) - mean;
      sum += off / passes;
      squares += off * off / passes;
      fourth += off * off * off * off / passes;
    }
    assertEquals(0, sum, 5 * Math.sqrt(variance / passes));
    assertEquals(
        variance,
        squares,
        5 * Math.sqrt(Math.max(fourth - variance * variance, 0) / passes) + 1e-3);
  }

  @Test
  void ownSeeds_thatStepOn_areLeftOut() {
    // As Keras 3 writes dropout that is always on: a stateless draw, and a seed that each call adds
    // to.
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              Variable<TInt64> seed = tf.withInitScope().variable(Shape.of(2), TInt64.class);
              tf.withInitScope().assign(seed, tf.array(3L, 4L));
              Operand<TInt64> value = tf.identity(seed);
              Operand<TFloat32> uniform =
                  tf.random.statelessRandomUniform(tf.shape(x), value, TFloat32.class);
              Op step = tf.assignAdd(seed, tf.array(1L, 1L));
              Operand<TFloat32> kept =
                  tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant(.5f)), TFloat32.class);
              Operand<TFloat32> dropped = tf.math.mul(tf.math.mul(x, tf.constant(2f)), kept);
              return tf.withControlDependencies(List.of(step)).identity(dropped);
            });
    try (SavedModelEngine engine = logits(model).load()) {
      assertEquals(.5, engine.describe().sites().get(0).rate().orElseThrow());
      FloatNdArray samples = engine.sample(Rows.array(1f, 1f, 1f, 1f), plan());
      assertMoments(samples, 1, 1);
      assertEquals(samples, engine.sample(Rows.array(1f, 1f, 1f, 1f), plan()));
      assertEquals(
          engine.singlePass(Rows.array(1f, 1f, 1f, 1f)),
          engine.singlePass(Rows.array(1f, 1f, 1f, 1f)));
    }
  }

  @Test
  void rowsThatAreMixed_shareTheirMaskAllTheSame() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> mixed = tf.math.add(x, tf.reduceSum(x, tf.array(0)));
              return TestModels.dropout(tf, mixed, .5f);
            })) {
      assertTrue(engine.passByPass().isPresent());
      FloatNdArray samples = engine.sample(Rows.same(3, 1f, 1f, 1f, 1f), plan());
      for (int pass = 0; pass < 40; pass++) {
        assertEquals(samples.get(pass).get(0), samples.get(pass).get(2));
      }
    }
  }
}
