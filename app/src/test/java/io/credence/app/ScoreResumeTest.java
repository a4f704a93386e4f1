package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** A run that was stopped and gone on with gives what an unbroken run gives. */
class ScoreResumeTest {

  private static final int ROWS = 2000;

  /** Rows that cannot be scored; with --strict the run stops at the first. */
  private static final int FIRST_BAD = 1100;

  @TempDir static Path shared;
  private static Path model;

  @TempDir Path folder;
  private Path table;

  @BeforeAll
  static void make() {
    model = TinyModels.of(shared.resolve("model"), TFloat32.class, -1, 4);
  }

  @BeforeEach
  void write() {
    System.setProperty("credence.part.rows", "256");
    table =
        Tables.write(
            folder.resolve("t.parquet"),
            "SELECT * REPLACE (CASE WHEN i IN (1100, 1101, 1999) THEN NULL ELSE f0 END AS f0) FROM"
                + " (SELECT i, "
                + Tables.COLUMNS
                + " FROM range("
                + ROWS
                + ") t(i)) ORDER BY i");
  }

  @AfterEach
  void restore() {
    System.clearProperty("credence.part.rows");
  }

  private CommandRun run(Path out, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", table));
    args.addAll(List.of("--out", out, "--passes", 3, "--map", "x=f0..f3"));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray());
  }

  private Path work(Path out) {
    return out.resolveSibling(out.getFileName() + ".work");
  }

  private static void assertSame(Path expected, Path actual) throws IOException {
    if (expected.toString().endsWith("parquet")) {
      String select = "SELECT * FROM read_parquet(%s)";
      List<List<String>> rows = Tables.rows(select.formatted(Tables.file(expected)));
      assertFalse(rows.isEmpty());
      assertEquals(rows, Tables.rows(select.formatted(Tables.file(actual))));
    } else {
      assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(actual));
    }
    assertArrayEquals(
        Files.readAllBytes(PartsOutput.badFile(expected)),
        Files.readAllBytes(PartsOutput.badFile(actual)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsonl", "parquet", "csv"})
  void stoppedAndResumed_isAsUnbroken(String end) throws IOException {
    Path whole = folder.resolve("whole." + end);
    assertEquals(0, run(whole).exitCode());
    Path out = folder.resolve("out." + end);
    CommandRun stopped = run(out, "--strict");
    assertEquals(2, stopped.exitCode());
    stopped.assertSays(
        "note: 1024 rows are kept in " + work(out) + "; the same command with --resume goes on",
        "row " + FIRST_BAD);
    assertFalse(Files.exists(out));
    run(out)
        .assertRefused(work(out) + " holds 1024 rows of an unfinished run", "--resume", "delete");
    CommandRun resumed = run(out, "--resume");
    assertEquals(0, resumed.exitCode(), resumed::toString);
    assertTrue(
        resumed
            .out()
            .startsWith(
                "973 inputs scored with 3 passes, seed 42; 3 skipped; before them"
                    + " 1024 inputs of the run that was stopped"),
        resumed.out());
    assertSame(whole, out);
    assertFalse(Files.exists(work(out)));
  }

  @Test
  void resume_withNothingToGoOnWith_beginsAnew() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    Path out = folder.resolve("out.jsonl");
    assertEquals(0, run(whole).exitCode());
    assertEquals(0, run(out, "--resume").exitCode());
    assertSame(whole, out);
  }

  @Test
  void unfinishedFiles_ofAKilledRun_areThrownAway() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    Path out = folder.resolve("out.jsonl");
    assertEquals(0, run(whole).exitCode());
    assertEquals(2, run(out, "--strict").exitCode());
    // As if killed between the results of a part and its record.
    Files.writeString(work(out).resolve("000004.jsonl"), "half");
    Files.writeString(work(out).resolve("000004.bad"), "half");
    Files.writeString(work(out).resolve("000005.bad"), "of a part without bad rows");
    Files.writeString(work(out).resolve("unfinished.jsonl"), "half");
    Files.writeString(work(out).resolve("unfinished.whole"), "half");
    assertEquals(0, run(out, "--resume").exitCode());
    assertSame(whole, out);
  }

  @Test
  void killedWhileTheFolderWasRemoved_beginsAnew() throws IOException {
    Path whole = folder.resolve("whole.jsonl");
    Path out = folder.resolve("out.jsonl");
    assertEquals(0, run(whole).exitCode());
    assertEquals(2, run(out, "--strict").exitCode());
    Files.delete(work(out).resolve("manifest.json"));
    Files.delete(work(out).resolve("000000.jsonl"));
    assertEquals(0, run(out).exitCode());
    assertSame(whole, out);
  }

  @Test
  void otherRun_isRefusedNamingWhatDiffers() throws IOException {
    Path out = folder.resolve("out.jsonl");
    assertEquals(2, run(out, "--strict").exitCode());
    run(out, "--resume", "--seed", 7)
        .assertRefused("--resume cannot go on with " + out, "plan.seed was 42 and is 7", "delete");
    run(out, "--resume", "--measures", "margin")
        .assertRefused("options.--measures was not given and is \"margin\"");
    run(out, "--resume", "--shard", "1/2").assertRefused("shard was \"1/1\" and is \"1/2\"");
    Path other = TinyModels.member(folder.resolve("other"), 2, true);
    run(out, "--resume", "--model", other).assertRefused("should be specified only once");
    CommandRun.of(
            "score",
            "--model",
            other,
            "--input",
            table,
            "--out",
            out,
            "--passes",
            3,
            "--map",
            "x=f0..f3",
            "--resume")
        .assertRefused("model was \"sha256:");
    FileTime before = Files.getLastModifiedTime(table);
    Files.setLastModifiedTime(table, FileTime.from(before.toInstant().plusSeconds(60)));
    run(out, "--resume").assertRefused("input.modified was ");
    Files.setLastModifiedTime(table, before);
    assertEquals(0, run(out, "--resume").exitCode());
  }

  @Test
  void resume_ofAnArray_worksToo() throws IOException {
    Path array = TinyInputs.rows(folder.resolve("x.npy"), 0, 600);
    byte[] bytes = Files.readAllBytes(array);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 16 * 100, 5);
    Files.write(array, bytes); // row 500 is out of the range below
    Path whole = folder.resolve("whole.jsonl");
    Path out = folder.resolve("out.jsonl");
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", array));
    args.addAll(List.of("--input-range", "-1,1", "--passes", 3, "--out"));
    List<Object> unbroken = new ArrayList<>(args);
    unbroken.add(whole);
    CommandRun.done(unbroken.toArray());
    args.addAll(List.of(out, "--resume"));
    List<Object> strict = new ArrayList<>(args);
    strict.add("--strict");
    CommandRun.of(strict.toArray()).assertSays("note: 256 rows are kept in " + work(out));
    CommandRun.done(args.toArray());
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(out));
  }

  @Test
  void killed_atAnyMoment_goesOn() throws Exception {
    Path big = Tables.numbered(folder.resolve("big.parquet"), 12_000);
    Path whole = folder.resolve("whole.jsonl");
    List<String> args = new ArrayList<>(List.of("score", "--model", model.toString()));
    args.addAll(List.of("--input", big.toString(), "--passes", "20", "--out"));
    List<Object> unbroken = new ArrayList<>(args);
    unbroken.add(whole);
    CommandRun.done(unbroken.toArray());
    Path out = folder.resolve("out.jsonl");
    args.addAll(List.of(out.toString(), "--resume"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-Dcredence.part.rows=256", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), CredenceCommand.class.getName()));
    command.addAll(args);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    while (process.isAlive() && !Files.exists(work(out).resolve("000003.json"))) {
      Thread.sleep(1);
    }
    process.destroyForcibly();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertFalse(Files.exists(out), () -> log());
    CommandRun resumed = CommandRun.done(args.toArray());
    assertTrue(resumed.out().contains("; before them "), resumed.out());
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(out));
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void partThatCannotBeWritten_isToldAndTheOthersKept() throws IOException {
    Path out = folder.resolve("out.jsonl");
    RunManifest manifest = new RunManifest((ObjectNode) CommandRun.json("{}"));
    try (PartsOutput parts = PartsOutput.open(out, manifest, false, 0, Optional.empty())) {
      parts.write("{}\n".repeat(256), 256, 256, List.of());
      Path full = work(out).resolve("unfinished.jsonl");
      Files.createSymbolicLink(full, Path.of("/dev/full"));
      OutputException e =
          assertThrows(
              OutputException.class, () -> parts.write("{}\n".repeat(256), 256, 512, List.of()));
      assertTrue(e.getMessage().startsWith(out + " cannot be written: "), e::getMessage);
    }
    assertFalse(Files.exists(out));
    try (PartsOutput parts = PartsOutput.open(out, manifest, true, 0, Optional.empty())) {
      assertEquals(256, parts.position());
      parts.publish(Optional.empty());
    }
    assertEquals("{}\n".repeat(256), Files.readString(out));
    assertEquals(List.of("out.jsonl", "t.parquet"), CommandRun.names(folder));
  }

  @Test
  void anotherRunAtWork_isRefused() throws IOException {
    Path out = folder.resolve("out.jsonl");
    RunManifest manifest = new RunManifest((ObjectNode) CommandRun.json("{}"));
    try (WorkFolder work = WorkFolder.open(out, manifest, false)) {
      assertTrue(work.position().isEmpty());
      run(out).assertRefused("another run is writing " + out);
    }
    assertEquals(0, run(out).exitCode());
  }

  @Test
  void options_thatDoNotGoTogether_areRefused() {
    Path out = folder.resolve("out.jsonl");
    run(out, "--resume", "--samples-out", folder.resolve("s.npy"))
        .assertRefused("--resume goes not with --samples-out");
    CommandRun.of("score", "--model", model, "--input", table, "--resume")
        .assertRefused("--resume needs a file to write; name one with --out");
    run(folder.resolve("out.xlsx"))
        .assertRefused("ends in .xlsx", ".jsonl, .parquet, .arrow or .csv");
    assertEquals(List.of("t.parquet"), CommandRun.names(folder));
  }
}
