package io.credence.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedConcreteFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedFunction;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObject;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.Struct.NoneValue;
import org.tensorflow.proto.Struct.StructuredValue;
import org.tensorflow.proto.Struct.TupleValue;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph.TrackableObject.ObjectReference;
import org.tensorflow.types.TFloat32;

/**
 * SavedModels as Keras 2 writes them: the serving graph in a function, with an Identity where
 * dropout stood, and training functions that the object graph names. Input "x" [?, 4], output "y".
 */
final class KerasModels {

  private KerasModels() {}

  /** A layer in its serving form: an Identity of its input. */
  static Operand<TFloat32> served(Ops model, String layer, Operand<TFloat32> x) {
    return scope(model, layer).withName("Identity").identity(x);
  }

  /** Dropout in its training form, at the path of a layer. */
  static Operand<TFloat32> training(Ops tf, String layer, Operand<TFloat32> x, float rate) {
    return trainingIn(scope(tf, layer), x, rate);
  }

  /** The same in the scope of a layer; each further call of it writes into dropout_1, and so on. */
  static Operand<TFloat32> trainingIn(Ops layer, Operand<TFloat32> x, float rate) {
    Ops in = layer.withSubScope("dropout");
    return dropped(in, x, rate, in.withName("Shape").shape(x));
  }

  /** SpatialDropout1D: the mask's shape is packed of the input's dimensions and of a one. */
  static Operand<TFloat32> spatialTraining(Ops tf, String layer, Operand<TFloat32> x, float rate) {
    Ops at = scope(tf, layer);
    Operand<org.tensorflow.types.TInt32> shape = at.shape(x);
    Ops in = at.withSubScope("dropout");
    Operand<org.tensorflow.types.TInt32> packed =
        in.stack(
            List.of(
                at.squeeze(at.slice(shape, at.array(0), at.array(1))),
                in.constant(1),
                at.squeeze(at.slice(shape, at.array(2), at.array(1)))));
    return dropped(in, x, rate, packed);
  }

  /** SpatialDropout2D: one draw for a channel of a picture [N, H, W, C]. */
  static Operand<TFloat32> spatialTraining2d(
      Ops tf, String layer, Operand<TFloat32> x, float rate) {
    Ops at = scope(tf, layer);
    Operand<org.tensorflow.types.TInt32> shape = at.shape(x);
    Ops in = at.withSubScope("dropout");
    Operand<org.tensorflow.types.TInt32> packed =
        in.stack(
            List.of(
                at.squeeze(at.slice(shape, at.array(0), at.array(1))),
                in.constant(1),
                in.constant(1),
                at.squeeze(at.slice(shape, at.array(3), at.array(1)))));
    return dropped(in, x, rate, packed);
  }

  /** Dropout with a mask of some shape, in the scope {@code dropout} of a layer. */
  static Operand<TFloat32> dropped(
      Ops in, Operand<TFloat32> x, float rate, Operand<org.tensorflow.types.TInt32> shape) {
    Operand<TFloat32> scaled = in.withName("Mul").math.mul(x, in.constant(1 / (1 - rate)));
    Operand<TFloat32> uniform =
        in.withSubScope("random_uniform")
            .withName("RandomUniform")
            .random
            .randomUniform(shape, TFloat32.class);
    Operand<TFloat32> threshold = in.withSubScope("GreaterEqual").withName("y").constant(rate);
    Operand<TFloat32> keep =
        in.withName("Cast")
            .dtypes
            .cast(
                in.withName("GreaterEqual_1").math.greaterEqual(uniform, threshold),
                TFloat32.class);
    return in.withName("Mul_1").math.mul(scaled, keep);
  }

  static Ops scope(Ops tf, String path) {
    Ops scoped = tf;
    for (String part : path.split("/", -1)) {
      scoped = part.isEmpty() ? scoped : scoped.withSubScope(part);
    }
    return scoped;
  }

  /** Writes a model of a serving function, in the scope "model", and a training function. */
  static Path write(
      Path folder,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> serving,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> training) {
    ConcreteFunction train = function("train", training);
    TestModels.write(
        folder,
        (tf, x) -> {
          // Called, so that it gets into the library; nothing that is served depends on it.
          tf.call(train, x);
          return cast(
              tf.call(
                  function(
                      "wrapped_model", (ops, in) -> serving.apply(ops.withSubScope("model"), in)),
                  x));
        });
    nameTrainingFunction(folder.resolve("saved_model.pb"));
    return folder;
  }

  private static ConcreteFunction function(
      String name, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> body) {
    return ConcreteFunction.create(
        tf -> {
          Shape shape = Shape.of(-1, TestModels.FEATURES);
          Placeholder<TFloat32> x =
              tf.withName("inputs").placeholder(TFloat32.class, Placeholder.shape(shape));
          return Signature.builder(name).input("x", x).output("y", body.apply(tf, x)).build();
        });
  }

  @SuppressWarnings("unchecked") // the functions of these tests give float32
  static Operand<TFloat32> cast(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  /** Adds the object graph of Keras: the root's child lists the function that trains. */
  private static void nameTrainingFunction(Path proto) {
    try {
      SavedModel.Builder model = SavedModel.parseFrom(Files.readAllBytes(proto)).toBuilder();
      MetaGraphDef.Builder graph = model.getMetaGraphsBuilder(0);
      String name =
          graph.getGraphDef().getLibrary().getFunctionList().stream()
              .map(function -> function.getSignature().getName())
              .filter(each -> each.startsWith("train"))
              .findFirst()
              .orElseThrow();
      graph.setObjectGraphDef(objects(name));
      Files.write(proto, model.build().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SavedObjectGraph objects(String function) {
    ObjectReference child =
        ObjectReference.newBuilder()
            .setNodeId(1)
            .setLocalName("call_and_return_all_conditional_losses")
            .build();
    StructuredValue none =
        StructuredValue.newBuilder().setNoneValue(NoneValue.getDefaultInstance()).build();
    StructuredValue yes = StructuredValue.newBuilder().setBoolValue(true).build();
    return SavedObjectGraph.newBuilder()
        .addNodes(SavedObject.newBuilder().addChildren(child))
        .addNodes(
            SavedObject.newBuilder()
                .setFunction(SavedFunction.newBuilder().addConcreteFunctions(function)))
        .putConcreteFunctions(
            function,
            SavedConcreteFunction.newBuilder()
                .setCanonicalizedInputSignature(tuple(tuple(none, yes, none), tuple()))
                .build())
        .build();
  }

  private static StructuredValue tuple(StructuredValue... values) {
    return StructuredValue.newBuilder()
        .setTupleValue(TupleValue.newBuilder().addAllValues(List.of(values)))
        .build();
  }
}
