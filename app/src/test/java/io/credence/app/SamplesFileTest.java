package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.app.input.InputSource;
import io.credence.app.input.InputSources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/** Samples of batches become one array, or nothing is left. */
class SamplesFileTest {

  private static final int[] BATCHES = {3, 1, 7, 2};

  @TempDir Path folder;
  private Path target;

  @BeforeEach
  void name() {
    target = folder.resolve("results").resolve("samples.npy");
  }

  /** The sample of a pass, input and place, by a formula: what goes astray is seen. */
  private static float value(long pass, long input, long place) {
    return (float) (pass * 1e6 + input * 100.0 + place);
  }

  private static float[] batch(int passes, long from, int rows, int width) {
    float[] values = new float[passes * rows * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i / width / rows, from + i / width % rows, i % width);
    }
    return values;
  }

  /** Adds a batch of shape {@code [S, n, …, W]}, pass by pass. */
  private static void add(SamplesFile file, float[] values, Shape shape) {
    int passes = (int) shape.get(0);
    int each = values.length / passes;
    for (int pass = 0; pass < passes; pass++) {
      float[] outputs = Arrays.copyOfRange(values, pass * each, (pass + 1) * each);
      file.accept(0, pass, outputs, shape.tail());
    }
    file.endBatch();
  }

  /** Writes batches of these numbers of rows; inner is the product of {@code dims}. */
  private void write(int passes, int[] batches, long... dims) throws IOException {
    Shape inner = Shape.of(dims);
    try (SamplesFile file = SamplesFile.create(target)) {
      long from = 0;
      for (int rows : batches) {
        Shape shape = Shape.of(passes, rows).append(inner);
        add(file, batch(passes, from, rows, (int) inner.size()), shape);
        from += rows;
      }
      file.publish();
    }
    assertEquals(List.of("samples.npy"), CommandRun.names(target.getParent()));
  }

  /** The floats behind the header. */
  private float[] floats() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(target)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(10 + bytes.getShort(8));
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private String header() throws IOException {
    byte[] bytes = Files.readAllBytes(target);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
    return new String(bytes, 10, length, StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 10", "5, 1", "5, 10", "2, 3000"})
  void publish_severalBatches_isOneArrayOfPasses(int passes, int width) throws IOException {
    write(passes, BATCHES, width);
    assertArrayEquals(batch(passes, 0, 13, width), floats());
  }

  @Test
  void publish_oneBatch_isThatBatch() throws IOException {
    write(4, new int[] {5}, 2);
    assertArrayEquals(batch(4, 0, 5, 2), floats());
  }

  @Test
  void publish_batchesBeyondTheBuffer_areInOrder() throws IOException {
    write(2, new int[] {300, 1, 299}, 1000);
    assertArrayEquals(batch(2, 0, 600, 1000), floats());
  }

  @Test
  void publish_dimensionsBetween_areKept() throws IOException {
    write(3, BATCHES, 4, 2, 5);
    assertTrue(header().contains("'shape': (3, 13, 4, 2, 5), "), header());
    assertArrayEquals(batch(3, 0, 13, 40), floats());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void header_ofAnyLength_isPaddedTo64AsTheFormatAsks(int rank) throws IOException {
    long[] dims = new long[rank];
    Arrays.fill(dims, 1);
    write(2, BATCHES, dims);
    byte[] bytes = Files.readAllBytes(target);
    assertArrayEquals(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}, Arrays.copyOf(bytes, 8));
    String header = header();
    assertEquals(0, (10 + header.length()) % 64);
    String start =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 13" + ", 1".repeat(rank) + "), }";
    assertTrue(header.startsWith(start), header);
    assertTrue(header.substring(start.length()).matches(" *\n"), header);
    assertTrue(header.length() - start.length() <= 64);
  }

  @Test
  void values_thatAreNoNumbers_areKeptToTheBit() throws IOException {
    float[] odd = {Float.NaN, -0f, Float.NEGATIVE_INFINITY, Float.MIN_VALUE};
    try (SamplesFile file = SamplesFile.create(target)) {
      add(file, odd, Shape.of(1, 2, 2));
      file.publish();
    }
    float[] read = floats();
    for (int i = 0; i < odd.length; i++) {
      assertEquals(Float.floatToRawIntBits(odd[i]), Float.floatToRawIntBits(read[i]));
    }
  }

  @Test
  void file_readAsInput_isTheSameArray() throws IOException {
    write(3, BATCHES, 2, 4);
    TensorSpec any = new TensorSpec("x", ElementType.FLOAT32, Shape.unknown());
    InputSources sources =
        new InputSources(List.of(any), Optional.empty(), OptionalDouble.empty(), false);
    try (InputSource source = sources.open(target)) {
      NdArray<?> array = source.next(3).orElseThrow().inputs().get("x");
      assertEquals(Shape.of(3, 13, 2, 4), array.shape());
      array
          .scalars()
          .forEachIndexed(
              (at, scalar) ->
                  assertEquals(value(at[0], at[1], at[2] * 4 + at[3]), scalar.getObject()));
      assertTrue(source.next(1).isEmpty());
    }
  }

  @Test
  void file_readByNumPy_isTheSameArray() throws IOException, InterruptedException {
    write(3, BATCHES, 2, 4);
    String program =
        """
        import sys
        try:
            import numpy as np
        except ImportError:
            print("absent")
            sys.exit()
        a = np.load(sys.argv[1])
        s, n, i, w = np.indices(a.shape)
        right = (a == (s * 1e6 + n * 100 + i * 4 + w).astype(np.float32)).all()
        print(a.shape, a.dtype.str, a.flags.c_contiguous, right)
        """;
    Process python;
    try {
      python =
          new ProcessBuilder("python3", "-c", program, target.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no python3 to read the file with: " + e.getMessage());
      return;
    }
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, python.waitFor(), said);
    assumeTrue(!said.startsWith("absent"), "python3 has no numpy to read the file with");
    assertEquals("(3, 13, 2, 4) <f4 True True", said.strip());
  }

  @Test
  void publish_overAFile_replacesItOnlyThen() throws IOException {
    Files.createDirectories(target.getParent());
    Files.writeString(target, "old");
    try (SamplesFile file = SamplesFile.create(target)) {
      add(file, new float[4], Shape.of(1, 2, 2));
      assertEquals("old", Files.readString(target));
      file.publish();
      assertArrayEquals(new float[4], floats());
    }
    assertEquals(List.of("samples.npy"), CommandRun.names(target.getParent()));
  }

  @Test
  void close_notPublished_leavesNothing() throws IOException {
    SamplesFile file = SamplesFile.create(target);
    add(file, new float[4], Shape.of(1, 2, 2));
    assertEquals(1, CommandRun.names(target.getParent()).size());
    file.close();
    file.close();
    assertEquals(List.of(), CommandRun.names(target.getParent()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"3,2,2,5 | [2, 2, 5]", "3,2,4 | [2, 4]", "1,2 | [2, 1]"})
  void accept_otherPlaces_isRefusedAndLeavesTheRest(String dims, String told) throws IOException {
    Shape other = Shape.of(Arrays.stream(dims.split(",", -1)).mapToLong(Long::parseLong).toArray());
    try (SamplesFile file = SamplesFile.create(target)) {
      add(file, batch(3, 0, 2, 8), Shape.of(3, 2, 2, 4));
      float[] values = new float[(int) other.size()];
      assertEquals(
          "outputs of shape "
              + told
              + " do not go with those before, of shape [2, 2, 4]; all dimensions but the first,"
              + " the rows, must agree; score such rows apart",
          assertThrows(IllegalArgumentException.class, () -> add(file, values, other))
              .getMessage());
      add(file, batch(3, 2, 1, 8), Shape.of(3, 1, 2, 4));
      file.publish();
    }
    assertArrayEquals(batch(3, 0, 3, 8), floats());
  }

  @Test
  void accept_otherRowsWithinABatch_isRefused() throws IOException {
    try (SamplesFile file = SamplesFile.create(target)) {
      file.accept(0, 0, new float[4], Shape.of(2, 2));
      assertThrows(
          IllegalArgumentException.class, () -> file.accept(0, 1, new float[6], Shape.of(3, 2)));
    }
  }

  @Test
  void accept_oneNumberARow_isAColumn() throws IOException {
    try (SamplesFile file = SamplesFile.create(target)) {
      for (int member = 0; member < 2; member++) {
        file.accept(member, 0, new float[] {1, 2, 3}, Shape.of(3));
      }
      file.endBatch();
      file.publish();
    }
    assertTrue(header().contains("'shape': (2, 3, 1), "), header());
    assertArrayEquals(new float[] {1, 2, 3, 1, 2, 3}, floats());
  }

  @Test
  void endBatch_otherPassesOrNone_isRefusedAndEndsIt() throws IOException {
    try (SamplesFile file = SamplesFile.create(target)) {
      add(file, batch(3, 0, 2, 8), Shape.of(3, 2, 8));
      assertThrows(IllegalStateException.class, file::endBatch);
      assertEquals(
          "a batch of 2 passes follows one of 3",
          assertThrows(
                  IllegalStateException.class,
                  () -> add(file, batch(2, 0, 2, 8), Shape.of(2, 2, 8)))
              .getMessage());
      assertThrows(IllegalStateException.class, file::publish);
    }
    assertEquals(List.of(), CommandRun.names(target.getParent()));
  }

  @Test
  void accept_noArrayOfSamples_isRefused() throws IOException {
    try (SamplesFile file = SamplesFile.create(target)) {
      for (Shape wrong : List.of(Shape.of(), Shape.of(0), Shape.of(2, 0), Shape.of(2, 3))) {
        assertThrows(IllegalArgumentException.class, () -> file.accept(0, 0, new float[4], wrong));
      }
      assertEquals(
          "no samples were added for " + target + "; end a batch before publish",
          assertThrows(IllegalStateException.class, file::publish).getMessage());
    }
    assertEquals(List.of(), CommandRun.names(target.getParent()));
  }

  @Test
  void use_afterPublishOrClose_isRefused() throws IOException {
    float[] values = new float[4];
    Shape shape = Shape.of(1, 2, 2);
    SamplesFile file = SamplesFile.create(target);
    add(file, values, shape);
    file.publish();
    String expected =
        "the samples for " + target + " were published or closed already; create another file";
    assertEquals(
        expected,
        assertThrows(IllegalStateException.class, () -> add(file, values, shape)).getMessage());
    file.close();
    assertEquals(expected, assertThrows(IllegalStateException.class, file::publish).getMessage());
    assertEquals(List.of("samples.npy"), CommandRun.names(target.getParent()));
  }

  @Test
  void accept_thatCannotBeWritten_namesTheTargetAndEndsIt() throws IOException {
    try (SamplesFile file = SamplesFile.create(target)) {
      add(file, new float[4], Shape.of(1, 2, 2));
      // An interrupted thread cannot write to a channel: it stands for a full disk.
      Thread.currentThread().interrupt();
      String message =
          assertThrows(OutputException.class, () -> add(file, new float[4], Shape.of(1, 2, 2)))
              .getMessage();
      assertTrue(Thread.interrupted());
      assertTrue(message.startsWith(target + " cannot be written: Closed"), message);
      assertThrows(IllegalStateException.class, file::publish);
    }
    assertEquals(List.of(), CommandRun.names(target.getParent()));
  }

  @Test
  void publish_thatCannotBeWritten_leavesWhatWasThere() throws IOException {
    Files.createDirectories(target.getParent());
    Files.writeString(target, "old");
    try (SamplesFile file = SamplesFile.create(target)) {
      add(file, new float[4], Shape.of(1, 2, 2));
      Thread.currentThread().interrupt();
      String message = assertThrows(OutputException.class, file::publish).getMessage();
      assertTrue(Thread.interrupted());
      assertTrue(message.startsWith(target + " cannot be written: Closed"), message);
      assertThrows(IllegalStateException.class, file::publish);
    }
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("samples.npy"), CommandRun.names(target.getParent()));
  }

  @Test
  void create_folderOrBelowAFile_isRefused() throws IOException {
    assertEquals(
        folder + " is a folder; name the file to write",
        assertThrows(IllegalArgumentException.class, () -> SamplesFile.create(folder).close())
            .getMessage());
    Path file = Files.createFile(folder.resolve("file"));
    Path below = file.resolve("samples.npy");
    assertEquals(
        below + " cannot be written: " + file + " is a file, not a folder",
        assertThrows(IllegalArgumentException.class, () -> SamplesFile.create(below).close())
            .getMessage());
    assertEquals(List.of("file"), CommandRun.names(folder));
  }
}
