package io.credence.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.framework.initializers.Glorot;
import org.tensorflow.framework.initializers.VarianceScaling;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The layers that networks are made of. The same calls in the same order build the graph that is
 * trained, with dropout always on, and the graph that is served, with dropout gated by a
 * placeholder that defaults to off and with weights from a checkpoint.
 */
final class Layers {

  /** The placeholder of the served graph that turns dropout on. */
  static final String GATE = "dropout_training";

  private static final List<Long> EACH = List.of(1L, 1L, 1L, 1L);

  private final Ops tf;
  private final long seed;
  private final boolean serving;
  private Optional<Operand<TBool>> gate = Optional.empty();
  private final List<Operand<TFloat32>> kernels = new ArrayList<>();
  private int variables;

  private Layers(Ops tf, long seed, boolean serving) {
    this.tf = tf;
    this.seed = seed;
    this.serving = serving;
  }

  /** Layers to be trained; the seed is that of the initial weights and of the masks. */
  static Layers training(Ops tf, long seed) {
    return new Layers(tf, seed, false);
  }

  /** Layers to be served. */
  static Layers serving(Ops tf) {
    return new Layers(tf, 0, true);
  }

  /** The operations of the graph, for what is no layer. */
  Ops ops() {
    return tf;
  }

  /** A convolution of stride 1 with biases, from {@code in} to {@code out} channels. */
  Operand<TFloat32> convolution(Operand<TFloat32> x, int size, long in, long out, String padding) {
    Operand<TFloat32> kernel = weights(Shape.of(size, size, in, out));
    return tf.nn.biasAdd(tf.nn.conv2d(x, kernel, EACH, padding), zeros(out));
  }

  /** A convolution with given weights, shape [size, size, in, out], and biases, shape [out]. */
  Operand<TFloat32> convolution(
      Operand<TFloat32> x, Shape shape, float[] kernel, float[] biases, String padding) {
    Operand<TFloat32> filtered = tf.nn.conv2d(x, given(shape, kernel), EACH, padding);
    return tf.nn.biasAdd(filtered, given(Shape.of(biases.length), biases));
  }

  /** The largest value of each 2×2 square. */
  Operand<TFloat32> maxPool(Operand<TFloat32> x, String padding) {
    Operand<TInt32> two = tf.constant(new int[] {1, 2, 2, 1});
    return tf.nn.maxPool(x, two, tf.constant(new int[] {1, 2, 2, 1}), padding);
  }

  /** A dense layer with biases, from {@code in} to {@code out} features. */
  Operand<TFloat32> dense(Operand<TFloat32> x, long in, long out) {
    Operand<TFloat32> kernel = weights(Shape.of(in, out));
    return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), zeros(out));
  }

  /** A dense layer with given weights, shape [in, out], and biases, shape [out]. */
  Operand<TFloat32> dense(Operand<TFloat32> x, float[] kernel, float[] biases) {
    Shape shape = Shape.of(kernel.length / biases.length, biases.length);
    return tf.nn.biasAdd(
        tf.linalg.matMul(x, given(shape, kernel)), given(Shape.of(biases.length), biases));
  }

  /** Dropout of each value on its own. */
  Operand<TFloat32> dropout(String name, Operand<TFloat32> x, float rate) {
    Ops scoped = tf.withSubScope(name);
    return dropout(scoped, x, scoped.shape(x), rate);
  }

  /** Dropout of whole channels of pictures, [N, height, width, channels]. */
  Operand<TFloat32> channelDropout(String name, Operand<TFloat32> x, float rate) {
    Ops scoped = tf.withSubScope(name);
    Operand<TInt32> rows =
        scoped.squeeze(
            scoped.slice(
                scoped.shape(x), scoped.constant(new int[] {0}), scoped.constant(new int[] {1})));
    Operand<TInt32> one = scoped.constant(1);
    Operand<TInt32> channels = scoped.constant((int) x.shape().get(3));
    // [N, 1, 1, channels]: one draw for all places.
    return dropout(scoped, x, scoped.stack(List.of(rows, one, one, channels)), rate);
  }

  /** The sum of the squares of all weights so far, biases apart. */
  Operand<TFloat32> squares() {
    Operand<TFloat32> sum = tf.constant(0f);
    for (Operand<TFloat32> kernel : kernels) {
      Operand<TFloat32> all = tf.reshape(kernel, tf.constant(new int[] {-1}));
      sum = tf.math.add(sum, tf.reduceSum(tf.math.square(all), tf.constant(0)));
    }
    return sum;
  }

  private Operand<TFloat32> dropout(
      Ops scoped, Operand<TFloat32> x, Operand<TInt32> shape, float rate) {
    RandomUniform<TFloat32> uniform =
        scoped.random.randomUniform(
            shape,
            TFloat32.class,
            RandomUniform.seed(serving ? 0L : seed),
            RandomUniform.seed2(serving ? 0L : variables));
    Operand<TFloat32> keep =
        scoped.dtypes.cast(
            scoped.math.greaterEqual(uniform, scoped.constant(rate)), TFloat32.class);
    Operand<TFloat32> dropped =
        scoped.math.mul(scoped.math.mul(x, scoped.constant(1 / (1 - rate))), keep);
    return serving ? scoped.select(gate(), dropped, x) : dropped;
  }

  private Operand<TBool> gate() {
    if (gate.isEmpty()) {
      gate =
          Optional.of(tf.withName(GATE).placeholderWithDefault(tf.constant(false), Shape.scalar()));
    }
    return gate.get();
  }

  private Operand<TFloat32> weights(Shape shape) {
    // Not Distribution.UNIFORM: in tensorflow-framework 1.0.0 it draws positive weights only.
    Glorot<TFloat32> glorot =
        new Glorot<>(VarianceScaling.Distribution.TRUNCATED_NORMAL, seed + variables);
    Operand<TFloat32> kernel =
        variable(shape, () -> glorot.call(tf, tf.constant(shape.asArray()), TFloat32.class));
    kernels.add(kernel);
    return kernel;
  }

  private Operand<TFloat32> zeros(long size) {
    return variable(Shape.of(size), () -> tf.zeros(tf.constant(new long[] {size}), TFloat32.class));
  }

  private Operand<TFloat32> given(Shape shape, float[] values) {
    return variable(shape, () -> tf.constant(NdArrays.wrap(shape, DataBuffers.of(values))));
  }

  private Operand<TFloat32> variable(Shape shape, Supplier<Operand<TFloat32>> initial) {
    Ops scope = serving ? tf : tf.withInitScope();
    Variable<TFloat32> variable =
        scope.withName("weight_" + variables++).variable(shape, TFloat32.class);
    if (!serving) {
      scope.assign(variable, initial.get());
    }
    return variable;
  }
}
