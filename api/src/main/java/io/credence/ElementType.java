package io.credence;

import org.tensorflow.ndarray.BooleanNdArray;
import org.tensorflow.ndarray.ByteNdArray;
import org.tensorflow.ndarray.DoubleNdArray;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.LongNdArray;
import org.tensorflow.ndarray.NdArray;

/** The type of a tensor's elements, and the ndarray class that carries it. */
public enum ElementType {
  /** 32-bit floating point, carried by {@link FloatNdArray}. */
  FLOAT32(FloatNdArray.class),
  /** 64-bit floating point, carried by {@link DoubleNdArray}. */
  FLOAT64(DoubleNdArray.class),
  /** 32-bit signed integer, carried by {@link IntNdArray}. */
  INT32(IntNdArray.class),
  /** 64-bit signed integer, carried by {@link LongNdArray}. */
  INT64(LongNdArray.class),
  /** 8-bit unsigned integer, carried bit for bit by {@link ByteNdArray}. */
  UINT8(ByteNdArray.class),
  /** Truth value, carried by {@link BooleanNdArray}. */
  BOOL(BooleanNdArray.class),
  /** UTF-8 text, carried by an {@code NdArray<String>}. */
  STRING(NdArray.class);

  private final Class<?> carrier;

  ElementType(Class<?> carrier) {
    this.carrier = carrier;
  }

  /**
   * The ndarray interface whose instances carry this type.
   *
   * @return the interface
   */
  public Class<?> carrier() {
    return carrier;
  }

  /**
   * Whether the type is a floating-point type, and so may hold NaN or infinities.
   *
   * @return true for {@link #FLOAT32} and {@link #FLOAT64}
   */
  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64;
  }
}
