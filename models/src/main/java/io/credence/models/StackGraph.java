package io.credence.models;

import io.credence.models.data.Standardization;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The graph of a {@link DenseStack}. The first dimension of all but the data is the network, and
 * nothing adds up over it but the loss, so that the gradient of a network's weights is its own.
 */
final class StackGraph {

  private final Ops tf;
  private final DenseStack stack;
  private final List<DenseStack.Member> members;
  private final Placeholder<TFloat32> x;
  private final Placeholder<TFloat32> y;
  private final Placeholder<TInt32> rows;
  private final List<Operand<TFloat32>> weights;
  private final Operand<TFloat32> loss;
  private int sites;

  /** Builds it: {@code first} and {@code last} are the weights that training starts from. */
  StackGraph(
      Ops tf,
      DenseStack stack,
      List<DenseStack.Member> members,
      List<Standardization> standardizations,
      List<DenseWeights> first,
      List<DenseWeights> last) {
    this.tf = tf;
    this.stack = stack;
    this.members = members;
    int features = (int) standardizations.get(0).means().size();
    int answers = last.get(0).width();
    x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, features)));
    y = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 1)));
    rows = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(members.size(), -1)));
    weights =
        List.of(
            stacked(features, stack.hidden(), first, DenseWeights::kernel),
            stacked(1, stack.hidden(), first, DenseWeights::biases),
            stacked(stack.hidden(), answers, last, DenseWeights::kernel),
            stacked(1, answers, last, DenseWeights::biases));
    Operand<TFloat32> inputs = tf.gather(x, rows, tf.constant(0));
    Operand<TFloat32> targets = tf.gather(y, rows, tf.constant(0));
    Operand<TFloat32> learnt = errors(inputs, targets);
    if (stack.adversarial() > 0) {
      Operand<TFloat32> uphill = tf.gradients(learnt, List.of(inputs)).<TFloat32>dy(0);
      Operand<TFloat32> step = tf.math.mul(tf.math.sign(uphill), steps(standardizations, features));
      learnt = tf.math.add(learnt, errors(tf.stopGradient(tf.math.add(inputs, step)), targets));
    }
    loss = tf.math.add(learnt, decay());
  }

  /** The standardised features of all networks' rows, shape [networks · rows, features]. */
  Placeholder<TFloat32> x() {
    return x;
  }

  /** The standardised targets, shape [networks · rows, 1]. */
  Placeholder<TFloat32> y() {
    return y;
  }

  /** The rows of a step, shape [networks, batch]. */
  Placeholder<TInt32> rows() {
    return rows;
  }

  /** Kernels and biases of the hidden layer, then those of the last. */
  List<Operand<TFloat32>> weights() {
    return weights;
  }

  /** The sum of the losses of all networks, each the mean over its rows. */
  Operand<TFloat32> loss() {
    return loss;
  }

  private Operand<TFloat32> stacked(
      int in,
      int out,
      List<DenseWeights> each,
      java.util.function.Function<DenseWeights, float[]> part) {
    float[] all = new float[each.size() * in * out];
    for (int g = 0; g < each.size(); g++) {
      System.arraycopy(part.apply(each.get(g)), 0, all, g * in * out, in * out);
    }
    Shape shape = Shape.of(each.size(), in, out);
    Ops start = tf.withInitScope();
    Variable<TFloat32> variable = start.variable(shape, TFloat32.class);
    start.assign(variable, tf.constant(NdArrays.wrap(shape, DataBuffers.of(all))));
    // Read by an Identity: gradients of some operations fail on the variable itself.
    return tf.identity(variable);
  }

  private Operand<TFloat32> errors(Operand<TFloat32> inputs, Operand<TFloat32> targets) {
    Operand<TFloat32> at = tf.nn.relu(dense(dropout(inputs), 0));
    at = dense(dropout(at), 2);
    if (!stack.variances()) {
      return means(tf.math.square(tf.math.sub(at, targets)));
    }
    Operand<TFloat32> variance = TabularNetwork.variance(tf, answer(at, 1));
    Operand<TFloat32> square = tf.math.square(tf.math.sub(answer(at, 0), targets));
    return means(
        tf.math.mul(
            tf.constant(.5f), tf.math.add(tf.math.log(variance), tf.math.div(square, variance))));
  }

  private Operand<TFloat32> answer(Operand<TFloat32> answers, int which) {
    return tf.slice(
        answers, tf.constant(new int[] {0, 0, which}), tf.constant(new int[] {-1, -1, 1}));
  }

  private Operand<TFloat32> dense(Operand<TFloat32> inputs, int layer) {
    return tf.math.add(
        tf.train.batchMatMul(inputs, weights.get(layer), TFloat32.class), weights.get(layer + 1));
  }

  private Operand<TFloat32> dropout(Operand<TFloat32> inputs) {
    if (members.stream().allMatch(member -> member.rate() == 0)) {
      return inputs;
    }
    RandomUniform<TFloat32> uniform =
        tf.random.randomUniform(
            tf.shape(inputs),
            TFloat32.class,
            RandomUniform.seed(stack.maskSeed()),
            RandomUniform.seed2((long) ++sites));
    Operand<TFloat32> kept =
        tf.dtypes.cast(
            tf.math.greaterEqual(uniform, each(DenseStack.Member::rate)), TFloat32.class);
    Operand<TFloat32> scale = each(member -> 1 / (1 - member.rate()));
    return tf.math.mul(inputs, tf.math.mul(kept, scale));
  }

  /** A number for each network, shape [networks, 1, 1]. */
  private Operand<TFloat32> each(ToDoubleFunction<DenseStack.Member> number) {
    float[] numbers = new float[members.size()];
    for (int g = 0; g < numbers.length; g++) {
      numbers[g] = (float) number.applyAsDouble(members.get(g));
    }
    return tf.constant(NdArrays.wrap(Shape.of(numbers.length, 1, 1), DataBuffers.of(numbers)));
  }

  /** The sum over networks of the mean over their rows. */
  private Operand<TFloat32> means(Operand<TFloat32> losses) {
    Operand<TFloat32> sums = tf.reduceSum(losses, tf.constant(new int[] {0, 1, 2}));
    Operand<TFloat32> batch =
        tf.dtypes.cast(
            tf.reshape(
                tf.slice(tf.shape(rows), tf.constant(new int[] {1}), tf.constant(new int[] {1})),
                tf.constant(new int[0])),
            TFloat32.class);
    return tf.math.div(sums, batch);
  }

  private Operand<TFloat32> decay() {
    Operand<TFloat32> weighted = each(DenseStack.Member::decay);
    Operand<TFloat32> sum = tf.constant(0f);
    for (int kernel = 0; kernel < weights.size(); kernel += 2) {
      Operand<TFloat32> squares =
          tf.reduceSum(
              tf.math.square(weights.get(kernel)),
              tf.constant(new int[] {1, 2}),
              ReduceSum.keepDims(true));
      sum =
          tf.math.add(
              sum, tf.reduceSum(tf.math.mul(squares, weighted), tf.constant(new int[] {0, 1, 2})));
    }
    return sum;
  }

  /** How far each feature is moved, shape [networks, 1, features]. */
  private Operand<TFloat32> steps(List<Standardization> standardizations, int features) {
    float[] all = new float[standardizations.size() * features];
    for (int i = 0; i < all.length; i++) {
      all[i] =
          (float) (stack.adversarial() * standardizations.get(i / features).range(i % features));
    }
    return tf.constant(
        NdArrays.wrap(Shape.of(standardizations.size(), 1, features), DataBuffers.of(all)));
  }
}
