package io.credence.models;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.framework.initializers.Glorot;
import org.tensorflow.framework.initializers.VarianceScaling;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * A convolutional classifier with dropout: for each number of filters a 3×3 convolution, ReLU and
 * 2×2 max-pool; dropout .25; a dense layer with ReLU; dropout .5; a dense layer with one logit a
 * class. Glorot initialisation. The same code builds the graph that is trained, with dropout always
 * on, and the graph that is served, with dropout gated by a placeholder that defaults to off.
 */
final class DropoutCnn {

  /** The placeholder of the served graph that turns dropout on. */
  static final String GATE = "dropout_training";

  private final Ops tf;
  private final List<Integer> filters;
  private final int denseUnits;
  private final long seed;
  private final boolean serving;
  private int variables;

  /**
   * A network in the making.
   *
   * @param filters filters of each convolution
   * @param denseUnits width of the hidden dense layer
   * @param seed seed of the initial weights and of the masks in training
   * @param serving whether this is the graph that is served: dropout is gated, and weights come
   *     from a checkpoint, so that they need no initial value
   */
  DropoutCnn(Ops tf, List<Integer> filters, int denseUnits, long seed, boolean serving) {
    this.tf = tf;
    this.filters = filters;
    this.denseUnits = denseUnits;
    this.seed = seed;
    this.serving = serving;
  }

  /** The logits of these images, shape [N, classes]. */
  Operand<TFloat32> logits(Placeholder<TFloat32> images, int classes) {
    Optional<Operand<TBool>> gate =
        serving
            ? Optional.of(
                tf.withName(GATE).placeholderWithDefault(tf.constant(false), Shape.scalar()))
            : Optional.empty();
    Operand<TFloat32> x = images;
    Shape shape = images.shape();
    long height = shape.get(1);
    long width = shape.get(2);
    long depth = shape.get(3);
    for (int f : filters) {
      Operand<TFloat32> kernel = weights(Shape.of(3, 3, depth, f));
      x = tf.nn.conv2d(x, kernel, List.of(1L, 1L, 1L, 1L), "SAME");
      x = tf.nn.relu(tf.nn.biasAdd(x, zeros(f)));
      x =
          tf.nn.maxPool(
              x, tf.constant(new int[] {1, 2, 2, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
      height = (height + 1) / 2;
      width = (width + 1) / 2;
      depth = f;
    }
    x = dropout("dropout", x, 0.25f, gate);
    long features = height * width * depth;
    x = tf.reshape(x, tf.constant(new long[] {-1, features}));
    x = tf.nn.relu(dense(x, features, denseUnits));
    x = dropout("dropout_1", x, 0.5f, gate);
    return dense(x, denseUnits, classes);
  }

  private Operand<TFloat32> dense(Operand<TFloat32> x, long in, long out) {
    Operand<TFloat32> kernel = weights(Shape.of(in, out));
    return tf.nn.biasAdd(tf.linalg.matMul(x, kernel), zeros(out));
  }

  private Operand<TFloat32> dropout(
      String name, Operand<TFloat32> x, float rate, Optional<Operand<TBool>> gate) {
    Ops scoped = tf.withSubScope(name);
    RandomUniform<TFloat32> uniform =
        scoped.random.randomUniform(
            scoped.shape(x),
            TFloat32.class,
            RandomUniform.seed(serving ? 0L : seed),
            RandomUniform.seed2(serving ? 0L : variables));
    Operand<TFloat32> keep =
        scoped.dtypes.cast(
            scoped.math.greaterEqual(uniform, scoped.constant(rate)), TFloat32.class);
    Operand<TFloat32> dropped =
        scoped.math.mul(scoped.math.mul(x, scoped.constant(1 / (1 - rate))), keep);
    return gate.isPresent() ? scoped.select(gate.get(), dropped, x) : dropped;
  }

  private Operand<TFloat32> weights(Shape shape) {
    // Not Distribution.UNIFORM: in tensorflow-framework 1.0.0 it draws positive weights only.
    Glorot<TFloat32> glorot =
        new Glorot<>(VarianceScaling.Distribution.TRUNCATED_NORMAL, seed + variables);
    return variable(shape, () -> glorot.call(tf, tf.constant(shape.asArray()), TFloat32.class));
  }

  private Operand<TFloat32> zeros(long size) {
    return variable(Shape.of(size), () -> tf.zeros(tf.constant(new long[] {size}), TFloat32.class));
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
