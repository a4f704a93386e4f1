package io.credence.models;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.framework.optimizers.Adam;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Adam whose powers of β change after all weights have: tensorflow-framework 1.0.0 changes them
 * while weights are updated, in any order, so that two trainings from one seed part.
 */
final class OrderedAdam extends Adam {

  OrderedAdam(Graph graph, float learningRate) {
    super(graph, learningRate);
  }

  @Override
  protected Op finish(List<Op> updates, String name) {
    Ops after = tf.withControlDependencies(updates);
    List<Op> all = new ArrayList<>(updates);
    all.add(raise(after, "beta1_power", BETA_ONE_DEFAULT));
    all.add(raise(after, "beta2_power", BETA_TWO_DEFAULT));
    return tf.withControlDependencies(all).noOp();
  }

  private Op raise(Ops after, String variable, float beta) {
    Operand<TFloat32> power = graph.operationOrThrow(variable).output(0);
    return after.assign(power, after.math.mul(power, after.constant(beta)));
  }
}
