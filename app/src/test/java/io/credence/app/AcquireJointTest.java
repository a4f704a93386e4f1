package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BatchBALD on the command line, held against the sum over all labels of all picked. */
class AcquireJointTest {

  private static final int ROWS = 30;
  private static final int PASSES = 12;
  private static final int CLASSES = 3;
  @TempDir static Path shared;
  private static Path model;
  private static Path pool;
  private static Path scores;
  private static double[][][] samples;

  @TempDir Path folder;

  @BeforeAll
  static void scorePool() throws Exception {
    model = TinyModels.member(shared.resolve("model"), 3, true);
    pool = Tables.numbered(shared.resolve("pool.parquet"), ROWS);
    scores = shared.resolve("scores.jsonl");
    Path raw = shared.resolve("samples.npy");
    CommandRun.score(
        scores, "--model", model, "--input", pool, "--passes", PASSES, "--samples-out", raw);
    byte[] bytes = Files.readAllBytes(raw);
    int start = bytes.length - PASSES * ROWS * CLASSES * Float.BYTES;
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(start);
    samples = new double[PASSES][ROWS][CLASSES];
    for (double[][] pass : samples) {
      for (double[] row : pass) {
        for (int c = 0; c < CLASSES; c++) {
          row[c] = values.getFloat();
        }
      }
    }
  }

  private static List<JsonNode> acquire(Object... args) {
    List<Object> all =
        new ArrayList<>(
            List.of("acquire", "--strategy", "batchbald", "--model", model, "--input", pool));
    all.addAll(List.of("--passes", PASSES));
    all.addAll(List.of(args));
    return CommandRun.rows(CommandRun.done(all.toArray()).out());
  }

  /** Entropy of the joint labels of rows, less its mean under each network: by enumeration. */
  private static double jointInformation(List<Integer> rows) {
    double information = 0;
    int outcomes = (int) Math.pow(CLASSES, rows.size());
    for (int outcome = 0; outcome < outcomes; outcome++) {
      double mean = 0;
      double expected = 0;
      for (double[][] pass : samples) {
        double p = 1;
        int left = outcome;
        for (int row : rows) {
          p *= pass[row][left % CLASSES];
          left /= CLASSES;
        }
        mean += p / PASSES;
        expected += p == 0 ? 0 : p * Math.log(p) / PASSES;
      }
      information += expected - (mean == 0 ? 0 : mean * Math.log(mean));
    }
    return information;
  }

  @Test
  void batchbald_picksWhatBruteForcePicks() {
    List<JsonNode> chosen = acquire("--k", 4);
    List<Integer> picked = new ArrayList<>();
    double before = 0;
    for (JsonNode each : chosen) {
      int best = -1;
      double most = -1;
      for (int row = 0; row < ROWS; row++) {
        List<Integer> with = new ArrayList<>(picked);
        with.add(row);
        double information = jointInformation(with);
        if (!picked.contains(row) && information > most + 1e-9) {
          most = information;
          best = row;
        }
      }
      assertEquals("row-" + best, each.get("id").textValue());
      // Another batch, by which the float32 of the model round otherwise.
      assertEquals(most - before, each.get("gain").doubleValue(), 1e-5);
      picked.add(best);
      before = most;
    }
  }

  @Test
  void scores_besideTheModel_giveTheSame_fromCandidatesAlone() {
    List<JsonNode> whole = acquire("--k", 4, "--candidates", 9);
    List<JsonNode> twoSteps = acquire("--k", 4, "--candidates", 9, "--scores", scores);
    assertEquals(CommandRun.ids(whole), CommandRun.ids(twoSteps));
    for (int i = 0; i < 4; i++) {
      assertEquals(
          whole.get(i).get("gain").doubleValue(), twoSteps.get(i).get("gain").doubleValue(), 1e-5);
    }
  }

  @Test
  void text_andLists_areSampledToo() {
    Path named = TinyModels.named(folder.resolve("named"));
    Path table =
        Tables.write(
            folder.resolve("t.parquet"),
            "SELECT [i % 9, i % 4] AS ids, 'w' || (i % 5) AS text FROM range(40) t(i)");
    Path ofTable = folder.resolve("s.jsonl");
    CommandRun.score(ofTable, "--model", named, "--input", table);
    Object[] args = {
      "acquire",
      "--strategy",
      "batchbald",
      "--model",
      named,
      "--input",
      table,
      "--passes",
      3,
      "--candidates",
      5,
      "--k",
      2
    };
    List<Object> withScores = new ArrayList<>(List.of(args));
    withScores.addAll(List.of("--scores", ofTable));
    assertEquals(
        CommandRun.ids(CommandRun.rows(CommandRun.done(args).out())),
        CommandRun.ids(CommandRun.rows(CommandRun.done(withScores.toArray()).out())));
  }

  @Test
  void rowsThatCannotBeRead_amongThePool_areTold() throws Exception {
    Path some = folder.resolve("some.jsonl");
    CommandRun.score(some, "--model", model, "--input", pool);
    Path lines =
        Tables.write(folder.resolve("p.csv"), "SELECT * FROM " + Tables.file(pool) + " LIMIT 20");
    Files.writeString(lines, Files.readString(lines) + "row-99,much,1,2,3\n");
    CommandRun run =
        CommandRun.done(
            "acquire",
            "--strategy",
            "batchbald",
            "--model",
            model,
            "--input",
            lines,
            "--scores",
            Files.write(folder.resolve("s.jsonl"), Files.readAllLines(some).subList(0, 20)),
            "--k",
            2);
    run.assertSays("note: 1 inputs could not be read and were skipped, the first: ", "much");
  }

  @Test
  void copies_areNoted_whenLabelsTellNothingMore() {
    Path copies =
        Tables.write(
            folder.resolve("c.parquet"),
            "SELECT i AS id, 1.0 a, -1.0 b, 2.0 c, 0.5 d FROM range(20) t(i)");
    CommandRun run =
        CommandRun.done(
            "acquire",
            "--strategy",
            "batchbald",
            "--model",
            model,
            "--input",
            copies,
            "--passes",
            2,
            "--k",
            15);
    run.assertSays(
        "15 of 20 inputs chosen by batchbald among 20 candidates, seed 42",
        "2 networks are told apart by 0.6931",
        "tell less than 0.001 nats more each");
    assertTrue(CommandRun.rows(run.out()).get(14).get("gain").doubleValue() < 1e-3);
  }
}
