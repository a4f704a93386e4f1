package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelledImagesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"false, false", "true, true", "false, true", "true, false"})
  void idx_pairOfFiles_holdsPicturesAndLabels(boolean zippedImages, boolean zippedLabels)
      throws IOException {
    write("train-images-idx3-ubyte", zippedImages, idx(counting(3 * 2 * 5, 40), 3, 2, 5));
    write("train-labels-idx1-ubyte", zippedLabels, idx(new byte[] {4, 0, (byte) 200}, 3));

    LabelledImages images = LabelledImages.idx(folder, "train");

    assertEquals("3 of 2 × 5 × 1, 201 classes", describe(images));
    assertArrayEquals(new int[] {4, 0, 200}, labels(images));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(scaled(counting(10, 40 + 10 * i)), images.values(new int[] {i}), 1e-7f);
    }
  }

  @Test
  void idx_trainingAndTestSet_areToldApart() throws IOException {
    writePair("train", 7, 2);
    writePair("t10k", 1, 3);

    assertArrayEquals(new int[] {7, 7}, labels(LabelledImages.idx(folder, "train")));
    assertArrayEquals(new int[] {1, 1, 1}, labels(LabelledImages.idx(folder, "t10k")));
  }

  @Test
  void idx_countsDiffer_namesBothFilesAndCounts() throws IOException {
    Path images = write("train-images-idx3-ubyte", true, idx(counting(3 * 4, 0), 3, 2, 2));
    Path labels = write("train-labels-idx1-ubyte", false, idx(new byte[2], 2));

    IOException e = assertThrows(IOException.class, () -> LabelledImages.idx(folder, "train"));

    assertEquals(
        images + " holds 3 pictures, but " + labels + " 2 labels; they do not belong together",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"labels-idx1", "images-idx3"})
  void idx_fileMissing_namesBothCandidates(String missing) throws IOException {
    writePair("t10k", 1, 3);
    Files.delete(folder.resolve("t10k-" + missing + "-ubyte"));

    IOException e = assertThrows(IOException.class, () -> LabelledImages.idx(folder, "t10k"));

    String name = "t10k-" + missing + "-ubyte";
    assertEquals(
        folder
            + " holds neither "
            + name
            + " nor "
            + name
            + ".gz; name the folder with the four IDX files of MNIST or Fashion-MNIST",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"12, 1", "3 4, 2", "3 2 2 1, 4"})
  void idx_notThreeDimensions_saysHowMany(String shape, int dimensions) throws IOException {
    int[] sizes = Arrays.stream(shape.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
    Path images = write("train-images-idx3-ubyte", false, idx(counting(12, 0), sizes));
    write("train-labels-idx1-ubyte", false, idx(new byte[3], 3));

    IOException e = assertThrows(IOException.class, () -> LabelledImages.idx(folder, "train"));

    assertEquals(
        images + " has " + dimensions + " dimensions; pictures need 3: N, rows, columns",
        e.getMessage());
  }

  @Test
  void idx_noPictures_isRefused() throws IOException {
    Path images = write("train-images-idx3-ubyte", false, idx(new byte[0], 0, 28, 28));
    write("train-labels-idx1-ubyte", false, idx(new byte[0], 0));

    IOException e = assertThrows(IOException.class, () -> LabelledImages.idx(folder, "train"));

    assertEquals(images + " holds no pictures; at least one is needed", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 23, 25, 48})
  void of_lengthsDisagree_isRefused(int bytes) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new LabelledImages(new byte[bytes], new byte[4], 2, 3, 1));

    assertEquals(
        "4 labels of pictures of 2 × 3 × 1 do not go with " + bytes + " bytes of pixels",
        e.getMessage());
  }

  @Test
  void of_lengthBeyondAnInt_isNotTakenForNone() {
    // 2 · 65536 · 32768 is 2³², which is 0 as an int.
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new LabelledImages(new byte[0], new byte[2], 65536, 32768, 1));

    assertEquals(
        "2 labels of pictures of 65536 × 32768 × 1 do not go with 0 bytes of pixels",
        e.getMessage());
  }

  @Test
  void of_noPicture_isRefused() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new LabelledImages(new byte[0], new byte[0], 2, 2, 1));

    assertEquals("there is no picture; at least one is needed", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 1", "2, 0, 1", "-2, -2, 1", "2, 2, 0", "2, 2, 2", "2, 2, 4"})
  void of_sizeNotThatOfAPicture_isRefused(int height, int width, int channels) {
    byte[] pixels = new byte[height * width * channels];

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new LabelledImages(pixels, new byte[1], height, width, channels));

    assertEquals(
        "pictures of "
            + height
            + " × "
            + width
            + " × "
            + channels
            + "; a row and a column at least, and 1 or 3 channels are needed",
        e.getMessage());
  }

  @Test
  void values_everyByte_isRescaledToZeroToOne() {
    LabelledImages images = new LabelledImages(counting(256, 0), new byte[1], 16, 16, 1);

    float[] values = images.values(new int[] {0});

    for (int i = 0; i < 256; i++) {
      assertEquals(i / 255.0, values[i], 1e-7, "pixel value " + i);
    }
  }

  @Test
  void values_indices_areTakenInTheirOrder() {
    LabelledImages images = new LabelledImages(counting(24, 0), new byte[4], 1, 2, 3);

    assertArrayEquals(
        scaled(new byte[] {18, 19, 20, 21, 22, 23, 6, 7, 8, 9, 10, 11, 18, 19, 20, 21, 22, 23}),
        images.values(new int[] {3, 1, 3}),
        1e-7f);
    assertEquals(0, images.values(new int[0]).length);
  }

  @Test
  void values_changedByTheCaller_leavesThePicturesAlone() {
    LabelledImages images = new LabelledImages(counting(4, 51), new byte[1], 2, 2, 1);

    images.values(new int[] {0})[0] = 9;

    assertEquals(51 / 255.0, images.values(new int[] {0})[0], 1e-7);
  }

  @Test
  void streetDigits_anyNumberOfThreads_areTheGeneratorsPictures() throws Exception {
    StreetDigits digits = StreetDigits.of(77);
    LabelledImages common = LabelledImages.streetDigits(77, 60);
    LabelledImages alone = inPool(1, 77, 60);
    LabelledImages many = inPool(7, 77, 60);

    assertEquals("60 of 32 × 32 × 3, 10 classes", describe(common));
    for (int i = 0; i < 60; i++) {
      Picture picture = digits.digit(i);
      for (LabelledImages images : new LabelledImages[] {common, alone, many}) {
        assertEquals(picture.label().orElseThrow(), images.label(i));
        assertArrayEquals(scaled(picture.pixels()), images.values(new int[] {i}), 1e-7f);
      }
    }
  }

  @Test
  void streetDigits_otherSeed_givesOtherPictures() {
    int[] all = IntStream.range(0, 20).toArray();

    assertFalse(
        Arrays.equals(
            LabelledImages.streetDigits(1, 20).values(all),
            LabelledImages.streetDigits(2, 20).values(all)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 699_051})
  void streetDigits_countThatCannotBe_isRefused(int count) {
    // 699,051 · 3,072 bytes are 2³¹ + 1,024.
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> LabelledImages.streetDigits(1, count));

    assertEquals("count is " + count + "; it must be within 1–699050", e.getMessage());
  }

  @Test
  void first_keepsOrderAndLabels_andIsAllBeyondTheLast() {
    LabelledImages all = new LabelledImages(counting(18, 0), new byte[] {2, 0, 1}, 2, 1, 3);

    LabelledImages two = all.first(2);

    assertEquals("2 of 2 × 1 × 3, 3 classes", describe(two));
    assertArrayEquals(new int[] {2, 0}, labels(two));
    assertArrayEquals(scaled(counting(12, 0)), two.values(new int[] {0, 1}), 1e-7f);
    assertEquals("3 of 2 × 1 × 3, 3 classes", describe(all.first(3)));
    assertEquals("3 of 2 × 1 × 3, 3 classes", describe(all.first(4)));
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> all.first(0));
    assertEquals("count is 0; it must be at least 1", e.getMessage());
  }

  @Test
  void select_takesPicturesAndLabelsInTheOrderAsked() {
    LabelledImages all = new LabelledImages(counting(18, 0), new byte[] {2, 0, 1}, 2, 1, 3);

    LabelledImages some = all.select(2, 0, 2);

    assertArrayEquals(new int[] {1, 2, 1}, labels(some));
    assertArrayEquals(all.values(new int[] {2, 0, 2}), some.values(new int[] {0, 1, 2}));
    assertThrows(IllegalArgumentException.class, all::select);
    assertThrows(IndexOutOfBoundsException.class, () -> all.select(3));
  }

  @Test
  void repeated_addsNoiseOfItsOwnToEachCopy() {
    LabelledImages one = new LabelledImages(greys(20_000, 128), new byte[] {1, 0}, 100, 100, 1);

    LabelledImages two = one.repeated(2, 10, 3);

    assertEquals("4 of 100 × 100 × 1, 2 classes", describe(two));
    assertArrayEquals(new int[] {1, 0, 1, 0}, labels(two));
    double[] noise = new double[40_000];
    float[] values = two.values(new int[] {0, 1, 2, 3});
    for (int i = 0; i < noise.length; i++) {
      noise[i] = 255 * (double) values[i] - 128;
    }
    // Rounding adds 1/12 to the variance. The standard error of the mean is .05, of the deviation
    // .035.
    assertEquals(0, StatUtils.mean(noise), .2);
    assertEquals(Math.sqrt(100 + 1 / 12.), Math.sqrt(StatUtils.variance(noise)), .15);
    double[] first = Arrays.copyOf(noise, 20_000);
    double[] second = Arrays.copyOfRange(noise, 20_000, 40_000);
    assertEquals(0, new PearsonsCorrelation().correlation(first, second), .03);
  }

  @Test
  void repeated_staysWithinABlackAndAWhitePixel_andWithoutNoiseIsACopy() {
    LabelledImages ends = new LabelledImages(new byte[] {0, -1, 0, -1}, new byte[1], 2, 2, 1);
    float[] values = ends.repeated(50, 40, 1).values(IntStream.range(0, 50).toArray());
    for (int i = 0; i < values.length; i++) {
      assertTrue(i % 2 == 0 ? values[i] < .8 : values[i] > .2, "pixel " + i + ": " + values[i]);
    }
    LabelledImages copies = ends.repeated(3, 0, 1);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(ends.values(new int[] {0}), copies.values(new int[] {i}));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, copies is 0",
    "-1, 1, copies is -1",
    "2, -1, deviation is -1.0",
    "2, NaN, deviation is NaN",
    "2, Infinity, deviation is Infinity",
    "600000000, 1, copies is 600000000"
  })
  void repeated_numberThatCannotBe_isRefused(int copies, double deviation, String message) {
    LabelledImages one = new LabelledImages(new byte[4], new byte[1], 2, 2, 1);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> one.repeated(copies, deviation, 1));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  private static byte[] greys(int count, int value) {
    byte[] greys = new byte[count];
    Arrays.fill(greys, (byte) value);
    return greys;
  }

  private static LabelledImages inPool(int threads, long seed, int count) throws Exception {
    ForkJoinPool pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> LabelledImages.streetDigits(seed, count)).get();
    } finally {
      pool.shutdown();
    }
  }

  private static String describe(LabelledImages images) {
    return images.size()
        + " of "
        + images.height()
        + " × "
        + images.width()
        + " × "
        + images.channels()
        + ", "
        + images.classes()
        + " classes";
  }

  private static int[] labels(LabelledImages images) {
    return IntStream.range(0, images.size()).map(images::label).toArray();
  }

  private void writePair(String prefix, int label, int count) throws IOException {
    byte[] labels = new byte[count];
    Arrays.fill(labels, (byte) label);
    write(prefix + "-images-idx3-ubyte", false, idx(counting(count * 4, 0), count, 2, 2));
    write(prefix + "-labels-idx1-ubyte", false, idx(labels, count));
  }

  private Path write(String name, boolean zipped, byte[] content) throws IOException {
    return zipped
        ? Files.write(folder.resolve(name + ".gz"), gzip(content))
        : Files.write(folder.resolve(name), content);
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

  private static byte[] counting(int length, int from) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  private static float[] scaled(byte[] bytes) {
    float[] values = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      values[i] = (float) (Byte.toUnsignedInt(bytes[i]) / 255.0);
    }
    return values;
  }
}
