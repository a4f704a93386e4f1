package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Rows of tables that cannot be scored. */
class ScoreBadRowsTest {

  @TempDir static Path shared;
  private static Path model;

  @TempDir Path folder;
  private Path out;

  @BeforeAll
  static void make() {
    model = TinyModels.of(shared.resolve("model"), TFloat32.class, -1, 4);
  }

  @BeforeEach
  void name() {
    out = folder.resolve("s.jsonl");
  }

  private CommandRun run(Path input, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", input));
    args.addAll(List.of("--out", out, "--passes", 3));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray());
  }

  private List<String> reasons() {
    return CommandRun.rows(PartsOutput.badFile(out)).stream()
        .map(row -> row.get("reason").textValue())
        .toList();
  }

  private static String values(String... rows) {
    return "SELECT * FROM (VALUES " + String.join(", ", rows) + ") t(id, f0, f1, f2, f3)";
  }

  @Test
  void parquet_nullNanAndInfinity_areSetAside() {
    Path table =
        Tables.write(
            folder.resolve("t.parquet"),
            values(
                "('a', 1::DOUBLE, 2, 3, 4)",
                "('b', NULL, 2, 3, 4)",
                "('c', 'nan', 2, 3, 4)",
                "('d', 'inf', 2, 3, 4)",
                "('e', 1e300, 2, 3, 4)",
                "(NULL, 1, 2, 3, 4)",
                "('f', 5, 2, 3, 4)"));
    CommandRun run = run(table);
    assertEquals(0, run.exitCode(), run::toString);
    assertEquals(List.of("a", "f"), CommandRun.ids(CommandRun.rows(out)));
    assertEquals(
        List.of(
            "row 1, column \"f0\" is null",
            "row 2, column \"f0\" holds \"NaN\", which is no FLOAT32",
            "row 3, column \"f0\" holds \"Infinity\", which is no FLOAT32",
            "row 4, column \"f0\" holds 1.0E300, which is no FLOAT32",
            "row 5, column \"id\" is null, but names rows"),
        reasons());
    JsonNode third = CommandRun.rows(PartsOutput.badFile(out)).get(2);
    assertEquals(List.of("row", "id", "reason"), CommandRun.fields(third));
    assertEquals(3, third.get("row").intValue());
    assertEquals("d", third.get("id").textValue());
    run.assertSays("skipped: row 1, column \"f0\" is null");
    assertTrue(
        run.out().startsWith("2 inputs scored with 3 passes, seed 42; 5 skipped"), run.out());
    assertTrue(
        run.out().contains("skipped rows written to " + PartsOutput.badFile(out)), run.out());
  }

  @Test
  void csv_cellsAndLines_areToldByTheirText() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("t.csv"),
            """
            id,f0,f1,f2,f3
            a,1,2,3,4
            b,x,2,3,4
            c,,2,3,4
            d,1,2,3
            e,1,2,3,4,5
            f,nan,2,3,4
            "g,1",1,2,3,4
            """);
    CommandRun run = run(table, "--map", "x=f0..f3", "--json");
    assertEquals(0, run.exitCode(), run::toString);
    assertEquals(List.of("a", "g,1"), CommandRun.ids(CommandRun.rows(out)));
    assertEquals(
        List.of(
            "row 1, column \"f0\" holds \"x\", which is no FLOAT32",
            "row 2, column \"f0\" is empty",
            "row 3, column \"f3\" is empty",
            "row 4, the line has more cells than there are columns",
            "row 5, column \"f0\" holds \"NaN\", which is no FLOAT32"),
        reasons());
    JsonNode summary = CommandRun.json(run.out());
    assertEquals(5, summary.get("skipped").intValue());
    assertEquals("f3", summary.at("/columns/x/3").textValue());
    assertEquals("id", summary.get("idColumn").textValue());
  }

  @Test
  void csv_badCellAmongTheFirstRows_isStillAColumnOfNumbers() throws IOException {
    Path table = Files.writeString(folder.resolve("t.csv"), "a,b,c,d\n1,2,3,4\n5,oops,7,8\n");
    assertEquals(0, run(table).exitCode());
    assertEquals(List.of("0"), CommandRun.ids(CommandRun.rows(out)));
    assertEquals(List.of("row 1, column \"b\" holds \"oops\", which is no FLOAT32"), reasons());
  }

  @Test
  void csv_fractionForAnInteger_isSetAside() throws IOException {
    Path ints = TinyModels.of(folder.resolve("ints"), TInt32.class, -1, 4);
    Path table =
        Files.writeString(
            folder.resolve("t.csv"), "a,b,c,d\n1,2,3,4\n1.5,2,3,4\n3000000000,2,3,4\n");
    CommandRun run =
        CommandRun.done(
            "score",
            "--model",
            ints,
            "--input",
            table,
            "--out",
            out,
            "--map",
            "x=a,b,c,d",
            "--passes",
            3);
    assertTrue(run.out().contains("input \"x\" reads 4 columns, \"a\" to \"d\""), run.out());
    assertEquals(
        List.of(
            "row 1, column \"a\" holds \"1.5\", which is no INT32",
            "row 2, column \"a\" holds 3000000000, which is no INT32"),
        reasons());
  }

  @Test
  void jsonLines_ofAnotherType_areSetAside() throws IOException {
    Path table =
        Files.writeString(
            folder.resolve("t.jsonl"),
            """
            {"k":"a","v":[1,2,3,4]}
            {"k":"b","v":[1,2,3]}
            {broken
            {"k":"d","v":[1,2,"u",4]}
            {"k":"e"}
            {"k":"f","v":[4,3,2,1]}
            """);
    assertEquals(0, run(table, "--map", "x=v", "--id", "k").exitCode());
    assertEquals(List.of("a", "f"), CommandRun.ids(CommandRun.rows(out)));
    List<String> reasons = reasons();
    assertEquals(4, reasons.size());
    assertTrue(reasons.get(0).startsWith("row 1, \"x\" has shape [3], but"), reasons::toString);
    assertEquals("row 2, column \"k\" is null, but names rows", reasons.get(1));
    assertEquals("row 3, \"x\" holds null, which is no FLOAT32", reasons.get(2));
    assertEquals("row 4, column \"v\" is null, or of another type", reasons.get(3));
  }

  @ParameterizedTest
  @CsvSource({"t.parquet, row 1", "t.csv, row 1"})
  void strict_stopsAtTheFirst(String name, String row) {
    Path table =
        Tables.write(folder.resolve(name), values("('a', 1, 2, 3, 4)", "('b', NULL, 2, 3, 4)"));
    run(table, "--strict")
        .assertRefused(
            table + ", " + row + ", column \"f0\" is", "mend the row, or leave out --strict");
    assertEquals(List.of(name), CommandRun.names(folder));
  }

  @Test
  void allBad_isRefusedAndLeavesNothing() {
    Path table = Tables.write(folder.resolve("t.csv"), values("('b', 'x', 2, 3, 4)"));
    run(table, "--map", "x=f*")
        .assertRefused(
            "holds no row that can be scored", "the first problem: row 0, column \"f0\"");
    assertEquals(List.of("t.csv"), CommandRun.names(folder));
  }

  @ParameterizedTest
  @ValueSource(ints = {255, 256, 257, 511, 512, 513, 600})
  void badRows_anywhere_takeNothingFromTheOthers(int last) {
    Path table =
        Tables.write(
            folder.resolve("t.parquet"),
            "SELECT 'row-' || i AS id, CASE WHEN i IN (0, 255, 256, 300, 511, "
                + last
                + ") THEN NULL ELSE sin(i) END AS f0, 1 AS f1, 2 AS f2, 3 AS f3 FROM range(0, "
                + (last + 1)
                + ") t(i) ORDER BY i");
    assertEquals(0, run(table).exitCode());
    List<String> good = CommandRun.ids(CommandRun.rows(out));
    List<String> bad = CommandRun.ids(CommandRun.rows(PartsOutput.badFile(out)));
    List<String> all = new ArrayList<>(good);
    all.addAll(bad);
    all.sort(java.util.Comparator.comparingInt(id -> Integer.parseInt(id.substring(4))));
    assertEquals(last + 1, all.size());
    assertEquals("row-" + last, all.get(last));
    assertEquals(
        java.util.stream.IntStream.of(0, 255, 256, 300, 511, last)
            .filter(i -> i <= last)
            .distinct()
            .count(),
        bad.size());
  }

  @Test
  void batchOfFixedSize_isFilledUp() {
    Path fixed = TinyModels.of(folder.resolve("fixed"), TFloat32.class, 2, 4);
    Path table =
        Tables.write(
            folder.resolve("t.parquet"),
            values("('a', 1, 2, 3, 4)", "('b', NULL, 2, 3, 4)", "('c', 1, 2, 3, 4)"));
    CommandRun.done("score", "--model", fixed, "--input", table, "--out", out, "--passes", 3);
    assertEquals(List.of("a", "c"), CommandRun.ids(CommandRun.rows(out)));
  }

  @Test
  void standardOutput_namesBadRowsOnStandardError() {
    Path table =
        Tables.write(
            folder.resolve("t.parquet"), values("('a', 1, 2, 3, 4)", "('b', NULL, 2, 3, 4)"));
    CommandRun run = CommandRun.done("score", "--model", model, "--input", table, "--passes", 3);
    assertEquals(List.of("a"), CommandRun.ids(CommandRun.rows(run.out())));
    run.assertSays("skipped: row 1, column \"f0\" is null", "; 1 skipped");
  }

  @Test
  void noBadRow_noFileOfThem_andAnOlderOneGoes() throws IOException {
    Files.writeString(PartsOutput.badFile(out), "old");
    assertEquals(0, run(Tables.numbered(folder.resolve("t.parquet"), 3)).exitCode());
    assertFalse(Files.exists(PartsOutput.badFile(out)));
    assertEquals(List.of("s.jsonl", "t.parquet"), CommandRun.names(folder));
  }

  @Test
  void labels_goWithATableOnlyIfStrict() throws IOException {
    Path table = Tables.numbered(folder.resolve("t.parquet"), 3);
    Path labels = Files.writeString(folder.resolve("l.txt"), "0\n1\n2\n");
    run(table, "--labels", labels).assertRefused("--labels goes by the order", "add --strict");
    assertEquals(0, run(table, "--labels", labels, "--strict").exitCode());
    assertEquals(2, CommandRun.rows(out).get(2).get("label").intValue());
  }
}
