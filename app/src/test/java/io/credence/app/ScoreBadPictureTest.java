package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.models.BundledModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Pictures that cannot be read, and models that cannot be fed with pictures. */
class ScoreBadPictureTest {

  private static BundledModel model;
  @TempDir Path folder;
  private Path pictures;

  @BeforeAll
  static void unpack() {
    model = BundledModel.streetDigits();
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  @BeforeEach
  void draw() throws IOException {
    pictures = DigitInputs.png(folder.resolve("pictures"));
  }

  private CommandRun refused(Object... options) {
    Object[] args =
        Arrays.copyOf(
            new Object[] {"--model", model.folder(), "--input", pictures}, 4 + options.length);
    System.arraycopy(options, 0, args, 4, options.length);
    return CommandRun.refusedScore(folder, args);
  }

  @Test
  void folder_empty_isNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    CommandRun.refusedScore(folder, "--model", model.folder(), "--input", empty)
        .assertSays(empty + " holds no picture", ".png, .jpg or .jpeg");
  }

  @Test
  void picture_textOfThatName_isNamed() throws IOException {
    Path bad = Files.writeString(pictures.resolve("bad.png"), "not a picture");
    refused()
        .assertSays("picture " + bad + " cannot be read", "neither PNG nor JPEG", "--skip-bad");
  }

  @Test
  void picture_emptyFile_isNamed() throws IOException {
    Path bad = Files.createFile(pictures.resolve("bad.jpg"));
    refused().assertSays("picture " + bad + " cannot be read", "--skip-bad");
  }

  @Test
  void png_truncated_isNamed() throws IOException {
    Path bad = DigitInputs.file(pictures, DigitInputs.PICTURES.get(2));
    Files.write(bad, Arrays.copyOf(Files.readAllBytes(bad), 300));
    refused().assertSays("picture " + bad + " cannot be read", "--skip-bad");
  }

  @Test
  void png_hugeByItsHeader_isRefusedBeforeItIsDecoded() throws IOException {
    Path bad = DigitInputs.file(pictures, DigitInputs.PICTURES.get(2));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(bad));
    bytes.putInt(16, 20_000).putInt(20, 10_000);
    Files.write(bad, bytes.array());
    refused().assertSays("picture " + bad + " cannot be read: 20000 × 10000 pixels are more than");
  }

  @Test
  void jpeg_truncated_isNotFilledUpWithGrey() throws IOException {
    Path bad = pictures.resolve("bad.jpg");
    ImageIO.write(DigitInputs.PICTURES.get(0).toImage(), "jpg", bad.toFile());
    byte[] whole = Files.readAllBytes(bad);
    Files.write(bad, Arrays.copyOf(whole, whole.length - 100));
    refused().assertSays("picture " + bad + " cannot be read: it was cut short", "--skip-bad");
  }

  @Test
  void skipBad_goesOnAndCounts() throws IOException {
    Path bad = Files.writeString(pictures.resolve("bad.png"), "not a picture");
    Path out = folder.resolve("s.jsonl");
    CommandRun run =
        CommandRun.done(
            "score",
            "--model",
            model.folder(),
            "--input",
            pictures,
            "--skip-bad",
            "--out",
            out,
            "--json");
    assertEquals(DigitInputs.COUNT, CommandRun.rows(out).size());
    run.assertSays("skipped: picture " + bad);
    assertEquals(1, CommandRun.json(run.out()).get("skipped").intValue());
    assertEquals(DigitInputs.COUNT, CommandRun.json(run.out()).get("inputs").intValue());
  }

  @Test
  void skipBad_allBad_isRefusedWithTheFirstProblem() throws IOException {
    pictures = Files.createDirectory(folder.resolve("bad"));
    Files.writeString(pictures.resolve("a.png"), "a");
    Files.writeString(pictures.resolve("b.png"), "b");
    refused("--skip-bad")
        .assertSays(
            pictures + " holds no row", "the first problem: picture " + pictures.resolve("a.png"));
  }

  @Test
  void pictures_noSidecarAndNoScale_saysWhichScales() {
    Path plain = TinyModels.of(folder.resolve("plain"), TFloat32.class, -1, 2, 2, 1);
    CommandRun.refusedScore(folder, "--model", plain, "--input", pictures)
        .assertSays("no credence.json", "\"x\"", "--scale 0.0039", "--scale 1 if on 0–255");
  }

  @Test
  void pictures_scaleZero_isRefused() {
    refused("--scale", 0).assertSays("scale is 0.0");
  }

  @Test
  void pictures_inputOfNoSize_pointsToOtherFormats() {
    Path rows = TinyModels.of(folder.resolve("rows"), TFloat32.class, -1, 4);
    CommandRun.refusedScore(folder, "--model", rows, "--input", pictures, "--scale", 1)
        .assertSays("input \"x\" reads [?, 4]", "no size of a picture", "use .npy or JSON Lines");
  }

  @Test
  void pictures_inputOfWholeNumbers_isRefused() {
    Path whole = TinyModels.of(folder.resolve("whole"), TInt64.class, -1, 2, 2, 1);
    CommandRun.refusedScore(folder, "--model", whole, "--input", pictures, "--scale", 1)
        .assertSays("pictures cannot feed input \"x\"", "INT64", "FLOAT32");
  }

  @Test
  void pictures_severalInputs_pointsToJsonLines() {
    Path named = TinyModels.named(folder.resolve("named"));
    CommandRun run = CommandRun.refusedScore(folder, "--model", named, "--input", pictures);
    run.assertSays("the model has 2 inputs", "pictures feeds only one", "use JSON Lines");
    assertTrue(run.err().contains("text STRING[?]"), run.err());
  }
}
