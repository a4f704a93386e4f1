package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ElementType;
import io.credence.TensorSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.ndarray.Shape;

/** Lines, batches and ids of JSON Lines. */
class JsonLinesTest {

  private static final List<TensorSpec> SPECS = List.of(Values.spec(ElementType.FLOAT32, -1, -1));

  @TempDir Path folder;

  private JsonLines open(List<TensorSpec> specs, boolean skipBad, String... lines)
      throws IOException {
    return new JsonLines(Files.write(folder.resolve("x.jsonl"), List.of(lines)), specs, skipBad);
  }

  @Test
  void next_rowsOfOneLength_areOneBatchUpToTheLimit() throws IOException {
    try (JsonLines source = open(SPECS, false, "{\"x\":[1,2]}", "{\"x\":[3,4]}", "{\"x\":[5,6]}")) {
      List<InputBatch> batches = Values.batches(source, 2);
      assertEquals(
          List.of(List.of("1", "2"), List.of("3")), batches.stream().map(InputBatch::ids).toList());
      assertEquals(List.of(1.0, 2.0, 3.0, 4.0), Values.list(Values.array(batches.get(0))));
      assertEquals(Shape.of(1, 2), Values.array(batches.get(1)).shape());
    }
  }

  @Test
  void next_rowOfAnotherLength_startsABatch() throws IOException {
    try (JsonLines source =
        open(SPECS, false, "{\"x\":[1]}", "{\"x\":[2]}", "{\"x\":[3,4]}", "{\"x\":[5]}")) {
      List<InputBatch> batches = Values.batches(source, 100);
      assertEquals(
          List.of(List.of("1", "2"), List.of("3"), List.of("4")),
          batches.stream().map(InputBatch::ids).toList());
      assertEquals(List.of(3.0, 4.0), Values.list(Values.array(batches.get(1))));
    }
  }

  @Test
  void id_isItsFieldOrTheLineBlankOnesCounted() throws IOException {
    try (JsonLines source =
        open(
            SPECS,
            false,
            "",
            "{\"x\":[1]}",
            "   ",
            "{\"id\":\"é\",\"x\":[2]}",
            "{\"x\":[3],\"id\":7}")) {
      assertEquals(List.of("2", "é", "7"), source.next(9).orElseThrow().ids());
    }
  }

  @Test
  void id_null_isNoName() throws IOException {
    try (JsonLines source = open(SPECS, false, "{\"id\":null,\"x\":[1]}")) {
      assertEquals(List.of("1"), source.next(9).orElseThrow().ids());
    }
  }

  @Test
  void next_byteOrderMark_isPassedOver() throws IOException {
    try (JsonLines source = open(SPECS, false, "\uFEFF{\"x\":[1]}", "{\"x\":[2]}")) {
      assertEquals(List.of("1", "2"), source.next(9).orElseThrow().ids());
    }
  }

  @Test
  void next_inputNamedTwice_isRefused() throws IOException {
    try (JsonLines source = open(SPECS, false, "{\"x\":[1]}", "{\"x\":[1],\"x\":[2]}")) {
      String message = assertThrows(BadInputException.class, () -> source.next(9)).getMessage();
      assertTrue(message.contains("line 2, is no JSON: Duplicate"), message);
    }
  }

  @Test
  void id_thatIsAnInput_isFedAndRowsAreNamedByLine() throws IOException {
    List<TensorSpec> specs = List.of(new TensorSpec("id", ElementType.INT64, Shape.of(-1)));
    try (JsonLines source = open(specs, false, "{\"id\":70}", "{\"id\":71}")) {
      InputBatch batch = source.next(9).orElseThrow();
      assertEquals(List.of("1", "2"), batch.ids());
      assertEquals(List.of(70L, 71L), Values.list(batch.inputs().get("id")));
    }
  }

  @Test
  void next_severalInputs_areStackedByName() throws IOException {
    List<TensorSpec> specs =
        List.of(
            new TensorSpec("a", ElementType.STRING, Shape.of(-1)),
            new TensorSpec("b", ElementType.BOOL, Shape.of(-1, 2)));
    try (JsonLines source =
        open(
            specs,
            false,
            "{\"b\":[true,false],\"a\":\"one\"}",
            "{\"a\":\"two\",\"b\":[false,false]}")) {
      InputBatch batch = source.next(9).orElseThrow();
      assertEquals(List.of("one", "two"), Values.list(batch.inputs().get("a")));
      assertEquals(List.of(1.0, 0.0, 0.0, 0.0), Values.list(batch.inputs().get("b")));
    }
  }

  @Test
  void skipBad_keepsTheMessages() throws IOException {
    try (JsonLines source = open(SPECS, true, "{\"x\":[1]}", "{", "{\"x\":\"a\"}", "{\"x\":[4]}")) {
      assertEquals(List.of("1", "4"), source.next(9).orElseThrow().ids());
      List<BadRow> bad = source.takeBad();
      assertEquals(List.of(1L, 2L), bad.stream().map(BadRow::row).toList());
      assertTrue(bad.get(1).reason().contains("line 3"), bad::toString);
      assertTrue(source.next(9).isEmpty());
    }
  }

  @Test
  void next_nanOfPython_namesTheLine() throws IOException {
    try (JsonLines source = open(SPECS, false, "{\"x\":[1]}", "{\"x\":[NaN]}")) {
      String message = assertThrows(BadInputException.class, () -> source.next(9)).getMessage();
      assertTrue(message.contains("line 2, is no JSON: "), message);
      assertTrue(message.contains("NaN"), message);
    }
  }

  @Test
  void next_numberBeyondTheType_namesTheLine() throws IOException {
    try (JsonLines source = open(SPECS, false, "{\"x\":[1]}", "{\"x\":[1e39]}")) {
      String message = assertThrows(BadInputException.class, () -> source.next(9)).getMessage();
      assertTrue(message.contains("line 2, "), message);
      assertTrue(message.contains("which is no FLOAT32"), message);
    }
  }

  @Test
  void size_isNotKnown() throws IOException {
    try (JsonLines source = open(SPECS, false, "{\"x\":[1]}")) {
      assertTrue(source.size().isEmpty());
    }
  }
}
