package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ElementType;
import io.credence.InputRange;
import io.credence.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;

class InputCheckTest {

  private static final TensorSpec X = new TensorSpec("x", ElementType.FLOAT32, Shape.of(-1, 4));
  private static final TensorSpec AGE = new TensorSpec("age", ElementType.INT64, Shape.of(-1));
  private static final InputCheck PLAIN = new InputCheck(List.of(X), Optional.empty(), false);

  private static void refused(
      InputCheck check, Map<String, ? extends NdArray<?>> inputs, String... parts) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> check.check(inputs)).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "\"" + part + "\" not in: " + message);
    }
  }

  @Test
  void check_good_hasNothingToSay() {
    assertEquals(List.of(), PLAIN.check(Rows.random(3, 1)));
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
    List<String> warnings = new InputCheck(List.of(X), Optional.of(unit), false).check(pixels);
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("[0, 255]"), warnings.get(0));
    assertTrue(warnings.get(0).contains("[0, 1]"), warnings.get(0));
    assertTrue(warnings.get(0).contains("1/255"), warnings.get(0));
    refused(new InputCheck(List.of(X), Optional.of(unit), true), pixels, "[0, 255]", "[0, 1]");
  }
}
