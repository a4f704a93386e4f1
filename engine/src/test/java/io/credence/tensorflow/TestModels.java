package io.credence.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Small SavedModels, written by TensorFlow itself, each with input "x" [?, 4] and output "y". */
final class TestModels {

  static final int FEATURES = 4;
  static final int CLASSES = 3;

  /** A fixed kernel [4, 3] of different numbers, so that masks show in the output. */
  static final float[][] KERNEL = {
    {1f, -.5f, .25f}, {.5f, 2f, -1f}, {-1f, .5f, 1f}, {.25f, -1f, 2f}
  };

  private TestModels() {}

  /** Writes a model whose output is some function of its input. */
  static Path write(Path folder, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return write(folder, Shape.of(-1, FEATURES), network);
  }

  /** The same with an input of another shape. */
  static Path write(
      Path folder, Shape shape, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return write(folder, shape, (tf, x, outputs) -> outputs.put("y", network.apply(tf, x)));
  }

  /** A model of several outputs. */
  static Path writeAll(
      Path folder, BiFunction<Ops, Operand<TFloat32>, Map<String, Operand<TFloat32>>> network) {
    return write(
        folder, Shape.of(-1, FEATURES), (tf, x, outputs) -> outputs.putAll(network.apply(tf, x)));
  }

  private interface Network {
    void build(Ops tf, Operand<TFloat32> x, Map<String, Operand<TFloat32>> outputs);
  }

  private static Path write(Path folder, Shape shape, Network network) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(shape));
      Map<String, Operand<TFloat32>> outputs = new TreeMap<>();
      network.build(tf, x, outputs);
      Signature.Builder signature = Signature.builder("serving_default").input("x", x);
      outputs.forEach(signature::output);
      try (Session session = new Session(graph)) {
        session.initialize();
        SavedModelBundle.exporter(folder.toString())
            .withFunction(SessionFunction.create(signature.build(), session))
            .export();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  /** A network that is told by its caller whether it trains, and what it keeps. */
  interface FlaggedNetwork {
    Operand<TFloat32> build(
        Ops tf, Operand<TFloat32> x, Operand<TBool> training, Operand<TFloat32> keep);
  }

  /** A model whose signature lists "training" and "keep_prob" beside its input. */
  static Path writeWithFlags(Path folder, FlaggedNetwork network) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, FEATURES)));
      Placeholder<TBool> training =
          tf.withName("training").placeholder(TBool.class, Placeholder.shape(Shape.scalar()));
      Placeholder<TFloat32> keep =
          tf.withName("keep_prob").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
      Signature signature =
          Signature.builder("serving_default")
              .input("x", x)
              .input("training", training)
              .input("keep_prob", keep)
              .output("y", network.build(tf, x, training, keep))
              .build();
      try (Session session = new Session(graph)) {
        SavedModelBundle.exporter(folder.toString())
            .withFunction(SessionFunction.create(signature, session))
            .export();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  /** Dropout .5 on the input, gated by Select; then a dense layer and softmax. */
  static Path gated(Path folder) {
    return write(folder, (tf, x) -> tf.nn.softmax(dense(tf, gatedDropout(tf, x, gate(tf), .5f))));
  }

  /** As {@link #gated}, but the output is that of the dense layer: logits. */
  static Path gatedLogits(Path folder) {
    return write(folder, (tf, x) -> dense(tf, gatedDropout(tf, x, gate(tf), .5f)));
  }

  /** Dropout .25 on the input and .5 on a hidden layer, both always on. */
  static Path alwaysOn(Path folder) {
    return write(
        folder,
        (tf, x) -> {
          Operand<TFloat32> hidden = tf.nn.relu(dense(tf, dropout(tf, x, .25f)));
          return tf.nn.softmax(tf.math.mul(dropout(tf, hidden, .5f), tf.constant(2f)));
        });
  }

  /** A trunk that is not linear, then TensorFlow 1's cond of dropout .5, then a dense layer. */
  static Path cond(Path folder) {
    return write(
        folder,
        (tf, x) -> {
          Operand<TFloat32> trunk = tf.math.tanh(x);
          Operand<TBool> gate = gate(tf);
          SwitchCond<TFloat32> branch = tf.switchCond(trunk, gate);
          Operand<TFloat32> dropped = dropout(tf, branch.outputTrue(), .5f);
          Operand<TFloat32> plain = tf.identity(branch.outputFalse());
          return tf.nn.softmax(dense(tf, tf.merge(List.of(plain, dropped)).output()));
        });
  }

  static Path withoutDropout(Path folder) {
    return write(folder, (tf, x) -> tf.nn.softmax(dense(tf, x)));
  }

  static Operand<TBool> gate(Ops tf) {
    return tf.withName("training").placeholderWithDefault(tf.constant(false), Shape.scalar());
  }

  static Operand<TFloat32> gatedDropout(
      Ops tf, Operand<TFloat32> x, Operand<TBool> gate, float rate) {
    return tf.select(gate, dropout(tf, x, rate), x);
  }

  static Operand<TFloat32> dropout(Ops tf, Operand<TFloat32> x, float rate) {
    Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(x), TFloat32.class);
    Operand<TFloat32> keep =
        tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant(rate)), TFloat32.class);
    return tf.math.mul(tf.math.mul(x, tf.constant(1 / (1 - rate))), keep);
  }

  /** A dense layer whose kernel is a variable, so that the model has weights to restore. */
  static Operand<TFloat32> dense(Ops tf, Operand<TFloat32> x) {
    Variable<TFloat32> kernel =
        tf.withInitScope().variable(Shape.of(FEATURES, CLASSES), TFloat32.class);
    tf.withInitScope().assign(kernel, tf.constant(KERNEL));
    return tf.linalg.matMul(x, kernel);
  }

  /** Batch normalisation of four channels that changes nothing in inference. */
  static Operand<TFloat32> batchNorm(Ops tf, Operand<TFloat32> x, boolean training) {
    Operand<TFloat32> ones = tf.constant(new float[] {1, 1, 1, 1});
    Operand<TFloat32> moments = training ? tf.constant(new float[0]) : ones;
    return tf.nn
        .fusedBatchNorm(x, ones, ones, moments, moments, FusedBatchNorm.isTraining(training))
        .y();
  }
}
