package io.credence.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Members of ensembles, and runs of score on them. */
abstract class EnsembleScores {

  static final int ROWS = 6;
  static final double[] SHARES = {1 / 8.0, 2 / 8.0, 5 / 8.0};

  static Path members;
  static String all;
  @TempDir Path folder;
  Path input;
  Path out;
  Path samples;

  @BeforeAll
  static void export(@TempDir Path shared) {
    members = shared;
    TinyModels.member(shared.resolve("a"), 1, true);
    TinyModels.member(shared.resolve("b"), -2, true);
    TinyModels.member(shared.resolve("c"), 3, false);
    all = shared.resolve("a") + "," + shared.resolve("b") + "," + shared.resolve("c");
  }

  @BeforeEach
  void write() {
    input = TinyInputs.rows(folder.resolve("x.npy"), 0, ROWS);
    out = folder.resolve("s.jsonl");
    samples = folder.resolve("samples.npy");
  }

  CommandRun run(String model, Path scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", scored));
    args.addAll(List.of("--out", out));
    args.addAll(List.of(options));
    return CommandRun.done(args.toArray());
  }

  byte[] bytes(String model, Object... options) throws IOException {
    run(model, input, options);
    return Files.readAllBytes(out);
  }

  CommandRun refused(Object... options) {
    List<Object> args = new ArrayList<>(List.of("--input", input));
    args.addAll(List.of(options));
    return CommandRun.refusedScore(folder, args.toArray());
  }

  Path labelled(String name, String... labels) throws IOException {
    Path model = TinyModels.member(folder.resolve(name), name.length(), true);
    sidecar(model, "\"labels\":[\"" + String.join("\",\"", labels) + "\"]");
    return model;
  }

  static void sidecar(Path model, String parts) throws IOException {
    Files.writeString(
        model.resolve("credence.json"), "{\"schema\":\"credence.sidecar/1\"," + parts + "}");
  }

  static String image(double scale) {
    return "\"image\":{\"height\":2,\"width\":2,\"channels\":1,\"scale\":"
        + scale
        + ",\"offset\":0}";
  }
}
