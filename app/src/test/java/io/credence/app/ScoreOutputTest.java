package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.models.BundledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scoring writes, and where. */
class ScoreOutputTest {

  private static final Set<String> FIELDS =
      Set.of(
          "schema",
          "id",
          "predictedClass",
          "predictedLabel",
          "maxProbability",
          "predictiveEntropy",
          "expectedEntropy",
          "mutualInformation",
          "variationRatio",
          "margin",
          "meanStandardDeviation",
          "voteEntropy",
          "disagreement",
          "meanProbabilities",
          "variances",
          "samples",
          "standardError",
          "plan");

  private static BundledModel model;
  @TempDir Path folder;
  private Path input;
  private Path out;

  @BeforeAll
  static void unpack() {
    model = BundledModel.streetDigits();
  }

  @AfterAll
  static void remove() {
    model.close();
  }

  @BeforeEach
  void write() throws IOException {
    input = DigitInputs.float32(folder.resolve("digits.npy"));
    out = folder.resolve("results").resolve("s.jsonl");
  }

  private CommandRun run(Path scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model.folder()));
    args.addAll(List.of("--input", scored, "--passes", 7));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray());
  }

  private byte[] bytes(Object... options) throws IOException {
    Object[] all = new Object[options.length + 2];
    all[0] = "--out";
    all[1] = out;
    System.arraycopy(options, 0, all, 2, options.length);
    assertEquals(0, run(input, all).exitCode());
    return Files.readAllBytes(out);
  }

  @Test
  void line_holdsEveryMeasureAndThePlan() {
    assertEquals(0, run(input, "--out", out, "--seed", 5).exitCode());
    List<JsonNode> rows = CommandRun.rows(out);
    assertEquals(DigitInputs.COUNT, rows.size());
    for (JsonNode row : rows) {
      Set<String> names = new TreeSet<>();
      row.fieldNames().forEachRemaining(names::add);
      assertEquals(new TreeSet<>(FIELDS), names);
      assertEquals("credence.score/1", row.get("schema").textValue());
      assertEquals(7, row.get("plan").get("passes").intValue());
      assertEquals(5, row.get("plan").get("seed").intValue());
      assertEquals(10, row.get("meanProbabilities").size());
      assertEquals(10, row.get("variances").size());
      double sum = 0;
      for (JsonNode probability : row.get("meanProbabilities")) {
        sum += probability.doubleValue();
      }
      assertEquals(1, sum, 1e-6);
    }
  }

  @Test
  void summary_ofPeople_namesCountsUnitsAndFile() {
    CommandRun run = run(input, "--out", out);
    assertEquals("", run.err());
    assertTrue(run.out().startsWith("6 inputs scored with 7 passes, seed 42"), run.out());
    assertTrue(run.out().contains("mean predictive entropy"), run.out());
    assertTrue(run.out().contains(" nats"), run.out());
    assertTrue(run.out().contains("written to " + out), run.out());
  }

  @Test
  void summary_json_holdsTheMeansOfTheLines() {
    JsonNode summary = CommandRun.json(run(input, "--out", out, "--json").out());
    List<JsonNode> rows = CommandRun.rows(out);
    assertEquals("credence.summary/1", summary.get("schema").textValue());
    assertEquals(DigitInputs.COUNT, summary.get("inputs").intValue());
    assertEquals(0, summary.get("skipped").intValue());
    assertEquals(
        mean(rows, "predictiveEntropy"), summary.get("meanPredictiveEntropy").doubleValue(), 1e-12);
    assertEquals(
        mean(rows, "mutualInformation"), summary.get("meanMutualInformation").doubleValue(), 1e-12);
    assertEquals(
        mean(rows, "maxProbability"), summary.get("meanMaxProbability").doubleValue(), 1e-12);
    assertEquals(7, summary.get("plan").get("passes").intValue());
    assertEquals(42, summary.get("plan").get("seed").intValue());
    assertTrue(summary.path("warning").isMissingNode());
  }

  private static double mean(List<JsonNode> rows, String field) {
    return rows.stream().mapToDouble(row -> row.get(field).doubleValue()).average().orElseThrow();
  }

  @Test
  void sameSeed_sameBytes() throws IOException {
    assertArrayEquals(bytes("--seed", 1), bytes("--seed", 1));
  }

  @Test
  void otherSeed_otherScores() throws IOException {
    bytes("--seed", 1);
    double first = CommandRun.rows(out).get(0).get("predictiveEntropy").doubleValue();
    bytes("--seed", 2);
    assertNotEquals(first, CommandRun.rows(out).get(0).get("predictiveEntropy").doubleValue());
  }

  @Test
  void withoutOut_linesGoToStandardOutputAndTheSummaryElsewhere() throws IOException {
    byte[] written = bytes();
    CommandRun run = run(input);
    assertEquals(new String(written, java.nio.charset.StandardCharsets.UTF_8), run.out());
    run.assertSays("6 inputs scored with 7 passes");
    assertEquals(6, CommandRun.json(run(input, "--json").err()).get("inputs").intValue());
  }

  @Test
  void out_inANewFolder_isMadeAndNothingElse() throws IOException {
    bytes();
    assertEquals(List.of("s.jsonl"), CommandRun.names(out.getParent()));
  }

  @Test
  void out_thereAlready_isReplacedOnSuccess() throws IOException {
    Files.createDirectories(out.getParent());
    Files.writeString(out, "old\n".repeat(100_000));
    bytes();
    assertEquals(DigitInputs.COUNT, CommandRun.rows(out).size());
    assertEquals(List.of("s.jsonl"), CommandRun.names(out.getParent()));
  }

  @Test
  void out_thereAlready_isKeptOnFailure() throws IOException {
    Files.createDirectories(out.getParent());
    Files.writeString(out, "old");
    Path half = folder.resolve("half.jsonl");
    Files.writeString(half, Files.readString(DigitInputs.jsonLines(half, true)) + "{broken\n");
    run(half, "--out", out).assertRefused("line 7, is no JSON");
    assertEquals("old", Files.readString(out));
    assertEquals(List.of("s.jsonl"), CommandRun.names(out.getParent()));
  }

  @Test
  void uint8Npy_warnsOfUnscaledPixelsOnce() throws IOException {
    CommandRun run = run(DigitInputs.uint8(folder.resolve("x.npy")), "--out", out, "--json");
    assertEquals(0, run.exitCode(), run::toString);
    run.assertSays(
        "warning: ",
        "input \"image\" holds values in [",
        ", 247]",
        "trained on [0, 1]",
        "0–255 pixels that were not rescaled",
        "multiply them by 1/255");
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(CommandRun.json(run.out()).get("warning").textValue().contains("trained on [0, 1]"));
    assertEquals(DigitInputs.COUNT, CommandRun.rows(out).size());
  }

  @Test
  void uint8Npy_strict_isRefusedWithoutOutput() throws IOException {
    Path pixels = DigitInputs.uint8(folder.resolve("x.npy"));
    CommandRun.refusedScore(folder, "--model", model.folder(), "--input", pixels, "--strict")
        .assertSays(", 247]", "trained on [0, 1]", "multiply them by 1/255");
  }

  @Test
  void out_theInputItself_isRefusedAndKept() throws IOException {
    byte[] before = Files.readAllBytes(input);
    run(input, "--out", input)
        .assertRefused("--out is " + input + ", which is read", "another file");
    assertArrayEquals(before, Files.readAllBytes(input));
  }

  @Test
  void out_aLink_keepsTheLink() throws IOException {
    Path real = Files.writeString(folder.resolve("real.jsonl"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), real);
    assertEquals(0, run(input, "--out", link).exitCode());
    assertTrue(Files.isSymbolicLink(link));
    assertTrue(Files.readString(real).startsWith("{\"schema\""));
  }

  @Test
  void out_dash_isStandardOutput() {
    assertEquals(run(input).out(), run(input, "--out", "-").out());
  }

  @Test
  void standardOutput_thatFails_stopsWithItsOwnExitCode() {
    java.io.PrintStream before = System.out;
    System.setOut(
        new java.io.PrintStream(java.io.OutputStream.nullOutputStream()) {
          @Override
          public boolean checkError() {
            return true;
          }
        });
    try {
      int code =
          CredenceCommand.run(
              "score", "--model", model.folder().toString(), "--input", input.toString());
      assertEquals(CredenceCommand.OUTPUT_FAILED, code);
    } finally {
      System.setOut(before);
    }
  }
}
