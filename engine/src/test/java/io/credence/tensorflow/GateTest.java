package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Which placeholders turn dropout on, and at which value. */
class GateTest {

  private static final SamplingPlan PLAN = new SamplingPlan(40, 1);

  @TempDir Path folder;

  private SavedModelEngine load(BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return SavedModelEngine.builder(TestModels.write(folder, network))
        .outputKind(OutputKind.LOGITS)
        .load();
  }

  private static Operand<TBool> flag(Ops tf, String name, boolean value) {
    return tf.withName(name).placeholderWithDefault(tf.constant(value), Shape.scalar());
  }

  /** Passes differ, and one ordinary pass is the input itself. */
  private static void assertGatedBy(SavedModelEngine engine, String gate) {
    assertEquals(Optional.of(gate), engine.describe().sites().get(0).gate());
    Map<String, FloatNdArray> x = Map.of("x", Rows.array(1f, 2f, 3f, 4f));
    assertTrue(engine.classify(x, PLAN).get(0).mutualInformation() > 0);
    assertArrayEquals(new float[] {1, 2, 3, 4}, Rows.floats(engine.singlePass(x)));
  }

  @Test
  void gate_thatIsFalseWhenDropoutIsOn_isFedFalse() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> tf.select(flag(tf, "inference", true), x, TestModels.dropout(tf, x, .5f)))) {
      assertGatedBy(engine, "inference");
    }
  }

  @Test
  void gate_turnedRoundByLogicalNot_isFedTheOtherValue() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TBool> on = tf.math.logicalNot(tf.identity(flag(tf, "inference", true)));
              return tf.select(on, TestModels.dropout(tf, x, .5f), x);
            })) {
      assertGatedBy(engine, "inference");
    }
  }

  @Test
  void gate_withoutDefault_isFedOffInAnOrdinaryPass() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TBool> inference =
                  tf.withName("inference")
                      .placeholder(TBool.class, Placeholder.shape(Shape.scalar()));
              return tf.select(inference, x, TestModels.dropout(tf, x, .5f));
            })) {
      assertGatedBy(engine, "inference");
    }
  }

  @Test
  void gate_condWhoseFalseBranchDrops_isFedFalse() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              SwitchCond<TFloat32> branch = tf.switchCond(x, flag(tf, "inference", true));
              Operand<TFloat32> plain = tf.identity(branch.outputTrue());
              Operand<TFloat32> dropped = TestModels.dropout(tf, branch.outputFalse(), .5f);
              return tf.merge(List.of(plain, dropped)).output();
            })) {
      assertGatedBy(engine, "inference");
    }
  }

  @Test
  void placeholder_thatChoosesBetweenTwoUsesOfADraw_isLeftAlone() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> dropped = TestModels.dropout(tf, x, .5f);
              Operand<TFloat32> sharp = tf.math.mul(dropped, tf.constant(20f));
              return tf.select(flag(tf, "sharpen", false), sharp, dropped);
            })) {
      assertEquals(Optional.empty(), engine.describe().sites().get(0).gate());
      float[] samples = Rows.floats(engine.sample(Map.of("x", Rows.array(1f, 1f, 1f, 1f)), PLAN));
      for (float value : samples) {
        assertTrue(value == 0f || value == 2f, () -> "sharpened: " + value);
      }
    }
  }

  @Test
  void gate_thatTurnsOneOnAndAnotherOff_isRefused() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              Operand<TBool> gate = flag(tf, "mode", false);
              Operand<TFloat32> first = tf.select(gate, TestModels.dropout(tf, x, .5f), x);
              return tf.select(gate, first, TestModels.dropout(tf, first, .5f));
            });
    String message =
        assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model).close())
            .getMessage();
    assertTrue(message.contains("placeholder \"mode\" turns some of the dropout on"), message);
  }

  @Test
  void gates_ofTwoSites_areEachFed() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TFloat32> first =
                  tf.select(flag(tf, "a", false), TestModels.dropout(tf, x, .5f), x);
              return tf.select(flag(tf, "b", true), first, TestModels.dropout(tf, first, .5f));
            })) {
      assertEquals(
          List.of(Optional.of("a"), Optional.of("b")),
          engine.describe().sites().stream().map(site -> site.gate()).toList());
      // Both on: a unit that is kept is doubled twice.
      float[] samples = Rows.floats(engine.sample(Map.of("x", Rows.array(1f, 1f, 1f, 1f)), PLAN));
      for (float value : samples) {
        assertTrue(value == 0f || value == 4f, () -> "one site off: " + value);
      }
      assertNotEquals(0f, samples.length);
    }
  }

  @Test
  void batchNormalisation_thatSharesTheGate_staysAsItIsServed() {
    try (SavedModelEngine engine =
        load(
            (tf, x) -> {
              Operand<TBool> gate = flag(tf, "training", false);
              Operand<TFloat32> image = tf.reshape(x, tf.constant(new int[] {-1, 1, 1, 4}));
              SwitchCond<TFloat32> branch = tf.switchCond(image, tf.identity(gate));
              Operand<TFloat32> normal =
                  tf.merge(
                          List.of(
                              TestModels.batchNorm(tf, branch.outputFalse(), false),
                              TestModels.batchNorm(tf, branch.outputTrue(), true)))
                      .output();
              Operand<TFloat32> flat = tf.reshape(normal, tf.constant(new int[] {-1, 4}));
              SwitchCond<TFloat32> dropped = tf.switchCond(flat, tf.identity(gate));
              return tf.merge(
                      List.of(
                          tf.identity(dropped.outputFalse()),
                          TestModels.dropout(tf, dropped.outputTrue(), .5f)))
                  .output();
            })) {
      // In inference it maps 1 to 1; in training it would map a constant batch to its offset, 1
      // too,
      // so that the second row tells: (3 - 1) / sqrt(1 + 1e-4) + 1.
      FloatNdArray x = NdArrays.ofFloats(Shape.of(2, 4));
      x.get(1).scalars().forEach(s -> s.setFloat(3));
      x.get(0).scalars().forEach(s -> s.setFloat(1));
      FloatNdArray samples = engine.sample(Map.of("x", x), PLAN);
      for (int pass = 0; pass < PLAN.passes(); pass++) {
        float value = samples.getFloat(pass, 1, 0);
        assertTrue(value == 0 || Math.abs(value - 6) < 1e-3, () -> "training statistics: " + value);
      }
    }
  }

  @Test
  void batchNormalisation_insideTheBranchOfDropout_isRefused() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> image = tf.reshape(x, tf.constant(new int[] {-1, 1, 1, 4}));
              SwitchCond<TFloat32> branch = tf.switchCond(image, flag(tf, "training", false));
              Operand<TFloat32> train =
                  TestModels.dropout(tf, TestModels.batchNorm(tf, branch.outputTrue(), true), .5f);
              Operand<TFloat32> serve = TestModels.batchNorm(tf, branch.outputFalse(), false);
              Operand<TFloat32> both = tf.merge(List.of(serve, train)).output();
              return tf.reshape(both, tf.constant(new int[] {-1, 4}));
            });
    String message =
        assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model).close())
            .getMessage();
    assertTrue(message.contains("what turns on dropout turns on node"), message);
    assertTrue(message.contains("FusedBatchNorm"), message);
  }

  private static Operand<TFloat32> keepProbability(Ops tf, Operand<TFloat32> x, boolean standard) {
    Operand<TFloat32> keep =
        standard
            ? tf.withName("keep_prob").placeholderWithDefault(tf.constant(1f), Shape.scalar())
            : tf.withName("keep_prob")
                .placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(x), TFloat32.class);
    return tf.math.mul(tf.math.div(x, keep), tf.math.floor(tf.math.add(keep, uniform)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepProbability_withTheRateOfTheCaller_drops(boolean standard) {
    Path model = TestModels.write(folder, (tf, x) -> keepProbability(tf, x, standard));
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model)
            .outputKind(OutputKind.LOGITS)
            .dropout("keep_prob:0", .75)
            .load()) {
      assertEquals(.75, engine.describe().sites().get(0).rate().orElseThrow());
      assertGatedBy(engine, "keep_prob");
      float[] samples = Rows.floats(engine.sample(Map.of("x", Rows.array(1f, 1f, 1f, 1f)), PLAN));
      int kept = 0;
      for (float value : samples) {
        assertTrue(value == 0f || value == 4f, () -> "rate is not .75: " + value);
        kept += value == 0 ? 0 : 1;
      }
      // 160 draws of .25: five standard deviations are 27
      assertEquals(40, kept, 27);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepProbability_withoutRate_isAskedFor(boolean standard) {
    Path model = TestModels.write(folder, (tf, x) -> keepProbability(tf, x, standard));
    String message =
        assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model).close())
            .getMessage();
    assertTrue(message.contains("placeholder \"keep_prob\" decides the dropout rate"), message);
    assertTrue(message.contains("name the rate of training"), message);
  }

  @Test
  void switches_thatTheSignatureLists_areNoInputs() {
    Path model =
        TestModels.writeWithFlags(
            folder,
            (tf, x, training, keep) -> {
              Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(x), TFloat32.class);
              Operand<TFloat32> kept = tf.math.floor(tf.math.add(keep, uniform));
              return tf.select(training, tf.math.mul(tf.math.div(x, keep), kept), x);
            });
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model)
            .outputKind(OutputKind.LOGITS)
            .dropout("keep_prob", .5)
            .load()) {
      assertEquals(
          List.of("x"), engine.describe().inputs().stream().map(spec -> spec.name()).toList());
      assertGatedBy(engine, "training");
    }
  }
}
