package io.credence;

import java.util.OptionalLong;
import org.tensorflow.ndarray.Shape;

/**
 * An input or output of a model as its signature declares it.
 *
 * @param name the name within the signature
 * @param type the type of the elements
 * @param shape the shape; an unknown dimension is −1 ({@link Shape#UNKNOWN_SIZE}), and the whole
 *     shape may be unknown
 */
public record TensorSpec(String name, ElementType type, Shape shape) {

  /**
   * Whether an array of this shape fits: same rank, and every known dimension equal.
   *
   * @param actual the shape of an array
   * @return whether it fits; always true if this shape is unknown
   */
  public boolean accepts(Shape actual) {
    if (shape.isUnknown()) {
      return true;
    }
    if (shape.numDimensions() != actual.numDimensions()) {
      return false;
    }
    for (int i = 0; i < shape.numDimensions(); i++) {
      if (shape.get(i) != Shape.UNKNOWN_SIZE && shape.get(i) != actual.get(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether rows of this shape fit: {@link #accepts} of an array of them, however many they are.
   *
   * @param row the shape of one row, without the first dimension, that of rows
   * @return whether it fits; always true if this shape is unknown
   */
  public boolean acceptsRow(Shape row) {
    return shape.isUnknown()
        || (shape.numDimensions() > 0 && accepts(Shape.of(shape.get(0)).append(row)));
  }

  /**
   * How many rows each batch must have, where the model fixes it.
   *
   * @return the first dimension, ≥ 1, or empty if it is free
   */
  public OptionalLong rows() {
    boolean fixed = !shape.isUnknown() && shape.numDimensions() > 0 && shape.get(0) > 0;
    return fixed ? OptionalLong.of(shape.get(0)) : OptionalLong.empty();
  }

  /** Returns name, type and shape as in {@code image FLOAT32[?, 32, 32, 3]}. */
  @Override
  public String toString() {
    return name + " " + type + describe(shape);
  }

  /**
   * Writes a shape for people, as in {@code [?, 32, 32, 3]}.
   *
   * @param shape a shape
   * @return its text
   */
  public static String describe(Shape shape) {
    if (shape.isUnknown()) {
      return "[...]";
    }
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < shape.numDimensions(); i++) {
      text.append(i == 0 ? "" : ", ");
      text.append(shape.get(i) == Shape.UNKNOWN_SIZE ? "?" : Long.toString(shape.get(i)));
    }
    return text.append(']').toString();
  }
}
