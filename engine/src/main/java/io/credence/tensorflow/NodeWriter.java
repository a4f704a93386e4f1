package io.credence.tensorflow;

import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Writes nodes into a graph. */
final class NodeWriter {

  private final GraphDef.Builder graph;

  NodeWriter(GraphDef.Builder graph) {
    this.graph = graph;
  }

  /** Adds a node and returns it, for its attributes. */
  NodeDef.Builder add(String name, String op, String... inputs) {
    return graph.addNodeBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  /** Adds a float32 scalar and returns its name. */
  String real(String name, float value) {
    return constant(name, TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).addFloatVal(value));
  }

  /** Adds an integer of type int32 or int64, a scalar, and returns its name. */
  String integer(String name, DataType type, int value) {
    return constant(name, integerOf(type, value));
  }

  /** Adds an integer of type int32 or int64, as a vector of one, and returns its name. */
  String vector(String name, DataType type, int value) {
    TensorShapeProto one = shape(1);
    return constant(name, integerOf(type, value).setTensorShape(one));
  }

  static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  static AttrValue number(long value) {
    return AttrValue.newBuilder().setI(value).build();
  }

  static TensorShapeProto shape(long size) {
    return TensorShapeProto.newBuilder()
        .addDim(TensorShapeProto.Dim.newBuilder().setSize(size))
        .build();
  }

  private static TensorProto.Builder integerOf(DataType type, int value) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type);
    return type == DataType.DT_INT64 ? tensor.addInt64Val(value) : tensor.addIntVal(value);
  }

  private String constant(String name, TensorProto.Builder value) {
    add(name, "Const")
        .putAttr("dtype", type(value.getDtype()))
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build());
    return name;
  }
}
