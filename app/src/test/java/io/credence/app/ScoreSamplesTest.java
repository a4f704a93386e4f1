package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --samples-out}: the outputs of every pass, as one array. */
class ScoreSamplesTest {

  private static final int ROWS = 5;

  private static Path model;
  private static Path other;
  @TempDir Path folder;
  private Path input;
  private Path results;
  private Path out;
  private Path samples;

  @BeforeAll
  static void export(@TempDir Path shared) {
    model = TinyModels.member(shared.resolve("a"), 1, true);
    other = TinyModels.member(shared.resolve("b"), -2, true);
  }

  @BeforeEach
  void write() {
    input = TinyInputs.rows(folder.resolve("x.npy"), 0, ROWS);
    results = folder.resolve("results");
    out = results.resolve("s.jsonl");
    samples = results.resolve("samples.npy");
  }

  private CommandRun run(Object scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", scored));
    args.addAll(List.of("--samples-out", samples));
    args.addAll(List.of(options));
    if (!args.contains("--input")) {
      args.addAll(List.of("--input", input));
    }
    return CommandRun.of(args.toArray());
  }

  private Samples sampled(Object scored, Object... options) {
    CommandRun run = run(scored, options);
    assertEquals(0, run.exitCode(), run::toString);
    return Samples.read(samples);
  }

  @Test
  void samples_areTheOnesThatTheLinesAreOf() {
    Samples raw = sampled(model, "--out", out, "--passes", 9);
    assertEquals(List.of(9, ROWS, 3), raw.shape());
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = CommandRun.rows(out).get(n);
      double[] mean = Samples.mean(raw.of(n));
      double[] variance = Samples.variance(raw.of(n));
      for (int k = 0; k < 3; k++) {
        assertEquals(mean[k], row.get("meanProbabilities").get(k).doubleValue(), 1e-6);
        assertEquals(variance[k], row.get("variances").get(k).doubleValue(), 1e-6);
      }
      assertTrue(variance[0] > 0);
    }
    assertEquals(List.of("s.jsonl", "samples.npy"), CommandRun.names(results));
  }

  @Test
  void lines_withAndWithoutSamples_areTheSame() throws IOException {
    for (String scored : List.of(model.toString(), model + "," + other)) {
      CommandRun.done("score", "--model", scored, "--input", input, "--out", out);
      byte[] without = Files.readAllBytes(out);
      sampled(scored, "--out", out);
      assertArrayEquals(without, Files.readAllBytes(out));
    }
  }

  @Test
  void summary_namesTheFile() {
    String text = run(model, "--out", out).out();
    assertTrue(text.endsWith("written to " + out + "\nsamples written to " + samples + "\n"), text);
  }

  @Test
  void sameSeed_sameBytes() throws IOException {
    sampled(model, "--out", out);
    byte[] first = Files.readAllBytes(samples);
    sampled(model, "--out", out);
    assertArrayEquals(first, Files.readAllBytes(samples));
  }

  /** 600 rows come in three batches; each must stand where it stands in the input. */
  @Test
  void rows_ofSeveralBatches_areInOrder() {
    Path many = TinyInputs.rows(folder.resolve("many.npy"), 0, 600);
    Samples all = sampled(model, "--out", out, "--input", many, "--passes", 4);
    assertEquals(List.of(4, 600, 3), all.shape());
    for (int row : new int[] {0, 255, 256, 511, 512, 599}) {
      Path one = TinyInputs.rows(folder.resolve("one.npy"), row, row + 1);
      Samples alone = sampled(model, "--out", out, "--input", one, "--passes", 4);
      for (int pass = 0; pass < 4; pass++) {
        assertArrayEquals(alone.of(0)[pass], all.of(row)[pass], 1e-6);
      }
    }
  }

  /** Masks depend on the seed, the site and the pass alone: the first member's are the model's. */
  @Test
  void samples_ofAnEnsemble_areThoseOfItsMembersInTurn() {
    Path certain = TinyModels.member(folder.resolve("certain"), 3, false);
    Samples all = sampled(model + "," + certain + "," + other, "--out", out, "--passes", 6);
    assertEquals(List.of(13, ROWS, 3), all.shape());
    Samples alone = sampled(model, "--out", out, "--passes", 6);
    Samples sure = sampled(certain + "," + other, "--out", out, "--passes", 6);
    for (int n = 0; n < ROWS; n++) {
      assertArrayEquals(alone.of(n), Arrays.copyOf(all.of(n), 6));
      assertArrayEquals(sure.of(n)[0], all.of(n)[6]);
    }
  }

  @Test
  void samples_ofARegressor_areItsTargets() {
    Path regressor = TinyModels.regressor(folder.resolve("regressor"), 1);
    Samples raw = sampled(regressor, "--out", out, "--output-kind", "MEAN", "--passes", 9);
    assertEquals(List.of(9, ROWS, 3), raw.shape());
    double[] variance = Samples.variance(raw.of(1));
    for (int d = 0; d < 3; d++) {
      assertEquals(
          variance[d],
          CommandRun.rows(out).get(1).get("epistemicVariance").get(d).doubleValue(),
          1e-5);
    }
  }

  @Test
  void logits_areKeptAsTheModelGivesThem() {
    Path logits = TinyModels.logits(folder.resolve("logits"));
    Samples raw = sampled(logits, "--out", out, "--output-kind", "LOGITS", "--passes", 3);
    double sum = Arrays.stream(raw.of(1)[0]).sum();
    assertTrue(Math.abs(sum - 1) > 1e-3, () -> "probabilities, not logits: " + sum);
  }

  @Test
  void lines_toStandardOutput_leaveTheFileAlone() {
    CommandRun run = run(model, "--passes", 3);
    assertEquals(ROWS, CommandRun.rows(run.out()).size());
    assertTrue(run.err().endsWith("samples written to " + samples + "\n"), run.err());
    assertEquals(List.of(3, ROWS, 3), Samples.read(samples).shape());
    assertEquals(List.of("samples.npy"), CommandRun.names(results));
  }

  @Test
  void files_onFailureInALaterBatch_areLeftAsTheyWere() throws IOException {
    Files.createDirectories(results);
    Files.writeString(out, "old lines");
    Files.writeString(samples, "old samples");
    Path broken = folder.resolve("broken.jsonl");
    Files.writeString(broken, "{\"x\":[1,2,3,4]}\n".repeat(300) + "{\"x\":[1,2,3]}\n");
    run(model, "--out", out, "--input", broken).assertRefused("line 301");
    assertEquals("old lines", Files.readString(out));
    assertEquals("old samples", Files.readString(samples));
    assertEquals(List.of("s.jsonl", "samples.npy"), CommandRun.names(results));
  }

  @Test
  void standardOutput_thatFails_leavesNoSamples() {
    java.io.PrintStream before = System.out;
    System.setOut(
        new java.io.PrintStream(java.io.OutputStream.nullOutputStream()) {
          @Override
          public boolean checkError() {
            return true;
          }
        });
    try {
      assertEquals(
          CredenceCommand.OUTPUT_FAILED,
          CredenceCommand.run(
              "score",
              "--model",
              model.toString(),
              "--input",
              input.toString(),
              "--samples-out",
              samples.toString()));
    } finally {
      System.setOut(before);
    }
    assertEquals(List.of(), CommandRun.names(results));
  }

  @Test
  void file_thatIsReadOrWrittenAlready_isRefused() throws IOException {
    byte[] before = Files.readAllBytes(input);
    Path labels = Files.writeString(folder.resolve("labels.txt"), "0\n1\n2\n0\n1\n");
    String end = ", which is read or written already; name another file";
    for (Path taken : List.of(input, labels, folder.resolve("s.jsonl"))) {
      CommandRun.of(
              "score",
              "--model",
              model,
              "--input",
              input,
              "--labels",
              labels,
              "--out",
              folder.resolve("s.jsonl"),
              "--samples-out",
              folder.resolve("detour/..").resolve(taken.getFileName()))
          .assertRefused()
          .assertMessage("--samples-out is " + taken + end);
    }
    assertArrayEquals(before, Files.readAllBytes(input));
    assertEquals(List.of("labels.txt", "x.npy"), CommandRun.names(folder));
  }

  @Test
  void file_thatIsNone_isRefused() throws IOException {
    CommandRun.refusedScore(folder, "--model", model, "--input", input, "--samples-out", "-")
        .assertMessage(
            "--samples-out is a file of its own, not standard output; name a .npy file to write");
    Files.createDirectories(results);
    run(model, "--samples-out", results)
        .assertRefused("should be specified only once"); // which one would be meant?
    CommandRun.refusedScore(folder, "--model", model, "--input", input, "--samples-out", results)
        .assertMessage(results + " is a folder; name the file to write");
    assertEquals(List.of(), CommandRun.names(results));
  }

  @Test
  void file_readAsText_hasTheHeaderOfNumPy() throws IOException {
    sampled(model, "--out", out, "--passes", 3);
    String start = new String(Files.readAllBytes(samples), StandardCharsets.ISO_8859_1);
    assertTrue(
        start
            .substring(10)
            .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5, 3), }"));
  }
}
