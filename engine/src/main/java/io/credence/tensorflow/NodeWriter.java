package io.credence.tensorflow;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes nodes into a graph or into the body of a function. What it returns is the first output of
 * the node, written as inputs are written there: {@code node}, or {@code node:output:0}.
 */
final class NodeWriter {

  private final Consumer<NodeDef> sink;
  private final boolean inFunction;

  private NodeWriter(Consumer<NodeDef> sink, boolean inFunction) {
    this.sink = sink;
    this.inFunction = inFunction;
  }

  static NodeWriter of(GraphDef.Builder graph) {
    return new NodeWriter(graph::addNode, false);
  }

  static NodeWriter of(FunctionDef.Builder function) {
    return new NodeWriter(function::addNodeDef, true);
  }

  /** A node to be, for its attributes. */
  static NodeDef.Builder node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  /** Adds a node and returns its first output. */
  String add(NodeDef.Builder node) {
    NodeDef built = node.build();
    sink.accept(built);
    return inFunction
        ? built.getName() + ":" + OpOutputs.firstOutput(built) + ":0"
        : built.getName();
  }

  /** Adds a constant. */
  String constant(String name, TensorProto value) {
    return add(
        node(name, "Const")
            .putAttr("dtype", type(value.getDtype()))
            .putAttr("value", AttrValue.newBuilder().setTensor(value).build()));
  }

  static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static AttrValue number(long value) {
    return AttrValue.newBuilder().setI(value).build();
  }

  static AttrValue text(String value) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
  }

  /** A float64 scalar. */
  static TensorProto real(double value) {
    return TensorProto.newBuilder().setDtype(DataType.DT_DOUBLE).addDoubleVal(value).build();
  }

  /** An integer scalar of type int32 or int64. */
  static TensorProto integer(DataType type, long value) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type);
    return (type == DataType.DT_INT64
            ? tensor.addInt64Val(value)
            : tensor.addIntVal(Math.toIntExact(value)))
        .build();
  }

  /** An int64 vector. */
  static TensorProto vector(List<Long> values) {
    return TensorProto.newBuilder()
        .setDtype(DataType.DT_INT64)
        .setTensorShape(shape(values.size()))
        .addAllInt64Val(values)
        .build();
  }

  static TensorProto bool(boolean value) {
    return TensorProto.newBuilder().setDtype(DataType.DT_BOOL).addBoolVal(value).build();
  }

  static TensorShapeProto shape(long size) {
    return TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dim.newBuilder().setSize(size))
        .build();
  }
}
