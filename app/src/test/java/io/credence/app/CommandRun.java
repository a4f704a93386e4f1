package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One run of the real command line, in this process.
 *
 * @param exitCode what it would exit with
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int exitCode, String out, String err) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Runs {@code credence args…}. */
  static CommandRun of(Object... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try (PrintStream outStream = new PrintStream(outBytes, true, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(errBytes, true, StandardCharsets.UTF_8)) {
      System.setOut(outStream);
      System.setErr(errStream);
      int exitCode =
          CredenceCommand.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new));
      return new CommandRun(
          exitCode,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Scores into a file, with few passes unless told otherwise, and returns its lines. */
  static List<JsonNode> score(Path out, Object... args) {
    done(scoring(out, args));
    return rows(out);
  }

  /** Scores into a file of a new folder; asserts that it is refused, and the folder left empty. */
  static CommandRun refusedScore(Path folder, Object... args) {
    try {
      Path results = Files.createTempDirectory(folder, "results");
      CommandRun run = of(scoring(results.resolve("scores.jsonl"), args)).assertRefused();
      assertEquals(List.of(), names(results), "left behind");
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CommandRun done(Object... args) {
    CommandRun run = of(args);
    assertEquals(0, run.exitCode(), run::toString);
    return run;
  }

  /** Asserts exit code 2 and a message on standard error alone that has the parts. */
  CommandRun assertRefused(Object... parts) {
    assertEquals(2, exitCode, this::toString);
    assertEquals("", out);
    assertTrue(err.startsWith("credence: "), err);
    assertFalse(err.contains("\tat "), err);
    assertFalse(err.contains("Exception"), err);
    return assertSays(parts);
  }

  /** Asserts that standard error is this message, and no more. */
  CommandRun assertMessage(String message) {
    assertEquals("credence: " + message, err.strip());
    return this;
  }

  /** Asserts that standard error has the parts. */
  CommandRun assertSays(Object... parts) {
    for (Object part : parts) {
      assertTrue(err.contains(part.toString()), () -> "\"" + part + "\" not in: " + err);
    }
    return this;
  }

  /** The lines of a JSON Lines file. */
  static List<JsonNode> rows(Path file) {
    try {
      return rows(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> rows(String lines) {
    return lines.lines().map(CommandRun::json).toList();
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of an object's fields, in their order. */
  static List<String> fields(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static List<String> ids(List<JsonNode> rows) {
    return rows.stream().map(row -> row.get("id").textValue()).toList();
  }

  /** Names of what is in a folder, hidden files too. */
  static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object[] scoring(Path out, Object... args) {
    List<Object> all = new ArrayList<>(List.of("score", "--out", out));
    all.addAll(List.of(args));
    if (!all.contains("--passes")) {
      all.addAll(List.of("--passes", 3));
    }
    return all.toArray();
  }
}
