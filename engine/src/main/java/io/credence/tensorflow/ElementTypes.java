package io.credence.tensorflow;

import io.credence.ElementType;
import java.util.Arrays;
import java.util.Optional;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.BooleanNdArray;
import org.tensorflow.ndarray.ByteNdArray;
import org.tensorflow.ndarray.DoubleNdArray;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.LongNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;
import org.tensorflow.types.TUint8;

/** The way between arrays of the API and tensors. */
final class ElementTypes {

  private ElementTypes() {}

  /** The element type of a TensorFlow type, or empty if the API has none for it. */
  static Optional<ElementType> of(DataType type) {
    return switch (type) {
      case DT_FLOAT -> Optional.of(ElementType.FLOAT32);
      case DT_DOUBLE -> Optional.of(ElementType.FLOAT64);
      case DT_INT32 -> Optional.of(ElementType.INT32);
      case DT_INT64 -> Optional.of(ElementType.INT64);
      case DT_UINT8 -> Optional.of(ElementType.UINT8);
      case DT_BOOL -> Optional.of(ElementType.BOOL);
      case DT_STRING -> Optional.of(ElementType.STRING);
      default -> Optional.empty();
    };
  }

  /** The element type that an array carries, or empty if it carries none of them. */
  static Optional<ElementType> of(NdArray<?> array) {
    Optional<ElementType> numeric =
        Arrays.stream(ElementType.values())
            .filter(type -> type != ElementType.STRING && type.carrier().isInstance(array))
            .findFirst();
    boolean text = numeric.isEmpty() && array.size() > 0 && firstElement(array) instanceof String;
    return text ? Optional.of(ElementType.STRING) : numeric;
  }

  private static Object firstElement(NdArray<?> array) {
    return array.getObject(new long[array.rank()]);
  }

  /** A copy of the array as a tensor, which the caller closes. */
  @SuppressWarnings("unchecked") // of(NdArray) has looked at the elements
  static Tensor toTensor(NdArray<?> array) {
    if (array instanceof FloatNdArray floats) {
      return TFloat32.tensorOf(floats);
    }
    if (array instanceof DoubleNdArray doubles) {
      return TFloat64.tensorOf(doubles);
    }
    if (array instanceof IntNdArray ints) {
      return TInt32.tensorOf(ints);
    }
    if (array instanceof LongNdArray longs) {
      return TInt64.tensorOf(longs);
    }
    if (array instanceof ByteNdArray bytes) {
      return TUint8.tensorOf(bytes);
    }
    if (array instanceof BooleanNdArray booleans) {
      return TBool.tensorOf(booleans);
    }
    return TString.tensorOf((NdArray<String>) array);
  }

  /**
   * The numbers of a floating-point tensor, row by row.
   *
   * @throws ModelLoadException if the tensor is of another type
   */
  static float[] toFloats(Tensor tensor) {
    float[] floats = new float[Math.toIntExact(tensor.shape().size())];
    if (tensor instanceof TFloat32 values) {
      values.copyTo(DataBuffers.of(floats));
    } else if (tensor instanceof TFloat64 values) {
      double[] doubles = new double[floats.length];
      values.copyTo(DataBuffers.of(doubles));
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
    } else {
      throw new ModelLoadException(
          "the output is of type " + tensor.dataType() + "; only float32 and float64 can be read");
    }
    return floats;
  }

  /**
   * The same as a buffer, which of a float32 tensor reads its memory: only as long as the tensor is
   * open.
   *
   * @throws ModelLoadException if the tensor is of another type
   */
  static FloatDataBuffer toBuffer(Tensor tensor) {
    return tensor instanceof TFloat32
        ? tensor.asRawTensor().data().asFloats()
        : DataBuffers.of(toFloats(tensor), true, false);
  }

  /** Whether a shape has a first dimension, the batch, with at least one row. */
  static boolean hasRows(Shape shape) {
    return shape.numDimensions() > 0 && shape.get(0) > 0;
  }

  /** Some rows of an array, in that order. */
  @SuppressWarnings("unchecked") // both arrays are of the type that of(NdArray) has looked up
  static NdArray<?> rows(NdArray<?> array, int... kept) {
    long[] dims = array.shape().asArray();
    dims[0] = kept.length;
    Shape shape = Shape.of(dims);
    NdArray<?> rows =
        switch (of(array).orElseThrow()) {
          case FLOAT32 -> NdArrays.ofFloats(shape);
          case FLOAT64 -> NdArrays.ofDoubles(shape);
          case INT32 -> NdArrays.ofInts(shape);
          case INT64 -> NdArrays.ofLongs(shape);
          case UINT8 -> NdArrays.ofBytes(shape);
          case BOOL -> NdArrays.ofBooleans(shape);
          case STRING -> NdArrays.ofObjects(String.class, shape);
        };
    for (int i = 0; i < kept.length; i++) {
      ((NdArray<Object>) array).get(kept[i]).copyTo(((NdArray<Object>) rows).get(i));
    }
    return rows;
  }
}
