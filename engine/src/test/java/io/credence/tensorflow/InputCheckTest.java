package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ElementType;
import io.credence.InputRange;
import io.credence.TensorSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;

class InputCheckTest {

  private static final TensorSpec X = new TensorSpec("x", ElementType.FLOAT32, Shape.of(-1, 4));
  private static final TensorSpec AGE = new TensorSpec("age", ElementType.INT64, Shape.of(-1));
  private static final InputCheck PLAIN = new InputCheck(List.of(X), Optional.empty(), false);

  private static List<String> doubts(InputCheck check, Map<String, ? extends NdArray<?>> inputs) {
    check.check(inputs);
    Map<String, Tensor> tensors = new HashMap<>();
    try {
      inputs.forEach((name, array) -> tensors.put(name, ElementTypes.toTensor(array)));
      return check.checkValues(tensors);
    } finally {
      tensors.values().forEach(Tensor::close);
    }
  }

  private static void refused(
      InputCheck check, Map<String, ? extends NdArray<?>> inputs, String... parts) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> doubts(check, inputs)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "\"" + part + "\" not in: " + message);
    }
  }

  @Test
  void check_good_hasNothingToSay() {
    assertEquals(List.of(), doubts(PLAIN, Rows.random(3, 1)));
  }

  @Test
  void check_unknownInput_listsTheKnown() {
    refused(
        PLAIN, Map.of("image", Rows.array(1, 2, 3, 4)), "\"image\" is unknown", "x FLOAT32[?, 4]");
  }

  @Test
  void check_missingInput_isNamed() {
    refused(PLAIN, Map.of(), "\"x\" is missing", "x FLOAT32[?, 4]");
  }

  @Test
  void check_otherShape_namesBoth() {
    refused(
        PLAIN,
        Map.of("x", NdArrays.ofFloats(Shape.of(2, 5))),
        "\"x\" has shape [2, 5]",
        "reads [?, 4]");
    refused(PLAIN, Map.of("x", NdArrays.ofFloats(Shape.of(4))), "has shape [4]");
  }

  @Test
  void check_otherType_namesBoth() {
    refused(
        PLAIN,
        Map.of("x", NdArrays.ofDoubles(Shape.of(1, 4))),
        "is FLOAT64, but the model reads FLOAT32",
        "pass a FloatNdArray");
    refused(
        PLAIN,
        Map.of("x", NdArrays.vectorOfObjects("a", "b")),
        "is STRING, but the model reads FLOAT32");
  }

  @Test
  void check_noRows_isRefused() {
    refused(PLAIN, Map.of("x", NdArrays.ofFloats(Shape.of(0, 4))), "\"x\" is empty", "[0, 4]");
  }

  @Test
  void check_notFinite_namesRowAndElement() {
    refused(
        PLAIN,
        Map.of("x", Rows.array(1, 2, 3, 4, 5, 6, Float.NaN, 8)),
        "holds NaN in row 1, element 2");
    refused(PLAIN, Map.of("x", Rows.array(Float.NEGATIVE_INFINITY, 2, 3, 4)), "-Infinity in row 0");
  }

  @Test
  void check_differentNumbersOfRows_isRefused() {
    InputCheck two = new InputCheck(List.of(AGE, X), Optional.empty(), false);
    refused(
        two,
        Map.of("x", Rows.array(1, 2, 3, 4), "age", StdArrays.ndCopyOf(new long[] {1, 2})),
        "\"x\" has 1 rows, others have 2");
  }

  @Test
  void check_outsideTheTrainingRange_warns_orRefusesWhenStrict() {
    InputRange unit = new InputRange(0, 1);
    var pixels = Map.of("x", Rows.array(0, 100, 200, 255));
    List<String> warnings = doubts(new InputCheck(List.of(X), Optional.of(unit), false), pixels);
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("[0, 255]"), warnings.get(0));
    assertTrue(warnings.get(0).contains("[0, 1]"), warnings.get(0));
    assertTrue(warnings.get(0).contains("1/255"), warnings.get(0));
    refused(new InputCheck(List.of(X), Optional.of(unit), true), pixels, "[0, 255]", "[0, 1]");
  }

  /** More values than are read at once, in float32 and in float64. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void checkValues_farBack_areSeen(boolean wide) {
    TensorSpec spec =
        new TensorSpec("x", wide ? ElementType.FLOAT64 : ElementType.FLOAT32, Shape.of(-1, 1000));
    InputCheck check = new InputCheck(List.of(spec), Optional.of(new InputRange(0, 1)), false);
    for (int bad : new int[] {0, 2047, 2048, 5999}) {
      refused(
          check,
          Map.of("x", values(wide, 6000, bad, Double.NaN)),
          "holds NaN in row " + bad / 1000 + ", element " + bad % 1000);
      List<String> doubts = doubts(check, Map.of("x", values(wide, 6000, bad, 7)));
      assertTrue(doubts.get(0).contains("[0, 7]"), doubts.get(0));
      doubts = doubts(check, Map.of("x", values(wide, 6000, bad, -9)));
      assertTrue(doubts.get(0).contains("[-9, 0]"), doubts.get(0));
    }
    assertEquals(List.of(), doubts(check, Map.of("x", values(wide, 6000, 0, 1))));
  }

  private static NdArray<?> values(boolean wide, int length, int at, double value) {
    Shape shape = Shape.of(length / 1000, 1000);
    if (wide) {
      double[] values = new double[length];
      values[at] = value;
      return NdArrays.wrap(shape, DataBuffers.of(values));
    }
    float[] values = new float[length];
    values[at] = (float) value;
    return NdArrays.wrap(shape, DataBuffers.of(values));
  }
}
