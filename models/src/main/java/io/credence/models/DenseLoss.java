package io.credence.models;

import io.credence.RegressionHead;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.framework.op.FrameworkOps;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TFloat32;

/** What the answers of a network lose on each point. */
final class DenseLoss {

  private static final double LOG_SQRT_2_PI = 0.5 * Math.log(2 * Math.PI);

  private DenseLoss() {}

  /** Refuses a head that nothing here can train. */
  static void check(RegressionHead head) {
    if (!(head instanceof RegressionHead.Mean)
        && !(head instanceof RegressionHead.MixtureDensity)) {
      throw new IllegalArgumentException(
          "head is " + head + "; choose RegressionHead.Mean or RegressionHead.MixtureDensity");
    }
  }

  /**
   * The loss of each point, shape [N]: for a classifier the cross-entropy in nats, for a mean the
   * squared error summed over the targets, for a mixture the negative log-likelihood in nats.
   */
  static Operand<TFloat32> of(
      Ops tf,
      Optional<RegressionHead> head,
      Operand<TFloat32> output,
      Operand<TFloat32> targets,
      int width) {
    if (head.isEmpty()) {
      return FrameworkOps.create(tf).nn.softmaxCrossEntropyWithLogits(targets, output, -1);
    }
    if (head.get() instanceof RegressionHead.MixtureDensity mixture) {
      return mixture(tf, mixture.components(), output, targets, width);
    }
    return tf.reduceSum(tf.math.square(tf.math.sub(output, targets)), tf.constant(1));
  }

  /** Bishop 1994, equation 29, by logarithms throughout. */
  private static Operand<TFloat32> mixture(
      Ops tf, int components, Operand<TFloat32> output, Operand<TFloat32> targets, int width) {
    int numbers = components * width;
    Operand<TFloat32> logits = part(tf, output, 0, components);
    Operand<TFloat32> means = part(tf, output, components, numbers);
    Operand<TFloat32> logDeviations = part(tf, output, components + numbers, numbers);
    Operand<TFloat32> each =
        tf.reshape(
            tf.tile(targets, tf.constant(new int[] {1, components})),
            tf.constant(new int[] {-1, numbers}));
    Operand<TFloat32> z =
        tf.math.mul(tf.math.sub(each, means), tf.math.exp(tf.math.neg(logDeviations)));
    Operand<TFloat32> density =
        tf.math.neg(
            tf.math.add(
                tf.math.add(logDeviations, tf.constant((float) LOG_SQRT_2_PI)),
                tf.math.mul(tf.constant(.5f), tf.math.square(z))));
    Operand<TFloat32> ofComponent =
        tf.reduceSum(
            tf.reshape(density, tf.constant(new int[] {-1, components, width})), tf.constant(2));
    return tf.math.sub(logSumExp(tf, logits), logSumExp(tf, tf.math.add(logits, ofComponent)));
  }

  private static Operand<TFloat32> part(Ops tf, Operand<TFloat32> output, int from, int size) {
    return tf.slice(output, tf.constant(new int[] {0, from}), tf.constant(new int[] {-1, size}));
  }

  /** ln Σ exp of each row, shape [N]. */
  private static Operand<TFloat32> logSumExp(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> max =
        tf.stopGradient(tf.reduceMax(x, tf.constant(1), ReduceMax.keepDims(true)));
    Operand<TFloat32> sum =
        tf.reduceSum(tf.math.exp(tf.math.sub(x, max)), tf.constant(1), ReduceSum.keepDims(true));
    return tf.reduceSum(tf.math.add(tf.math.log(sum), max), tf.constant(1));
  }
}
