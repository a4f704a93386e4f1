package io.credence.app.input;

import io.credence.ElementType;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Collects numbers for an input of any numeric type. Whether they fit is the caller's care. */
final class Numbers {

  private final ElementType type;
  private final float[] floats;
  private final double[] doubles;
  private final long[] longs;

  Numbers(ElementType type, int size) {
    this.type = type;
    this.floats = new float[type == ElementType.FLOAT32 ? size : 0];
    this.doubles = new double[type == ElementType.FLOAT64 ? size : 0];
    this.longs = new long[type.isFloating() ? 0 : size];
  }

  /** Whether a number is neither NaN nor infinite when rounded to a floating-point type. */
  static boolean isFinite(ElementType type, double value) {
    return type == ElementType.FLOAT32 ? Float.isFinite((float) value) : Double.isFinite(value);
  }

  void put(int index, double value) {
    if (type == ElementType.FLOAT32) {
      floats[index] = (float) value;
    } else {
      doubles[index] = value;
    }
  }

  void put(int index, long value) {
    if (type.isFloating()) {
      put(index, (double) value);
    } else {
      longs[index] = value;
    }
  }

  NdArray<?> toArray(Shape shape) {
    return switch (type) {
      case FLOAT32 -> NdArrays.wrap(shape, DataBuffers.of(floats));
      case FLOAT64 -> NdArrays.wrap(shape, DataBuffers.of(doubles));
      case INT64 -> NdArrays.wrap(shape, DataBuffers.of(longs));
      case INT32 -> {
        int[] ints = new int[longs.length];
        for (int i = 0; i < ints.length; i++) {
          ints[i] = (int) longs[i];
        }
        yield NdArrays.wrap(shape, DataBuffers.of(ints));
      }
      case UINT8 -> {
        byte[] bytes = new byte[longs.length];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) longs[i];
        }
        yield NdArrays.wrap(shape, DataBuffers.of(bytes));
      }
      case BOOL -> {
        boolean[] booleans = new boolean[longs.length];
        for (int i = 0; i < booleans.length; i++) {
          booleans[i] = longs[i] != 0;
        }
        yield NdArrays.wrap(shape, DataBuffers.of(booleans));
      }
      case STRING -> throw new IllegalStateException("text is no number");
    };
  }
}
