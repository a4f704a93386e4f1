package io.credence.tensorflow;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Reads numbers that stand in a graph as constants. */
final class Constants {

  private static final long MAX_INTEGERS = 4096;

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
      case DT_HALF ->
          value.getHalfValCount() == 1
              ? half(value.getHalfVal(0))
              : bytes.remaining() == 2 ? half(bytes.getShort()) : OptionalDouble.empty();
      case DT_BFLOAT16 ->
          value.getHalfValCount() == 1
              ? brain(value.getHalfVal(0))
              : bytes.remaining() == 2 ? brain(bytes.getShort()) : OptionalDouble.empty();
      case DT_INT32 ->
          value.getIntValCount() == 1
              ? OptionalDouble.of(value.getIntVal(0))
              : bytes.remaining() == 4 ? OptionalDouble.of(bytes.getInt()) : OptionalDouble.empty();
      default -> OptionalDouble.empty();
    };
  }

  /**
   * The values of a Const of type int32 or int64, in row-major order; empty if the node is anything
   * else, or holds more than 4,096 values.
   */
  static Optional<List<Long>> integers(NodeDef node) {
    if (!node.getOp().equals("Const")) {
      return Optional.empty();
    }
    TensorProto value = node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
    boolean wide = value.getDtype() == DataType.DT_INT64;
    long size = size(value);
    if ((!wide && value.getDtype() != DataType.DT_INT32) || size < 0) {
      return Optional.empty();
    }
    List<Long> values = new ArrayList<>();
    if (value.getTensorContent().isEmpty()) {
      values.addAll(
          wide
              ? value.getInt64ValList()
              : value.getIntValList().stream().map(Integer::longValue).toList());
    } else {
      ByteBuffer bytes =
          value.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      while (bytes.remaining() >= (wide ? Long.BYTES : Integer.BYTES)) {
        values.add(wide ? bytes.getLong() : bytes.getInt());
      }
    }
    // The last value stands for all that are left out, and no value at all for zeros.
    while (values.size() < size) {
      values.add(values.isEmpty() ? 0L : values.get(values.size() - 1));
    }
    return values.size() == size ? Optional.of(values) : Optional.empty();
  }

  /** The number of elements, −1 if it is absurd. */
  private static long size(TensorProto value) {
    long size = 1;
    for (TensorShapeProto.Dim dim : value.getTensorShape().getDimList()) {
      if (dim.getSize() < 0 || dim.getSize() > MAX_INTEGERS) {
        return -1;
      }
      size *= dim.getSize();
      if (size > MAX_INTEGERS) {
        return -1;
      }
    }
    return size;
  }

  /** Of sixteen bits; three decimals tell such numbers within (0, 1) apart. */
  private static OptionalDouble half(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    if (exponent == 31) {
      return OptionalDouble.empty();
    }
    double size =
        exponent == 0 ? Math.scalb(fraction, -24) : Math.scalb(1024 + fraction, exponent - 25);
    return rounded((bits & 0x8000) == 0 ? size : -size);
  }

  private static OptionalDouble brain(int bits) {
    return rounded(Float.intBitsToFloat(bits << 16));
  }

  private static OptionalDouble rounded(double value) {
    return OptionalDouble.of(Math.abs(value) < 1 ? Math.round(value * 1e3) / 1e3 : value);
  }

  /** The number that people wrote: 0.2, not 0.20000000298. */
  private static OptionalDouble decimal(float value) {
    return OptionalDouble.of(Double.parseDouble(Float.toString(value)));
  }
}
