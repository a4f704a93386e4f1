package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be chosen from, and what is said of it. */
class AcquireRefusalTest {

  @TempDir static Path shared;
  private static Path model;
  private static Path pool;
  private static Path scores;

  @TempDir Path folder;

  @BeforeAll
  static void scorePool() {
    model = TinyModels.member(shared.resolve("model"), 3, true);
    pool = Tables.numbered(shared.resolve("pool.parquet"), 20);
    scores = shared.resolve("scores.jsonl");
    CommandRun.score(scores, "--model", model, "--input", pool);
  }

  /** Asserts that nothing is written. */
  private CommandRun refused(Object... args) {
    Path out = folder.resolve("to-label.jsonl");
    List<Object> all = new ArrayList<>(List.of("acquire", "--out", out));
    all.addAll(List.of(args));
    CommandRun run = CommandRun.of(all.toArray()).assertRefused();
    assertFalse(Files.exists(out), "written");
    return run;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--strategy best | there is no strategy \"best\"; choose one of [bald, entropy",
        "--k 0 | --k is 0; it must be at least 1",
        "--k 21 | --k is 21, but the pool has 20 inputs; ask for at most 20",
        "--strategy epistemic-variance | has no column \"epistemicVariance\"",
        "--strategy epistemic-variance | score again with --measures epistemicVariance; its columns"
            + " are [schema, id, predictedClass",
        "--strategy batchbald | which scores do not hold; add --model and --input",
        "--coldness 2 | --coldness has no effect on bald; leave it out",
        "--configurations 9 | --configurations has no effect on bald",
        "--candidates 19 | --candidates has no effect on bald",
        "--strategy softrank-bald --k 5 --candidates 3 | candidates is 3; it must be at least",
        "--strategy powerbald --coldness 0 | coldness is 0.0; it must be above 0",
        "--diversify k-means | --diversify needs to know where inputs lie",
        "--diversify spread --embeddings x | --diversify is spread; it must be one of [k-means,",
        "--embeddings x.npy | --embeddings is read for --diversify alone",
        "--diversify k-means --embeddings no.npy | no input at no.npy",
        "--exclude nothing.txt | --exclude names nothing.txt, where no file is",
      })
  void options_wrong_areRefused(String args, String message) {
    List<Object> all = new ArrayList<>(List.of("--scores", scores));
    all.addAll(Arrays.asList(args.split(" ")));
    refused(all.toArray()).assertSays(message);
  }

  @Test
  void sources_wrong_areRefused() {
    refused().assertSays("nothing tells of the pool", "--scores FILE, or --model DIR and --input");
    refused("--model", model).assertSays("--input is missing");
    refused("--input", pool).assertSays("--model is missing");
    refused("--model", model, "--input", pool, "--scores", scores)
        .assertSays("--scores tells all that bald needs; leave out --model and --input");
    refused("--model", model, "--input", pool, "--k", 30)
        .assertSays("--k is 30, but the pool has 20 inputs");
  }

  @Test
  void scores_missingEmptyOrDamaged_areRefused() throws IOException {
    refused("--scores", "no.jsonl").assertSays("--scores names no.jsonl, where no file is");
    Path empty = Files.createFile(folder.resolve("e.parquet"));
    refused("--scores", empty).assertSays("e.parquet is empty; at least one row is needed");
    Path table = folder.resolve("t.parquet");
    CommandRun.done("score", "--model", model, "--input", pool, "--passes", 3, "--out", table);
    byte[] bytes = Files.readAllBytes(table);
    Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
    refused("--scores", cut).assertSays("cut.parquet cannot be read", "bring the whole file");
    List<String> lines = Files.readAllLines(scores);
    Path broken =
        Files.writeString(
            folder.resolve("b.jsonl"), lines.get(0) + "\n" + lines.get(1).substring(0, 40) + "\n");
    refused("--scores", broken, "--k", 1).assertSays("b.jsonl, row 1 (from 0), has no id");
  }

  @Test
  void scores_withoutIdsOrTwice_areRefused() throws IOException {
    Path nameless = Tables.write(folder.resolve("n.csv"), "SELECT 1.0 AS mutualInformation");
    refused("--scores", nameless)
        .assertSays("n.csv has no column \"id\"", "its columns are [mutualInformation]");
    refused("--scores", scores + "," + scores, "--k", 1)
        .assertSays("--scores holds id \"row-0\" 2 times", "name each shard once");
    Path text =
        Tables.write(folder.resolve("x.csv"), "SELECT 'a' AS id, 'much' AS mutualInformation");
    refused("--scores", text, "--k", 1)
        .assertSays("x.csv, id \"a\": mutualInformation is \"much\"; it must be a number");
    Path nothing =
        Tables.write(
            folder.resolve("y.parquet"),
            "SELECT 'a' AS id, CAST(NULL AS DOUBLE) AS mutualInformation");
    refused("--scores", nothing, "--k", 1).assertSays("mutualInformation is null");
  }

  @Test
  void pool_thatIsAllExcluded_isRefused() throws IOException {
    Path ids = folder.resolve("ids.txt");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 19; i++) {
      text.append("row-").append(i).append('\n');
    }
    Files.writeString(ids, text);
    String message = "but the pool has 1 inputs beside the 19 that are excluded";
    refused("--scores", scores, "--k", 2, "--exclude", ids).assertSays(message);
    refused("--model", model, "--input", pool, "--k", 2, "--exclude", ids).assertSays(message);
    Files.writeString(ids, text + "row-19\n");
    refused("--scores", scores, "--k", 2, "--exclude", ids)
        .assertSays("no input of the pool is left to choose: all 20 are excluded");
  }

  private static Object[] with(Object[] some, Object... others) {
    List<Object> all = new ArrayList<>(Arrays.asList(some));
    all.addAll(Arrays.asList(others));
    return all.toArray();
  }

  @Test
  void batchbald_withoutJointPrediction_isRefused() {
    Object[] joint = {"--strategy", "batchbald", "--k", 2, "--passes", 3};
    refused(with(joint, "--model", model, "--input", pool, "--masks", "per-row"))
        .assertSays("--masks per-row shows each input other networks", "powerbald");
    Path other = TinyModels.member(folder.resolve("other"), 1, true);
    refused(with(joint, "--model", model + "," + other, "--input", pool, "--weights", ".9,.1"))
        .assertSays("batchbald takes every sample alike", "leave out --weights");
    Path plain = TinyModels.member(folder.resolve("plain"), 1, false);
    refused(with(joint, "--model", model + "," + plain, "--input", pool)).assertSays("--as-served");
    Path segmenter = TinyModels.segmenter(folder.resolve("m"), 2);
    Path maps = TinyInputs.maps(folder.resolve("m.npy"), 0, 5);
    refused(with(joint, "--model", segmenter, "--input", maps))
        .assertSays("batchbald chooses inputs that have one answer each", "[5, 2, 3, 3]");
    Path regressor = TinyModels.regressor(folder.resolve("r"), 2);
    refused(with(joint, "--model", regressor, "--input", pool, "--output-kind", "mean"))
        .assertSays("batchbald is for classifiers; choose one of [epistemic-variance, random]");
  }

  @Test
  void batchbald_scoresOfOtherInputs_areRefused() {
    Path others =
        Tables.write(
            folder.resolve("o.parquet"), "SELECT i AS id, 1 a, 2 b, 3 c, 4 d FROM range(9) t(i)");
    refused(
            "--strategy",
            "batchbald",
            "--k",
            2,
            "--scores",
            scores,
            "--model",
            model,
            "--input",
            others,
            "--passes",
            3)
        .assertSays("has no row \"row-", "bring what was scored, with the same ids");
  }

  @Test
  void diversify_withoutSomeEmbedding_isRefused() {
    Path some =
        Tables.write(
            folder.resolve("e.parquet"),
            "SELECT 'row-' || i AS id, 1.0 * i AS x FROM range(3) t(i)");
    refused("--scores", scores, "--k", 2, "--diversify", "k-means", "--embeddings", some)
        .assertSays("e.parquet has no row \"row-", "bring what was scored");
  }

  @Test
  void out_thatIsRead_orCannotBeWritten_isRefused() throws IOException {
    CommandRun.of("acquire", "--scores", scores, "--out", scores)
        .assertRefused("--out is " + scores + ", which is read; name another file");
    CommandRun.of("acquire", "--scores", scores, "--out", folder.resolve("x.xlsx"))
        .assertRefused("which is no format of results");
    Path file = Files.createFile(folder.resolve("f"));
    CommandRun.of("acquire", "--scores", scores, "--out", file.resolve("x.jsonl"))
        .assertRefused("cannot be written", "is a file, not a folder");
    assertEquals(0, Files.size(file));
  }
}
