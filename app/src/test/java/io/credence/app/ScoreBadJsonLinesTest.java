package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JSON Lines that cannot be scored, each named by its line. */
class ScoreBadJsonLinesTest {

  private static final String GOOD = "{\"ids\":[1,2],\"text\":\"a\"}\n";

  private static Path model;
  @TempDir Path folder;

  @BeforeAll
  static void write(@TempDir Path shared) {
    model = TinyModels.named(shared);
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }

  /** Good, blank, bad: the bad line is the third. */
  private CommandRun refusedLine(String line) throws IOException {
    Path file = file(GOOD + "\n" + line + "\n" + GOOD);
    return CommandRun.refusedScore(folder, "--model", model, "--input", file)
        .assertSays(file + ", line 3, ", "mend the line", "--skip-bad");
  }

  @Test
  void line_noJson_isNamed() throws IOException {
    refusedLine("{\"ids\": [1,2], \"text\": ").assertSays("is no JSON: ");
  }

  @Test
  void line_twoObjects_isNoJson() throws IOException {
    refusedLine("{\"ids\":[1],\"text\":\"a\"} {}").assertSays("is no JSON: ");
  }

  @Test
  void line_notAnObject_showsTheForm() throws IOException {
    refusedLine("[1, 2]").assertSays("is no JSON object; write {\"ids\": …}");
  }

  @Test
  void line_missingInput_listsTheInputs() throws IOException {
    refusedLine("{\"ids\":[1]}")
        .assertSays("lacks input \"text\"", "[ids INT64[?, ?], text STRING[?]]");
  }

  @Test
  void line_unknownInput_listsTheKnown() throws IOException {
    refusedLine("{\"ids\":[1],\"text\":\"a\",\"txet\":\"b\"}")
        .assertSays("names input \"txet\"", "it has [ids INT64[?, ?], text STRING[?]]");
  }

  @Test
  void line_raggedArray_namesTheInput() throws IOException {
    refusedLine("{\"ids\":[[1,2],[3]],\"text\":\"a\"}")
        .assertSays("\"ids\" is not a regular array");
  }

  @Test
  void line_wrongShape_namesBothShapes() throws IOException {
    refusedLine("{\"ids\":[[1],[2]],\"text\":\"a\"}")
        .assertSays("\"ids\" has shape [2, 1]", "a row of [?, ?] is needed");
  }

  @Test
  void line_fractionForWholeNumber_isShown() throws IOException {
    refusedLine("{\"ids\":[1.5],\"text\":\"a\"}")
        .assertSays("\"ids\" holds 1.5, which is no INT64");
  }

  @Test
  void line_numberBeyondInt64_isShown() throws IOException {
    refusedLine("{\"ids\":[9223372036854775808],\"text\":\"a\"}")
        .assertSays("\"ids\" holds 9223372036854775808, which is no INT64");
  }

  @Test
  void line_numberForText_isShown() throws IOException {
    refusedLine("{\"ids\":[1],\"text\":7}").assertSays("\"text\" holds 7, which is no STRING");
  }

  @Test
  void line_nullLeaf_isShown() throws IOException {
    refusedLine("{\"ids\":[1],\"text\":null}").assertSays("\"text\" holds null");
  }

  @Test
  void value_thatTheModelRefuses_namesFileAndRows() throws IOException {
    Path file = file(GOOD + "{\"id\":\"b\",\"ids\":[1,99],\"text\":\"a\"}\n");
    CommandRun run = CommandRun.refusedScore(folder, "--model", model, "--input", file);
    run.assertSays(file + ", among the rows \"1\" to \"b\": indices[1,1] = 99 is not in [0, 10)");
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void file_blankLinesOnly_holdsNoRow() throws IOException {
    Path file = file("\n  \n\n");
    CommandRun.refusedScore(folder, "--model", model, "--input", file)
        .assertSays(file + " holds no row that can be scored");
  }

  @Test
  void file_notUtf8_saysAfterWhichLine() throws IOException {
    Path file = folder.resolve("latin1.jsonl");
    byte[] latin = "{\"ids\":[1],\"text\":\"é\"}\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, latin);
    CommandRun.refusedScore(folder, "--model", model, "--input", file, "--skip-bad")
        .assertSays(file.toString(), "is not UTF-8", "convert the file");
  }

  @Test
  void skipBad_someBadLines_areCountedAndNamed() throws IOException {
    Path file = file(GOOD + "oops\n" + GOOD + "{}\n" + GOOD);
    Path out = folder.resolve("s.jsonl");
    CommandRun run =
        CommandRun.done("score", "--model", model, "--input", file, "--skip-bad", "--out", out);
    assertEquals(List.of("1", "3", "5"), CommandRun.ids(CommandRun.rows(out)));
    run.assertSays("skipped: " + file + ", line 2, is no JSON", "line 4, lacks input \"ids\"");
    assertEquals(
        "3 inputs scored with 50 passes, seed 42; 2 skipped",
        run.out().lines().findFirst().orElseThrow());
  }

  @Test
  void skipBad_manyBadLines_namesTenAndCountsTheRest() throws IOException {
    Path file = file(GOOD + "oops\n".repeat(25));
    CommandRun run =
        CommandRun.done("score", "--model", model, "--input", file, "--skip-bad", "--json");
    assertEquals(11, run.err().lines().filter(line -> line.startsWith("skipped: ")).count());
    run.assertSays("skipped: 15 more", "\"skipped\":25");
  }

  @Test
  void skipBad_nothingElse_isRefusedWithTheFirstProblem() throws IOException {
    Path file = file("oops\n{}\n");
    CommandRun.refusedScore(folder, "--model", model, "--input", file, "--skip-bad")
        .assertSays(file + " holds no row", "the first problem: ", "line 1, is no JSON");
  }
}
