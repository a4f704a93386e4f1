package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.types.TFloat32;

/** A calibration that the command fits is the one of greatest likelihood, and score applies it. */
class CalibrateCommandTest {

  private static final int ROWS = 120;

  @TempDir Path folder;
  private Path model;
  private Path input;
  private Path labels;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    model = TinyModels.of(folder.resolve("model"), TFloat32.class, -1, 4);
    input = folder.resolve("rows.jsonl");
    labels = folder.resolve("labels.txt");
    out = folder.resolve("calibration");
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
    // Right three times in four, and one of the others else.
    StringBuilder classes = new StringBuilder();
    for (JsonNode row : score("plain.jsonl")) {
      int predicted = row.get("predictedClass").intValue();
      int other = random.nextInt(row.get("meanProbabilities").size());
      classes.append(random.nextInt(4) > 0 ? predicted : other).append('\n');
    }
    Files.writeString(labels, classes);
  }

  private List<JsonNode> score(String name, Object... options) {
    Path file = folder.resolve(name);
    List<Object> all = new ArrayList<>(List.of("score", "--model", model, "--input", input));
    all.addAll(List.of("--out", file, "--passes", 20));
    all.addAll(List.of(options));
    CommandRun.done(all.toArray());
    return CommandRun.rows(file);
  }

  private CommandRun run(Object... options) {
    List<Object> all = new ArrayList<>(List.of("calibrate", "--model", model, "--input", input));
    all.addAll(List.of("--labels", labels, "--out", out, "--passes", 20));
    all.addAll(List.of(options));
    return CommandRun.of(all.toArray());
  }

  private JsonNode calibration() throws IOException {
    return new ObjectMapper().readTree(out.resolve("calibration.json").toFile());
  }

  /** softmax(ln p / T), by another way than the library's. */
  private static double[] scaled(JsonNode probabilities, double temperature) {
    double[] scaled = new double[probabilities.size()];
    double sum = 0;
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] = Math.pow(probabilities.get(k).doubleValue(), 1 / temperature);
      sum += scaled[k];
    }
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] /= sum;
    }
    return scaled;
  }

  private double loss(List<JsonNode> rows, double temperature) throws IOException {
    List<String> classes = Files.readAllLines(labels);
    double loss = 0;
    for (int i = 0; i < ROWS; i++) {
      double[] p = scaled(rows.get(i).get("meanProbabilities"), temperature);
      loss -= Math.log(p[Integer.parseInt(classes.get(i))]) / ROWS;
    }
    return loss;
  }

  @Test
  void temperature_hasTheGreatestLikelihood_andScoreAppliesIt() throws IOException {
    CommandRun run = run();
    assertEquals(0, run.exitCode(), run.err());
    double temperature = calibration().get("temperature").doubleValue();
    List<JsonNode> rows = score("plain.jsonl");
    double least = loss(rows, temperature);
    assertTrue(least < loss(rows, temperature * 1.01));
    assertTrue(least < loss(rows, temperature / 1.01));
    assertTrue(least < loss(rows, 1) - 1e-3, "nothing to calibrate");
    assertEquals(
        least, calibration().at("/heldOut/negativeLogLikelihoodAfter").doubleValue(), 1e-9);
    assertTrue(run.out().contains("temperature scaling of 120 inputs"), run.out());
    assertTrue(run.out().contains("expected calibration error"), run.out());
    assertEquals(970, ImageIO.read(out.resolve("reliability.png").toFile()).getWidth());

    List<JsonNode> calibrated =
        score("calibrated.jsonl", "--calibration", out.resolve("calibration.json"));
    for (int i = 0; i < ROWS; i++) {
      double[] expected = scaled(rows.get(i).get("meanProbabilities"), temperature);
      JsonNode told = calibrated.get(i).get("calibratedProbabilities");
      for (int k = 0; k < expected.length; k++) {
        assertEquals(expected[k], told.get(k).doubleValue(), 1e-12);
      }
      assertEquals(
          rows.get(i).get("predictedClass"), calibrated.get(i).get("calibratedClass"), "class");
      assertEquals(
          rows.get(i).get("mutualInformation"), calibrated.get(i).get("mutualInformation"));
    }
  }

  @Test
  void vector_hasAsManyNumbersAsClasses() throws IOException {
    CommandRun run = run("--scaling", "vector");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals("VECTOR", calibration().get("scaling").textValue());
    assertEquals(calibration().get("classes").intValue(), calibration().get("weights").size());
  }

  @Test
  void calibrationOfAnotherModel_isRefused_withBothNames() throws IOException {
    assertEquals(0, run().exitCode());
    Path other = TinyModels.logits(folder.resolve("other"));
    CommandRun run =
        CommandRun.of(
            "score",
            "--model",
            other,
            "--output-kind",
            "LOGITS",
            "--input",
            input,
            "--calibration",
            out.resolve("calibration.json"));
    assertEquals(2, run.exitCode(), run.out());
    assertTrue(run.err().contains(calibration().get("model").textValue()), run.err());
  }

  @Test
  void thresholdForARisk_isTheOneOfMostAnswers_andScoreAppliesIt() throws IOException {
    CommandRun run = run("--risk", 0.2, "--abstain-by", "maxProbability");
    assertEquals(0, run.exitCode(), run.err());
    JsonNode rule = calibration().get("abstention");
    double threshold = rule.get("threshold").doubleValue();
    List<String> classes = Files.readAllLines(labels);
    List<JsonNode> rows =
        score(
            "decided.jsonl",
            "--calibration",
            out.resolve("calibration.json"),
            "--labels",
            labels,
            "--measures",
            "maxProbability");
    int answered = 0;
    int wrong = 0;
    for (int i = 0; i < ROWS; i++) {
      boolean sure = rows.get(i).get("maxProbability").doubleValue() >= threshold;
      assertEquals(sure, rows.get(i).get("answered").booleanValue());
      answered += sure ? 1 : 0;
      boolean right =
          rows.get(i).get("predictedClass").intValue() == Integer.parseInt(classes.get(i));
      wrong += sure && !right ? 1 : 0;
      assertEquals(
          sure ? "" : "maxProbability is " + rows.get(i).get("maxProbability") + ", below ",
          rows.get(i).path("reason").asText().replace("" + threshold, ""));
    }
    assertEquals((double) answered / ROWS, rule.get("coverage").doubleValue());
    assertEquals((double) wrong / answered, rule.get("risk").doubleValue());
    assertTrue((double) wrong / answered <= 0.2);
    // Every looser threshold errs more often.
    for (JsonNode looser : rows) {
      double at = looser.get("maxProbability").doubleValue();
      if (at < threshold) {
        assertTrue(risk(rows, classes, at) > 0.2, "at " + at);
      }
    }
    assertTrue(run.out().contains("\"don't know\" where maxProbability is below"), run.out());
    assertTrue(run.out().contains("by the threshold of the other half"), run.out());
  }

  private static double risk(List<JsonNode> rows, List<String> classes, double threshold) {
    int answered = 0;
    int wrong = 0;
    for (int i = 0; i < ROWS; i++) {
      if (rows.get(i).get("maxProbability").doubleValue() >= threshold) {
        answered++;
        wrong += rows.get(i).get("predictedClass").asText().equals(classes.get(i)) ? 0 : 1;
      }
    }
    return (double) wrong / answered;
  }

  @Test
  void attachedCalibration_goesWithTheModel() throws IOException {
    List<JsonNode> before = score("before.jsonl");
    assertFalse(before.get(0).has("calibratedProbabilities"));
    CommandRun run = run("--coverage", 0.8, "--attach");
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(20, calibration().get("passes").intValue());
    List<JsonNode> told = score("told.jsonl", "--calibration", out.resolve("calibration.json"));
    assertEquals(told, score("carried.jsonl"));
    assertEquals(96, told.stream().filter(row -> row.get("answered").booleanValue()).count());
    CommandRun summary =
        CommandRun.of(
            "score",
            "--model",
            model,
            "--input",
            input,
            "--labels",
            labels,
            "--passes",
            20,
            "--json",
            "--out",
            folder.resolve("s.jsonl"));
    JsonNode json = new ObjectMapper().readTree(summary.out());
    assertEquals(96, json.get("answered").intValue());
    assertEquals(
        calibration().at("/abstention/risk").doubleValue(),
        json.get("errorRateOfAnswered").doubleValue());

    assertFalse(json.has("notes"), summary.out());
    assertEquals(
        calibration().at("/heldOut/negativeLogLikelihoodAfter").doubleValue(),
        json.at("/calibrated/negativeLogLikelihood").doubleValue(),
        1e-12);
    assertEquals(json.get("errorRate"), json.at("/calibrated/errorRate"));
    CommandRun few = CommandRun.of("score", "--model", model, "--input", input, "--passes", 5);
    assertTrue(
        few.err().contains("was fitted on the mean of 20 passes, and is applied to the mean of 5"),
        few.err());

    Files.copy(
        model.resolve("credence.json"),
        TinyModels.logits(folder.resolve("other")).resolve("credence.json"));
    CommandRun other =
        CommandRun.of(
            "score",
            "--model",
            folder.resolve("other"),
            "--output-kind",
            "LOGITS",
            "--input",
            input);
    assertEquals(2, other.exitCode(), other.out());
    assertTrue(other.err().contains("calibrates the model sha256:"), other.err());
  }

  @Test
  void doubtfulInputs_areWarnedOf_andRefusedOnesNamed() throws IOException {
    CommandRun run = run("--input-range", "5,6");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.err().contains("warning: input \"x\" holds values"), run.err());
    Files.delete(out.resolve("calibration.json"));
    assertRefused(input + ", from row \"1\" on: ", "--input-range", "5,6", "--strict");
  }

  @Test
  void badAbstention_isRefused_andNothingIsWritten() {
    assertRefused("a threshold is for one of [coverage, risk]", "--risk", 0.1, "--coverage", 0.5);
    assertRefused("the risk asked for is 3.0; it is a share, within 0-1", "--risk", 3);
    assertRefused("add --coverage, --risk or --false-alarm-rate", "--abstain-by", "margin");
    assertRefused("there is no measure \"doubt\"", "--abstain-by", "doubt", "--risk", 0.1);
    assertRefused("120 inputs cannot promise", "--false-alarm-rate", 0.001);
  }

  @Test
  void badInput_isRefused_andNothingIsWritten() throws IOException {
    Files.writeString(labels, "0\n1\n");
    assertRefused("more rows");
    Files.writeString(labels, "0\n".repeat(ROWS + 1));
    assertRefused("121");
    Files.writeString(labels, "77\n".repeat(ROWS));
    assertRefused("77");
    StringBuilder right = new StringBuilder();
    score("plain.jsonl").forEach(row -> right.append(row.get("predictedClass")).append('\n'));
    Files.writeString(labels, right);
    assertRefused("are answered right");
    assertRefused("expected one of [TEMPERATURE, VECTOR, MATRIX]", "--scaling", "affine");
    CommandRun none =
        CommandRun.of(
            "score", "--model", model, "--input", input, "--calibration", folder.resolve("none"));
    assertEquals(2, none.exitCode());
    assertTrue(none.err().contains("which is no file"), none.err());
  }

  private void assertRefused(String part, Object... options) {
    CommandRun run = run(options);
    assertEquals(2, run.exitCode(), run.out());
    assertTrue(run.err().contains(part), run.err());
    assertFalse(Files.exists(out.resolve("calibration.json")));
  }
}
