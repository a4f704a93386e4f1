package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a tolerance is refused on the command line, and how that is said. */
class ScoreToleranceRefusalTest extends ToleranceScores {

  @ParameterizedTest
  @CsvSource({"0, 0.0", "-1, -1.0", "NaN, NaN", "Infinity, Infinity"})
  void tolerance_outOfRange_isRefused(String given, String told) {
    refused("--tolerance", given, "--passes", 100)
        .assertMessage(
            "--tolerance is "
                + told
                + "; it must be above 0 and finite, 0.01 nats is a good start for an entropy");
  }

  @Test
  void passes_thatDoNotGoTogether_areRefused() {
    refused("--tolerance", .1, "--min-passes", 2, "--passes", 100)
        .assertMessage("--min-passes is 2; at least 3 tell an error, 50 are better");
    refused("--tolerance", .1, "--min-passes", 50, "--passes", 40)
        .assertMessage(
            "at least 50 passes, but at most 40, cannot be taken; raise --passes, or lower"
                + " --min-passes");
    // The usual least gives way to the most that is asked for.
    run(model, input, "--tolerance", .1, "--passes", 10);
    assertEquals(10, CommandRun.rows(out).get(0).get("samples").intValue());
  }

  @Test
  void optionsOfATolerance_withoutOne_areRefused() {
    String end =
        " is given without --tolerance, and would have no effect; give the largest standard error"
            + " that is good enough";
    refused("--min-passes", 30).assertMessage("--min-passes" + end);
    refused("--tolerance-measure", "margin").assertMessage("--tolerance-measure" + end);
  }

  @Test
  void masksPerRow_areRefused() {
    refused("--tolerance", .1, "--passes", 100, "--masks", "per-row")
        .assertSays("with masks per row the answer", "; leave out --masks per-row, or --tolerance");
  }

  @Test
  void noErrorGroups_areRefused() {
    refused("--tolerance", .1, "--passes", 100, "--error-groups", 0)
        .assertMessage(
            "without error groups no error is told that could end sampling; give --error-groups"
                + " 20");
  }

  @Test
  void samplesOut_isRefused() {
    refused("--tolerance", .1, "--samples-out", folder.resolve("results.npy"))
        .assertMessage(
            "with --tolerance inputs take different numbers of passes, which make up no array;"
                + " leave out --samples-out, or take a fixed number of --passes");
    assertFalse(Files.exists(folder.resolve("results.npy")));
  }

  /** A model that predicts no variance has no error of it that could end sampling. */
  @Test
  void measure_thatTheModelDoesNotTell_isRefused() {
    Path regressor = TinyModels.regressor(folder.resolve("regressor"), 1);
    CommandRun.refusedScore(
            folder,
            "--model",
            regressor,
            "--input",
            input,
            "--output-kind",
            "MEAN",
            "--passes",
            100,
            "--tolerance",
            .1,
            "--tolerance-measure",
            "aleatoricVariance")
        .assertSays("ALEATORIC_VARIANCE is not told", "; choose another --tolerance-measure");
  }

  @Test
  void ensembleThatAnswersOnce_isRefused() {
    Path certain = TinyModels.member(folder.resolve("certain"), 3, false);
    Path gated = TinyModels.gated(folder.resolve("gated"));
    String start =
        "--tolerance has no effect: each of the 2 members answers once, as it is served, which no"
            + " number of passes changes; leave out --tolerance";
    CommandRun.refusedScore(
            folder,
            "--model",
            certain + "," + gated,
            "--input",
            input,
            "--tolerance",
            .1,
            "--passes",
            100,
            "--as-served")
        .assertMessage(start + ", or --as-served");
    Path sure = TinyModels.member(folder.resolve("sure"), 2, false);
    CommandRun.refusedScore(
            folder,
            "--model",
            certain + "," + sure,
            "--input",
            input,
            "--tolerance",
            .1,
            "--passes",
            100)
        .assertMessage(start);
  }

  @Test
  void membersInTurn_areRefused() {
    CommandRun.refusedScore(
            folder,
            "--model",
            model + "," + other,
            "--input",
            input,
            "--tolerance",
            .1,
            "--passes",
            100,
            "--resident-members",
            1)
        .assertMessage(
            "--resident-members 1 loads members in turn, and with --tolerance would load them all"
                + " again for each look at the error; keep all 2 in memory, or take a fixed number"
                + " of --passes");
  }
}
