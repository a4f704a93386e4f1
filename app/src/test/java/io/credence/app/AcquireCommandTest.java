package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** What is chosen of scores and of models, held against a plain sort of the lines. */
class AcquireCommandTest {

  private static final int ROWS = 60;
  @TempDir static Path shared;
  private static Path model;
  private static Path pool;
  private static Path scores;
  private static List<JsonNode> lines;

  @TempDir Path folder;

  @BeforeAll
  static void scorePool() {
    model = TinyModels.member(shared.resolve("model"), 3, true);
    pool = Tables.numbered(shared.resolve("pool.parquet"), ROWS);
    scores = shared.resolve("scores.jsonl");
    lines = CommandRun.score(scores, "--model", model, "--input", pool, "--passes", 20);
  }

  private static List<JsonNode> acquire(Object... args) {
    List<Object> all = new ArrayList<>(List.of("acquire"));
    all.addAll(List.of(args));
    return CommandRun.rows(CommandRun.done(all.toArray()).out());
  }

  private static List<String> highest(int k, ToDoubleFunction<JsonNode> score) {
    return lines.stream()
        .sorted(
            Comparator.comparingDouble(score)
                .reversed()
                .thenComparing(line -> line.get("id").textValue()))
        .limit(k)
        .map(line -> line.get("id").textValue())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "bald, mutualInformation, 1",
    "ENTROPY, predictiveEntropy, 1",
    "variation_ratio, variationRatio, 1",
    "margin, margin, -1",
    "least-confidence, maxProbability, -1",
    "mean-sd, meanStandardDeviation, 1"
  })
  void scores_giveTheHighest(String strategy, String measure, int sign) {
    List<JsonNode> chosen = acquire("--scores", scores, "--strategy", strategy, "--k", 7);
    assertEquals(
        highest(7, line -> sign * line.get(measure).doubleValue()), CommandRun.ids(chosen));
    JsonNode first = chosen.get(0);
    assertEquals(List.of("schema", "rank", "id", "strategy", "score"), CommandRun.fields(first));
    assertEquals("credence.acquisition/1", first.get("schema").textValue());
    assertEquals(1, first.get("rank").intValue());
    double value =
        lines.stream()
            .filter(line -> line.get("id").equals(first.get("id")))
            .findFirst()
            .orElseThrow()
            .get(measure)
            .doubleValue();
    assertEquals(sign < 0 ? 1 - value : value, first.get("score").doubleValue(), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s.parquet", "s.csv"})
  void scores_inTables_areTheSame(String name) {
    Path table = folder.resolve(name);
    CommandRun.done("score", "--model", model, "--input", pool, "--passes", 20, "--out", table);
    assertEquals(acquire("--scores", scores), acquire("--scores", table));
  }

  @Test
  void scores_inShards_areThoseOfTheWhole_inAnyOrder() throws IOException {
    List<String> text = Files.readAllLines(scores);
    Path a = Files.write(folder.resolve("a.jsonl"), text.subList(0, 21));
    Path b = Files.write(folder.resolve("b.jsonl"), text.subList(21, ROWS));
    for (String strategy : List.of("bald", "powerbald", "random", "softrank-bald")) {
      List<JsonNode> whole = acquire("--scores", scores, "--strategy", strategy);
      assertEquals(whole, acquire("--scores", b + "," + a, "--strategy", strategy), strategy);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bald", "margin", "powerbald", "random"})
  void model_givesWhatItsScoresGive(String strategy) {
    assertEquals(
        acquire("--scores", scores, "--strategy", strategy),
        acquire("--model", model, "--input", pool, "--passes", 20, "--strategy", strategy));
  }

  @Test
  void seed_anotherOne_drawsOthers() {
    Object[] args = {"--scores", scores, "--strategy", "random"};
    List<String> first = CommandRun.ids(acquire(args));
    assertNotEquals(
        first, CommandRun.ids(acquire("--seed", 1, "--scores", scores, "--strategy", "random")));
    assertEquals(first, CommandRun.ids(acquire(args)));
  }

  @Test
  void exclude_passesOverIdsOfAnyFile() throws IOException {
    Path first = folder.resolve("round-1.jsonl");
    CommandRun.done("acquire", "--scores", scores, "--k", 4, "--out", first);
    List<String> best = highest(9, line -> line.get("mutualInformation").doubleValue());
    Path text =
        Files.writeString(
            folder.resolve("ids.txt"), "\uFEFF" + best.get(4) + " \r\n\n" + best.get(5));
    String files = first + "," + text;
    assertEquals(
        best.subList(6, 9),
        CommandRun.ids(acquire("--scores", scores, "--k", 3, "--exclude", files)));
    CommandRun run =
        CommandRun.done(
            "acquire",
            "--model",
            model,
            "--input",
            pool,
            "--passes",
            20,
            "--k",
            3,
            "--exclude",
            files);
    assertEquals(best.subList(6, 9), CommandRun.ids(CommandRun.rows(run.out())));
    run.assertSays("3 of 54 inputs chosen by bald, seed 42; 6 excluded", "(mutualInformation)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"o.jsonl", "o.csv", "o.parquet"})
  void out_hasTheRows_andNothingElseIsLeft(String name) {
    Path out = folder.resolve("new").resolve(name);
    CommandRun run = CommandRun.done("acquire", "--scores", scores, "--k", 3, "--out", out);
    assertTrue(run.out().contains("3 inputs to label written to " + out), run.out());
    assertEquals(List.of(name), CommandRun.names(out.getParent()));
    String read = name.endsWith("jsonl") ? "read_json" : name.endsWith("csv") ? "read_csv" : "";
    List<List<String>> rows =
        Tables.rows(
            "SELECT id, rank FROM "
                + (read.isEmpty() ? "read_parquet" : read)
                + "("
                + Tables.file(out)
                + ")");
    assertEquals(
        highest(3, line -> line.get("mutualInformation").doubleValue()),
        rows.stream().map(row -> row.get(0)).toList());
    assertEquals(List.of("1", "2", "3"), rows.stream().map(row -> row.get(1)).toList());
  }

  @Test
  void regressor_goesByTheSumOverTargets_andMapsByTheMeanOverPlaces() {
    Path regressor = TinyModels.regressor(folder.resolve("r"), 2);
    Path ofTargets = folder.resolve("r.jsonl");
    List<JsonNode> rows =
        CommandRun.score(ofTargets, "--model", regressor, "--input", pool, "--output-kind", "mean");
    JsonNode best =
        acquire("--scores", ofTargets, "--strategy", "epistemic-variance", "--k", 1).get(0);
    double highest =
        rows.stream().mapToDouble(row -> sum(row, "epistemicVariance")).max().orElse(0);
    assertEquals(highest, best.get("score").doubleValue(), 1e-12);
    assertEquals(
        best,
        acquire(
                "--model",
                regressor,
                "--input",
                pool,
                "--output-kind",
                "mean",
                "--passes",
                3,
                "--strategy",
                "epistemic-variance",
                "--k",
                1)
            .get(0));

    Path segmenter = TinyModels.segmenter(folder.resolve("m"), 2);
    Path maps = TinyInputs.maps(folder.resolve("m.npy"), 0, 12);
    Path ofMaps = folder.resolve("m.jsonl");
    CommandRun.score(ofMaps, "--model", segmenter, "--input", maps);
    JsonNode map = acquire("--scores", ofMaps, "--k", 1).get(0);
    JsonNode direct =
        acquire("--model", segmenter, "--input", maps, "--passes", 3, "--k", 1).get(0);
    assertEquals(direct.get("id"), map.get("id"));
    assertEquals(direct.get("score").doubleValue(), map.get("score").doubleValue(), 1e-12);
  }

  private static double sum(JsonNode row, String field) {
    double sum = 0;
    for (JsonNode each : row.get(field)) {
      sum += each.doubleValue();
    }
    return sum;
  }

  @Test
  void exclude_ofOtherNames_isTold() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids.txt"), "7\n8\n");
    CommandRun.done("acquire", "--scores", scores, "--exclude", ids)
        .assertSays("none of the 2 ids of --exclude is in the pool");
  }

  @Test
  void exclude_ofAModelOfFixedBatches_givesWhatAnyBatchGives() throws IOException {
    Path ids = Files.writeString(folder.resolve("ids.txt"), "row-1\nrow-2\nrow-6\n");
    Path eight = Tables.numbered(folder.resolve("8.parquet"), 8);
    List<List<String>> chosen = new ArrayList<>();
    for (long rows : new long[] {-1, 4}) {
      Path any = TinyModels.of(folder.resolve("batch" + rows), TFloat32.class, rows, 4);
      chosen.add(
          CommandRun.ids(acquire("--model", any, "--input", eight, "--k", 5, "--exclude", ids)));
    }
    assertEquals(chosen.get(0), chosen.get(1));
    assertEquals(Set.of("row-0", "row-3", "row-4", "row-5", "row-7"), new HashSet<>(chosen.get(1)));
  }

  /** The rows by their mutual information, the highest first. */
  private static List<String> ranked() {
    return highest(ROWS, line -> line.get("mutualInformation").doubleValue());
  }

  /** Three places: one of the 40 highest, of the 15 after them, and of the rest. */
  private Path embeddings() {
    List<String> rows = new ArrayList<>();
    for (int rank = 0; rank < ROWS; rank++) {
      int place = rank < 40 ? 0 : rank < 55 ? 1 : 2;
      rows.add("('" + ranked().get(rank) + "', [" + 10.0 * place + ", 1.0])");
    }
    return Tables.write(
        folder.resolve("e.parquet"),
        "SELECT * FROM (VALUES " + String.join(", ", rows) + ") t(id, embedding)");
  }

  private static Set<String> bestOfPlaces(int... ranks) {
    Set<String> best = new HashSet<>();
    for (int rank : ranks) {
      best.add(ranked().get(rank));
    }
    return best;
  }

  @Test
  void diversify_takesTheBestOfEachPlace() {
    Object[] args = {
      "--scores",
      scores,
      "--k",
      3,
      "--candidates",
      ROWS,
      "--embeddings",
      embeddings(),
      "--diversify"
    };
    for (String how : List.of("k-means", "K_CENTER")) {
      List<Object> all = new ArrayList<>(List.of(args));
      all.add(how);
      List<String> ids = CommandRun.ids(acquire(all.toArray()));
      assertEquals(bestOfPlaces(0, 40, 55), new HashSet<>(ids), how);
      assertEquals(ranked().get(0), ids.get(0), how);
    }
  }

  @Test
  void embeddings_inOneColumnOfLists_mayHaveAnyName() {
    Path named =
        Tables.write(
            folder.resolve("v.jsonl"),
            "SELECT id, embedding AS v FROM " + Tables.file(embeddings()));
    Object[] args = {"--scores", scores, "--k", 3, "--diversify", "k-means", "--embeddings"};
    List<Object> one = new ArrayList<>(List.of(args));
    one.add(embeddings());
    List<Object> other = new ArrayList<>(List.of(args));
    other.add(named);
    assertEquals(acquire(one.toArray()), acquire(other.toArray()));
  }

  @Test
  void diversify_candidates_areTenForEachLabel() {
    // Of 60 rows 50 are looked at, by which the last place is out of reach.
    List<String> ids =
        CommandRun.ids(
            acquire(
                "--scores",
                scores,
                "--k",
                5,
                "--embeddings",
                embeddings(),
                "--diversify",
                "k-center"));
    assertTrue(ids.contains(ranked().get(40)), () -> "chosen were " + ids);
    assertTrue(ranked().subList(0, 50).containsAll(ids), () -> "chosen were " + ids);
  }

  @Test
  void diversify_kCenter_liesApartFromWhatHasLabels() throws IOException {
    Path labelled = Files.writeString(folder.resolve("l.txt"), ranked().get(0));
    List<String> ids =
        CommandRun.ids(
            acquire(
                "--scores",
                scores,
                "--k",
                2,
                "--candidates",
                ROWS - 1,
                "--embeddings",
                embeddings(),
                "--diversify",
                "k-center",
                "--exclude",
                labelled));
    assertEquals(bestOfPlaces(40, 55), new HashSet<>(ids));
  }
}
