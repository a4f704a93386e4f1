package io.credence.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * The network that is compared everywhere, with random weights: pictures of 28 × 28 × 1, a
 * convolution of 32 filters, one of 64, both 3 × 3 with ReLU, a max-pool of 2 × 2, a dense layer of
 * 128 with ReLU, one of 10, softmax. Dropout stands on the 12,544 features and before the last
 * layer, or before the last layer only.
 */
final class Network {

  static final int SIDE = 28;
  static final int CLASSES = 10;
  private static final int FEATURES = 14 * 14 * 64;
  private static final int HIDDEN = 128;

  private final Ops tf;
  private final boolean bothSites;
  private final Random random = new Random(7);

  private Network(Ops tf, boolean bothSites) {
    this.tf = tf;
    this.bothSites = bothSites;
  }

  /** What is built of the network. */
  enum Part {
    /** All of it, dropout on: what one pass with masks for each row is. */
    PASS,
    /** All of it, dropout off. */
    SERVED,
    /** The convolutions and, where they come before all dropout, the first dense layer. */
    TRUNK,
    /** The matrix products of the rest, on numbers that are there already. */
    PRODUCTS
  }

  /** A folder with the network as a SavedModel that draws whenever it is run. */
  static Path savedModel(boolean bothSites) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x = input(tf);
      Operand<TFloat32> y = new Network(tf, bothSites).output(x, Part.PASS, 1);
      Path folder = Files.createTempDirectory("credence-jmh");
      Signature signature =
          Signature.builder("serving_default").input("x", x).output("y", y).build();
      try (Session session = new Session(graph)) {
        session.initialize();
        SavedModelBundle.exporter(folder.toString())
            .withFunction(SessionFunction.create(signature, session))
            .export();
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a folder made by {@link #savedModel}. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A placeholder of pictures. */
  static Placeholder<TFloat32> input(Ops tf) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, SIDE, SIDE, 1)));
  }

  /**
   * Builds a part of the network.
   *
   * @param rows rows of the products, where these are built: no picture is read for them
   */
  static Operand<TFloat32> of(Ops tf, Operand<TFloat32> x, boolean bothSites, Part part, int rows) {
    return new Network(tf, bothSites).output(x, part, rows);
  }

  /**
   * Masks of each site for some passes, {@code [passes, 1, features]}, one for all rows.
   *
   * @param seed two numbers, fed: what is drawn from constants is drawn once and kept
   */
  static List<Operand<TFloat32>> masks(
      Ops tf, Operand<TInt64> seed, boolean bothSites, int passes) {
    Operand<TFloat32> last = mask(tf, seed, tf.array(passes, 1, HIDDEN), .5f);
    return bothSites
        ? List.of(mask(tf, seed, tf.array(passes, 1, FEATURES), .25f), last)
        : List.of(last);
  }

  private static Operand<TFloat32> mask(
      Ops tf, Operand<TInt64> seed, Operand<TInt32> shape, float rate) {
    Operand<TFloat32> draw = tf.random.statelessRandomUniform(shape, seed);
    Operand<TFloat32> keep =
        tf.dtypes.cast(tf.math.greaterEqual(draw, tf.constant(rate)), TFloat32.class);
    return tf.math.mul(keep, tf.constant(1 / (1 - rate)));
  }

  /** What the trunk gives, of made-up numbers, {@code [rows, features]}. */
  static Operand<TFloat32> crossing(Ops tf, boolean bothSites, int rows) {
    int features = bothSites ? FEATURES : HIDDEN;
    return tf.variable(tf.fill(tf.array(rows, features), tf.constant(.1f)));
  }

  /** The rest of some passes: copies of what crosses, times the masks, through the layers. */
  static Operand<TFloat32> tail(
      Ops tf, Operand<TFloat32> crossing, List<Operand<TFloat32>> masks, int passes, int rows) {
    Network network = new Network(tf, masks.size() == 2);
    Operand<TFloat32> hidden = crossing;
    if (network.bothSites) {
      Operand<TFloat32> dropped =
          tf.math.mul(tf.expandDims(crossing, tf.constant(0)), masks.get(0));
      Operand<TFloat32> rowed = tf.reshape(dropped, tf.array(passes * rows, FEATURES));
      hidden = tf.nn.relu(network.dense(rowed, FEATURES, HIDDEN));
    }
    int copies = network.bothSites ? passes : 1;
    Operand<TFloat32> viewed = tf.reshape(hidden, tf.array(copies, rows, HIDDEN));
    Operand<TFloat32> kept = tf.math.mul(viewed, masks.get(masks.size() - 1));
    Operand<TFloat32> rowed = tf.reshape(kept, tf.array(passes * rows, HIDDEN));
    return tf.nn.softmax(network.dense(rowed, HIDDEN, CLASSES));
  }

  /** Pictures of random values. */
  static FloatNdArray pictures(int rows) {
    float[] values = new float[rows * SIDE * SIDE];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return NdArrays.wrap(Shape.of(rows, SIDE, SIDE, 1), DataBuffers.of(values));
  }

  private Operand<TFloat32> output(Operand<TFloat32> x, Part part, int rows) {
    if (part == Part.PRODUCTS) {
      return products(rows);
    }
    Operand<TFloat32> features = convolution(convolution(x, 1, 32), 32, 64);
    features =
        tf.nn.maxPool(
            features,
            tf.constant(new int[] {1, 2, 2, 1}),
            tf.constant(new int[] {1, 2, 2, 1}),
            "SAME");
    features = tf.reshape(features, tf.constant(new int[] {-1, FEATURES}));
    if (part == Part.TRUNK && bothSites) {
      return features;
    }
    Operand<TFloat32> dropped = bothSites && part == Part.PASS ? dropout(features, .25f) : features;
    Operand<TFloat32> hidden = tf.nn.relu(dense(dropped, FEATURES, HIDDEN));
    if (part == Part.TRUNK) {
      return hidden;
    }
    Operand<TFloat32> kept = part == Part.PASS ? dropout(hidden, .5f) : hidden;
    return tf.nn.softmax(dense(kept, HIDDEN, CLASSES));
  }

  /** The tail's products alone; features and weights are variables, so that nothing is fed. */
  private Operand<TFloat32> products(int rows) {
    Operand<TFloat32> hidden = tf.variable(tf.fill(tf.array(rows, HIDDEN), tf.constant(.1f)));
    Operand<TFloat32> last = dense(hidden, HIDDEN, CLASSES);
    Operand<TFloat32> sum = tf.math.mean(last, tf.constant(new int[] {0, 1}));
    if (!bothSites) {
      return sum;
    }
    Operand<TFloat32> features = tf.variable(tf.fill(tf.array(rows, FEATURES), tf.constant(.1f)));
    Operand<TFloat32> first = dense(features, FEATURES, HIDDEN);
    return tf.math.add(sum, tf.math.mean(first, tf.constant(new int[] {0, 1})));
  }

  private Operand<TFloat32> convolution(Operand<TFloat32> x, int depth, int filters) {
    float[][][][] kernel = new float[3][3][depth][filters];
    double scale = Math.sqrt(2.0 / (9 * depth));
    for (float[][][] a : kernel) {
      for (float[][] b : a) {
        for (float[] c : b) {
          fill(c, scale);
        }
      }
    }
    Variable<TFloat32> weights = tf.variable(tf.constant(StdArrays.ndCopyOf(kernel)));
    return tf.nn.relu(tf.nn.conv2d(x, weights, List.of(1L, 1L, 1L, 1L), "SAME"));
  }

  private Operand<TFloat32> dense(Operand<TFloat32> x, int inputs, int outputs) {
    float[][] kernel = new float[inputs][outputs];
    for (float[] row : kernel) {
      fill(row, Math.sqrt(2.0 / inputs));
    }
    return tf.linalg.matMul(x, tf.variable(tf.constant(kernel)));
  }

  private void fill(float[] row, double scale) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (random.nextGaussian() * scale);
    }
  }

  /** As TensorFlow 1 and Keras write it: a draw for each unit of each row. */
  private Operand<TFloat32> dropout(Operand<TFloat32> x, float rate) {
    Operand<TFloat32> draw = tf.random.randomUniform(tf.shape(x), TFloat32.class);
    Operand<TFloat32> keep =
        tf.dtypes.cast(tf.math.greaterEqual(draw, tf.constant(rate)), TFloat32.class);
    return tf.math.mul(tf.math.mul(x, tf.constant(1 / (1 - rate))), keep);
  }
}
