package io.credence.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void read_blocksOfRows_givesAllBytesThenNone(boolean zipped) throws IOException {
    byte[] elements = counting(5 * 6);
    // The name says the opposite of the content: the content decides.
    Path path = folder.resolve(zipped ? "images.idx" : "images.gz");
    byte[] content = idx(elements, 5, 2, 3);
    Files.write(path, zipped ? gzip(content) : content);

    try (IdxFile file = IdxFile.open(path)) {
      assertArrayEquals(new int[] {5, 2, 3}, file.shape());
      assertArrayEquals(Arrays.copyOfRange(elements, 0, 12), file.read(2));
      assertArrayEquals(Arrays.copyOfRange(elements, 12, 24), file.read(2));
      assertArrayEquals(Arrays.copyOfRange(elements, 24, 30), file.read(2));
      assertEquals(0, file.read(2).length);
      assertEquals(0, file.read(Integer.MAX_VALUE).length);
    }
  }

  @Test
  void read_noRows_isEmpty() throws IOException {
    try (IdxFile file = IdxFile.open(write(idx(new byte[0], 0, 28, 28)))) {
      assertEquals(0, file.read(1).length);
    }
  }

  @Test
  void read_manyRows_isBigEndianAndUnsigned() throws IOException {
    byte[] elements = counting(0x0102);
    byte[] content = idx(elements, 0x0102);

    assertEquals("00000801" + "00000102", HexFormat.of().formatHex(content, 0, 8));
    assertEquals(200, IdxFile.readLabels(write(content))[200] & 0xFF);
  }

  @Test
  void shape_changedByTheCaller_leavesTheFileAlone() throws IOException {
    try (IdxFile file = IdxFile.open(write(idx(counting(4), 2, 2)))) {
      file.shape()[0] = 7;

      assertArrayEquals(new int[] {2, 2}, file.shape());
    }
  }

  @Test
  void read_afterClose_isRefused() throws IOException {
    Path path = write(idx(counting(4), 2, 2));
    IdxFile file = IdxFile.open(path);
    file.close();
    file.close();

    IllegalStateException e = assertThrows(IllegalStateException.class, () -> file.read(1));

    assertEquals(path + " is closed; read it before close()", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void read_rowsNotPositive_isRefused(int rows) throws IOException {
    try (IdxFile file = IdxFile.open(write(idx(counting(4), 2, 2)))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> file.read(rows));

      assertEquals("rows " + rows + " is not positive", e.getMessage());
    }
  }

  @Test
  void read_moreThanAnArrayHolds_isRefused() throws IOException {
    try (IdxFile file = IdxFile.open(write(idx(new byte[0], 1 << 20, 1 << 12)))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> file.read(1 << 20));

      assertEquals(
          "rows 1048576 of 4096 bytes do not fit into one array; read fewer at a time",
          e.getMessage());
    }
  }

  @Test
  void read_cutOff_saysPromisedAndFound() throws IOException {
    Path path = write(Arrays.copyOf(idx(counting(12), 3, 4), 4 + 8 + 10));

    try (IdxFile file = IdxFile.open(path)) {
      assertEquals(8, file.read(2).length);
      IOException e = assertThrows(IOException.class, () -> file.read(2));

      assertEquals(
          path
              + " is cut off: its header [3, 4] promises 12 bytes after it but it holds 10;"
              + " download it again",
          e.getMessage());
    }
  }

  @Test
  void read_hugePromise_failsWithoutTakingTheMemory() throws IOException {
    Path path = write(idx(counting(10), Integer.MAX_VALUE - 8));

    IOException e = assertThrows(IOException.class, () -> IdxFile.readLabels(path));

    assertEquals(
        path
            + " is cut off: its header [2147483639] promises 2147483639 bytes after it but it holds"
            + " 10; download it again",
        e.getMessage());
  }

  @Test
  void read_cutOffGzip_saysSo() throws IOException {
    byte[] zipped = gzip(idx(noise(5000), 5000));
    Path path = write(Arrays.copyOf(zipped, zipped.length / 2));

    IOException e = assertThrows(IOException.class, () -> IdxFile.readLabels(path));

    assertEquals(
        path
            + " is cut off: the gzip stream ends early, its header [5000] promises 5000 bytes after"
            + " it; download it again",
        e.getMessage());
  }

  @Test
  void read_gzipCutWithinItsTrailer_isRefused() throws IOException {
    byte[] zipped = gzip(idx(noise(5000), 5000));
    Path path = write(Arrays.copyOf(zipped, zipped.length - 4));

    IOException e = assertThrows(IOException.class, () -> IdxFile.readLabels(path));

    assertTrue(e.getMessage().startsWith(path + " is "), e::getMessage);
    assertTrue(e.getMessage().endsWith("; download it again"), e::getMessage);
  }

  @Test
  void read_damagedGzip_isRefused() throws IOException {
    byte[] zipped = gzip(idx(noise(5000), 5000));
    zipped[zipped.length - 6] ^= 0x55; // the checksum of the content
    Path path = write(zipped);

    IOException e = assertThrows(IOException.class, () -> IdxFile.readLabels(path));

    assertEquals(
        path + " is not a sound gzip file (Corrupt GZIP trailer); download it again",
        e.getMessage());
  }

  @Test
  void read_bytesLeft_saysHowMany() throws IOException {
    Path path = write(Arrays.copyOf(idx(counting(12), 3, 4), 4 + 8 + 12 + 3));

    try (IdxFile file = IdxFile.open(path)) {
      IOException e = assertThrows(IOException.class, () -> file.read(3));

      assertEquals(
          path
              + " is too long: its header [3, 4] promises 12 bytes after it but 3 more follow;"
              + " download it again",
          e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ffffffff 00000002 | [-1, 2] (dimension 0 is -1)",
        "00000002 80000000 | [2, -2147483648] (dimension 1 is -2147483648)",
        "00000002 00000000 | [2, 0] (dimension 1 is 0)",
        "00000001 00010000 00010000 | [1, 65536, 65536] (a row has more than 2147483639 elements)",
        "00000001 7fffffff 7fffffff 7fffffff"
            + " | [1, 2147483647, 2147483647, 2147483647] (a row has more than 2147483639 elements)"
      })
  void open_absurdShape_isRefused(String sizes, String expected) throws IOException {
    byte[] dimensions = HexFormat.of().parseHex(sizes.replace(" ", ""));
    Path path =
        write(
            ByteBuffer.allocate(4 + dimensions.length)
                .putInt(0x0800 + dimensions.length / 4)
                .put(dimensions)
                .array());

    IOException e = assertThrows(IOException.class, () -> IdxFile.open(path).close());

    assertEquals(
        path + " has the impossible shape " + expected + "; download it again", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "89504e470d0a | it starts with the bytes 89 50 4e 47;",
        "3c68 | it starts with the bytes 3c 68;",
        "00 | it starts with the bytes 00;"
      })
  void open_notIdx_saysFirstBytes(String bytes, String expected) throws IOException {
    Path path = write(HexFormat.of().parseHex(bytes));

    IOException e = assertThrows(IOException.class, () -> IdxFile.open(path).close());

    assertEquals(
        path
            + " is not an IDX file: "
            + expected
            + " an IDX file starts with 00 00, the type and the number of dimensions",
        e.getMessage());
  }

  @Test
  void open_emptyFile_isRefused() throws IOException {
    Path path = write(new byte[0]);

    IOException e = assertThrows(IOException.class, () -> IdxFile.open(path).close());

    assertEquals(path + " is empty; expected an IDX file; download it again", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "09 | 0x09, signed byte",
        "0B | 0x0B, short",
        "0C | 0x0C, int",
        "0D | 0x0D, float",
        "0E | 0x0E, double",
        "77 | 0x77, unknown"
      })
  void open_otherElementType_isNamed(String type, String expected) throws IOException {
    Path path = write(HexFormat.of().parseHex("0000" + type + "01" + "00000001" + "00000000"));

    IOException e = assertThrows(IOException.class, () -> IdxFile.open(path).close());

    assertEquals(
        path + " holds elements of type " + expected + "; only 0x08, unsigned byte, is read",
        e.getMessage());
  }

  @Test
  void open_noDimensions_isRefused() throws IOException {
    Path path = write(HexFormat.of().parseHex("00000800"));

    IOException e = assertThrows(IOException.class, () -> IdxFile.open(path).close());

    assertEquals(
        path + " has no dimensions; an IDX file has at least one; download it again",
        e.getMessage());
  }

  @Test
  void open_cutOffHeader_isRefused() throws IOException {
    Path path = write(HexFormat.of().parseHex("00000803" + "00002710" + "0000"));

    IOException e = assertThrows(IOException.class, () -> IdxFile.open(path).close());

    assertEquals(
        path
            + " is cut off: its header promises 3 dimensions in 12 bytes but it holds 6;"
            + " download it again",
        e.getMessage());
  }

  @Test
  void open_missingFile_isNamed() {
    Path path = folder.resolve("absent");

    NoSuchFileException e =
        assertThrows(NoSuchFileException.class, () -> IdxFile.open(path).close());

    assertEquals(path.toString(), e.getMessage());
  }

  @Test
  void readLabels_images_areRefused() throws IOException {
    Path path = write(idx(counting(12), 3, 2, 2));

    IOException e = assertThrows(IOException.class, () -> IdxFile.readLabels(path));

    assertEquals(
        path
            + " has the shape [3, 2, 2]; a file of labels has one dimension; give the path of the"
            + " labels, not of the images",
        e.getMessage());
  }

  @Test
  void read_mnistTestSet_isWhole() throws IOException {
    Path images = mnist("t10k-images-idx3-ubyte.gz");
    byte[] labels = IdxFile.readLabels(mnist("t10k-labels-idx1-ubyte.gz"));

    assertEquals(10_000, labels.length);
    // The first ten labels of the test set, as every tutorial prints them.
    assertArrayEquals(new byte[] {7, 2, 1, 0, 4, 1, 4, 9, 5, 9}, Arrays.copyOf(labels, 10));
    try (IdxFile file = IdxFile.open(images)) {
      assertArrayEquals(new int[] {10_000, 28, 28}, file.shape());
      long rows = 0;
      for (byte[] block = file.read(999); block.length > 0; block = file.read(999)) {
        rows += block.length / (28 * 28);
      }
      assertEquals(10_000, rows);
    }
  }

  private static Path mnist(String name) {
    Optional<Path> shared =
        Stream.of(System.getenv("CREDENCE_SHARED"), "../shared", "../../shared")
            .filter(folder -> folder != null)
            .map(folder -> Path.of(folder, "data", "mnist", name))
            .filter(Files::exists)
            .findFirst();
    return shared.orElseGet(
        () ->
            abort(
                Path.of("../../shared/data/mnist", name).toAbsolutePath().normalize()
                    + " is absent; put MNIST there or set CREDENCE_SHARED"));
  }

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("file"), content);
  }

  private static byte[] idx(byte[] elements, int... shape) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + elements.length);
    buffer.put((byte) 0).put((byte) 0).put((byte) 8).put((byte) shape.length);
    for (int size : shape) {
      buffer.putInt(size);
    }
    return buffer.put(elements).array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    Draws draws = new Draws(1, 1, 1);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) draws.bits();
    }
    return bytes;
  }
}
