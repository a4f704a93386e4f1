package io.credence.models;

import io.credence.models.data.Standardization;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * Trains many networks of one hidden layer side by side, in one graph: their weights are stacked,
 * so that a step costs the overhead of one, while each network learns what it would learn alone,
 * from rows of its own in an order of its own. On one machine the same members give the same
 * weights.
 *
 * <p>Each is Input, dropout, dense layer of ReLU, dropout, dense layer; kernels are drawn as by
 * Glorot and Bengio 2010, equation 16, and trained by Adam on batches.
 *
 * @param variances whether a variance is learnt beside the mean, by the negative log-likelihood;
 *     otherwise the mean alone, by squared error
 * @param hidden units of the hidden layer, ≥ 1
 * @param epochs times every row is seen, ≥ 1
 * @param batch rows of a step, ≥ 1; the last of an epoch may have fewer
 * @param learningRate step size of Adam, &gt; 0
 * @param adversarial how far inputs are moved up their gradient, for the loss there to be learnt
 *     too, as a share of the range of each feature (Goodfellow et al. 2015, arXiv 1412.6572,
 *     section 4); 0 for none
 * @param maskSeed seed of the dropout in training
 */
public record DenseStack(
    boolean variances,
    int hidden,
    int epochs,
    int batch,
    double learningRate,
    double adversarial,
    long maskSeed) {

  /**
   * A network to be trained.
   *
   * @param split the rows that it learns from
   * @param rate rate of both dropouts, ≥ 0 and &lt; 1
   * @param decay weight in the loss of the sum of squared kernels, ≥ 0
   * @param seed seed of its first weights and of the order of its rows
   */
  public record Member(TabularSplit split, double rate, double decay, long seed) {

    /**
     * Checks the numbers.
     *
     * @param split see the record
     * @param rate see the record
     * @param decay see the record
     * @param seed see the record
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Member {
      if (!(rate >= 0 && rate < 1) || !(decay >= 0 && decay < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "rate is "
                + rate
                + ", decay "
                + decay
                + "; the rate must be within 0–1, 1 exclusive, and decay at least 0");
      }
    }
  }

  /**
   * Checks the numbers.
   *
   * @param variances see the record
   * @param hidden see the record
   * @param epochs see the record
   * @param batch see the record
   * @param learningRate see the record
   * @param adversarial see the record
   * @param maskSeed see the record
   * @throws IllegalArgumentException if a number is out of its range
   */
  public DenseStack {
    if (hidden < 1 || epochs < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "hidden is " + hidden + ", epochs " + epochs + ", batch " + batch + "; 1 at least");
    }
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)
        || !(adversarial >= 0 && adversarial < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "learningRate is "
              + learningRate
              + ", adversarial "
              + adversarial
              + "; the rate must be above 0, and the other at least 0");
    }
  }

  /**
   * Trains networks.
   *
   * @param set where the rows are
   * @param members the networks, one at least, all with as many rows to learn from
   * @param listener hears of every epoch
   * @return the trained networks, in the order of the members
   * @throws IllegalArgumentException if there is no member, or their numbers of rows differ
   * @throws ArithmeticException if a network diverged: its weights are not finite any more
   */
  public List<TabularNetwork> train(
      TabularSet set, List<Member> members, TrainingListener listener) {
    int rows = members.isEmpty() ? 0 : members.get(0).split().training().length;
    if (rows == 0 || members.stream().anyMatch(m -> m.split().training().length != rows)) {
      throw new IllegalArgumentException(
          "members learn from "
              + members.stream().map(m -> m.split().training().length).distinct().toList()
              + " rows; networks of one stack, one at least, learn from as many rows each");
    }
    List<Standardization> standardizations = new ArrayList<>();
    List<SplittableRandom> randoms = new ArrayList<>();
    List<DenseWeights> first = new ArrayList<>();
    List<DenseWeights> last = new ArrayList<>();
    for (Member member : members) {
      SplittableRandom random = new SplittableRandom(member.seed());
      standardizations.add(Standardization.of(set, member.split()));
      first.add(DenseWeights.drawn(set.features(), hidden, random));
      last.add(DenseWeights.drawn(hidden, variances ? 2 : 1, random));
      randoms.add(random);
    }
    try (Graph graph = new Graph();
        TFloat32 x = inputs(set, members, standardizations, rows);
        TFloat32 y = targets(set, members, standardizations, rows)) {
      StackGraph stack =
          new StackGraph(Ops.create(graph), this, members, standardizations, first, last);
      Op step = new OrderedAdam(graph, (float) learningRate).minimize(stack.loss());
      // One thread: the operations are small, and several would cost more than they save.
      ConfigProto one =
          ConfigProto.newBuilder()
              .setIntraOpParallelismThreads(1)
              .setInterOpParallelismThreads(1)
              .build();
      try (Session session = new Session(graph, one)) {
        session.initialize();
        descend(session, stack, step, x, y, new StackOrder(randoms, rows), listener);
        return networks(session, stack, members, standardizations);
      }
    }
  }

  private static TFloat32 inputs(
      TabularSet set, List<Member> members, List<Standardization> standardizations, int rows) {
    int width = set.features();
    float[] all = new float[members.size() * rows * width];
    for (int m = 0; m < members.size(); m++) {
      float[] own = standardizations.get(m).inputs(set, members.get(m).split().training());
      System.arraycopy(own, 0, all, m * own.length, own.length);
    }
    return TFloat32.tensorOf(Shape.of((long) members.size() * rows, width), DataBuffers.of(all));
  }

  private static TFloat32 targets(
      TabularSet set, List<Member> members, List<Standardization> standardizations, int rows) {
    float[] all = new float[members.size() * rows];
    for (int m = 0; m < members.size(); m++) {
      float[] own = standardizations.get(m).targets(set, members.get(m).split().training());
      System.arraycopy(own, 0, all, m * rows, rows);
    }
    return TFloat32.tensorOf(Shape.of(all.length, 1), DataBuffers.of(all));
  }

  private void descend(
      Session session,
      StackGraph stack,
      Op step,
      TFloat32 x,
      TFloat32 y,
      StackOrder order,
      TrainingListener listener) {
    for (int epoch = 1; epoch <= epochs; epoch++) {
      order.shuffle();
      double loss = 0;
      for (int from = 0; from < order.rows(); from += batch) {
        int to = Math.min(from + batch, order.rows());
        try (TInt32 rows = order.batch(from, to)) {
          Session.Runner runner =
              session
                  .runner()
                  .addTarget(step)
                  .feed(stack.x(), x)
                  .feed(stack.y(), y)
                  .feed(stack.rows(), rows);
          if (to == order.rows()) {
            runner.fetch(stack.loss());
          }
          try (Result result = runner.run()) {
            loss = result.size() == 0 ? loss : ((TFloat32) result.get(0)).getFloat();
          }
        }
      }
      listener.onStep(epoch, epochs, loss / order.networks());
    }
  }

  private List<TabularNetwork> networks(
      Session session,
      StackGraph stack,
      List<Member> members,
      List<Standardization> standardizations) {
    Session.Runner runner = session.runner();
    stack.weights().forEach(runner::fetch);
    List<float[]> values = new ArrayList<>();
    try (Result result = runner.run()) {
      result.forEach(each -> values.add(floats((TFloat32) each.getValue())));
    }
    for (float[] some : values) {
      for (float value : some) {
        if (!Float.isFinite(value)) {
          throw new ArithmeticException(
              "a network diverged: a weight is " + value + "; try a lower learning rate");
        }
      }
    }
    int in = values.get(0).length / members.size() / hidden;
    int out = variances ? 2 : 1;
    List<TabularNetwork> networks = new ArrayList<>();
    for (int m = 0; m < members.size(); m++) {
      networks.add(
          new TabularNetwork(
              standardizations.get(m),
              members.get(m).rate(),
              DenseWeights.at(m, in, hidden, values.get(0), values.get(1)),
              DenseWeights.at(m, hidden, out, values.get(2), values.get(3))));
    }
    return networks;
  }

  private static float[] floats(TFloat32 tensor) {
    float[] values = new float[(int) tensor.size()];
    tensor.copyTo(DataBuffers.of(values));
    return values;
  }
}
