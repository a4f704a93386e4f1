package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole way from files of rows to files of scores, with SavedModels of other people. */
class ScoreSharedModelsTest {

  private static final int PASSES = 12;
  private static final List<Integer> ALL = IntStream.range(0, 64).boxed().toList();

  /** Other sizes of matrices round otherwise. */
  private static final double TOLERANCE = 1e-5;

  private static Map<String, String> before = Map.of();

  @TempDir Path folder;

  @BeforeAll
  static void hash() {
    before = SharedModels.hashes(SharedModels.root());
  }

  @AfterAll
  static void files_ofTheModels_areUnchanged() {
    assertEquals(before, SharedModels.hashes(SharedModels.root()));
  }

  private Path scored(SharedModels model, List<Integer> rows, long seed) throws IOException {
    Path run = Files.createTempDirectory(folder, "run");
    Path input = model.write(run.resolve("rows"), rows);
    Path out = run.resolve("scores.jsonl");
    List<Object> args = new ArrayList<>(List.of("score", "--input", input, "--out", out));
    args.addAll(List.of("--passes", PASSES, "--seed", seed));
    args.addAll(model.options());
    CommandRun.done(args.toArray());
    return out;
  }

  private List<JsonNode> score(SharedModels model, List<Integer> rows) throws IOException {
    return CommandRun.rows(scored(model, rows, 1));
  }

  @ParameterizedTest
  @EnumSource
  void scores_areInRange_andSomeInputsAreUncertain(SharedModels model) throws IOException {
    List<JsonNode> lines = score(model, ALL);
    assertEquals(64, lines.size());
    double most = 0;
    for (JsonNode line : lines) {
      if (model.isRegressor()) {
        most = Math.max(most, variance(line));
      } else {
        assertDistribution(line);
        most = Math.max(most, line.get("mutualInformation").doubleValue());
      }
    }
    assertTrue(most > 0, "every pass gave the same answer for all rows");
  }

  private static double variance(JsonNode line) {
    assertTrue(Double.isFinite(number(line, "/mean/0")), line::toString);
    double variance = number(line, "/epistemicVariance/0");
    assertTrue(variance >= 0 && Double.isFinite(variance), line::toString);
    return variance;
  }

  private static void assertDistribution(JsonNode line) {
    double sum = 0;
    for (JsonNode p : line.get("meanProbabilities")) {
      assertTrue(p.doubleValue() >= 0 && p.doubleValue() <= 1, line::toString);
      sum += p.doubleValue();
    }
    assertEquals(1, sum, TOLERANCE);
    double total = number(line, "/predictiveEntropy");
    double expected = number(line, "/expectedEntropy");
    double information = number(line, "/mutualInformation");
    double most = Math.log(line.get("meanProbabilities").size());
    assertTrue(0 <= information && information <= total + 1e-12, line::toString);
    assertTrue(0 <= expected && total <= most + 1e-12, line::toString);
    assertEquals(total - expected, information, 1e-9);
    for (JsonNode variance : line.get("variances")) {
      assertTrue(variance.doubleValue() >= 0 && variance.doubleValue() <= .25, line::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void seed_same_givesTheSameBytes_andAnotherSeedOthers(SharedModels model) throws IOException {
    List<Integer> some = ALL.subList(0, 16);
    String first = Files.readString(scored(model, some, 4));
    assertEquals(first, Files.readString(scored(model, some, 4)));
    String other = Files.readString(scored(model, some, 5));
    assertNotEquals(first, other.replace("\"seed\":5", "\"seed\":4"));
  }

  @ParameterizedTest
  @EnumSource
  void row_alone_orInAnotherOrder_hasTheNumbersItHasInCompany(SharedModels model)
      throws IOException {
    List<JsonNode> company = score(model, ALL);
    for (int row : List.of(0, 37, 63)) {
      assertAlike(company.get(row), score(model, List.of(row)).get(0));
    }
    List<Integer> mixed = new ArrayList<>(ALL);
    Collections.shuffle(mixed, new Random(2));
    List<JsonNode> shuffled = score(model, mixed);
    for (int i = 0; i < 64; i++) {
      assertAlike(company.get(mixed.get(i)), shuffled.get(i));
    }
  }

  private static void assertAlike(JsonNode expected, JsonNode actual) {
    for (String field :
        List.of(
            "mean",
            "epistemicVariance",
            "meanProbabilities",
            "variances",
            "predictiveEntropy",
            "mutualInformation")) {
      assertEquals(expected.has(field), actual.has(field));
      for (int i = 0; i < Math.max(1, expected.path(field).size()); i++) {
        JsonNode one = expected.path(field);
        JsonNode other = actual.path(field);
        double value = (one.isArray() ? one.get(i) : one).doubleValue();
        assertEquals(
            value,
            (other.isArray() ? other.get(i) : other).doubleValue(),
            TOLERANCE * Math.max(1, Math.abs(value)),
            field);
      }
    }
  }

  private static double number(JsonNode line, String pointer) {
    JsonNode node = line.at(pointer);
    assertTrue(node.isNumber(), () -> pointer + " of " + line);
    return node.doubleValue();
  }

  @Test
  void model_withoutDropout_isRefusedWithTheReason() throws IOException {
    Path template = SharedModels.root().resolve("tf1-template-no-dropout");
    Path input = Files.writeString(folder.resolve("rows.jsonl"), "{\"keys\":[1]}\n");
    CommandRun.refusedScore(folder, "--model", template, "--input", input, "--output", "softmax")
        .assertSays(template, "has no dropout to turn on", "every pass would give the same answer");
    CommandRun.refusedScore(folder, "--model", template, "--input", input)
        .assertSays("has the outputs [keys, prediction, softmax]");
  }
}
