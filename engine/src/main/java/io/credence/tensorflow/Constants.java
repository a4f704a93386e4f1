package io.credence.tensorflow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalDouble;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Reads numbers that stand in a graph as constants. */
final class Constants {

  private Constants() {}

  /** The value of a scalar Const of a common numeric type; empty if the node is anything else. */
  static OptionalDouble number(NodeDef node) {
    if (!node.getOp().equals("Const")) {
      return OptionalDouble.empty();
    }
    TensorProto value = node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
    if (value.getTensorShape().getDimCount() != 0) {
      return OptionalDouble.empty();
    }
    ByteBuffer bytes =
        value.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return switch (value.getDtype()) {
      case DT_FLOAT ->
          value.getFloatValCount() == 1
              ? decimal(value.getFloatVal(0))
              : bytes.remaining() == 4 ? decimal(bytes.getFloat()) : OptionalDouble.empty();
      case DT_DOUBLE ->
          value.getDoubleValCount() == 1
              ? OptionalDouble.of(value.getDoubleVal(0))
              : bytes.remaining() == 8
                  ? OptionalDouble.of(bytes.getDouble())
                  : OptionalDouble.empty();
      case DT_INT32 ->
          value.getIntValCount() == 1
              ? OptionalDouble.of(value.getIntVal(0))
              : bytes.remaining() == 4 ? OptionalDouble.of(bytes.getInt()) : OptionalDouble.empty();
      default -> OptionalDouble.empty();
    };
  }

  /** The number that people wrote: 0.2, not 0.20000000298. */
  private static OptionalDouble decimal(float value) {
    return OptionalDouble.of(Double.parseDouble(Float.toString(value)));
  }
}
