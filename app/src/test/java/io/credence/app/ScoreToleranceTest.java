package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** {@code --tolerance}: each input takes as many passes as it needs. */
class ScoreToleranceTest extends ToleranceScores {

  @Test
  void line_tellsThePassesItTookAndTheRule() {
    run(model, input, "--tolerance", TOLERANCE, "--passes", 300, "--min-passes", 30);
    TreeSet<Integer> taken = new TreeSet<>();
    for (JsonNode row : CommandRun.rows(out)) {
      int passes = row.get("samples").intValue();
      taken.add(passes);
      assertTrue(30 <= passes && passes <= 300, row::toString);
      assertTrue(error(row, "mutualInformation") <= TOLERANCE || passes == 300, row::toString);
      assertEquals(
          "{\"passes\":300,\"seed\":42,\"masks\":\"SHARED\",\"untilStandardError\":"
              + "{\"measure\":\"mutualInformation\",\"tolerance\":0.02,\"minPasses\":30}}",
          row.get("plan").toString());
    }
    assertTrue(taken.size() > 1, taken::toString);
  }

  @Test
  void line_isThatOfSoManyPasses() {
    run(model, input, "--tolerance", TOLERANCE, "--passes", 300);
    List<JsonNode> adaptive = CommandRun.rows(out);
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = adaptive.get(n);
      run(model, input, "--passes", row.get("samples").intValue());
      JsonNode fixed = CommandRun.rows(out).get(n);
      assertEquals(CommandRun.fields(fixed), CommandRun.fields(row));
      for (String measure : CommandRun.fields(row.get("standardError"))) {
        assertEquals(
            fixed.get(measure).doubleValue(), row.get(measure).doubleValue(), 1e-5, measure);
        assertEquals(error(fixed, measure), error(row, measure), 1e-5, measure);
      }
    }
  }

  @Test
  void sameSeed_sameBytes_otherSeed_others() throws IOException {
    run(model, input, "--tolerance", TOLERANCE);
    byte[] first = Files.readAllBytes(out);
    run(model, input, "--tolerance", TOLERANCE);
    assertArrayEquals(first, Files.readAllBytes(out));
    run(model, input, "--tolerance", TOLERANCE, "--seed", 7);
    assertNotEquals(
        CommandRun.rows(new String(first, java.nio.charset.StandardCharsets.UTF_8)).get(0),
        CommandRun.rows(out).get(0));
  }

  /** 300 rows are two batches, from which rows leave at different times. */
  @Test
  void row_alone_takesThePassesItTakesInCompany() {
    Object[] options = {"--tolerance", TOLERANCE, "--passes", 200};
    run(model, TinyInputs.rows(folder.resolve("many.npy"), 0, 300), options);
    List<JsonNode> many = CommandRun.rows(out);
    for (int row : new int[] {0, 3, 255, 256, 299}) {
      run(model, TinyInputs.rows(folder.resolve("one.npy"), row, row + 1), options);
      JsonNode alone = CommandRun.rows(out).get(0);
      assertEquals(many.get(row).get("samples"), alone.get("samples"));
      assertEquals(
          many.get(row).get("mutualInformation").doubleValue(),
          alone.get("mutualInformation").doubleValue(),
          1e-5);
    }
  }

  @Test
  void summary_tellsPassesAndWhoRanOutOfThem() {
    Object[] options = {"--tolerance", TOLERANCE, "--passes", 60, "--min-passes", 20};
    CommandRun run = run(model, input, options);
    List<JsonNode> rows = CommandRun.rows(out);
    double mean =
        rows.stream().mapToInt(row -> row.get("samples").intValue()).average().orElseThrow();
    long above = rows.stream().filter(row -> error(row, "mutualInformation") > TOLERANCE).count();
    assertTrue(0 < above && above < ROWS, rows::toString);
    assertTrue(
        run.out()
            .startsWith(
                String.format(
                    java.util.Locale.ROOT,
                    "8 inputs scored with %.1f passes on average, at most 60, seed 42\n",
                    mean)),
        run.out());
    assertTrue(
        run.out()
            .contains(
                "\n"
                    + above
                    + " inputs took all 60 passes, and the standard error of their"
                    + " mutualInformation is still above 0.02\n"),
        run.out());
    String precise = run(model, input, "--tolerance", "5e-5", "--passes", 30).out();
    assertTrue(precise.contains("is still above 0.00005\n"), precise);
    List<Object> json = new ArrayList<>(List.of(options));
    json.add("--json");
    JsonNode summary = CommandRun.json(run(model, input, json.toArray()).out());
    assertEquals(
        List.of(
            "schema",
            "inputs",
            "skipped",
            "meanPredictiveEntropy",
            "meanMutualInformation",
            "meanMaxProbability",
            "largestStandardError",
            "meanPasses",
            "mostPasses",
            "aboveTolerance",
            "plan"),
        CommandRun.fields(summary));
    assertEquals(mean, summary.get("meanPasses").doubleValue(), 1e-12);
    assertEquals(60, summary.get("mostPasses").intValue());
    assertEquals(above, summary.get("aboveTolerance").longValue());
    assertEquals("mutualInformation", summary.at("/plan/untilStandardError/measure").textValue());
  }

  @Test
  void summary_everyInputPreciseEnough_saysNothingOfIt() {
    CommandRun run = run(model, input, "--tolerance", .5);
    assertFalse(run.out().contains("inputs took all"), run.out());
    assertTrue(run.out().startsWith("8 inputs scored with 50.0 passes on average, at most 50,"));
    assertEquals(
        0,
        CommandRun.json(run(model, input, "--tolerance", .5, "--json").out())
            .get("aboveTolerance")
            .intValue());
  }

  /** A measure that is asked for stands in the summary with its mean and its error. */
  @Test
  void measure_asked_isTheOneThatCounts() {
    CommandRun run = run(model, input, "--tolerance", .03, "--tolerance-measure", "VOTE-entropy");
    assertTrue(run.out().contains("\nmean vote entropy "), run.out());
    for (JsonNode row : CommandRun.rows(out)) {
      assertTrue(
          error(row, "voteEntropy") <= .03 || row.get("samples").intValue() == 1000, row::toString);
      assertEquals("voteEntropy", row.at("/plan/untilStandardError/measure").textValue());
      assertEquals(1000, row.at("/plan/passes").intValue());
    }
  }

  @Test
  void ensemble_eachMemberTakesThePasses() {
    Path certain = TinyModels.member(folder.resolve("certain"), 3, false);
    CommandRun run =
        run(
            model + "," + other + "," + certain,
            input,
            "--tolerance",
            .03,
            "--passes",
            200,
            "--json");
    double sum = 0;
    for (JsonNode row : CommandRun.rows(out)) {
      int samples = row.get("samples").intValue();
      assertEquals(1, samples % 2);
      sum += (samples - 1) / 2.0;
      assertTrue(error(row, "mutualInformation") <= .03 || samples == 401, row::toString);
    }
    JsonNode summary = CommandRun.json(run.out());
    assertEquals(sum / ROWS, summary.get("meanPasses").doubleValue(), 1e-12);
    assertEquals(3, summary.get("members").intValue());
    String text = run(model + "," + other, input, "--tolerance", .03, "--passes", 200).out();
    assertTrue(
        text.matches(
            "(?s)8 inputs scored with [0-9.]+ passes on average, at most \\d+, of each of 2"
                + " members, seed 42\n.*"),
        text);
  }

  @Test
  void regressor_everyTargetIsPreciseEnough() {
    Path regressor = TinyModels.regressor(folder.resolve("regressor"), 1);
    Object[] options = {"--output-kind", "MEAN", "--tolerance", .08, "--passes", 150};
    CommandRun run = run(regressor, input, options);
    TreeSet<Integer> taken = new TreeSet<>();
    for (JsonNode row : CommandRun.rows(out)) {
      assertEquals(
          "epistemicStandardDeviation", row.at("/plan/untilStandardError/measure").textValue());
      taken.add(row.get("samples").intValue());
    }
    assertTrue(taken.size() > 1, taken::toString);
    assertTrue(
        run.out().contains("largest standard error of the epistemic standard deviation\n"),
        run.out());

    List<Object> ofMean = new ArrayList<>(List.of(options));
    ofMean.addAll(List.of("--tolerance-measure", "mean", "--json"));
    JsonNode summary = CommandRun.json(run(regressor, input, ofMean.toArray()).out());
    long above = 0;
    double[] largest = new double[3];
    for (JsonNode row : CommandRun.rows(out)) {
      boolean enough = true;
      for (int d = 0; d < 3; d++) {
        double error = row.at("/standardError/mean").get(d).doubleValue();
        largest[d] = Math.max(largest[d], error);
        enough &= error <= .08;
      }
      assertTrue(enough || row.get("samples").intValue() == 150, row::toString);
      above += enough ? 0 : 1;
    }
    assertTrue(above > 0);
    assertEquals(above, summary.get("aboveTolerance").longValue());
    for (int d = 0; d < 3; d++) {
      assertEquals(largest[d], summary.at("/largestStandardError/mean").get(d).doubleValue());
    }
  }

  @Test
  void measure_unknown_listsTheKnown() {
    refused("--tolerance", .1, "--passes", 100, "--tolerance-measure", "entropy")
        .assertMessage(
            "there is no measure \"entropy\" of classifiers; choose one of [predictiveEntropy,"
                + " expectedEntropy, mutualInformation, meanKullbackLeibler,"
                + " betweenMembersMutualInformation, withinMembersMutualInformation,"
                + " variationRatio, maxProbability, margin, meanStandardDeviation, voteEntropy,"
                + " disagreement]");
  }
}
