package io.credence.tensorflow;

import static io.credence.tensorflow.PlainRun.dense;
import static io.credence.tensorflow.PlainRun.relu;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Places where people put dropout and noise in Keras 2, each against its training function. */
class KerasFormsSamplingTest {

  @TempDir Path folder;

  /** Writes dropout of a layer, as it is in training or in serving. */
  private interface Dropout {
    Operand<TFloat32> on(String layer, Operand<TFloat32> x, float rate);
  }

  private interface Model {
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, Dropout dropout);
  }

  private void check(Model model) {
    check(
        (tf, x) -> model.of(tf, x, (layer, in, rate) -> KerasModels.served(tf, layer, in)),
        (tf, x) -> model.of(tf, x, (layer, in, rate) -> KerasModels.training(tf, layer, in, rate)));
  }

  private void check(PlainRun.Network serving, PlainRun.Network training) {
    PlainRun.check(
        KerasModels.write(folder, serving, training), UnaryOperator.identity(), training);
  }

  private static Operand<TFloat32> noise(Ops tf, String layer, Operand<TFloat32> x) {
    Ops at = KerasModels.scope(tf, layer);
    Ops in = at.withSubScope("random_normal");
    Operand<TFloat32> drawn =
        in.withName("RandomStandardNormal")
            .random
            .randomStandardNormal(at.shape(x), TFloat32.class);
    Operand<TFloat32> scaled = in.withName("mul").math.mul(drawn, in.constant(.5f));
    Operand<TFloat32> normal = at.withName("random_normal").math.add(scaled, in.constant(0f));
    return at.withName("add").math.add(x, normal);
  }

  private static Operand<TFloat32> add(Ops tf, Operand<TFloat32> a, Operand<TFloat32> b) {
    return KerasModels.scope(tf, "join").withName("add").math.add(a, b);
  }

  private static Operand<TFloat32> steps(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, tf.array(-1, 2, 2));
  }

  private static Operand<TFloat32> flat(Ops tf, Operand<TFloat32> x) {
    return tf.reshape(x, tf.array(-1, 4));
  }

  @Test
  void dropout_onTheInput_isDrawn() {
    check((tf, x, drop) -> dense(tf, "dense", drop.on("drop", x, .5f)));
  }

  @Test
  void dropout_thatIsTheOutput_isDrawn() {
    check((tf, x, drop) -> drop.on("drop", relu(tf, "a", x), .25f));
  }

  @Test
  void dropout_ofDropout_isDrawnTwice() {
    check((tf, x, drop) -> drop.on("b", drop.on("a", relu(tf, "c", x), .5f), .25f));
  }

  @Test
  void dropouts_onOneTensor_areIndependent() {
    check(
        (tf, x, drop) -> {
          Operand<TFloat32> a = relu(tf, "a", x);
          return add(tf, drop.on("one", a, .5f), drop.on("two", a, .25f));
        });
  }

  @Test
  void dropout_inASubModel_isDrawn() {
    check(
        (tf, x, drop) ->
            dense(tf, "outer/inner/d", drop.on("outer/inner/drop", relu(tf, "outer/a", x), .5f)));
  }

  @Test
  void dropout_insideAttention_isDrawn() {
    check(
        (tf, x, drop) -> {
          Operand<TFloat32> in = relu(tf, "a", steps(tf, x));
          Operand<TFloat32> kernel = tf.constant(new float[][][] {{{1, .3f}}, {{.2f, 1}}});
          Operand<TFloat32> query = tf.linalg.einsum(List.of(in, kernel), "abc,cde->abde");
          Operand<TFloat32> scores = tf.linalg.einsum(List.of(query, query), "aecd,abcd->acbe");
          Operand<TFloat32> weights =
              drop.on(
                  "mha/dropout",
                  KerasModels.scope(tf, "mha/softmax").withName("Softmax").nn.softmax(scores),
                  .25f);
          return flat(tf, tf.linalg.einsum(List.of(weights, query), "acbe,aecd->abcd"));
        });
  }

  @Test
  void dropout_betweenTensordots_isDrawn() {
    check(
        (tf, x, drop) -> {
          Operand<TFloat32> in = drop.on("one", relu(tf, "a", steps(tf, x)), .5f);
          Operand<TInt32> shape = tf.shape(in);
          Operand<TInt32> free = tf.gather(shape, tf.array(0, 1), tf.constant(0));
          Operand<TInt32> last = tf.gather(shape, tf.array(2), tf.constant(0));
          Operand<TFloat32> matrix =
              tf.reshape(
                  tf.linalg.transpose(in, tf.array(0, 1, 2)),
                  tf.stack(List.of(tf.prod(free, tf.array(0)), tf.prod(last, tf.array(0)))));
          Operand<TFloat32> kernel = tf.constant(new float[][] {{1, .5f}, {-.5f, 2}});
          Operand<TFloat32> product =
              tf.reshape(
                  tf.linalg.matMul(matrix, kernel),
                  tf.concat(List.of(free, tf.array(2)), tf.constant(0)));
          return flat(tf, drop.on("two", relu(tf, "b", product), .25f));
        });
  }

  @Test
  void dropout_ofTimeMajor_keepsRowsApart() {
    check(
        (tf, x, drop) -> {
          Operand<TFloat32> major = tf.linalg.transpose(steps(tf, x), tf.array(1, 0, 2));
          Operand<TFloat32> dropped = drop.on("drop", relu(tf, "a", major), .5f);
          return flat(tf, tf.linalg.transpose(dropped, tf.array(1, 0, 2)));
        });
  }

  @Test
  void noise_besideItsInput_isOnItsOwnOperandOnly() {
    check(
        (tf, x) -> add(tf, relu(tf, "a", x), relu(tf, "a", x)),
        (tf, x) -> add(tf, relu(tf, "a", x), noise(tf, "noise", relu(tf, "a", x))));
    // the same with one tensor in both places
    folder = folder.resolve("one");
    check(
        (tf, x) -> {
          Operand<TFloat32> a = relu(tf, "a", x);
          return add(tf, a, a);
        },
        (tf, x) -> {
          Operand<TFloat32> a = relu(tf, "a", x);
          return add(tf, a, noise(tf, "noise", a));
        });
  }

  @Test
  void noises_readByOneNode_areIndependent() {
    check(
        (tf, x) -> {
          Operand<TFloat32> a = relu(tf, "a", x);
          return add(tf, a, a);
        },
        (tf, x) -> {
          Operand<TFloat32> a = relu(tf, "a", x);
          return add(tf, noise(tf, "one", a), noise(tf, "two", a));
        });
  }

  @Test
  void noise_beforeDropout_isNotLost() {
    check(
        (tf, x) -> dense(tf, "d", KerasModels.served(tf, "drop", relu(tf, "a", x))),
        (tf, x) ->
            dense(
                tf, "d", KerasModels.training(tf, "drop", noise(tf, "n", relu(tf, "a", x)), .5f)));
  }

  @Test
  void noise_thatIsTheOutput_isRefusedNotLost() {
    Path model =
        KerasModels.write(
            folder,
            (tf, x) -> dense(tf, "d", KerasModels.served(tf, "drop", relu(tf, "a", x))),
            (tf, x) ->
                noise(
                    tf,
                    "noise",
                    dense(tf, "d", KerasModels.training(tf, "drop", relu(tf, "a", x), .5f))));
    String message =
        assertThrows(
                ModelLoadException.class,
                () -> SavedModelEngine.builder(model).outputKind(OutputKind.MEAN).load().close())
            .getMessage();
    assertTrue(message.contains("layer \"noise\" puts in noise in training"), message);
  }

  @Test
  void sharedLayer_calledAsAFunction_isDrawnAtEachCall() {
    ConcreteFunction layer =
        ConcreteFunction.create(
            ops -> {
              Placeholder<TFloat32> in =
                  ops.withName("inputs")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
              return Signature.builder("layer")
                  .input("x", in)
                  .output("y", KerasModels.training(ops, "", in, .5f))
                  .build();
            });
    check(
        (tf, x) -> {
          Ops at = KerasModels.scope(tf, "drop");
          Operand<TFloat32> one = at.withName("Identity").identity(relu(tf, "a", x));
          return dense(tf, "d", at.withName("Identity_1").identity(relu(tf, "b", one)));
        },
        (tf, x) -> {
          Ops at = KerasModels.scope(tf, "drop");
          Operand<TFloat32> one = KerasModels.cast(at.call(layer, relu(tf, "a", x)));
          return dense(tf, "d", KerasModels.cast(at.call(layer, relu(tf, "b", one))));
        });
  }

  @Test
  void noiseShape_thatIsConstant_isKept() {
    for (int width : new int[] {1, 4}) {
      folder = folder.resolve("width" + width);
      check(
          (tf, x) -> KerasModels.served(tf, "drop", relu(tf, "a", x)),
          (tf, x) -> {
            Ops in = KerasModels.scope(tf, "drop/dropout");
            return KerasModels.dropped(in, relu(tf, "a", x), .5f, in.array(1, width));
          });
    }
  }

  @Test
  void dropout_ofHalfPrecision_isDrawn() {
    check(
        (tf, x) -> {
          Operand<TFloat16> half = tf.dtypes.cast(relu(tf, "a", x), TFloat16.class);
          Operand<TFloat16> same =
              KerasModels.scope(tf, "drop").withName("Identity").identity(half);
          return tf.dtypes.cast(same, TFloat32.class);
        },
        (tf, x) -> {
          Operand<TFloat16> half = tf.dtypes.cast(relu(tf, "a", x), TFloat16.class);
          return tf.dtypes.cast(
              halfDropped(KerasModels.scope(tf, "drop/dropout"), half), TFloat32.class);
        });
  }

  private static Operand<TFloat16> halfDropped(Ops in, Operand<TFloat16> x) {
    Operand<TFloat16> scale = in.constantOf(TFloat16.scalarOf(1.25f));
    Operand<TFloat16> scaled = in.withName("Mul").math.mul(x, scale);
    Operand<TFloat16> uniform =
        in.withSubScope("random_uniform")
            .withName("RandomUniform")
            .random
            .randomUniform(in.withName("Shape").shape(x), TFloat16.class);
    Operand<TFloat16> rate =
        in.withSubScope("GreaterEqual").withName("y").constantOf(TFloat16.scalarOf(.2f));
    Operand<TFloat16> keep = in.dtypes.cast(in.math.greaterEqual(uniform, rate), TFloat16.class);
    return in.withName("Mul_1").math.mul(scaled, keep);
  }
}
