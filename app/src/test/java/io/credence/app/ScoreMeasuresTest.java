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
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --measures}, {@code --bias-corrected}, and the standard error of each. */
class ScoreMeasuresTest {

  private static final int ROWS = 5;

  private static Path model;
  private static Path regressor;
  @TempDir Path folder;
  private Path input;
  private Path out;
  private Path samples;

  @BeforeAll
  static void export(@TempDir Path shared) {
    model = TinyModels.member(shared.resolve("a"), 1, true);
    regressor = TinyModels.regressor(shared.resolve("r"), 1);
  }

  @BeforeEach
  void write() {
    input = TinyInputs.rows(folder.resolve("x.npy"), 0, ROWS);
    out = folder.resolve("s.jsonl");
    samples = folder.resolve("samples.npy");
  }

  private List<JsonNode> score(Object scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("--model", scored, "--input", input));
    args.addAll(List.of(options));
    return CommandRun.score(out, args.toArray());
  }

  private CommandRun refused(Object scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("--model", scored, "--input", input));
    args.addAll(List.of(options));
    return CommandRun.refusedScore(folder, args.toArray());
  }

  @Test
  void measures_asked_areWrittenInTheirOrderAndNoDistributions() {
    List<JsonNode> usual = score(model, "--passes", 9);
    List<JsonNode> asked =
        score(model, "--passes", 9, "--measures", "voteEntropy,MUTUAL_INFORMATION, margin,margin");
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = asked.get(n);
      List<String> measures = List.of("voteEntropy", "mutualInformation", "margin");
      List<String> fields =
          new ArrayList<>(List.of("schema", "id", "predictedClass", "predictedLabel"));
      fields.addAll(measures);
      fields.addAll(List.of("samples", "standardError", "plan"));
      assertEquals(fields, CommandRun.fields(row));
      assertEquals(measures, CommandRun.fields(row.get("standardError")));
      for (String measure : measures) {
        assertEquals(usual.get(n).get(measure), row.get(measure));
        assertEquals(
            usual.get(n).at("/standardError/" + measure), row.at("/standardError/" + measure));
      }
    }
  }

  @Test
  void measures_ofOneModel_haveNoPartBetweenMembers() {
    for (JsonNode row :
        score(
            model,
            "--measures",
            "betweenMembersMutualInformation,withinMembersMutualInformation,mutualInformation")) {
      assertEquals(0, row.get("betweenMembersMutualInformation").doubleValue());
      assertEquals(row.get("mutualInformation"), row.get("withinMembersMutualInformation"));
    }
  }

  @Test
  void measures_ofARegressor_areWrittenForEachTarget() {
    List<JsonNode> usual = score(regressor, "--output-kind", "MEAN");
    List<JsonNode> asked =
        score(
            regressor,
            "--output-kind",
            "MEAN",
            "--measures",
            "epistemic-standard-deviation,mean",
            "--bias-corrected");
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = asked.get(n);
      assertEquals(
          List.of(
              "schema",
              "id",
              "epistemicStandardDeviation",
              "mean",
              "samples",
              "standardError",
              "biasCorrected",
              "plan"),
          CommandRun.fields(row));
      assertEquals(usual.get(n).get("mean"), row.get("mean"));
      for (int d = 0; d < 3; d++) {
        assertEquals(
            Math.sqrt(usual.get(n).at("/epistemicVariance").get(d).doubleValue()),
            row.get("epistemicStandardDeviation").get(d).doubleValue(),
            1e-12);
      }
      assertEquals(3, row.at("/standardError/epistemicStandardDeviation").size());
      assertEquals(3, row.at("/biasCorrected/epistemicStandardDeviation").size());
    }
  }

  @Test
  void measures_unknown_listTheKnown() {
    refused(model, "--measures", "margin,entropy")
        .assertMessage(
            "there is no measure \"entropy\" of classifiers; choose one of [predictiveEntropy,"
                + " expectedEntropy, mutualInformation, meanKullbackLeibler,"
                + " betweenMembersMutualInformation, withinMembersMutualInformation,"
                + " variationRatio, maxProbability, margin, meanStandardDeviation, voteEntropy,"
                + " disagreement]");
    refused(regressor, "--output-kind", "MEAN", "--measures", "margin")
        .assertMessage(
            "there is no measure \"margin\" of regressors; choose one of [mean, epistemicVariance,"
                + " epistemicStandardDeviation, betweenMembersVariance, withinMembersVariance,"
                + " aleatoricVariance, totalVariance]");
    refused(model, "--measures", "margin,,voteEntropy").assertSays("there is no measure \"\" of");
  }

  @Test
  void measures_thatTheModelDoesNotTell_areRefused() throws IOException {
    refused(regressor, "--output-kind", "MEAN", "--measures", "mean,totalVariance")
        .assertMessage(
            "--measures asks for totalVariance, but the model predicts no variance; leave it out,"
                + " or declare another --output-kind, or observationVariance in credence.json");
    Path noisy = TinyModels.regressor(folder.resolve("noisy"), 1);
    Files.writeString(
        noisy.resolve("credence.json"),
        "{\"schema\":\"credence.sidecar/1\",\"outputKind\":\"MEAN\",\"observationVariance\":0.25}");
    for (JsonNode row : score(noisy, "--measures", "totalVariance,epistemicVariance")) {
      for (int d = 0; d < 3; d++) {
        assertEquals(
            .25 + row.get("epistemicVariance").get(d).doubleValue(),
            row.get("totalVariance").get(d).doubleValue(),
            1e-12);
      }
    }
  }

  /** Below three passes, no group can be left out and two samples stay. */
  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, true", "20, true"})
  void errors_ofFewPasses_areAbsent(int passes, boolean told) {
    for (Path scored : List.of(model, regressor)) {
      List<JsonNode> rows =
          score(
              scored,
              "--output-kind",
              scored == model ? "PROBABILITIES" : "MEAN",
              "--passes",
              passes,
              "--bias-corrected");
      for (JsonNode row : rows) {
        assertEquals(told, row.has("standardError"), row::toString);
        assertEquals(told, row.has("biasCorrected"), row::toString);
        assertEquals(passes, row.get("samples").intValue());
      }
    }
  }

  @Test
  void errors_ofNoGroups_areAbsent() {
    for (JsonNode row : score(model, "--passes", 30, "--error-groups", 0)) {
      assertFalse(row.has("standardError"), row::toString);
      assertEquals(0, row.at("/plan/errorGroups").intValue());
    }
    String text =
        CommandRun.done(
                "score", "--model", model, "--input", input, "--out", out, "--error-groups", 0)
            .out();
    assertFalse(text.contains("standard error"), text);
    assertEquals(List.of(), text.lines().filter(line -> line.endsWith(" ")).toList());
  }

  @Test
  void errorGroups_outOfRange_areRefused() {
    for (int groups : new int[] {1, -1}) {
      refused(model, "--error-groups", groups)
          .assertMessage(
              "--error-groups is "
                  + groups
                  + "; it must be at least 2, 20 is a good choice, or 0 for no errors");
    }
  }

  /**
   * The jackknife over groups, pass t in group t mod G, of docs/methods/sampling-error.md, from the
   * raw samples; 11 passes make groups of two sizes of 4, and of one of 20.
   */
  @ParameterizedTest
  @ValueSource(ints = {4, 20})
  void errors_areThoseOfTheJackknife(int groups) {
    int passes = 11;
    List<JsonNode> rows =
        score(
            model,
            "--passes",
            passes,
            "--error-groups",
            groups,
            "--bias-corrected",
            "--samples-out",
            samples);
    Samples raw = Samples.read(samples);
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = rows.get(n);
      assertEquals(groups, row.at("/plan/errorGroups").intValue());
      double[][] all = raw.of(n);
      assertJackknife(row, "mutualInformation", all, groups, Samples::mutualInformation);
      assertJackknife(row, "expectedEntropy", all, groups, Samples::expectedEntropy);
      assertJackknife(row, "predictiveEntropy", all, groups, s -> Samples.entropy(Samples.mean(s)));
      assertTrue(row.at("/standardError/maxProbability").doubleValue() > 0);
    }
  }

  private static void assertJackknife(
      JsonNode row,
      String measure,
      double[][] all,
      int groups,
      ToDoubleFunction<double[][]> function) {
    double whole = function.applyAsDouble(all);
    assertEquals(whole, row.get(measure).doubleValue(), 1e-6, measure);
    int filled = Math.min(groups, all.length);
    double corrected = filled * whole;
    double[] without = new double[filled];
    double[] ratio = new double[filled];
    for (int g = 0; g < filled; g++) {
      int group = g;
      int[] own = IntStream.range(0, all.length).filter(t -> t % groups == group).toArray();
      without[g] = function.applyAsDouble(Samples.without(all, IntStream.of(own)));
      ratio[g] = (double) all.length / own.length;
      corrected -= (1 - 1 / ratio[g]) * without[g];
    }
    double square = 0;
    for (int g = 0; g < filled; g++) {
      double pseudo = ratio[g] * whole - (ratio[g] - 1) * without[g];
      square += Math.pow(pseudo - corrected, 2) / (ratio[g] - 1) / filled;
    }
    assertEquals(
        Math.sqrt(square), row.at("/standardError/" + measure).doubleValue(), 1e-6, measure);
    assertEquals(corrected, row.at("/biasCorrected/" + measure).doubleValue(), 1e-5, measure);
  }

  @Test
  void biasCorrected_isOfSmoothMeasuresOnly() {
    for (JsonNode row : score(model, "--passes", 9, "--bias-corrected")) {
      assertEquals(
          List.of("samples", "standardError", "biasCorrected", "plan"),
          CommandRun.fields(row).subList(15, 19));
      assertEquals(
          List.of(
              "predictiveEntropy",
              "expectedEntropy",
              "mutualInformation",
              "meanStandardDeviation",
              "voteEntropy",
              "disagreement"),
          CommandRun.fields(row.get("biasCorrected")));
    }
    for (JsonNode row : score(model, "--passes", 9, "--bias-corrected", "--measures", "margin")) {
      assertFalse(row.has("biasCorrected"));
      assertTrue(row.has("standardError"));
    }
  }
}
