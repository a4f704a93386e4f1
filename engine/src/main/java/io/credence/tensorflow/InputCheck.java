package io.credence.tensorflow;

import io.credence.ElementType;
import io.credence.InputRange;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat64;

/** Checks the inputs of one call against the signature and the training range. */
final class InputCheck {

  /** Values that are read at once. */
  private static final int TILE = 1 << 11;

  private final List<TensorSpec> specs;
  private final Optional<InputRange> range;
  private final boolean strict;

  InputCheck(List<TensorSpec> specs, Optional<InputRange> range, boolean strict) {
    this.specs = specs;
    this.range = range;
    this.strict = strict;
  }

  /**
   * Checks names, types and shapes.
   *
   * @throws IllegalArgumentException if the inputs cannot be fed
   */
  void check(Map<String, ? extends NdArray<?>> inputs) {
    List<String> names = specs.stream().map(TensorSpec::name).toList();
    for (String name : new TreeSet<>(inputs.keySet())) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "input \"" + name + "\" is unknown; the signature has " + specs);
      }
    }
    long rows = -1;
    for (TensorSpec spec : specs) {
      NdArray<?> array = inputs.get(spec.name());
      if (array == null) {
        throw new IllegalArgumentException(
            "input \"" + spec.name() + "\" is missing; the signature needs " + specs);
      }
      checkTypeAndShape(spec, array);
      if (rows >= 0 && rows != array.shape().get(0)) {
        throw new IllegalArgumentException(
            "input \""
                + spec.name()
                + "\" has "
                + array.shape().get(0)
                + " rows, others have "
                + rows
                + "; all inputs need the same number");
      }
      rows = array.shape().get(0);
    }
  }

  private static void checkTypeAndShape(TensorSpec spec, NdArray<?> array) {
    Shape shape = array.shape();
    if (!ElementTypes.hasRows(shape)) {
      throw new IllegalArgumentException(
          "input \""
              + spec.name()
              + "\" is empty: its shape is "
              + TensorSpec.describe(shape)
              + "; at least one row is needed");
    }
    Optional<ElementType> type = ElementTypes.of(array);
    if (type.isEmpty() || type.get() != spec.type()) {
      throw new IllegalArgumentException(
          "input \""
              + spec.name()
              + "\" is "
              + type.map(ElementType::name).orElse(array.getClass().getSimpleName())
              + ", but the model reads "
              + spec.type()
              + "; pass a "
              + spec.type().carrier().getSimpleName());
    }
    if (!spec.accepts(shape)) {
      throw new IllegalArgumentException(
          "input \""
              + spec.name()
              + "\" has shape "
              + TensorSpec.describe(shape)
              + ", but the model reads "
              + TensorSpec.describe(spec.shape())
              + " (? is free; the first is the number of rows)");
    }
  }

  /**
   * Checks the values of floating-point inputs.
   *
   * @param tensors each input by its name, its name, type and shape checked before
   * @return what is doubtful but not refused
   * @throws IllegalArgumentException if a value is not finite, or, when strict, outside the
   *     training range
   */
  List<String> checkValues(Map<String, Tensor> tensors) {
    List<String> warnings = new ArrayList<>();
    for (TensorSpec spec : specs) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor != null && spec.type().isFloating()) {
        extent(spec, tensor).ifPresent(warnings::add);
      }
    }
    return warnings;
  }

  private Optional<String> extent(TensorSpec spec, Tensor tensor) {
    RawTensor raw = tensor.asRawTensor();
    double[] tile = new double[(int) Math.min(TILE, raw.shape().size())];
    float[] floats = new float[tile.length];
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (long from = 0; from < raw.shape().size(); from += tile.length) {
      int length = (int) Math.min(tile.length, raw.shape().size() - from);
      if (tensor instanceof TFloat64) {
        raw.data().asDoubles().offset(from).read(tile, 0, length);
      } else {
        raw.data().asFloats().offset(from).read(floats, 0, length);
        for (int i = 0; i < length; i++) {
          tile[i] = floats[i];
        }
      }
      for (int i = 0; i < length; i++) {
        if (!Double.isFinite(tile[i])) {
          throw new IllegalArgumentException(notFinite(spec, raw.shape(), tile[i], from + i));
        }
        min = Math.min(min, tile[i]);
        max = Math.max(max, tile[i]);
      }
    }
    double low = min;
    double high = max;
    Optional<String> warning = range.flatMap(r -> r.warning(spec.name(), low, high));
    if (strict && warning.isPresent()) {
      throw new IllegalArgumentException(warning.get());
    }
    return warning;
  }

  private static String notFinite(TensorSpec spec, Shape shape, double value, long position) {
    long rowLength = shape.size() / shape.get(0);
    return "input \""
        + spec.name()
        + "\" holds "
        + value
        + " in row "
        + position / rowLength
        + ", element "
        + position % rowLength
        + "; every value must be finite, mend or drop that row";
  }
}
