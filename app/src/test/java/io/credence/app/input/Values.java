package io.credence.app.input;

import io.credence.ElementType;
import io.credence.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.BooleanNdArray;
import org.tensorflow.ndarray.ByteNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/** Reads batches back as plain lists. */
final class Values {

  private Values() {}

  static TensorSpec spec(ElementType type, long... shape) {
    return new TensorSpec("x", type, Shape.of(shape));
  }

  /** The only input of a batch. */
  static NdArray<?> array(InputBatch batch) {
    return batch.inputs().get("x");
  }

  /** All elements in row-major order; truth values as 0 and 1, bytes as 0–255. */
  static List<Object> list(NdArray<?> array) {
    List<Object> values = new ArrayList<>();
    if (array instanceof ByteNdArray bytes) {
      bytes.scalars().forEach(scalar -> values.add(scalar.getByte() & 0xFFL));
    } else if (array instanceof BooleanNdArray booleans) {
      booleans.scalars().forEach(scalar -> values.add(scalar.getBoolean() ? 1.0 : 0.0));
    } else {
      array.scalars().forEach(scalar -> values.add(plain(scalar.getObject())));
    }
    return values;
  }

  private static Object plain(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    return value instanceof Number number ? number.doubleValue() : value;
  }

  /** What a source still holds, in batches of at most this many rows. */
  static List<InputBatch> batches(InputSource source, int rows) throws IOException {
    List<InputBatch> batches = new ArrayList<>();
    for (var next = source.next(rows); next.isPresent(); next = source.next(rows)) {
      batches.add(next.get());
    }
    return batches;
  }
}
