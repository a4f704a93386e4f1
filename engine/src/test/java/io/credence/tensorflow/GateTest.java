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
import org.tensorflow.Operand;
import org.tensorflow.ndarray.FloatNdArray;
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
}
