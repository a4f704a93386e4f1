package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A model and inputs, and runs of score with a tolerance. */
abstract class ToleranceScores {

  static final int ROWS = 8;
  static final double TOLERANCE = .02;

  static Path model;
  static Path other;
  @TempDir Path folder;
  Path input;
  Path out;

  @BeforeAll
  static void export(@TempDir Path shared) {
    model = TinyModels.member(shared.resolve("a"), 1, true);
    other = TinyModels.member(shared.resolve("b"), -2, true);
  }

  @BeforeEach
  void write() {
    input = TinyInputs.rows(folder.resolve("x.npy"), 0, ROWS);
    out = folder.resolve("s.jsonl");
  }

  CommandRun run(Object scored, Path rows, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", scored, "--input", rows));
    args.addAll(List.of("--out", out));
    args.addAll(List.of(options));
    return CommandRun.done(args.toArray());
  }

  CommandRun refused(Object... options) {
    List<Object> args = new ArrayList<>(List.of("--model", model, "--input", input));
    args.addAll(List.of(options));
    return CommandRun.refusedScore(folder, args.toArray());
  }

  static double error(JsonNode row, String measure) {
    return row.at("/standardError/" + measure).doubleValue();
  }
}
