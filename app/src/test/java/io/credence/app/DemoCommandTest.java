package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on forty pictures of each kind, and once, to accept it, on its default. */
class DemoCommandTest {

  private static final Pattern SOFTMAX =
      Pattern.compile("max softmax of one pass +([01]\\.\\d{4})");
  private static final Pattern ENTROPY = Pattern.compile("  predictive entropy +([01]\\.\\d{4})");

  private static CommandRun demo;
  @TempDir private static Path out;
  @TempDir Path folder;

  @BeforeAll
  static void run() {
    demo = CommandRun.done("demo", "--count", 40, "--out", out);
  }

  private static double auroc(Pattern pattern, CommandRun run) {
    Matcher matcher = pattern.matcher(run.out());
    assertTrue(matcher.find(), run.out());
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void output_isTheTableAndBothAuroc() {
    assertEquals("", demo.err());
    assertEquals(
        10, demo.out().lines().filter(line -> line.matches("digit-\\d{6}-\\d .*")).count());
    assertEquals(10, demo.out().lines().filter(line -> line.matches("[a-z]+-\\d{6} .*")).count());
    assertTrue(demo.out().contains("(50 passes, seed 42)"), demo.out());
    assertTrue(demo.out().contains("nats"), demo.out());
    assertTrue(demo.out().contains("40 pictures of each kind"), demo.out());
    assertTrue(auroc(SOFTMAX, demo) > 0.5);
    assertTrue(auroc(ENTROPY, demo) > 0.5);
  }

  @Test
  void folder_holdsScoresSheetAndPicturesOnly() {
    assertEquals(List.of("contact-sheet.png", "pictures", "scores.jsonl"), CommandRun.names(out));
    assertEquals(20, CommandRun.names(out.resolve("pictures")).size());
  }

  @Test
  void scores_areDigitsThenOthersWithWhatTheTableShows() {
    List<JsonNode> rows = CommandRun.rows(out.resolve("scores.jsonl"));
    assertEquals(80, rows.size());
    for (int i = 0; i < 80; i++) {
      JsonNode row = rows.get(i);
      assertEquals(i < 40, row.get("hasDigit").booleanValue());
      double softmax = row.get("softmaxOfOnePass").doubleValue();
      assertTrue(softmax >= 0.1 && softmax <= 1 + 1e-6, row::toString);
      assertTrue(row.get("answered").isBoolean());
      assertEquals(50, row.get("plan").get("passes").intValue());
    }
    JsonNode first = rows.get(0);
    String shown =
        demo.out()
            .lines()
            .filter(l -> l.startsWith(first.get("id").textValue()))
            .findFirst()
            .orElseThrow();
    for (String field :
        List.of("softmaxOfOnePass", "maxProbability", "predictiveEntropy", "mutualInformation")) {
      String number = String.format(Locale.ROOT, " %.4f", first.get(field).doubleValue());
      assertTrue(shown.contains(number), () -> field + number + " not in: " + shown);
    }
    assertTrue(
        shown.endsWith(
            first.get("answered").booleanValue()
                ? first.get("predictedLabel").textValue()
                : "don't know"),
        shown);
  }

  @Test
  void answers_areThoseBelowThePrintedThreshold() {
    Matcher matcher =
        Pattern.compile("predictive entropy of (\\d\\.\\d{4}) nats").matcher(demo.out());
    assertTrue(matcher.find(), demo.out());
    double threshold = Double.parseDouble(matcher.group(1));
    List<JsonNode> rows = CommandRun.rows(out.resolve("scores.jsonl"));
    int digits = 0;
    int others = 0;
    for (JsonNode row : rows) {
      boolean answered = row.get("answered").booleanValue();
      double entropy = row.get("predictiveEntropy").doubleValue();
      assertTrue(answered ? entropy < threshold + 1e-4 : entropy > threshold - 1e-4, row::toString);
      digits += answered && row.get("hasDigit").booleanValue() ? 1 : 0;
      others += answered && !row.get("hasDigit").booleanValue() ? 1 : 0;
    }
    String ofDigits = String.format(Locale.ROOT, "of 40 digits +%.1f %% answered", 2.5 * digits);
    String ofOthers =
        String.format(Locale.ROOT, "of 40 with no digit +%.1f %% answered", 2.5 * others);
    assertTrue(Pattern.compile(ofDigits).matcher(demo.out()).find(), demo.out());
    assertTrue(Pattern.compile(ofOthers).matcher(demo.out()).find(), demo.out());
    assertTrue(digits > others);
  }

  @Test
  void scores_areSeparatedAsPrinted() {
    List<JsonNode> rows = CommandRun.rows(out.resolve("scores.jsonl"));
    assertEquals(auroc(SOFTMAX, demo), 1 - auroc(rows, "softmaxOfOnePass"), 5e-5);
    assertEquals(auroc(ENTROPY, demo), auroc(rows, "predictiveEntropy"), 5e-5);
  }

  /** By counting pairs: the share in which the picture of no digit scores higher. */
  private static double auroc(List<JsonNode> rows, String field) {
    double won = 0;
    for (JsonNode digit : rows.subList(0, 40)) {
      for (JsonNode other : rows.subList(40, 80)) {
        double lead = other.get(field).doubleValue() - digit.get(field).doubleValue();
        won += lead > 0 ? 1 : lead == 0 ? 0.5 : 0;
      }
    }
    return won / 1600;
  }

  @Test
  void contactSheet_isAPictureOfBothKinds() throws IOException {
    BufferedImage sheet = ImageIO.read(out.resolve("contact-sheet.png").toFile());
    assertTrue(
        sheet.getWidth() > 800 && sheet.getWidth() < 3000, () -> "width " + sheet.getWidth());
    assertTrue(
        sheet.getHeight() > 500 && sheet.getHeight() < 2000, () -> "height " + sheet.getHeight());
    long colours =
        java.util.Arrays.stream(
                sheet.getRGB(0, 0, sheet.getWidth(), sheet.getHeight(), null, 0, sheet.getWidth()))
            .distinct()
            .count();
    assertTrue(colours > 1000, () -> colours + " colours");
  }

  @Test
  void pictures_canBeScoredAgainToTheSameAnswer() {
    List<JsonNode> rows = CommandRun.rows(out.resolve("scores.jsonl"));
    Path scores = folder.resolve("s.jsonl");
    try (var model = io.credence.models.BundledModel.streetDigits()) {
      List<JsonNode> again =
          CommandRun.score(
              scores,
              "--model",
              model.folder(),
              "--input",
              out.resolve("pictures"),
              "--passes",
              50);
      assertEquals(20, again.size());
      for (JsonNode row : again) {
        String id = row.get("id").textValue().replace(".png", "");
        JsonNode before =
            rows.stream().filter(r -> r.get("id").textValue().equals(id)).findFirst().orElseThrow();
        assertEquals(
            before.get("predictiveEntropy").doubleValue(),
            row.get("predictiveEntropy").doubleValue(),
            1e-4,
            id);
      }
    }
  }

  @Test
  void again_sameScores_otherSeed_others() throws IOException {
    byte[] first = Files.readAllBytes(out.resolve("scores.jsonl"));
    CommandRun.done("demo", "--count", 40, "--out", folder);
    assertArrayEquals(first, Files.readAllBytes(folder.resolve("scores.jsonl")));
    CommandRun.done("demo", "--count", 40, "--out", folder, "--seed", 1);
    assertNotEquals(
        new String(first, java.nio.charset.StandardCharsets.UTF_8),
        Files.readString(folder.resolve("scores.jsonl")).replace("\"seed\":1}", "\"seed\":42}"));
  }

  @Test
  void count_belowTheTable_isRefused() {
    CommandRun.of("demo", "--count", 9, "--out", folder.resolve("demo"))
        .assertRefused("--count is 9", "at least 10");
    assertEquals(List.of(), CommandRun.names(folder));
  }

  @Test
  void out_aFile_isRefusedBeforeAnythingIsScored() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "kept");
    CommandRun run = CommandRun.of("demo", "--out", file);
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertTrue(run.err().contains(file + " is no folder; name another with --out"), run.err());
    assertEquals("kept", Files.readString(file));
  }

  @Test
  void passes_zero_areRefused() {
    CommandRun.of("demo", "--passes", 0, "--out", folder.resolve("demo"))
        .assertRefused("passes is 0", "at least 1");
    assertEquals(List.of(), CommandRun.names(folder));
  }

  @Test
  void defaultCount_entropySeparatesBetterThanSoftmax() {
    CommandRun run = CommandRun.done("demo", "--out", folder);
    assertTrue(run.out().contains("600 pictures of each kind"), run.out());
    double softmax = auroc(SOFTMAX, run);
    double entropy = auroc(ENTROPY, run);
    assertTrue(entropy > softmax, () -> "entropy " + entropy + ", softmax " + softmax);
    assertTrue(entropy > 0.9, () -> "entropy " + entropy);
  }
}
