package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What tables feed to a model. The rows of a table get the scores of the same rows in JSON Lines.
 */
class ScoreTableTest {

  private static final int ROWS = 600;
  @TempDir static Path shared;
  private static Path model;
  private static List<JsonNode> expected;

  @TempDir Path folder;

  @BeforeAll
  static void scoreJsonLines() {
    model = TinyModels.of(shared.resolve("model"), TFloat32.class, -1, 4);
    Path lines =
        Tables.write(
            shared.resolve("x.jsonl"),
            "SELECT id, [f0, f1, f2, f3] AS x FROM (SELECT "
                + Tables.COLUMNS
                + " FROM range("
                + ROWS
                + ") t(i) ORDER BY i)");
    expected = score(lines, shared.resolve("x.out.jsonl"));
  }

  private static List<JsonNode> score(Path input, Path out, Object... options) {
    boolean other = Arrays.asList(options).contains("--model");
    Object[] args = {"--input", input, "--output-kind", "probabilities", "--model", model};
    args = other ? Arrays.copyOf(args, 4) : args;
    Object[] all = Arrays.copyOf(args, args.length + options.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    return CommandRun.score(out, all);
  }

  private List<JsonNode> score(Path input, Object... options) {
    return score(input, folder.resolve("s.jsonl"), options);
  }

  private CommandRun refused(Path input, Object... options) {
    boolean other = Arrays.asList(options).contains("--model");
    Object[] args =
        other ? new Object[] {"--input", input} : new Object[] {"--input", input, "--model", model};
    Object[] all = Arrays.copyOf(args, args.length + options.length);
    System.arraycopy(options, 0, all, args.length, options.length);
    return CommandRun.refusedScore(folder, all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"t.parquet", "t.csv", "t.tsv", "t.csv.gz", "T.PQ", "t.arrow", "t.feather"})
  void numbers_giveTheScoresOfJsonLines(String name) {
    Path made = name.endsWith("PQ") ? folder.resolve("t.parquet") : folder.resolve(name);
    Path table = Tables.numbered(made, ROWS);
    if (name.endsWith("PQ")) {
      assertTrue(table.toFile().renameTo(folder.resolve(name).toFile()));
      table = folder.resolve(name);
    }
    assertEquals(expected, score(table));
  }

  @Test
  void jsonLines_ofColumns_areATableIfColumnsAreNamed() {
    Path table = Tables.numbered(folder.resolve("t.jsonl"), ROWS);
    assertEquals(expected, score(table, "--map", "x=f0..f3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x=f0,f1,f2,f3", "x=f0..f3", "x=f?", "x=f*", "x=f0,f1..3", "x=f0,f1,f2..f3"})
  void map_namesGlobsOrRanges_areTheSameColumns(String map) {
    assertEquals(expected, score(Tables.numbered(folder.resolve("t.parquet"), ROWS), "--map", map));
  }

  @Test
  void map_otherOrder_feedsThatOrder() {
    Path table = Tables.numbered(folder.resolve("t.parquet"), ROWS);
    Path swapped =
        Tables.write(
            folder.resolve("u.parquet"),
            "SELECT id, f3 AS a, f2 AS b, f1 AS c, f0 AS d FROM " + Tables.file(table));
    assertEquals(expected, score(swapped, "--map", "x=d,c,b,a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAST([f0, f1, f2, f3] AS FLOAT[4])", "[f0, f1, f2, f3]"})
  void list_ofTheInputsName_isAVector(String list) {
    Path table = Tables.numbered(folder.resolve("t.parquet"), ROWS);
    Path lists =
        Tables.write(
            folder.resolve("u.parquet"),
            "SELECT id, 7.0 AS other, " + list + " AS x FROM " + Tables.file(table));
    assertEquals(predictions(expected), predictions(score(lists)));
  }

  private static List<Integer> predictions(List<JsonNode> rows) {
    return rows.stream().map(row -> row.get("predictedClass").intValue()).toList();
  }

  @Test
  void list_inCsv_isRead() {
    Path table = Tables.numbered(folder.resolve("t.parquet"), ROWS);
    Path lists =
        Tables.write(
            folder.resolve("u.csv"), "SELECT id, [f0, f1, f2, f3] AS x FROM " + Tables.file(table));
    assertEquals(expected, score(lists));
  }

  @Test
  void columns_feedAnInputOfThatManyNumbersInAnyShape() {
    Path square = TinyModels.of(folder.resolve("square"), TFloat32.class, -1, 2, 2);
    Path table =
        Tables.numbered(folder.resolve("t.parquet"), ROWS); // other batches round otherwise
    assertEquals(expected, score(table, "--model", square));
  }

  @Test
  void integers_feedAnInputOfIntegers() {
    Path ints = TinyModels.of(folder.resolve("ints"), TInt32.class, -1, 4);
    String query = "SELECT i AS a, i + 1 AS b, i % 3 AS c, 2 AS d FROM range(5) t(i)";
    Path typed = Tables.write(folder.resolve("t.parquet"), query);
    Path text = Tables.write(folder.resolve("t.csv"), query);
    List<JsonNode> rows = score(typed, "--model", ints);
    assertEquals(rows, score(text, "--model", ints));
    Path fractions = Tables.write(folder.resolve("u.parquet"), "SELECT 1.5 AS a, 1 b, 1 c, 1 d");
    refused(fractions, "--model", ints)
        .assertSays("column \"a\"", "is DECIMAL(2,1)", "reads integers", "--map x=");
  }

  @Test
  void severalInputs_takeTheColumnsOfTheirNames() throws IOException {
    Path named = TinyModels.named(folder.resolve("named"));
    Path lines =
        Files.writeString(
            folder.resolve("r.jsonl"),
            """
            {"ids":[1,2],"text":"a"}
            {"ids":[3],"text":"b"}
            {"ids":[4],"text":""}
            """);
    List<JsonNode> rows = score(lines, "--model", named);
    Path table =
        Tables.write(
            folder.resolve("t.parquet"),
            "SELECT * FROM (VALUES ([1, 2], 'a'), ([3], 'b'), ([4], '')) t(ids, words)");
    List<JsonNode> same = score(table, "--model", named, "--map", "text=words");
    assertEquals(List.of("0", "1", "2"), CommandRun.ids(same));
    IntStream.range(0, 3).forEach(i -> ((ObjectNode) same.get(i)).put("id", "" + (i + 1)));
    assertEquals(rows, same);
    refused(table, "--model", named)
        .assertSays("no column \"text\" for input", "ids INTEGER[], words VARCHAR", "--map text=");
  }

  @Test
  void id_named_isKept() {
    Path table =
        Tables.write(
            folder.resolve("t.parquet"), "SELECT i * 10 AS k, 1 a, 2 b, 3 c FROM range(3) t(i)");
    List<JsonNode> rows = score(table, "--id", "k", "--map", "x=k,a,b,c");
    assertEquals(List.of("0", "10", "20"), CommandRun.ids(rows));
  }

  @Test
  void id_none_isTheIndex() {
    Path table =
        Tables.write(folder.resolve("t.csv"), "SELECT i AS z, 1 a, 2 b, 3 c FROM range(3) t(i)");
    assertEquals(List.of("0", "1", "2"), CommandRun.ids(score(table)));
  }

  @Test
  void fileNameLikeAPattern_standsForItself() throws IOException {
    Path odd = Files.createDirectories(folder.resolve("a[b]*'c"));
    Tables.numbered(odd.resolve("t?.parquet"), ROWS + 1);
    Path table = Tables.numbered(folder.resolve("t.parquet"), ROWS);
    Files.move(table, odd.resolve("t?.parquet"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(expected, score(odd.resolve("t?.parquet")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x=f0,f9 | --map x names column \"f9\", which | does not have; it has [id VARCHAR, f0 FLOAT",
        "x=g* | --map x names column \"g*\", which | does not have",
        "x=f0..f9 | --map x names column \"f4\", which | does not have",
        "x=f3..f0 | which runs backwards | f3..f0",
        "x=f0,f0 | --map x names column \"f0\" twice | once",
        "x=f0..f2 | reads 4 values a row | but 3 columns",
        "x=id | column \"id\" of | is VARCHAR, but input x FLOAT32[?, 4] reads numbers",
        "y=f0 | --map names input \"y\", which the model does not have | x FLOAT32",
        "f0 | --map f0 names no columns of an input | INPUT=COLUMN",
        "x= | names no columns | INPUT=COLUMN",
      })
  void map_wrong_isRefused(String map, String message, String next) {
    refused(Tables.numbered(folder.resolve("t.parquet"), 3), "--map", map)
        .assertSays(message, next);
  }

  @Test
  void map_twice_isRefused() {
    Path table = Tables.numbered(folder.resolve("t.parquet"), 3);
    refused(table, "--map", "x=f0", "--map", "x=f1").assertSays("names input \"x\" twice");
  }

  @Test
  void columns_tooMany_areRefusedWithTheirNames() {
    Path table = Tables.write(folder.resolve("t.parquet"), "SELECT 1 a, 2 b, 3 c, 4 d, 5 e, 'x' f");
    refused(table).assertSays("reads 4 values a row", "5 columns", "a INTEGER", "--map x=");
  }

  @Test
  void id_unknown_isRefused() {
    Path table = Tables.numbered(folder.resolve("t.csv"), 3);
    refused(table, "--id", "key").assertSays("--id names column \"key\"", "it has [id VARCHAR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t.parquet", "t.csv"})
  void id_twice_isRefused(String name) {
    Path table =
        Tables.write(
            folder.resolve(name),
            "SELECT 'k' || (i % 9) AS k, 1 a, 2 b, 3 c, 4 d FROM range(10) t(i)");
    refused(table, "--id", "k")
        .assertSays("holds \"k0\" in 2 rows", "name another column with --id");
  }

  @Test
  void option_ofColumns_forWhatIsNoTable_isRefused() {
    Path array = TinyInputs.rows(folder.resolve("x.npy"), 0, 3);
    refused(array, "--id", "k").assertSays("--id is of columns, but", "is no table");
    refused(array, "--map", "x=a").assertSays("--map is of columns, but", "is no table");
  }

  @Test
  void foreignTable_isRefusedWithWhatToDo() throws IOException {
    Path orc = Files.writeString(folder.resolve("t.orc"), "ORC");
    refused(orc).assertSays("t.orc is a table of a kind that is not read", "Parquet");
  }

  @Test
  void missingEmptyOrDamaged_isRefused() throws IOException {
    refused(folder.resolve("no.parquet")).assertSays("no table at", "no.parquet");
    refused(Files.createFile(folder.resolve("e.parquet"))).assertSays("e.parquet is empty");
    refused(Files.createFile(folder.resolve("e.csv"))).assertSays("e.csv is empty");
    refused(Files.writeString(folder.resolve("h.csv"), "id,f0,f1,f2,f3\n"))
        .assertSays("h.csv holds no row", "at least one is needed");
    Path none = Tables.write(folder.resolve("n.parquet"), "SELECT 1 a, 2 b, 3 c, 4 d LIMIT 0");
    refused(none).assertSays("n.parquet holds no row");
    byte[] whole = Files.readAllBytes(Tables.numbered(folder.resolve("t.parquet"), ROWS));
    Path cut = folder.resolve("cut.parquet");
    Files.write(cut, Arrays.copyOf(whole, whole.length - 100));
    refused(cut).assertSays("cut.parquet cannot be read as a table: ", "write it again, whole");
    Path hole = folder.resolve("hole.parquet");
    Arrays.fill(whole, 4, 900, (byte) 0);
    Files.write(hole, whole);
    refused(hole).assertSays("hole.parquet cannot be read as a table: ");
    Path open = folder.resolve("open.csv");
    Files.writeString(open, "a,b,c,d\n1,2,3,4\n\"1,2,3,4\n5,6,7,8\n");
    refused(open).assertSays("open.csv cannot be read as a table: ", "Line: 3", "quote");
  }

  @Test
  void format_isToldByTheEndOfTheName() {
    assertEquals(TableFormat.PARQUET, TableFormat.of(Path.of("a.b.Parquet")).orElseThrow());
    assertTrue(TableFormat.of(Path.of("parquet")).isEmpty());
    assertTrue(TableFormat.of(Path.of("/")).isEmpty());
    assertEquals(TableFormat.ARROW, TableFormat.of(Path.of("x.feather")).orElseThrow());
    assertTrue(TableFormat.isForeign(Path.of("x.orc")));
  }
}
