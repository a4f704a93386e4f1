package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ElementType;
import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

/** How pictures become numbers, on pictures of a few pixels. */
class PictureFolderTest {

  @TempDir Path folder;

  private static BufferedImage image(int width, int... rgb) {
    BufferedImage image = new BufferedImage(width, rgb.length / width, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < rgb.length; i++) {
      image.setRGB(i % width, i / width, rgb[i]);
    }
    return image;
  }

  private static BufferedImage grey(int width, int... values) {
    return image(width, java.util.Arrays.stream(values).map(v -> v * 0x010101).toArray());
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    assertTrue(ImageIO.write(image, "png", file.toFile()));
    return file;
  }

  private PictureFolder open(int height, int width, int channels) throws IOException {
    TensorSpec spec = Values.spec(ElementType.FLOAT32, -1, height, width, channels);
    return new PictureFolder(
        folder, spec, new ImagePreprocessing(height, width, channels, 1, 0), false);
  }

  private List<Object> values(int height, int width, int channels) throws IOException {
    try (PictureFolder source = open(height, width, channels)) {
      return Values.list(Values.array(source.next(10).orElseThrow()));
    }
  }

  @Test
  void colours_areRedGreenBlueRowByRow() throws IOException {
    write("a.png", image(2, 0x010203, 0x040506, 0x070809, 0x0A0B0C));
    assertEquals(
        List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0), values(2, 2, 3));
  }

  @Test
  void oneChannel_isTheLumaOfBt601() throws IOException {
    write("a.png", image(5, 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF, 0x808080));
    // 0.299 · 255 = 76.2, 0.587 · 255 = 149.7, 0.114 · 255 = 29.1
    assertEquals(List.of(76.0, 150.0, 29.0, 255.0, 128.0), values(1, 5, 1));
  }

  @Test
  void smallerSize_isTheMeanOfEachBlock() throws IOException {
    write("a.png", grey(4, 0, 10, 20, 30, 40, 50, 60, 70));
    assertEquals(List.of(25.0, 45.0), values(1, 2, 1));
  }

  @Test
  void sizeThatDoesNotDivide_weighsByArea() throws IOException {
    write("a.png", grey(3, 0, 90, 180));
    // (0 + 90/2) / 1.5 and (90/2 + 180) / 1.5
    assertEquals(List.of(30.0, 150.0), values(1, 2, 1));
  }

  @Test
  void largerSize_repeatsPixels() throws IOException {
    write("a.png", grey(2, 10, 200));
    assertEquals(List.of(10.0, 10.0, 200.0, 200.0), values(1, 4, 1));
  }

  @ParameterizedTest
  @CsvSource({"0, 255, 255, 255", "255, 200, 100, 0", "51, 244, 224, 204"})
  void alpha_isLaidOnWhite(int alpha, int red, int green, int blue) throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, alpha << 24 | 200 << 16 | 100 << 8);
    write("a.png", image);
    assertEquals(List.of((double) red, (double) green, (double) blue), values(1, 1, 3));
  }

  @ParameterizedTest
  @ValueSource(ints = {DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT})
  void greyWithAlpha_keepsItsValues(int type) throws IOException {
    ColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            type);
    BufferedImage image =
        new BufferedImage(model, model.createCompatibleWritableRaster(3, 1), false, null);
    int unit = type == DataBuffer.TYPE_BYTE ? 1 : 257;
    int[][] pixels = {{128, 255}, {20, 255}, {77, 0}};
    for (int x = 0; x < 3; x++) {
      image.getRaster().setPixel(x, 0, new int[] {pixels[x][0] * unit, pixels[x][1] * unit});
    }
    write("a.png", image);
    assertEquals(List.of(128.0, 20.0, 255.0), values(1, 3, 1));
  }

  @ParameterizedTest
  @CsvSource({BufferedImage.TYPE_BYTE_GRAY + ", 1", BufferedImage.TYPE_USHORT_GRAY + ", 257"})
  void grey_keepsItsValues(int type, int unit) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.getRaster().setSample(0, 0, 0, 128 * unit);
    image.getRaster().setSample(1, 0, 0, 20 * unit);
    write("a.png", image);
    assertEquals(List.of(128.0, 128.0, 128.0, 20.0, 20.0, 20.0), values(1, 2, 3));
  }

  @Test
  void scaleAndOffset_areApplied() throws IOException {
    write("a.png", grey(2, 0, 255));
    TensorSpec spec = Values.spec(ElementType.FLOAT64, -1, 1, 2, 1);
    ImagePreprocessing symmetric = new ImagePreprocessing(1, 2, 1, 2.0 / 255, -1);
    try (PictureFolder source = new PictureFolder(folder, spec, symmetric, false)) {
      assertEquals(List.of(-1.0, 1.0), Values.list(Values.array(source.next(1).orElseThrow())));
    }
  }

  @Test
  void inputWithoutChannel_hasThreeDimensions() throws IOException {
    write("a.png", grey(2, 0, 255));
    TensorSpec spec = Values.spec(ElementType.FLOAT32, -1, 1, 2);
    ImagePreprocessing plain = new ImagePreprocessing(1, 2, 1, 1, 0);
    try (PictureFolder source = new PictureFolder(folder, spec, plain, false)) {
      assertEquals(Shape.of(1, 1, 2), Values.array(source.next(1).orElseThrow()).shape());
    }
  }

  @Test
  void next_goesThroughTheTreeInOrderOfPaths() throws IOException {
    for (String name : List.of("b.PNG", "a.png", "c/d.png", "c/a.Jpeg", "z.png")) {
      write(name, grey(1, 7));
    }
    Files.writeString(folder.resolve("notes.txt"), "no picture");
    Files.createDirectory(folder.resolve("folder.png"));
    try (PictureFolder source = open(1, 1, 1)) {
      assertEquals(5, source.size().orElseThrow());
      assertEquals(
          List.of(
              List.of("a.png", "b.PNG"),
              List.of(Path.of("c", "a.Jpeg").toString(), Path.of("c", "d.png").toString()),
              List.of("z.png")),
          Values.batches(source, 2).stream().map(InputBatch::ids).toList());
    }
  }

  @Test
  void skipBad_fillsTheBatchWithTheNext() throws IOException {
    write("a.png", grey(1, 1));
    Files.writeString(folder.resolve("b.png"), "bad");
    write("c.png", grey(1, 3));
    TensorSpec spec = Values.spec(ElementType.FLOAT32, -1, 1, 1, 1);
    ImagePreprocessing one = new ImagePreprocessing(1, 1, 1, 1, 0);
    try (PictureFolder source = new PictureFolder(folder, spec, one, true)) {
      InputBatch batch = source.next(2).orElseThrow();
      assertEquals(List.of("a.png", "c.png"), batch.ids());
      assertEquals(List.of(1.0, 3.0), Values.list(Values.array(batch)));
      List<BadRow> bad = source.takeBad();
      assertEquals(List.of("b.png"), bad.stream().map(BadRow::id).toList());
      assertTrue(bad.get(0).reason().contains("b.png"), bad::toString);
    }
  }

  @Test
  void notSkipBad_throwsAtTheBadOne() throws IOException {
    Path bad = Files.writeString(folder.resolve("b.png"), "bad");
    try (PictureFolder source = open(1, 1, 1)) {
      String message = assertThrows(BadInputException.class, () -> source.next(2)).getMessage();
      assertTrue(message.contains("picture " + bad + " cannot be read"), message);
    }
  }
}
