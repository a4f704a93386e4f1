package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** Shards, joined, are what one run gives. */
class MergeCommandTest {

  private static final int ROWS = 1100;
  @TempDir static Path shared;
  private static Path model;
  private static Path table;

  @TempDir Path folder;

  @BeforeAll
  static void make() {
    model = TinyModels.of(shared.resolve("model"), TFloat32.class, -1, 4);
    table =
        Tables.write(
            shared.resolve("t.parquet"),
            "SELECT * REPLACE (CASE WHEN i IN (3, 256, 511, 700) THEN NULL ELSE f0 END AS f0) FROM"
                + " (SELECT i, "
                + Tables.COLUMNS
                + " FROM range("
                + ROWS
                + ") t(i)) ORDER BY i");
  }

  private CommandRun run(Path input, Path out, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", input));
    args.addAll(List.of("--out", out, "--passes", 3));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray());
  }

  private Path shard(String name, String shard, Object... options) {
    List<Object> all = new ArrayList<>(List.of("--map", "x=f0..f3", "--shard", shard));
    all.addAll(List.of(options));
    Path out = folder.resolve(name);
    CommandRun run = run(table, out, all.toArray());
    assertEquals(0, run.exitCode(), run::toString);
    return out;
  }

  private CommandRun merge(Path out, Path... shards) {
    List<Object> args = new ArrayList<>(List.of("merge", "--out", out));
    args.addAll(List.of(shards));
    return CommandRun.of(args.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "parquet", "csv"})
  void shards_joined_areTheWhole(String end) throws IOException {
    Path whole = folder.resolve("whole." + end);
    assertEquals(0, run(table, whole, "--map", "x=f0..f3").exitCode());
    Path third = shard("c." + end, "3/3");
    Path first = shard("a." + end, "1/3");
    Path second = shard("b." + end, "2/3");
    Path all = folder.resolve("all." + end);
    CommandRun merged = merge(all, third, first, second);
    assertEquals(0, merged.exitCode(), merged::toString);
    assertEquals("3 shards, 1096 rows, written to " + all, merged.out().strip());
    if (end.equals("parquet")) {
      String select = "SELECT * FROM read_parquet(%s)";
      assertEquals(
          Tables.rows(select.formatted(Tables.file(whole))),
          Tables.rows(select.formatted(Tables.file(all))));
      String describe = "DESCRIBE SELECT * FROM read_parquet(%s)";
      assertEquals(
          Tables.rows(describe.formatted(Tables.file(whole))),
          Tables.rows(describe.formatted(Tables.file(all))));
    } else {
      assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(all));
    }
    assertArrayEquals(
        Files.readAllBytes(PartsOutput.badFile(whole)),
        Files.readAllBytes(PartsOutput.badFile(all)));
    assertFalse(Files.exists(MergeCommand.shardFile(whole)));
  }

  /** Masks of each row go by its place in the batch, so batches must be those of the whole. */
  @Test
  void shards_withBadRowsAndMasksPerRow_areTheWhole() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    assertEquals(0, run(table, whole, "--map", "x=f0..f3", "--masks", "per-row").exitCode());
    Path first = shard("a.jsonl", "1/2", "--masks", "per-row");
    Path second = shard("b.jsonl", "2/2", "--masks", "per-row");
    Path all = folder.resolve("all.jsonl");
    assertEquals(0, merge(all, first, second).exitCode());
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(all));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.npy", "x.jsonl"})
  void arraysAndLines_haveShardsToo(String name) throws IOException {
    Path array = TinyInputs.rows(folder.resolve("x.npy"), 0, 600);
    Path input = array;
    if (name.endsWith("jsonl")) {
      input = folder.resolve(name);
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 600; i++) {
        lines.append(Files.readString(TinyInputs.line(folder.resolve("l.jsonl"), "x", i)));
      }
      Files.writeString(input, lines);
    }
    Path whole = folder.resolve("whole.jsonl");
    Path all = folder.resolve("all.jsonl");
    assertEquals(0, run(input, whole).exitCode());
    assertEquals(0, run(input, folder.resolve("b.jsonl"), "--shard", "2/2").exitCode());
    assertEquals(0, run(input, folder.resolve("a.jsonl"), "--shard", "1/2").exitCode());
    assertEquals(0, merge(all, folder.resolve("b.jsonl"), folder.resolve("a.jsonl")).exitCode());
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(all));
  }

  @Test
  void missingOrTwice_isRefused() throws IOException {
    Path first = shard("a.jsonl", "1/3");
    Path third = shard("c.jsonl", "3/3");
    Path all = folder.resolve("all.jsonl");
    merge(all, first, third).assertRefused("of 3 shards 2/3 are missing");
    Path copy = Files.copy(first, folder.resolve("copy.jsonl"));
    merge(all, first, copy).assertRefused("copy.jsonl.shard.json is missing", "bring it along");
    Files.copy(MergeCommand.shardFile(first), MergeCommand.shardFile(copy));
    merge(all, first, copy).assertRefused("copy.jsonl.bad.jsonl is missing, the 1 bad rows");
    Files.copy(PartsOutput.badFile(first), PartsOutput.badFile(copy));
    merge(all, first, copy).assertRefused("shard 1/3 is there twice, " + first + " and " + copy);
    Files.writeString(copy, "less");
    merge(all, copy).assertRefused("has 4 bytes, but was written with", "copy it again");
    merge(all, folder.resolve("no.jsonl")).assertRefused("no shard at");
    merge(folder.resolve("all.csv"), first).assertRefused("of another format than --out");
    assertFalse(Files.exists(all));
  }

  @Test
  void otherPlanOrModel_isRefusedNamingIt() throws IOException {
    Path first = shard("a.jsonl", "1/2");
    Path all = folder.resolve("all.jsonl");
    merge(all, first, shard("b.jsonl", "2/2", "--seed", 7))
        .assertRefused("goes not with " + first, "plan.seed was 42 and is 7");
    merge(all, first, shard("c.jsonl", "2/3")).assertRefused("shards were 2 and are 3");
    merge(all, first, shard("d.jsonl", "2/2", "--measures", "margin"))
        .assertRefused("options.--measures was not given and is \"margin\"");
    Path other = TinyModels.member(folder.resolve("other"), 2, true);
    Path of = folder.resolve("e.jsonl");
    CommandRun.done(
        "score",
        "--model",
        other,
        "--input",
        table,
        "--out",
        of,
        "--passes",
        3,
        "--map",
        "x=f0..f3",
        "--shard",
        "2/2");
    merge(all, first, of).assertRefused("model was \"sha256:");
    // The same input may be a copy elsewhere, of another time.
    Path copy = Files.copy(table, folder.resolve("copy.parquet"));
    Path second = folder.resolve("f.jsonl");
    assertEquals(0, run(copy, second, "--map", "x=f0..f3", "--shard", "2/2").exitCode());
    assertEquals(0, merge(all, first, second).exitCode());
  }

  @ParameterizedTest
  @CsvSource({"0/2", "3/2", "1", "a/b", "1/0", "-1/2"})
  void shard_thatIsNone_isRefused(String shard) {
    run(table, folder.resolve("s.jsonl"), "--shard=" + shard)
        .assertRefused("--shard " + shard + " is no part of a whole", "2/8");
  }

  @Test
  void shards_moreThanBatches_areRefused() {
    run(table, folder.resolve("s.jsonl"), "--map", "x=f0..f3", "--shard", "2/9")
        .assertRefused("1100 rows make 5, of 256 rows", "at most 5 shards");
  }

  @ParameterizedTest
  @CsvSource({"1, 256, 1", "256, 256, 1", "257, 256, 2", "10000, 7, 1429", "1000000, 256, 13"})
  void ranges_coverAllRowsOnce(long rows, int batch, int of) {
    long next = 0;
    for (int i = 1; i <= of; i++) {
      Shard.Range range = new Shard(i, of).range(rows, batch);
      assertEquals(next, range.from());
      next = range.to();
    }
    assertEquals(rows, next);
  }
}
