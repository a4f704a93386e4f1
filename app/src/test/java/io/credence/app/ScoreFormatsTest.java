package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.models.BundledModel;
import io.credence.models.data.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TNumber;

/** The same digits in every format have the same scores, and ids of their own. */
class ScoreFormatsTest {

  /** Of scores of the same values, summed in batches of the same size. */
  private static final double TOLERANCE = 1e-6;

  private static final List<String> INDICES =
      IntStream.range(0, DigitInputs.COUNT).mapToObj(Integer::toString).toList();

  private static BundledModel model;
  private static List<JsonNode> expected;
  @TempDir static Path shared;
  @TempDir Path folder;

  @BeforeAll
  static void scorePictures() throws IOException {
    model = BundledModel.streetDigits();
    Path pictures = DigitInputs.png(shared.resolve("pictures"));
    expected = score(shared.resolve("s.jsonl"), pictures);
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  private static List<JsonNode> score(Path out, Path input, Object... options) {
    Object[] args = new Object[options.length + 4];
    System.arraycopy(new Object[] {"--model", model.folder(), "--input", input}, 0, args, 0, 4);
    System.arraycopy(options, 0, args, 4, options.length);
    return CommandRun.score(out, args);
  }

  private List<JsonNode> score(Path input, Object... options) {
    return score(folder.resolve("s.jsonl"), input, options);
  }

  /** Every field but the id, numbers within the tolerance. */
  private static void assertSameScores(List<JsonNode> expected, List<JsonNode> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      for (Map.Entry<String, JsonNode> field : expected.get(i).properties()) {
        if (!field.getKey().equals("id")) {
          JsonNode other = actual.get(i).path(field.getKey());
          assertClose("row " + i + " " + field.getKey(), field.getValue(), other);
        }
      }
    }
  }

  private static void assertClose(String name, JsonNode expected, JsonNode actual) {
    assertEquals(expected.size(), actual.size(), name);
    if (expected.isDouble()) {
      assertEquals(expected.doubleValue(), actual.doubleValue(), TOLERANCE, name);
    } else if (expected.isArray()) {
      Iterator<JsonNode> values = actual.iterator();
      expected.forEach(value -> assertClose(name, value, values.next()));
    } else if (expected.isObject()) {
      expected
          .properties()
          .forEach(e -> assertClose(name + e.getKey(), e.getValue(), actual.path(e.getKey())));
    } else {
      assertEquals(expected, actual, name);
    }
  }

  @Test
  void pictures_digits_areReadMostlyRight() {
    long right =
        IntStream.range(0, DigitInputs.COUNT)
            .filter(
                i ->
                    expected.get(i).get("predictedClass").intValue()
                        == DigitInputs.PICTURES.get(i).label().orElseThrow())
            .count();
    assertTrue(right >= DigitInputs.COUNT - 1, () -> right + " right: " + expected);
  }

  @Test
  void pictures_ids_arePathsBelowTheFolder() {
    List<String> names = DigitInputs.PICTURES.stream().map(p -> p.id() + ".png").toList();
    assertEquals(
        names.subList(0, DigitInputs.COUNT - 1),
        CommandRun.ids(expected.subList(0, DigitInputs.COUNT - 1)));
    assertEquals(
        Path.of("night", names.get(DigitInputs.COUNT - 1)).toString(),
        expected.get(DigitInputs.COUNT - 1).get("id").textValue());
  }

  @Test
  void float32Npy_sameScores_idsAreIndices() throws IOException {
    List<JsonNode> rows = score(DigitInputs.float32(folder.resolve("x.npy")));
    assertSameScores(expected, rows);
    assertEquals(INDICES, CommandRun.ids(rows));
  }

  @Test
  void float64Npy_sameScores() throws IOException {
    assertSameScores(expected, score(DigitInputs.float64(folder.resolve("x.npy"))));
  }

  @Test
  void jsonLines_sameScores_idsAreTheirFields() throws IOException {
    List<JsonNode> rows = score(DigitInputs.jsonLines(folder.resolve("x.jsonl"), true));
    assertSameScores(expected, rows);
    assertEquals(DigitInputs.PICTURES.stream().map(Picture::id).toList(), CommandRun.ids(rows));
  }

  @Test
  void jsonLines_withoutIds_areNamedByLine() throws IOException {
    List<JsonNode> rows = score(DigitInputs.jsonLines(folder.resolve("x.json"), false));
    assertSameScores(expected, rows);
    assertEquals(List.of("1", "2", "3", "4", "5", "6"), CommandRun.ids(rows));
  }

  @Test
  void idx_plainOrCompressed_sameScores() throws IOException {
    List<JsonNode> rows = score(DigitInputs.idx(folder.resolve("digits-idx4-ubyte")));
    assertSameScores(expected, rows);
    assertEquals(INDICES, CommandRun.ids(rows));
    assertSameScores(expected, score(DigitInputs.idxGz(folder.resolve("digits.gz"))));
  }

  @Test
  void onePicture_scoresAsInItsFolder() throws IOException {
    Path one = DigitInputs.file(shared.resolve("pictures"), DigitInputs.PICTURES.get(3));
    List<JsonNode> rows = score(one);
    assertSameScores(expected.subList(3, 4), rows);
    assertEquals(expected.get(3).get("id"), rows.get(0).get("id"));
  }

  @Test
  void linkToAFolder_isFollowed() throws IOException {
    Path real = DigitInputs.png(folder.resolve("real"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    assertEquals(expected, score(link));
  }

  @Test
  void scale_given_replacesTheSidecars() throws IOException {
    Path pictures = shared.resolve("pictures");
    assertEquals(expected, score(pictures, "--scale", Double.toString(1.0 / 255)));
    Path out = folder.resolve("s.jsonl");
    CommandRun.done(
            "score", "--model", model.folder(), "--input", pictures, "--out", out, "--scale", "1")
        .assertSays("0–255 pixels that were not rescaled");
  }

  @Test
  void pictures_greyModelWithoutChannel_sameAsNpy() throws IOException {
    Path pictures = Files.createDirectory(folder.resolve("grey"));
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    int[] values = {0, 51, 102, 255};
    for (int i = 0; i < 4; i++) {
      image.setRGB(i % 2, i / 2, values[i] * 0x010101);
    }
    ImageIO.write(image, "png", pictures.resolve("a.png").toFile());
    Path rows = Files.writeString(folder.resolve("x.jsonl"), "{\"x\":[[0,0.2],[0.4,1]]}\n");
    for (Class<? extends TNumber> type : List.of(TFloat32.class, TFloat64.class)) {
      Path plain = TinyModels.of(folder.resolve(type.getSimpleName()), type, -1, 2, 2);
      Path out = folder.resolve("s.jsonl");
      List<JsonNode> ofRows = CommandRun.score(out, "--model", plain, "--input", rows);
      assertSameScores(
          ofRows,
          CommandRun.score(
              out, "--model", plain, "--input", pictures, "--scale", Double.toString(1.0 / 255)));
    }
  }

  @Test
  void pictures_modelOfBytes_needsNoScale() throws IOException {
    Path bytes = TinyModels.of(folder.resolve("bytes"), TUint8.class, -1, 2, 2, 1);
    Path idx = folder.resolve("x-idx3-ubyte");
    Files.write(idx, DigitInputs.idxBytes(new byte[] {0, 1, 2, (byte) 200}, 1, 2, 2));
    Path rows = Files.writeString(folder.resolve("x.jsonl"), "{\"x\":[[[0],[1]],[[2],[200]]]}\n");
    Path out = folder.resolve("s.jsonl");
    assertSameScores(
        CommandRun.score(out, "--model", bytes, "--input", rows),
        CommandRun.score(out, "--model", bytes, "--input", idx));
  }
}
