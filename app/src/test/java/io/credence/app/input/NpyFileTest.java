package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ElementType;
import io.credence.TensorSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** Headers right and wrong, and the way through a file in batches. */
class NpyFileTest {

  private static final TensorSpec ROWS = Values.spec(ElementType.FLOAT32, -1, -1);

  @TempDir Path folder;

  private Path write(int major, String header, byte[] data) throws IOException {
    return Files.write(folder.resolve("x.npy"), NpyBytes.bytes(major, header, data));
  }

  /** Two rows of one number: 1 and −2. */
  private Path write(int major, String header) throws IOException {
    return write(major, header, new byte[] {0, 0, (byte) 0x80, 0x3F, 0, 0, 0, (byte) 0xC0});
  }

  private static String refused(Path path, TensorSpec spec) {
    String message =
        assertThrows(BadInputException.class, () -> read(path, spec, 100)).getMessage();
    assertTrue(message.startsWith(path.toString()), message);
    return message;
  }

  private static List<InputBatch> read(Path path, TensorSpec spec, int rows) throws IOException {
    try (NpyFile file = new NpyFile(path, spec)) {
      return Values.batches(file, rows);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void header_ofEachVersion_isRead(int major) throws IOException {
    Path path = write(major, NpyBytes.header("'<f4'", "False", "(2, 1)"));
    assertEquals(List.of(1.0, -2.0), Values.list(Values.array(read(path, ROWS, 100).get(0))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}",
        "{'descr':'<f4','fortran_order':False,'shape':(2,1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1,), }   \n"
      })
  void header_ofOtherWriters_isRead(String header) throws IOException {
    assertEquals(
        List.of(1.0, -2.0), Values.list(Values.array(read(write(1, header), ROWS, 100).get(0))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 127, 255})
  void header_unknownVersion_isNamed(int major) throws IOException {
    Path path = write(major, NpyBytes.header("'<f4'", "False", "(2, 1)"));
    assertTrue(refused(path, ROWS).contains("damaged header: version " + (byte) major));
  }

  @Test
  void header_absurdLength_isNamed() throws IOException {
    byte[] bytes = NpyBytes.bytes(2, NpyBytes.header("'<f4'", "False", "(2, 1)"), new byte[8]);
    bytes[11] = 0x7F;
    Path path = Files.write(folder.resolve("x.npy"), bytes);
    assertTrue(refused(path, ROWS).contains("damaged header: version 2, length 21"));
  }

  @Test
  void header_shapeBeyondLong_isDamaged() throws IOException {
    Path path = write(1, NpyBytes.header("'<f4'", "False", "(99999999999999999999, 1)"));
    assertTrue(refused(path, ROWS).contains("damaged header: its shape is (999"));
  }

  @Test
  void header_rowsBeyondMemory_areRefused() throws IOException {
    Path path = write(1, NpyBytes.header("'<f4'", "False", "(1, 9999999999)"));
    assertTrue(refused(path, ROWS).contains("rows too large for memory"));
  }

  @Test
  void header_moreRowsThanTheFile_isCutShort() throws IOException {
    Path path = write(1, NpyBytes.header("'<f4'", "False", "(9223372036854775807, 1)"));
    assertTrue(
        refused(path, ROWS).contains("promises 9223372036854775807 rows of 4 bytes, but 8 bytes"));
  }

  @Test
  void file_everyTruncation_isRefused() throws IOException {
    byte[] whole = NpyBytes.bytes(1, NpyBytes.header("'<f4'", "False", "(2, 1)"), new byte[8]);
    Path path = folder.resolve("x.npy");
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      refused(path, ROWS);
    }
    Files.write(path, whole);
    assertEquals(1, read(path, ROWS, 100).size());
  }

  @Test
  void next_fewerRowsThanTheFile_goesOnWithTheirIndices() throws IOException {
    ByteBuffer data = NpyBytes.littleEndian(5 * 2 * 4);
    for (int i = 0; i < 10; i++) {
      data.putFloat(i);
    }
    Path path = NpyBytes.write(folder.resolve("x.npy"), "<f4", "(5, 2)", data);
    List<InputBatch> batches = read(path, ROWS, 2);
    assertEquals(
        List.of(List.of("0", "1"), List.of("2", "3"), List.of("4")),
        batches.stream().map(InputBatch::ids).toList());
    assertEquals(List.of(8.0, 9.0), Values.list(Values.array(batches.get(2))));
    assertEquals(Shape.of(1, 2), Values.array(batches.get(2)).shape());
  }

  @Test
  void next_largeRows_areReadAFewAtATime() throws IOException {
    int row = 1 << 23;
    Path path =
        NpyBytes.write(
            folder.resolve("x.npy"), "|u1", "(3, " + row + ")", ByteBuffer.allocate(3 * row));
    TensorSpec spec = Values.spec(ElementType.FLOAT32, -1, row);
    assertEquals(
        List.of(List.of("0", "1"), List.of("2")),
        read(path, spec, 256).stream().map(InputBatch::ids).toList());
  }

  @Test
  void next_fixedBatch_isReadWhole() throws IOException {
    int row = 1 << 23;
    Path path =
        NpyBytes.write(
            folder.resolve("x.npy"), "|u1", "(3, " + row + ")", ByteBuffer.allocate(3 * row));
    TensorSpec spec = Values.spec(ElementType.UINT8, 3, row);
    assertEquals(
        List.of(List.of("0", "1", "2")),
        read(path, spec, 3).stream().map(InputBatch::ids).toList());
  }

  @Test
  void open_fixedBatchBeyondMemory_isRefused() throws IOException {
    Path path = NpyBytes.zeros(folder.resolve("x.npy"), 1, 3);
    TensorSpec spec = Values.spec(ElementType.FLOAT32, Integer.MAX_VALUE / 16, 3);
    assertTrue(refused(path, spec).contains("rows too large for memory"));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e39})
  void next_valueThatIsNotFinite_namesRowAndElement(double value) throws IOException {
    ByteBuffer data = NpyBytes.littleEndian(5 * 2 * 8);
    data.putDouble(7 * 8, value);
    Path path = NpyBytes.write(folder.resolve("x.npy"), "<f8", "(5, 2)", data);
    try (NpyFile file = new NpyFile(path, ROWS)) {
      assertEquals(List.of("0", "1"), file.next(2).orElseThrow().ids());
      String message = assertThrows(BadInputException.class, () -> file.next(2)).getMessage();
      assertTrue(message.contains("holds " + value + " in row 3, element 1"), message);
    }
  }

  @Test
  void size_isTheNumberOfRows() throws IOException {
    Path path = NpyBytes.zeros(folder.resolve("x.npy"), 7, 2);
    try (NpyFile file = new NpyFile(path, ROWS)) {
      assertEquals(7, file.size().orElseThrow());
      assertEquals(List.of(), file.takeBad());
    }
  }

  @Test
  void open_rowsOfNothing_areEmpty() throws IOException {
    Path path = write(1, NpyBytes.header("'<f4'", "False", "(9223372036854775807, 0)"));
    assertTrue(refused(path, ROWS).contains("is empty: its shape is [9223372036854775807, 0]"));
  }

  @Test
  void open_otherShape_namesBoth() throws IOException {
    Path path = NpyBytes.zeros(folder.resolve("x.npy"), 7, 2);
    String message = refused(path, Values.spec(ElementType.FLOAT32, -1, 3));
    assertTrue(message.contains("has shape [7, 2], but input \"x\" reads [?, 3]"), message);
  }
}
