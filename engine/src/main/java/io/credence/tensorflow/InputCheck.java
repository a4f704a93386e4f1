package io.credence.tensorflow;

import io.credence.ElementType;
import io.credence.InputRange;
import io.credence.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.tensorflow.ndarray.DoubleNdArray;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Checks the inputs of one call against the signature and the training range. */
final class InputCheck {

  private final List<TensorSpec> specs;
  private final Optional<InputRange> range;
  private final boolean strict;

  InputCheck(List<TensorSpec> specs, Optional<InputRange> range, boolean strict) {
    this.specs = specs;
    this.range = range;
    this.strict = strict;
  }

  /**
   * Checks names, types, shapes and values.
   *
   * @return what is doubtful but not refused
   * @throws IllegalArgumentException if the inputs cannot be fed, or, when strict, are outside the
   *     training range
   */
  List<String> check(Map<String, ? extends NdArray<?>> inputs) {
    List<String> warnings = new ArrayList<>();
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
      checkValues(spec, array).ifPresent(warnings::add);
    }
    return warnings;
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

  private Optional<String> checkValues(TensorSpec spec, NdArray<?> array) {
    if (!spec.type().isFloating()) {
      return Optional.empty();
    }
    double[] values = new double[Math.toIntExact(array.size())];
    if (array instanceof DoubleNdArray doubles) {
      doubles.copyTo(DataBuffers.of(values));
    } else {
      float[] floats = new float[values.length];
      ((FloatNdArray) array).copyTo(DataBuffers.of(floats));
      for (int i = 0; i < floats.length; i++) {
        values[i] = floats[i];
      }
    }
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        long rowLength = array.size() / array.shape().get(0);
        throw new IllegalArgumentException(
            "input \""
                + spec.name()
                + "\" holds "
                + values[i]
                + " in row "
                + i / rowLength
                + ", element "
                + i % rowLength
                + "; every value must be finite, mend or drop that row");
      }
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
    double low = min;
    double high = max;
    Optional<String> warning = range.flatMap(r -> r.warning(spec.name(), low, high));
    if (strict && warning.isPresent()) {
      throw new IllegalArgumentException(warning.get());
    }
    return warning;
  }
}
