package io.credence.tensorflow;

import java.util.ArrayDeque;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Checks the sizes of shapes and constants. A constant may hold one value for all its elements, so
 * a few bytes of a file can ask for any amount of memory.
 */
final class TensorCheck {

  /** More than this only where the file holds as many bytes. */
  static final long MAX_BYTES = 256L << 20;

  /** For all constants that are larger than what the file holds of them, together. */
  static final long MAX_TOTAL_BYTES = 2L << 30;

  private static final int MAX_DIMS = 254;

  private long total;

  /**
   * Checks all tensors and shapes in an attribute.
   *
   * @param where the attribute's owner, for people
   * @throws ModelLoadException if one is negative or too large
   */
  void check(String where, AttrValue attribute) {
    ArrayDeque<AttrValue> open = new ArrayDeque<>();
    open.add(attribute);
    while (!open.isEmpty()) {
      AttrValue attr = open.remove();
      if (attr.hasTensor()) {
        tensor(where, attr.getTensor());
      }
      if (attr.hasShape()) {
        shape(where, attr.getShape());
      }
      attr.getList().getTensorList().forEach(tensor -> tensor(where, tensor));
      attr.getList().getShapeList().forEach(shape -> shape(where, shape));
      open.addAll(attr.getFunc().getAttrMap().values());
      attr.getList().getFuncList().forEach(each -> open.addAll(each.getAttrMap().values()));
    }
  }

  private static void shape(String where, TensorShapeProto shape) {
    if (shape.getDimCount() > MAX_DIMS) {
      throw GraphCheck.damaged(
          where + " has a shape of " + shape.getDimCount() + " dimensions; at most " + MAX_DIMS);
    }
    for (TensorShapeProto.Dim dim : shape.getDimList()) {
      if (dim.getSize() < -1) {
        throw GraphCheck.damaged(where + " has a shape with a dimension of " + dim.getSize());
      }
    }
  }

  private void tensor(String where, TensorProto tensor) {
    shape(where, tensor.getTensorShape());
    long elements = 1;
    for (TensorShapeProto.Dim dim : tensor.getTensorShape().getDimList()) {
      if (dim.getSize() < 0 || tensor.getTensorShape().getUnknownRank()) {
        throw GraphCheck.damaged(where + " holds a constant of unknown shape");
      }
      elements = product(elements, dim.getSize());
    }
    DataType type = tensor.getDtype();
    long bytes = product(elements, width(type));
    boolean raw = !tensor.getTensorContent().isEmpty() && type != DataType.DT_STRING;
    if (raw ? tensor.getTensorContent().size() != bytes : listed(tensor) > elements) {
      throw GraphCheck.damaged(
          where
              + " holds a constant of "
              + elements
              + " elements of type "
              + type
              + ", but the file has "
              + (raw ? tensor.getTensorContent().size() + " bytes" : listed(tensor) + " elements")
              + " of it");
    }
    long held = Math.max(tensor.getSerializedSize(), product(listed(tensor), width(type)));
    if (bytes <= held) {
      return;
    }
    total += Math.min(bytes, MAX_TOTAL_BYTES);
    if (bytes > MAX_BYTES || total > MAX_TOTAL_BYTES) {
      throw GraphCheck.damaged(
          where
              + " holds a constant of "
              + elements
              + " elements, "
              + bytes
              + " bytes, in "
              + held
              + " bytes of file; one such constant may take "
              + (MAX_BYTES >> 20)
              + " MiB, all together "
              + (MAX_TOTAL_BYTES >> 20)
              + " MiB");
    }
  }

  /** How many elements the file lists one by one. */
  private static long listed(TensorProto tensor) {
    return switch (tensor.getDtype()) {
      case DT_STRING -> tensor.getStringValCount();
      case DT_FLOAT -> tensor.getFloatValCount();
      case DT_DOUBLE -> tensor.getDoubleValCount();
      case DT_INT64 -> tensor.getInt64ValCount();
      case DT_BOOL -> tensor.getBoolValCount();
      default -> tensor.getIntValCount();
    };
  }

  private static long product(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return high != 0 || low < 0 ? Long.MAX_VALUE : low;
  }

  /** Bytes an element takes in memory; at least one, so that no type makes a tensor free. */
  private static long width(DataType type) {
    return switch (type) {
      case DT_DOUBLE, DT_INT64, DT_UINT64, DT_COMPLEX64 -> 8;
      case DT_COMPLEX128 -> 16;
      case DT_FLOAT, DT_INT32, DT_UINT32, DT_QINT32 -> 4;
      case DT_HALF, DT_BFLOAT16, DT_INT16, DT_UINT16, DT_QINT16, DT_QUINT16 -> 2;
      case DT_STRING -> 24;
      case DT_RESOURCE, DT_VARIANT -> 64;
      default -> 1;
    };
  }
}
