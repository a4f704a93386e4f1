package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.acquisition.Candidate;
import io.credence.acquisition.Strategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inputs that are to be labelled, one JSON object or row each. */
final class AcquireOutput {

  private static final String SCHEMA = "credence.acquisition/1";

  private AcquireOutput() {}

  /**
   * Writes the batch, whole or not at all.
   *
   * @param out the file; null for standard output
   * @throws OutputException if it cannot be written
   */
  static void write(@Nullable Path out, Strategy strategy, List<? extends Candidate<?>> chosen)
      throws IOException {
    String lines = lines(strategy, chosen);
    if (out == null) {
      PrintWriter printer = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
      printer.append(lines).flush();
      if (printer.checkError()) {
        throw new OutputException("standard output cannot be written: it is closed, or full");
      }
      return;
    }
    ResultFormat format = ResultFormat.of(out);
    try (AtomicOutput file = AtomicOutput.create(out);
        AtomicOutput text = AtomicOutput.create(beside(out, ".lines"));
        AtomicOutput table = AtomicOutput.create(beside(out, ".table"))) {
      Path written = format == ResultFormat.JSON_LINES ? file.path() : text.path();
      try {
        Files.writeString(written, lines);
      } catch (IOException e) {
        throw new OutputException(out + " cannot be written: " + e.getMessage(), e);
      }
      if (format != ResultFormat.JSON_LINES) {
        ResultTables.toParquet(text.path(), longest(lines), table.path());
        ResultTables.join(List.of(table.path()), format, file.path());
      }
      file.publish();
    }
  }

  /** How many bytes the longest line has at most, of UTF-8. */
  private static long longest(String lines) {
    return 3L * lines.lines().mapToInt(String::length).max().orElse(0);
  }

  private static Path beside(Path out, String end) {
    return out.resolveSibling(out.getFileName() + end);
  }

  private static String lines(Strategy strategy, List<? extends Candidate<?>> chosen)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    int rank = 1;
    for (Candidate<?> each : chosen) {
      ObjectNode json = mapper.createObjectNode().put("schema", SCHEMA).put("rank", rank++);
      json.put("id", each.id()).put("strategy", strategy.key());
      if (strategy != Strategy.RANDOM) {
        json.put("score", each.score());
      }
      if (strategy == Strategy.BATCHBALD) {
        json.put("gain", each.key());
      }
      lines.append(mapper.writeValueAsString(json)).append('\n');
    }
    return lines.toString();
  }
}
