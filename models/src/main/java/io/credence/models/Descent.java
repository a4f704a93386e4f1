package io.credence.models;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.op.Op;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Gradient descent by Adam on batches in shuffled order.
 *
 * @param rows rows of the training set
 * @param batch rows of a step; the last of an epoch may have fewer
 * @param epochs times every row is seen
 * @param learningRate step size
 * @param seed seed of the order
 */
record Descent(int rows, int batch, int epochs, float learningRate, long seed) {

  /** Tells what is fed for some rows. */
  @FunctionalInterface
  interface Batches {
    Map<Placeholder<TFloat32>, FloatNdArray> of(int[] rows);
  }

  /** Lowers a loss and writes the weights to a checkpoint. */
  void run(
      Graph graph,
      Operand<TFloat32> loss,
      Batches batches,
      Path checkpoint,
      TrainingListener listener) {
    Op step = new OrderedAdam(graph, learningRate).minimize(loss);
    try (Session session = new Session(graph)) {
      session.initialize();
      SplittableRandom random = new SplittableRandom(seed);
      long steps = (long) epochs * ((rows + batch - 1) / batch);
      long done = 0;
      for (int epoch = 0; epoch < epochs; epoch++) {
        int[] order = shuffled(rows, random);
        for (int from = 0; from < rows; from += batch) {
          int[] some = Arrays.copyOfRange(order, from, Math.min(from + batch, rows));
          listener.onStep(++done, steps, step(session, step, loss, batches.of(some)));
        }
      }
      session.save(checkpoint.toString());
    }
  }

  private static float step(
      Session session,
      Op step,
      Operand<TFloat32> loss,
      Map<Placeholder<TFloat32>, FloatNdArray> feeds) {
    List<TFloat32> tensors = new ArrayList<>();
    try {
      Session.Runner runner = session.runner().addTarget(step).fetch(loss);
      feeds.forEach(
          (placeholder, values) -> {
            tensors.add(TFloat32.tensorOf(values));
            runner.feed(placeholder, tensors.get(tensors.size() - 1));
          });
      try (Result result = runner.run()) {
        return ((TFloat32) result.get(0)).getFloat();
      }
    } finally {
      tensors.forEach(TFloat32::close);
    }
  }

  /** The numbers below {@code size} in an order of chance. */
  static int[] shuffled(int size, SplittableRandom random) {
    int[] order = IntStream.range(0, size).toArray();
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
