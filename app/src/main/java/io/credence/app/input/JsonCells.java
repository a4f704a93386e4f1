package io.credence.app.input;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.ElementType;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;

/**
 * One input of one JSON row: the shape of its nested arrays, and their leaves in row-major order.
 *
 * @param shape without the dimension of rows
 * @param leaves as many as the shape has
 */
record JsonCells(Shape shape, List<JsonNode> leaves) {

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if the arrays are ragged, a leaf is not of the input's type,
   *     or the shape is not what the model reads
   */
  static JsonCells of(TensorSpec spec, JsonNode value) {
    List<JsonNode> level = List.of(value);
    List<Long> dims = new ArrayList<>();
    while (!level.isEmpty() && level.get(0).isArray()) {
      int length = level.get(0).size();
      List<JsonNode> below = new ArrayList<>();
      for (JsonNode node : level) {
        if (!node.isArray() || node.size() != length) {
          throw new IllegalArgumentException("\"" + spec.name() + "\" is not a regular array");
        }
        node.forEach(below::add);
      }
      dims.add((long) length);
      level = below;
    }
    Shape shape = Shape.of(dims.stream().mapToLong(Long::longValue).toArray());
    // A scalar also feeds an input of shape [?, 1], as tables often have it.
    Shape column = Shape.of(1);
    boolean scalarColumn = dims.isEmpty() && spec.acceptsRow(column) && !spec.shape().isUnknown();
    Shape rowShape = scalarColumn ? column : shape;
    if (!spec.acceptsRow(rowShape)) {
      throw new IllegalArgumentException(
          "\""
              + spec.name()
              + "\" has shape "
              + TensorSpec.describe(shape)
              + ", but a row of "
              + TensorSpec.describe(spec.shape())
              + " is needed (the first dimension is that of rows)");
    }
    for (JsonNode leaf : level) {
      if (!fits(spec.type(), leaf)) {
        throw new IllegalArgumentException(
            "\"" + spec.name() + "\" holds " + leaf + ", which is no " + spec.type());
      }
    }
    return new JsonCells(rowShape, level);
  }

  /** Whether a value can be an element of this type: finite, an integer, within its range. */
  static boolean fits(ElementType type, JsonNode leaf) {
    return switch (type) {
      case FLOAT32, FLOAT64 -> leaf.isNumber() && Numbers.isFinite(type, leaf.doubleValue());
      case INT32 -> leaf.canConvertToExactIntegral() && leaf.canConvertToInt();
      case INT64 -> leaf.canConvertToExactIntegral() && leaf.canConvertToLong();
      case UINT8 ->
          leaf.canConvertToExactIntegral()
              && leaf.canConvertToInt()
              && leaf.intValue() >= 0
              && leaf.intValue() <= 255;
      case BOOL -> leaf.isBoolean();
      case STRING -> leaf.isTextual();
    };
  }

  /** Puts the cells of several rows, all of one shape, into one array. */
  static NdArray<?> stack(ElementType type, List<JsonCells> rows) {
    Shape shape = Shape.of(rows.size()).append(rows.get(0).shape());
    if (type == ElementType.STRING) {
      List<String> texts = new ArrayList<>();
      rows.forEach(row -> row.leaves().forEach(leaf -> texts.add(leaf.textValue())));
      NdArray<String> array = NdArrays.ofObjects(String.class, shape);
      int[] next = {0};
      array.scalars().forEach(scalar -> scalar.setObject(texts.get(next[0]++)));
      return array;
    }
    Numbers numbers = new Numbers(type, Math.toIntExact(shape.size()));
    int index = 0;
    for (JsonCells row : rows) {
      for (JsonNode leaf : row.leaves()) {
        if (type.isFloating()) {
          numbers.put(index++, leaf.doubleValue());
        } else {
          numbers.put(
              index++, leaf.isBoolean() ? (leaf.booleanValue() ? 1L : 0L) : leaf.longValue());
        }
      }
    }
    return numbers.toArray(shape);
  }
}
