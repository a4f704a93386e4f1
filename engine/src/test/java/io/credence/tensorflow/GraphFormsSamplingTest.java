package io.credence.tensorflow;

import static io.credence.tensorflow.PlainRun.dense;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Dropout that stands in the graph, in the forms that people write, against a plain session. */
class GraphFormsSamplingTest {

  @TempDir Path folder;

  private void check(PlainRun.Network network) {
    PlainRun.check(TestModels.write(folder, network), UnaryOperator.identity(), network);
  }

  private static Operand<TFloat32> uniform(Ops tf, Operand<TFloat32> x) {
    return tf.random.randomUniform(tf.shape(x), TFloat32.class);
  }

  private static Operand<TFloat32> kept(Ops tf, Operand<TFloat32> x, Operand<TBool> keep) {
    return tf.math.mul(x, tf.dtypes.cast(keep, TFloat32.class));
  }

  /** TensorFlow 1's cond of dropout. */
  private static Operand<TFloat32> cond(Ops tf, Operand<TFloat32> x, Operand<TBool> gate) {
    SwitchCond<TFloat32> branch = tf.switchCond(x, tf.identity(gate));
    return tf.merge(
            List.of(
                tf.identity(branch.outputFalse()),
                TestModels.dropout(tf, branch.outputTrue(), .5f)))
        .output();
  }

  /** Conditions that no input can change, and that are false as the model is served. */
  enum Gate {
    INTEGER_IS_ONE,
    INTEGER_CAST,
    BOTH,
    FROZEN,
    FROZEN_INFERENCE;

    Operand<TBool> write(Ops tf) {
      return switch (this) {
        case INTEGER_IS_ONE -> tf.math.equal(phase(tf), tf.constant(1));
        case INTEGER_CAST -> tf.dtypes.cast(phase(tf), TBool.class);
        case BOTH ->
            tf.math.logicalAnd(
                tf.placeholderWithDefault(tf.constant(false), Shape.scalar()), tf.constant(true));
        case FROZEN -> tf.withName("keras_learning_phase").constant(false);
        case FROZEN_INFERENCE -> tf.math.logicalNot(tf.constant(true));
      };
    }

    private static Operand<TInt32> phase(Ops tf) {
      return tf.withName("phase").placeholderWithDefault(tf.constant(0), Shape.scalar());
    }
  }

  @ParameterizedTest
  @EnumSource
  void gate_ofAnyForm_isTurned(Gate gate) {
    Path model = TestModels.write(folder, (tf, x) -> dense(tf, "d", cond(tf, x, gate.write(tf))));
    PlainRun.check(
        model, UnaryOperator.identity(), (tf, x) -> dense(tf, "d", TestModels.dropout(tf, x, .5f)));
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
      assertTrue(engine.describe().sites().get(0).gate().isPresent());
      var ones = Rows.array(1f, 1f, 1f, 1f);
      assertEquals(1.75f, engine.singlePass(ones).getFloat(0, 0)); // off as it is served
    }
  }

  @Test
  void gate_thatTheInputsDecide_isLeftAlone() {
    check(
        (tf, x) ->
            tf.select(tf.math.greater(x, tf.constant(1.2f)), TestModels.dropout(tf, x, .5f), x));
  }

  @Test
  void batchStatistics_inTheBranchOfDropout_areRefused() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              SwitchCond<TFloat32> branch = tf.switchCond(x, TestModels.gate(tf));
              Operand<TFloat32> train = branch.outputTrue();
              Operand<TFloat32> centred =
                  tf.math.sub(train, tf.math.mean(train, tf.constant(0), Mean.keepDims(true)));
              return tf.merge(
                      List.of(
                          tf.identity(branch.outputFalse()), TestModels.dropout(tf, centred, .5f)))
                  .output();
            });
    String message =
        assertThrows(
                ModelLoadException.class,
                () -> SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load().close())
            .getMessage();
    assertTrue(message.contains("what turns on dropout mixes the rows of a batch"), message);
    assertTrue(message.contains("averages over the batch"), message);
  }

  @Test
  void keepProbability_ofTwoLayers_isSetInBoth() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> keep =
                  tf.withName("keep_prob").placeholderWithDefault(tf.constant(1f), Shape.scalar());
              return floored(tf, dense(tf, "d", floored(tf, x, keep)), keep);
            });
    PlainRun.check(
        model,
        builder -> builder.dropout("keep_prob", .75),
        (tf, x) -> {
          Operand<TFloat32> keep = tf.constant(.25f);
          return floored(tf, dense(tf, "d", floored(tf, x, keep)), keep);
        });
  }

  private static Operand<TFloat32> floored(Ops tf, Operand<TFloat32> x, Operand<TFloat32> keep) {
    return tf.math.mul(tf.math.div(x, keep), tf.math.floor(tf.math.add(keep, uniform(tf, x))));
  }

  @Test
  void draw_comparedTheOtherWayRound_hasItsRate() {
    for (boolean less : new boolean[] {true, false}) {
      folder = folder.resolve("less" + less);
      PlainRun.Network network =
          (tf, x) ->
              kept(
                  tf,
                  x,
                  less
                      ? tf.math.less(uniform(tf, x), tf.constant(.75f))
                      : tf.math.lessEqual(tf.constant(.25f), uniform(tf, x)));
      check(network);
      try (SavedModelEngine engine =
          SavedModelEngine.builder(folder).outputKind(OutputKind.LOGITS).load()) {
        assertEquals(.25, engine.describe().sites().get(0).rate().orElseThrow());
      }
    }
  }

  @Test
  void draw_ofNormalNumbersComparedWithZero_isASite() {
    check(
        (tf, x) -> {
          Operand<TFloat32> drawn = tf.random.randomStandardNormal(tf.shape(x), TFloat32.class);
          return kept(tf, x, tf.math.greater(drawn, tf.constant(0f)));
        });
  }

  @Test
  void draw_readTwice_isOneDraw() {
    check(
        (tf, x) -> {
          Operand<TFloat32> drawn = uniform(tf, x);
          return tf.math.add(kept(tf, x, tf.math.greaterEqual(drawn, tf.constant(.5f))), drawn);
        });
  }

  @Test
  void draw_forFeaturesFirst_keepsRowsApart() {
    check(
        (tf, x) -> {
          Operand<TFloat32> turned = tf.linalg.transpose(x, tf.array(1, 0));
          return tf.linalg.transpose(TestModels.dropout(tf, turned, .5f), tf.array(1, 0));
        });
  }

  @Test
  void draw_onWeights_isDrawn() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) ->
                tf.linalg.matMul(x, TestModels.dropout(tf, tf.constant(TestModels.KERNEL), .5f)));
    PlainRun.check(
        model,
        UnaryOperator.identity(),
        (tf, x) ->
            tf.linalg.matMul(x, TestModels.dropout(tf, tf.constant(TestModels.KERNEL), .5f)));
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
      assertEquals(
          Optional.of("at \"RandomUniform\" the tensor has no dimension that is the batch"),
          engine.passByPass());
    }
  }

  @Test
  void trunk_guardedByAnAssertion_isRunOnce() {
    check(
        (tf, x) -> {
          Operand<TFloat32> hidden = tf.math.tanh(x);
          var small = tf.reduceAll(tf.math.lessEqual(hidden, tf.constant(2f)), tf.array(0, 1));
          var guard = tf.assertThat(small, List.of(tf.constant("too large")));
          Operand<TFloat32> guarded = tf.withControlDependencies(List.of(guard)).identity(hidden);
          return tf.math.add(TestModels.dropout(tf, guarded, .5f), hidden);
        });
  }
}
