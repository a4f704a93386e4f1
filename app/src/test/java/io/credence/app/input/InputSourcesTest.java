package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ElementType;
import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** Which reader opens what, and how pixels are rescaled. */
class InputSourcesTest {

  private static final TensorSpec IMAGE = Values.spec(ElementType.FLOAT32, -1, 1, 1, 1);
  private static final ImagePreprocessing SIDECAR = new ImagePreprocessing(1, 1, 1, 0.5, 10);

  /** One picture of one pixel, 200. */
  private static final byte[] IDX = {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, (byte) 200};

  @TempDir Path folder;

  private static InputSources sources(
      TensorSpec spec, Optional<ImagePreprocessing> sidecar, OptionalDouble scale) {
    return new InputSources(List.of(spec), sidecar, scale, false);
  }

  private static InputSource open(Path path) throws IOException {
    return sources(IMAGE, Optional.of(SIDECAR), OptionalDouble.empty()).open(path);
  }

  private Path picture(String name) throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xC8C8C8);
    ImageIO.write(image, "png", folder.resolve(name).toFile());
    return folder.resolve(name);
  }

  private static List<Object> values(InputSource source) throws IOException {
    try (source) {
      return Values.list(Values.array(source.next(1).orElseThrow()));
    }
  }

  @Test
  void open_folderOrPicture_areInstancesOfPictureFolder() throws IOException {
    Path file = picture("a.PNG");
    try (InputSource ofFolder = open(folder);
        InputSource ofFile = open(file)) {
      assertInstanceOf(PictureFolder.class, ofFolder);
      assertInstanceOf(PictureFolder.class, ofFile);
      assertEquals(List.of("a.PNG"), ofFile.next(1).orElseThrow().ids());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.npy", "x", "x.jsonl"})
  void open_npy_isKnownByItsContent(String name) throws IOException {
    try (InputSource source = open(NpyBytes.zeros(folder.resolve(name), 1, 1, 1, 1))) {
      assertInstanceOf(NpyFile.class, source);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x-idx3-ubyte", "x.gz", "x.bin"})
  void open_idx_isKnownByItsContent(String name) throws IOException {
    try (InputSource source = open(Files.write(folder.resolve(name), IDX))) {
      assertInstanceOf(IdxImages.class, source);
    }
  }

  @Test
  void open_gzip_isIdx() throws IOException {
    Path file = folder.resolve("x");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(IDX);
    }
    assertEquals(List.of(110.0), values(open(file)));
  }

  @Test
  void open_jsonLines_areKnownByABraceOrTheName() throws IOException {
    for (String text : List.of("{\"x\":[[[1]]]}\n", "\n  {\"x\":[[[1]]]}\n")) {
      try (InputSource source = open(Files.writeString(folder.resolve("x.txt"), text))) {
        assertInstanceOf(JsonLines.class, source);
      }
    }
    for (String name : List.of("x.jsonl", "x.NDJSON")) {
      try (InputSource source = open(Files.writeString(folder.resolve(name), "oops"))) {
        assertInstanceOf(JsonLines.class, source);
      }
    }
  }

  @Test
  void open_pixels_areRescaledAsTheSidecarSays() throws IOException {
    assertEquals(List.of(110.0), values(open(Files.write(folder.resolve("x"), IDX))));
    assertEquals(List.of(110.0), values(open(picture("a.png"))));
  }

  @Test
  void open_scaleGiven_replacesTheSidecarsAndKeepsItsOffset() throws IOException {
    InputSources sources = sources(IMAGE, Optional.of(SIDECAR), OptionalDouble.of(0.25));
    assertEquals(List.of(60.0), values(sources.open(Files.write(folder.resolve("x"), IDX))));
  }

  @Test
  void open_noSidecar_takesTheSizeOfTheInput() throws IOException {
    InputSources sources = sources(IMAGE, Optional.empty(), OptionalDouble.of(0.25));
    assertEquals(List.of(50.0), values(sources.open(picture("a.png"))));
  }

  @Test
  void open_bytesWithoutSidecar_areAsTheyAre() throws IOException {
    TensorSpec bytes = Values.spec(ElementType.UINT8, -1, 1, 1, 1);
    InputSources sources = sources(bytes, Optional.empty(), OptionalDouble.empty());
    assertEquals(List.of(200L), values(sources.open(picture("a.png"))));
  }

  @Test
  void open_idxForInputWithoutChannel_addsNone() throws IOException {
    TensorSpec plain = Values.spec(ElementType.FLOAT32, -1, 1, 1);
    InputSources sources = sources(plain, Optional.empty(), OptionalDouble.of(1));
    try (InputSource source = sources.open(Files.write(folder.resolve("x"), IDX))) {
      assertEquals(1, source.size().orElseThrow());
      InputBatch batch = source.next(5).orElseThrow();
      assertEquals(List.of("0"), batch.ids());
      assertEquals(Shape.of(1, 1, 1), Values.array(batch).shape());
      assertTrue(source.next(5).isEmpty());
    }
  }

  @Test
  void next_idxInBatches_goesOnWithTheIndices() throws IOException {
    byte[] two = java.util.Arrays.copyOf(IDX, IDX.length + 1);
    two[7] = 2;
    try (InputSource source = open(Files.write(folder.resolve("x"), two))) {
      List<InputBatch> batches = Values.batches(source, 1);
      assertEquals(
          List.of(List.of("0"), List.of("1")), batches.stream().map(InputBatch::ids).toList());
      assertEquals(List.of(10.0), Values.list(Values.array(batches.get(1))));
    }
  }

  @Test
  void open_npyWithScale_isNotRescaled() throws IOException {
    var data = NpyBytes.littleEndian(4);
    data.putFloat(200);
    Path file = NpyBytes.write(folder.resolve("x.npy"), "<f4", "(1, 1, 1, 1)", data);
    InputSources sources = sources(IMAGE, Optional.of(SIDECAR), OptionalDouble.of(0.25));
    assertEquals(List.of(200.0), values(sources.open(file)));
  }

  @Test
  void open_unknownKind_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "1,2\n");
    String message = assertThrows(BadInputException.class, () -> open(file)).getMessage();
    assertTrue(message.contains(file + " is of no kind that is read"), message);
  }
}
