package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.ElementType;
import io.credence.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/** JSON values as the input of a row. */
class JsonCellsTest {

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonCells cells(TensorSpec spec, String text) {
    return JsonCells.of(spec, json(text));
  }

  private static void refused(TensorSpec spec, String text, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> cells(spec, text)).getMessage();
    assertTrue(message.contains(part), message);
    assertTrue(message.contains("\"x\""), message);
  }

  private static List<Object> stacked(ElementType type, String... rows) {
    TensorSpec spec = new TensorSpec("x", type, Shape.unknown());
    List<JsonCells> cells = java.util.Arrays.stream(rows).map(row -> cells(spec, row)).toList();
    NdArray<?> array = JsonCells.stack(type, cells);
    assertInstanceOf(type.carrier(), array);
    assertEquals(rows.length, array.shape().get(0));
    return Values.list(array);
  }

  @Test
  void shape_ofNestedArrays_isTheirLengths() {
    TensorSpec any = new TensorSpec("x", ElementType.FLOAT32, Shape.unknown());
    assertEquals(Shape.of(2, 3), cells(any, "[[1,2,3],[4,5,6]]").shape());
    assertEquals(Shape.of(0), cells(any, "[]").shape());
    assertEquals(Shape.scalar(), cells(any, "5").shape());
  }

  @Test
  void scalar_forAColumn_becomesOneCell() {
    assertEquals(Shape.of(1), cells(Values.spec(ElementType.FLOAT32, -1, 1), "5").shape());
    assertEquals(Shape.of(1), cells(Values.spec(ElementType.FLOAT32, -1, -1), "5").shape());
    assertEquals(Shape.scalar(), cells(Values.spec(ElementType.FLOAT32, -1), "5").shape());
  }

  @Test
  void row_ofAFixedBatch_isOneOfMany() {
    assertEquals(Shape.of(2), cells(Values.spec(ElementType.FLOAT32, 4, 2), "[1,2]").shape());
    assertEquals(Shape.of(1), cells(Values.spec(ElementType.FLOAT32, 4, 1), "5").shape());
    refused(Values.spec(ElementType.FLOAT32, 4, 2), "[1]", "has shape [1], but a row of [4, 2] is");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"[[1,2],[3]]", "[[1],2]", "[[[1]],[[1,2]]]"})
  void ragged_isRefused(String text) {
    refused(Values.spec(ElementType.FLOAT32, -1, 2, 2), text, "is not a regular array");
  }

  @Test
  void otherShape_namesBoth() {
    refused(
        Values.spec(ElementType.FLOAT32, -1, 2, 2),
        "[1,2]",
        "has shape [2], but a row of [?, 2, 2] is needed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FLOAT32 | \"1\"",
        "FLOAT32 | true",
        "FLOAT32 | null",
        "FLOAT32 | 1e39",
        "FLOAT64 | 1e400",
        "FLOAT64 | {\"a\":1}",
        "INT32 | 2147483648",
        "INT32 | 0.5",
        "INT64 | 9223372036854775808",
        "INT64 | \"1\"",
        "UINT8 | 256",
        "UINT8 | -1",
        "UINT8 | 1.5",
        "BOOL | 1",
        "STRING | 1"
      })
  void leaf_ofAnotherType_isShown(ElementType type, String leaf) {
    refused(Values.spec(type, -1, 2), "[" + leaf + "," + leaf + "]", "which is no " + type);
  }

  @Test
  void stack_ofEachType_keepsEveryValue() {
    assertEquals(
        List.of(1.0, 2.5, -3.0, 1e30f + 0.0), stacked(ElementType.FLOAT32, "[1,2.5]", "[-3,1e30]"));
    assertEquals(List.of(0.1, 16777217.0), stacked(ElementType.FLOAT64, "0.1", "16777217"));
    assertEquals(
        List.of(2147483647L, -2147483648L),
        stacked(ElementType.INT32, "2147483647", "-2147483648"));
    assertEquals(
        List.of(9223372036854775807L, 2L),
        stacked(ElementType.INT64, "9223372036854775807", "2.0"));
    assertEquals(List.of(0L, 255L), stacked(ElementType.UINT8, "0", "255"));
    assertEquals(List.of(1.0, 0.0), stacked(ElementType.BOOL, "true", "false"));
    assertEquals(List.of("", "é日本"), stacked(ElementType.STRING, "\"\"", "\"é日本\""));
  }
}
