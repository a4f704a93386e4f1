package io.credence.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TNumber;

/** Small SavedModels without a sidecar, written by TensorFlow itself, of inputs of other kinds. */
final class TinyModels {

  private static final int FEATURES = 4;
  private static final float[][] KERNEL = {
    {1f, -.5f, .25f}, {.5f, 2f, -1f}, {-1f, .5f, 1f}, {.25f, -1f, 2f}
  };

  private TinyModels() {}

  /** What the signature of a model is called, and what its input and its output are. */
  record Names(String signature, String input, String output) {

    static final Names USUAL = new Names("serving_default", "x", "y");
  }

  /** Input "x" of this type and shape, four numbers a row; dropout that is always on. */
  static Path of(Path folder, Class<? extends TNumber> type, long... shape) {
    return write(folder, type, shape, (tf, x) -> tf.nn.softmax(dense(tf, dropout(tf, x))));
  }

  static Path withoutDropout(Path folder) {
    return write(
        folder, TFloat32.class, new long[] {-1, 4}, (tf, x) -> tf.nn.softmax(dense(tf, x)));
  }

  /** The output is that of the dense layer, and nothing says so. */
  static Path logits(Path folder) {
    return write(folder, TFloat32.class, new long[] {-1, 4}, (tf, x) -> dense(tf, dropout(tf, x)));
  }

  /** Dropout that the placeholder "training" turns on. */
  static Path gated(Path folder) {
    return write(
        folder,
        TFloat32.class,
        new long[] {-1, 4},
        (tf, x) -> {
          Operand<TBool> training =
              tf.withName("training").placeholderWithDefault(tf.constant(false), Shape.scalar());
          return tf.nn.softmax(dense(tf, tf.select(training, dropout(tf, x), x)));
        });
  }

  /** Two dense layers and no dropout. */
  static Path deepWithoutDropout(Path folder) {
    return write(
        folder,
        TFloat32.class,
        new long[] {-1, 4},
        (tf, x) -> {
          Operand<TFloat32> wide = tf.linalg.matMul(dense(tf, x), tf.constant(new float[3][4]));
          return tf.nn.softmax(dense(tf, tf.withName("hidden").nn.relu(wide)));
        });
  }

  /** Outputs "best", int64 [?], and "y", the probabilities it is taken from. */
  static Path twoOutputs(Path folder) {
    return export(
        folder,
        tf -> {
          Placeholder<TFloat32> x =
              tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
          Operand<TFloat32> y = tf.nn.softmax(dense(tf, dropout(tf, x)));
          return Signature.builder("serving_default")
              .input("x", x)
              .output("best", tf.math.argMax(y, tf.constant(1)))
              .output("y", y)
              .build();
        });
  }

  /** The output depends on what a file holds. */
  static Path readingAFile(Path folder) {
    return write(
        folder,
        TFloat32.class,
        new long[] {-1, 4},
        (tf, x) -> {
          Operand<TInt32> length =
              tf.strings.stringLength(tf.withName("secret").io.readFile(tf.constant("/etc/x")));
          Operand<TFloat32> leak = tf.dtypes.cast(length, TFloat32.class);
          return tf.nn.softmax(dense(tf, dropout(tf, tf.math.add(x, leak))));
        });
  }

  /** A classifier with a dense layer of its own, and dropout before it or none. */
  static Path member(Path folder, float scale, boolean dropout) {
    return member(folder, Names.USUAL, scale, dropout);
  }

  static Path member(Path folder, Names names, float scale, boolean dropout) {
    return write(
        folder,
        names,
        TFloat32.class,
        new long[] {-1, 4},
        (tf, x) -> tf.nn.softmax(scaled(tf, x, scale, dropout)));
  }

  /** Three numbers a row, of which nothing says what they are; dropout before a dense layer. */
  static Path regressor(Path folder, float scale) {
    return write(folder, TFloat32.class, new long[] {-1, 4}, (tf, x) -> scaled(tf, x, scale, true));
  }

  /** As many classes as the row has numbers: four. */
  static Path wide(Path folder) {
    return write(
        folder, TFloat32.class, new long[] {-1, 4}, (tf, x) -> tf.nn.softmax(dropout(tf, x)));
  }

  /** Input [?, 2, 3, 4], output [?, 2, 3, 3]: a distribution for each of six places. */
  static Path segmenter(Path folder, float scale) {
    return write(
        folder,
        TFloat32.class,
        new long[] {-1, 2, 3, 4},
        (tf, x) -> tf.nn.softmax(map(tf, scaled(tf, x, scale, true))));
  }

  /** The same map without the softmax. */
  static Path mapOfNumbers(Path folder) {
    return write(
        folder,
        TFloat32.class,
        new long[] {-1, 2, 3, 4},
        (tf, x) -> map(tf, scaled(tf, x, 1, true)));
  }

  /** A distribution for each place, of which the signature does not tell how many there are. */
  static Path mapOfUnknownShape(Path folder) {
    return write(
        folder,
        TFloat32.class,
        new long[] {-1, 2, 3, 4},
        (tf, x) -> {
          Operand<TInt32> shape =
              tf.withName("shape")
                  .placeholderWithDefault(tf.constant(new int[] {-1, 2, 3, 3}), Shape.of(-1));
          return tf.nn.softmax(tf.reshape(scaled(tf, x, 1, true), shape));
        });
  }

  private static Operand<TFloat32> map(Ops tf, Operand<TFloat32> rows) {
    return tf.reshape(rows, tf.constant(new int[] {-1, 2, 3, KERNEL[0].length}));
  }

  private static Operand<TFloat32> scaled(
      Ops tf, Operand<TFloat32> x, float scale, boolean dropout) {
    return tf.math.mul(dense(tf, dropout ? dropout(tf, x) : x), tf.constant(scale));
  }

  /** Inputs "ids", int64 [?, ?], each 0–9, and "text", string [?]. */
  static Path named(Path folder) {
    return named(folder, "ids", "text");
  }

  static Path named(Path folder, String idsName, String textName) {
    return export(
        folder,
        tf -> {
          Placeholder<TInt64> ids =
              tf.withName("ids").placeholder(TInt64.class, Placeholder.shape(Shape.of(-1, -1)));
          Placeholder<TString> text =
              tf.withName("text").placeholder(TString.class, Placeholder.shape(Shape.of(-1)));
          float[][] table = new float[10][FEATURES];
          for (int i = 0; i < 10; i++) {
            table[i][i % FEATURES] = i + 1;
          }
          Operand<TFloat32> words =
              tf.math.mean(tf.gather(tf.constant(table), ids, tf.constant(0)), tf.constant(1));
          Operand<TFloat32> hashed =
              tf.oneHot(
                  tf.strings.toHashBucketFast(text, (long) FEATURES),
                  tf.constant(FEATURES),
                  tf.constant(2f),
                  tf.constant(0f));
          Operand<TFloat32> y = tf.nn.softmax(dense(tf, dropout(tf, tf.math.add(words, hashed))));
          return Signature.builder("serving_default")
              .input(idsName, ids)
              .input(textName, text)
              .output("y", y)
              .build();
        });
  }

  private static Path write(
      Path folder,
      Class<? extends TNumber> type,
      long[] shape,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return write(folder, Names.USUAL, type, shape, network);
  }

  private static <T extends TNumber> Path write(
      Path folder,
      Names names,
      Class<T> type,
      long[] shape,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
    return export(
        folder,
        tf -> {
          Placeholder<T> x =
              tf.withName(names.input()).placeholder(type, Placeholder.shape(Shape.of(shape)));
          Operand<TFloat32> flat =
              tf.reshape(tf.dtypes.cast(x, TFloat32.class), tf.constant(new int[] {-1, FEATURES}));
          return Signature.builder(names.signature())
              .input(names.input(), x)
              .output(names.output(), network.apply(tf, flat))
              .build();
        });
  }

  private static Path export(Path folder, java.util.function.Function<Ops, Signature> signature) {
    try (Graph graph = new Graph()) {
      Signature built = signature.apply(Ops.create(graph));
      try (Session session = new Session(graph)) {
        session.initialize();
        SavedModelBundle.exporter(folder.toString())
            .withFunction(SessionFunction.create(built, session))
            .export();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return folder;
  }

  private static Operand<TFloat32> dropout(Ops tf, Operand<TFloat32> x) {
    Operand<TFloat32> uniform = tf.random.randomUniform(tf.shape(x), TFloat32.class);
    Operand<TFloat32> keep =
        tf.dtypes.cast(tf.math.greaterEqual(uniform, tf.constant(.5f)), TFloat32.class);
    return tf.math.mul(tf.math.mul(x, tf.constant(2f)), keep);
  }

  private static Operand<TFloat32> dense(Ops tf, Operand<TFloat32> x) {
    Variable<TFloat32> kernel =
        tf.withInitScope().variable(Shape.of(FEATURES, KERNEL[0].length), TFloat32.class);
    tf.withInitScope().assign(kernel, tf.constant(KERNEL));
    return tf.linalg.matMul(x, kernel);
  }
}
