package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.models.BundledModel;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of other sizes, colours and encodings, read as people see them. */
class ScorePicturesTest {

  /** A picture that the model is sure of, so that JPEG's losses do not matter. */
  private static final Picture PICTURE = StreetDigits.of(99).digit(2);

  private static BundledModel model;
  @TempDir Path folder;

  @BeforeAll
  static void unpack() {
    model = BundledModel.streetDigits();
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  private JsonNode score(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("picture." + format);
    ImageIO.write(image, format, file.toFile());
    List<JsonNode> rows =
        CommandRun.score(folder.resolve("s.jsonl"), "--model", model.folder(), "--input", folder);
    assertEquals(List.of("picture." + format), CommandRun.ids(rows));
    return rows.get(0);
  }

  private static BufferedImage copy(BufferedImage from, int factor, int type) {
    BufferedImage copy =
        new BufferedImage(from.getWidth() * factor, from.getHeight() * factor, type);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(from, 0, 0, copy.getWidth(), copy.getHeight(), null);
    graphics.dispose();
    return copy;
  }

  private static void assertSameScore(JsonNode expected, JsonNode actual, double tolerance) {
    assertEquals(expected.get("predictedClass"), actual.get("predictedClass"));
    assertEquals(
        expected.get("maxProbability").doubleValue(),
        actual.get("maxProbability").doubleValue(),
        tolerance);
  }

  @Test
  void largerPicture_ofWholeBlocks_scoresAsTheSmallOne() throws IOException {
    JsonNode small = score(PICTURE.toImage(), "png");
    JsonNode large = score(copy(PICTURE.toImage(), 5, BufferedImage.TYPE_INT_RGB), "png");
    assertSameScore(small, large, 1e-6);
  }

  @Test
  void opaqueAlpha_changesNothing() throws IOException {
    JsonNode plain = score(PICTURE.toImage(), "png");
    JsonNode alpha = score(copy(PICTURE.toImage(), 1, BufferedImage.TYPE_INT_ARGB), "png");
    assertSameScore(plain, alpha, 1e-6);
  }

  @Test
  void grey_scoresAsEqualColours() throws IOException {
    BufferedImage grey = copy(PICTURE.toImage(), 1, BufferedImage.TYPE_BYTE_GRAY);
    BufferedImage colours = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      int value = grey.getRaster().getSample(i % 32, i / 32, 0);
      colours.setRGB(i % 32, i / 32, value * 0x010101);
    }
    assertSameScore(score(colours, "png"), score(grey, "png"), 1e-6);
  }

  @Test
  void jpeg_largerPicture_showsTheSameDigit() throws IOException {
    JsonNode png = score(PICTURE.toImage(), "png");
    java.nio.file.Files.delete(folder.resolve("picture.png"));
    JsonNode jpeg = score(copy(PICTURE.toImage(), 4, BufferedImage.TYPE_INT_RGB), "jpg");
    assertSameScore(png, jpeg, 0.1);
  }
}
