package io.credence.models;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** What the units of a hidden layer do with their sums. */
public enum Activation {
  /** max(0, x): the network goes on straight beyond its data. */
  RELU,
  /** The hyperbolic tangent: the network levels off beyond its data. */
  TANH;

  Operand<TFloat32> of(Ops tf, Operand<TFloat32> x) {
    return switch (this) {
      case RELU -> tf.nn.relu(x);
      case TANH -> tf.math.tanh(x);
    };
  }
}
