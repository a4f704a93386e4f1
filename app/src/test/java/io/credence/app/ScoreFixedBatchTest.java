package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.app.input.NpyBytes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/** Models whose inputs fix the number of rows in a batch. */
class ScoreFixedBatchTest {

  @TempDir Path folder;
  private Path out;

  @BeforeEach
  void name() {
    out = folder.resolve("s.jsonl");
  }

  private Path fixed(long rows) {
    return TinyModels.of(folder.resolve("model" + rows), TFloat32.class, rows, 4);
  }

  private Path npy(int rows) throws IOException {
    ByteBuffer data = NpyBytes.littleEndian(rows * 4 * 4);
    for (int i = 0; i < rows * 4; i++) {
      data.putFloat((float) Math.sin(i));
    }
    return NpyBytes.write(folder.resolve(rows + ".npy"), "<f4", "(" + rows + ", 4)", data);
  }

  private Path jsonLines(int rows) throws IOException {
    List<String> lines =
        IntStream.range(0, rows)
            .mapToObj(
                i ->
                    IntStream.range(4 * i, 4 * i + 4)
                        .mapToObj(j -> Float.toString((float) Math.sin(j)))
                        .toList())
            .map(row -> "{\"x\":" + row + "}")
            .toList();
    return Files.write(folder.resolve(rows + ".jsonl"), lines);
  }

  private List<JsonNode> score(Path model, Path input) {
    return CommandRun.score(out, "--model", model, "--input", input);
  }

  private static void assertSame(List<JsonNode> expected, List<JsonNode> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      for (int k = 0; k < 3; k++) {
        assertEquals(
            expected.get(i).get("meanProbabilities").get(k).doubleValue(),
            actual.get(i).get("meanProbabilities").get(k).doubleValue(),
            1e-6,
            "row " + i);
      }
    }
  }

  @Test
  void rows_aMultiple_scoreAsInAModelOfAnyBatch() throws IOException {
    List<JsonNode> expected = score(fixed(-1), npy(8));
    assertSame(expected, score(fixed(4), npy(8)));
    assertSame(expected, score(fixed(4), jsonLines(8)));
    assertSame(expected, score(fixed(1), npy(8)));
    assertEquals(
        List.of("0", "1", "2", "3", "4", "5", "6", "7"), CommandRun.ids(score(fixed(4), npy(8))));
  }

  @Test
  void rows_knownToLeaveARemainder_areRefusedBeforeAnyIsScored() throws IOException {
    Path input = npy(6);
    CommandRun.of("score", "--model", fixed(4), "--input", input)
        .assertRefused(
            input + " holds 6 rows, but input \"x\" reads [4, 4], exactly 4 rows at a time",
            "add 2 rows or drop 2, or export the model with a free first dimension");
  }

  @Test
  void rows_foundToLeaveARemainder_areRefusedAtTheEnd() throws IOException {
    Path input = jsonLines(6);
    CommandRun.refusedScore(folder, "--model", fixed(4), "--input", input)
        .assertSays(
            input + " gives 6 rows, the last 2 of them (\"5\" to \"6\") too few",
            "exactly 4 rows at a time",
            "add 2 rows or drop 2");
  }

  @Test
  void skipBad_picturesPassedOver_doNotCount() throws IOException {
    Path model = TinyModels.of(folder.resolve("bytes"), TUint8.class, 2, 2, 2);
    Path pictures = Files.createDirectory(folder.resolve("pictures"));
    for (String name : List.of("a.png", "c.png")) {
      ImageIO.write(
          new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB),
          "png",
          pictures.resolve(name).toFile());
    }
    Files.writeString(pictures.resolve("b.png"), "no picture");
    CommandRun run =
        CommandRun.done("score", "--model", model, "--input", pictures, "--out", out, "--skip-bad");
    assertTrue(run.err().contains("skipped: picture "), run.err());
    assertEquals(List.of("a.png", "c.png"), CommandRun.ids(CommandRun.rows(out)));

    Files.writeString(pictures.resolve("c.png"), "no picture");
    CommandRun.refusedScore(folder, "--model", model, "--input", pictures, "--skip-bad")
        .assertSays("gives 1 rows, the last 1 of them (\"a.png\" to \"a.png\")", "add 1 rows, or");
  }

  @Test
  void idx_fixedBatch_isScored() throws IOException {
    Path model = TinyModels.of(folder.resolve("bytes"), TUint8.class, 2, 2, 2);
    Path idx = folder.resolve("x-idx3-ubyte");
    Files.write(idx, DigitInputs.idxBytes(new byte[16], 4, 2, 2));
    assertEquals(4, score(model, idx).size());
  }
}
