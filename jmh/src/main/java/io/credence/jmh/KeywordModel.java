package io.credence.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

/**
 * A model of other people: keyword spotting of MLPerf Tiny (mlcommons/tiny, Apache-2.0), a Keras
 * model. Sounds are 49 × 10 × 1. A convolution of 64 filters, 10 × 4 in steps of two, dropout of
 * .2; four times a depthwise convolution of 3 × 3 and one of 64 filters, 1 × 1; dropout of .4, an
 * average over 25 × 5, a dense layer of 12, softmax. Batch normalisation and ReLU follow each
 * convolution.
 */
final class KeywordModel {

  static final String INPUT = "serving_default_input_1";
  static final String OUTPUT = "StatefulPartitionedCall";

  private static final int BLOCKS = 4;
  private static final int FILTERS = 64;
  private static final int CLASSES = 12;

  private KeywordModel() {}

  /** The shape of a batch of sounds. */
  static Shape sounds(int rows) {
    return Shape.of(rows, 49, 10, 1);
  }

  /** The folder of the model, beside the project or where CREDENCE_SHARED says; empty if absent. */
  static Optional<Path> folder() {
    String shared = System.getenv().getOrDefault("CREDENCE_SHARED", "../shared");
    Path folder = Path.of(shared).resolve("savedmodels").resolve("mlperf-kws");
    return Files.exists(folder.resolve("saved_model.pb")) ? Optional.of(folder) : Optional.empty();
  }

  /**
   * A copy of the model that drops whenever it is run. TensorFlow in Java has no way to turn on the
   * dropout of a Keras model, so it is written where Keras left an Identity in its place; all else,
   * batch normalisation too, stays as it is served.
   */
  static Path dropping(Path model) {
    try {
      Path copy = Files.createTempDirectory("credence-jmh");
      Files.createDirectory(copy.resolve("variables"));
      for (String name : List.of("variables.index", "variables.data-00000-of-00001")) {
        Path file = Path.of("variables", name);
        Files.copy(model.resolve(file), copy.resolve(file));
      }
      byte[] bytes = Files.readAllBytes(model.resolve("saved_model.pb"));
      SavedModel.Builder saved = SavedModel.parseFrom(bytes).toBuilder();
      saved
          .getMetaGraphsBuilder(0)
          .getGraphDefBuilder()
          .getLibraryBuilder()
          .getFunctionBuilderList()
          .stream()
          .filter(each -> each.getSignature().getName().startsWith("__inference__wrapped_model"))
          .forEach(KeywordModel::drop);
      Files.write(copy.resolve("saved_model.pb"), saved.build().toByteArray());
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void drop(FunctionDef.Builder function) {
    drop(function, "functional_1/dropout/Identity", .2f);
    drop(function, "functional_1/dropout_1/Identity", .4f);
  }

  /** As Keras writes it for training. */
  private static void drop(FunctionDef.Builder function, String site, float rate) {
    NodeDef.Builder identity =
        function.getNodeDefBuilderList().stream()
            .filter(node -> node.getName().equals(site))
            .findFirst()
            .orElseThrow();
    String x = identity.getInput(0);
    constant(function, site + "/rate", rate);
    constant(function, site + "/scale", 1 / (1 - rate));
    node(function, "Mul", site + "/scaled", x, site + "/scale:output:0");
    node(function, "Shape", site + "/shape", x).putAttr("out_type", type(DataType.DT_INT32));
    node(function, "RandomUniform", site + "/draw", site + "/shape:output:0")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("T", type(DataType.DT_INT32));
    node(
        function, "GreaterEqual", site + "/keep", site + "/draw:output:0", site + "/rate:output:0");
    node(function, "Cast", site + "/cast", site + "/keep:z:0")
        .removeAttr("T")
        .putAttr("SrcT", type(DataType.DT_BOOL))
        .putAttr("DstT", type(DataType.DT_FLOAT));
    node(function, "Mul", site + "/dropped", site + "/scaled:z:0", site + "/cast:y:0");
    identity.setInput(0, site + "/dropped:z:0");
  }

  private static NodeDef.Builder node(
      FunctionDef.Builder function, String op, String name, String... inputs) {
    return function
        .addNodeDefBuilder()
        .setOp(op)
        .setName(name)
        .addAllInput(List.of(inputs))
        .putAttr("T", type(DataType.DT_FLOAT));
  }

  private static void constant(FunctionDef.Builder function, String name, float value) {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addFloatVal(value)
            .build();
    node(function, "Const", name)
        .removeAttr("T")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build());
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  /** The convolution before all dropout, once, of sounds that are fed. */
  static Operand<TFloat32> trunk(Ops tf, Operand<TFloat32> sounds) {
    Operand<TFloat32> kernel = filled(tf, 10, 4, 1, FILTERS);
    return tf.nn.relu(tf.nn.conv2d(sounds, kernel, List.of(1L, 2L, 2L, 1L), "SAME"));
  }

  /** The convolutions and the matrix product after it, of numbers that are there already. */
  static Operand<TFloat32> products(Ops tf, int rows) {
    List<Long> steps = List.of(1L, 1L, 1L, 1L);
    Operand<TFloat32> x = filled(tf, rows, 25, 5, FILTERS);
    for (int block = 0; block < BLOCKS; block++) {
      x = tf.nn.depthwiseConv2dNative(x, filled(tf, 3, 3, FILTERS, 1), steps, "SAME");
      x = tf.nn.conv2d(x, filled(tf, 1, 1, FILTERS, FILTERS), steps, "SAME");
    }
    Operand<TFloat32> scores =
        tf.linalg.matMul(filled(tf, rows, FILTERS), filled(tf, FILTERS, CLASSES));
    return tf.math.add(
        tf.math.mean(scores, tf.constant(new int[] {0, 1})),
        tf.math.mean(
            tf.slice(x, tf.constant(new int[4]), tf.constant(new int[] {1, 1, 1, 1})),
            tf.constant(new int[] {0, 1, 2, 3})));
  }

  /** A variable, so that nothing is computed before it is run. */
  private static Operand<TFloat32> filled(Ops tf, int... shape) {
    return tf.variable(tf.fill(tf.constant(shape), tf.constant(.05f)));
  }
}
