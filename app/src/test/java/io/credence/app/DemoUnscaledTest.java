package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.models.BundledModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on forty pictures of each kind, scaled as in training and with 1/255 forgotten. */
class DemoUnscaledTest {

  private static final int COUNT = 40;

  private static CommandRun demo;
  private static List<JsonNode> scaled;
  private static List<JsonNode> unscaled;
  @TempDir private static Path out;
  @TempDir Path folder;

  @BeforeAll
  static void run() {
    demo = CommandRun.done("demo", "--unscaled", "--count", COUNT, "--out", out);
    scaled = CommandRun.rows(out.resolve("scores.jsonl"));
    unscaled = CommandRun.rows(out.resolve("scores-unscaled.jsonl"));
  }

  /** The text without the places where lines were broken. */
  private static String text() {
    return demo.out().lines().map(String::strip).collect(Collectors.joining(" "));
  }

  private static void assertRow(String name, String format, double first, double second) {
    String pattern = name + " +" + format + " +" + format;
    String row = String.format(Locale.ROOT, pattern, first, second);
    assertTrue(demo.out().lines().anyMatch(line -> line.matches(row)), () -> row + demo.out());
  }

  /** By counting pairs: the share in which the picture of no digit scores higher. */
  private static double auroc(List<JsonNode> rows, String field, int sign) {
    double won = 0;
    for (JsonNode digit : rows.subList(0, COUNT)) {
      for (JsonNode other : rows.subList(COUNT, 2 * COUNT)) {
        double lead = sign * (other.get(field).doubleValue() - digit.get(field).doubleValue());
        won += lead > 0 ? 1 : lead == 0 ? 0.5 : 0;
      }
    }
    return won / (COUNT * COUNT);
  }

  /** The mean over the pictures with no digit. */
  private static double mean(List<JsonNode> rows, ToDoubleFunction<JsonNode> value) {
    return rows.subList(COUNT, 2 * COUNT).stream().mapToDouble(value).average().orElseThrow();
  }

  @Test
  void scaledScores_areThoseOfThePlainDemo() throws IOException {
    CommandRun.done("demo", "--count", COUNT, "--out", folder);
    assertEquals(CommandRun.rows(folder.resolve("scores.jsonl")), scaled);
    assertEquals("", demo.err());
    assertEquals(
        List.of(
            "contact-sheet.png",
            "pictures",
            "scores-unscaled.jsonl",
            "scores.jsonl",
            "unscaled.png"),
        CommandRun.names(out));
  }

  @Test
  void unscaledScores_areThoseThatScoreGivesWithScaleOne() {
    try (BundledModel model = BundledModel.streetDigits()) {
      CommandRun run =
          CommandRun.of(
              "score",
              "--model",
              model.folder(),
              "--input",
              out.resolve("pictures"),
              "--scale",
              1,
              "--out",
              folder.resolve("s.jsonl"));
      assertEquals(0, run.exitCode(), run.err());
      List<JsonNode> again = CommandRun.rows(folder.resolve("s.jsonl"));
      assertEquals(20, again.size());
      for (JsonNode row : again) {
        String id = row.get("id").textValue().replace(".png", "");
        JsonNode before =
            unscaled.stream()
                .filter(r -> r.get("id").textValue().equals(id))
                .findFirst()
                .orElseThrow();
        assertEquals(
            before.get("mutualInformation").doubleValue(),
            row.get("mutualInformation").doubleValue(),
            1e-4,
            id);
      }
    }
  }

  @Test
  void strict_refusesThePictures_asIsTold() {
    try (BundledModel model = BundledModel.streetDigits()) {
      CommandRun.of(
              "score",
              "--model",
              model.folder(),
              "--input",
              out.resolve("pictures"),
              "--scale",
              1,
              "--strict")
          .assertRefused("multiply them by 1/255");
    }
    assertTrue(
        text()
            .contains(
                "which --strict refuses: input \"image\" holds values in [0, 255], but the model was"
                    + " trained on [0, 1]: these look like 0–255 pixels that were not rescaled"),
        text());
  }

  @Test
  void rows_holdBothScoresOfTheSamePicture() {
    for (int i : List.of(0, 4, COUNT, COUNT + 4)) {
      String id = scaled.get(i).get("id").textValue();
      assertEquals(id, unscaled.get(i).get("id").textValue());
      String shown =
          demo.out().lines().filter(line -> line.startsWith(id)).findFirst().orElseThrow();
      String numbers = cells(scaled.get(i)) + " +" + cells(unscaled.get(i));
      assertTrue(shown.matches(id + " +" + numbers), () -> numbers + " not in: " + shown);
    }
  }

  private static String cells(JsonNode row) {
    String answer =
        row.get("answered").booleanValue() ? row.get("predictedLabel").textValue() : "\\?";
    return String.format(
        Locale.ROOT,
        "%.4f +%.4f +%.4f +%.4f +%s",
        row.get("softmaxOfOnePass").doubleValue(),
        row.get("maxProbability").doubleValue(),
        row.get("predictiveEntropy").doubleValue(),
        row.get("mutualInformation").doubleValue(),
        answer);
  }

  @Test
  void totals_areThoseOfTheScores() {
    ToDoubleFunction<JsonNode> certain =
        row -> row.get("softmaxOfOnePass").doubleValue() > 0.99 ? 100 : 0;
    ToDoubleFunction<JsonNode> answered = row -> row.get("answered").booleanValue() ? 100 : 0;
    ToDoubleFunction<JsonNode> entropy = row -> row.get("expectedEntropy").doubleValue();
    ToDoubleFunction<JsonNode> information = row -> row.get("mutualInformation").doubleValue();
    assertRow(
        "no digit, softmax of one pass above 0.99",
        "%.1f %%",
        mean(scaled, certain),
        mean(unscaled, certain));
    assertRow("no digit, answered", "%.1f %%", mean(scaled, answered), mean(unscaled, answered));
    assertRow(
        "no digit, mean expected entropy", "%.4f", mean(scaled, entropy), mean(unscaled, entropy));
    assertRow(
        "no digit, mean mutual information",
        "%.4f",
        mean(scaled, information),
        mean(unscaled, information));
    String[][] measures = {
      {"max softmax of one pass", "softmaxOfOnePass"},
      {"max mean probability", "maxProbability"},
      {"predictive entropy", "predictiveEntropy"},
      {"mutual information", "mutualInformation"}
    };
    for (String[] measure : measures) {
      int sign = measure[0].startsWith("max") ? -1 : 1;
      assertRow(
          "AUROC, " + measure[0],
          "%.4f",
          auroc(scaled, measure[1], sign),
          auroc(unscaled, measure[1], sign));
    }
  }

  @Test
  void digits_areRecognisedEitherWay() {
    double[] right = new double[2];
    for (int i = 0; i < COUNT; i++) {
      String truth = scaled.get(i).get("id").textValue().replaceAll(".*-", "");
      right[0] += truth.equals(scaled.get(i).get("predictedLabel").textValue()) ? 100.0 / COUNT : 0;
      right[1] +=
          truth.equals(unscaled.get(i).get("predictedLabel").textValue()) ? 100.0 / COUNT : 0;
    }
    assertRow("digits recognised", "%.1f %%", right[0], right[1]);
    String first = String.format(Locale.ROOT, "recognises %.1f %% of the digits", right[1]);
    assertTrue(text().contains(first), text());
  }

  @Test
  void softmax_unscaled_knowsNothing_andPassesStillDo() {
    assertTrue(auroc(scaled, "softmaxOfOnePass", -1) > 0.9);
    assertTrue(auroc(unscaled, "softmaxOfOnePass", -1) < 0.7);
    assertTrue(auroc(unscaled, "mutualInformation", 1) > 0.9);
    String second =
        String.format(
            Locale.ROOT,
            "the AUROC of its softmax is %.3f instead of %.3f",
            auroc(unscaled, "softmaxOfOnePass", -1),
            auroc(scaled, "softmaxOfOnePass", -1));
    assertTrue(text().contains(second), text());
    String third =
        String.format(
            Locale.ROOT,
            "mutual information is %.3f nats instead of %.3f, and its AUROC %.3f",
            mean(unscaled, row -> row.get("mutualInformation").doubleValue()),
            mean(scaled, row -> row.get("mutualInformation").doubleValue()),
            auroc(unscaled, "mutualInformation", 1));
    assertTrue(text().contains(third), text());
  }

  @Test
  void sheet_showsTheSamePicturesTwice_andOtherCharts() throws IOException {
    BufferedImage sheet = ImageIO.read(out.resolve("unscaled.png").toFile());
    int right = DemoDrawing.RIGHT - DemoDrawing.MARGIN;
    int[] left = sheet.getRGB(36, 118, 600, 80, null, 0, 600);
    assertTrue(Arrays.stream(left).distinct().count() > 1000);
    for (int tile = 0; tile < 6; tile++) {
      int x = 36 + 104 * tile;
      assertEquals(
          Arrays.hashCode(sheet.getRGB(x, 118, 80, 80, null, 0, 80)),
          Arrays.hashCode(sheet.getRGB(x + right, 118, 80, 80, null, 0, 80)),
          "tile " + tile);
    }
    int[] charts = sheet.getRGB(36, 426, 600, 90, null, 0, 600);
    int[] others = sheet.getRGB(36 + right, 426, 600, 90, null, 0, 600);
    assertTrue(!Arrays.equals(charts, others));
  }
}
