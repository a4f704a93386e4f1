package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/** What numbers of passes cost and give. */
class SweepCommandTest {

  private static final int ROWS = 60;

  @TempDir Path folder;
  private Path model;
  private Path input;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.of(folder.resolve("model"), TFloat32.class, -1, 4);
    input = folder.resolve("rows.jsonl");
    out = folder.resolve("sweep");
    SplittableRandom random = new SplittableRandom(5);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ROWS; i++) {
      List<Double> row = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        row.add(4 * random.nextDouble() - 2);
      }
      lines.append("{\"x\": ").append(row).append("}\n");
    }
    Files.writeString(input, lines);
  }

  private CommandRun run(Object... options) {
    List<Object> all = new ArrayList<>(List.of("sweep", "--model", model, "--input", input));
    all.addAll(List.of("--out", out));
    all.addAll(List.of(options));
    return CommandRun.of(all.toArray());
  }

  @Test
  void points_areThoseOfScoreWithAsManyPasses() throws IOException {
    CommandRun run = run("--passes", "50,5,200", "--goal", ".9");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode json = new ObjectMapper().readTree(out.resolve("sweep.json").toFile());
    assertEquals("credence.sweep/1", json.get("schema").textValue());
    assertEquals("mutualInformation", json.get("measure").textValue());
    assertEquals(ROWS, json.get("inputs").intValue());
    double[] reference = values(200, ~42L);
    int[] passes = {5, 50, 200};
    double before = -1;
    for (int i = 0; i < 3; i++) {
      JsonNode point = json.get("points").get(i);
      assertEquals(passes[i], point.get("passes").intValue());
      double[] own = values(passes[i], 42);
      assertEquals(
          new SpearmansCorrelation().correlation(own, reference),
          point.get("rankCorrelation").doubleValue(),
          1e-12);
      assertTrue(point.get("rankCorrelation").doubleValue() > before, json::toString);
      before = point.get("rankCorrelation").doubleValue();
      assertEquals(overlap(own, reference), point.get("topOverlap").doubleValue(), 1e-12);
      assertTrue(point.get("inputsPerSecond").doubleValue() > 0);
      assertTrue(
          point.get("meanStandardError").doubleValue()
              <= point.get("largestStandardError").doubleValue());
    }
    List<String> csv = Files.readAllLines(out.resolve("sweep.csv"));
    assertEquals(4, csv.size());
    assertTrue(csv.get(0).startsWith("passes,inputsPerSecond,"), csv.get(0));
    assertTrue(csv.get(3).startsWith("200,"), csv.get(3));
    BufferedImage picture = ImageIO.read(out.resolve("sweep.png").toFile());
    assertEquals(900, picture.getWidth());
    assertTrue(run.out().contains("mutualInformation of 60 inputs"), run.out());
    int recommended = json.get("recommendedPasses").intValue();
    assertTrue(run.out().contains(recommended + " passes are the fewest"), run.out());
  }

  /** Another program's way to the same numbers: score, line by line. */
  private double[] values(int passes, long seed) {
    Path file = folder.resolve("s" + passes + "_" + seed + ".jsonl");
    CommandRun.done(
        "score",
        "--model",
        model,
        "--input",
        input,
        "--passes",
        passes,
        "--seed",
        seed,
        "--out",
        file);
    return CommandRun.rows(file).stream()
        .mapToDouble(row -> row.get("mutualInformation").doubleValue())
        .toArray();
  }

  private static double overlap(double[] own, double[] reference) {
    int both = 0;
    for (int i = 0; i < ROWS; i++) {
      both += rank(own, i) < ROWS / 10 && rank(reference, i) < ROWS / 10 ? 1 : 0;
    }
    return both / (ROWS / 10.0);
  }

  private static int rank(double[] values, int index) {
    int above = 0;
    for (int i = 0; i < values.length; i++) {
      above += values[i] > values[index] || (values[i] == values[index] && i < index) ? 1 : 0;
    }
    return above;
  }

  @Test
  void labels_addErrorRateAndCalibrationError_asScoreTellsThem() throws IOException {
    Path labels = folder.resolve("labels.txt");
    Files.writeString(labels, "0\n1\n1\n".repeat(ROWS / 3));
    CommandRun run = run("--passes", "5,20", "--labels", labels);
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("error rate"), run.out());
    JsonNode points = new ObjectMapper().readTree(out.resolve("sweep.json").toFile()).get("points");
    for (int i = 0; i < 2; i++) {
      JsonNode summary =
          CommandRun.json(
              CommandRun.of(
                      "score",
                      "--model",
                      model,
                      "--input",
                      input,
                      "--labels",
                      labels,
                      "--passes",
                      i == 0 ? 5 : 20,
                      "--out",
                      folder.resolve("scored" + i + ".jsonl"),
                      "--json")
                  .out());
      for (String field : List.of("errorRate", "expectedCalibrationError")) {
        assertEquals(
            summary.get(field).doubleValue(), points.get(i).get(field).doubleValue(), 1e-12);
      }
    }
    assertTrue(Files.readString(out.resolve("sweep.csv")).contains("expectedCalibrationError"));
  }

  @Test
  void labels_tooFewOrNoClass_areRefused() throws IOException {
    Path labels = folder.resolve("labels.txt");
    Files.writeString(labels, "0\n1\n");
    CommandRun run = run("--passes", "5,20", "--labels", labels);
    assertEquals(2, run.exitCode(), run.out());
    assertTrue(run.err().contains("more rows"), run.err());
    Files.writeString(labels, "0\n9\n".repeat(ROWS / 2));
    run = run("--passes", "5,20", "--labels", labels);
    assertEquals(2, run.exitCode(), run.out());
    assertFalse(Files.exists(out));
  }

  @Test
  void goal_thatNoneReaches_isSaid() throws IOException {
    CommandRun run = run("--passes", "3,4", "--goal", "1", "--limit", "30", "--top", ".5");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().contains("no number reaches a rank correlation of 1.0"), run.out());
    JsonNode json = new ObjectMapper().readTree(out.resolve("sweep.json").toFile());
    assertEquals(30, json.get("inputs").intValue());
    assertFalse(json.has("recommendedPasses"));
  }

  @Test
  void regressor_isMeasuredByItsDeviation() throws IOException {
    Path logits = TinyModels.logits(folder.resolve("logits"));
    CommandRun run =
        CommandRun.of(
            "sweep",
            "--model",
            logits,
            "--input",
            input,
            "--out",
            out,
            "--output-kind",
            "MEAN",
            "--passes",
            "5,20");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode json = new ObjectMapper().readTree(out.resolve("sweep.json").toFile());
    assertEquals("epistemicStandardDeviation", json.get("measure").textValue());
  }

  @Test
  void badOptions_areRefused_andNothingIsWritten() throws IOException {
    assertRefused(
        "--passes is [5]; name at least two different numbers, each at least 1, as in 10,50,200",
        "--passes",
        "5");
    assertRefused(
        "--passes is [0, 5]; name at least two different numbers, each at least 1, as in"
            + " 10,50,200",
        "--passes",
        "0,5");
    assertRefused("--goal is 0.0; it must be above 0 and at most 1", "--goal", "0");
    assertRefused("--top is 1.5; it must be above 0 and at most 1", "--top", "1.5");
    assertRefused("--limit is 1; it must be at least 2", "--limit", "1");
    Files.writeString(input, "{\"x\": [1, 2, 3, 4]}\n");
    assertRefused(
        input + " holds fewer than two rows, and no ranks; give some hundreds of inputs",
        "--passes",
        "5,6");
  }

  private void assertRefused(String message, Object... options) {
    CommandRun run = run(options);
    assertEquals(2, run.exitCode(), run.out());
    assertEquals("credence: " + message, run.err().strip());
    assertFalse(Files.exists(out));
  }
}
