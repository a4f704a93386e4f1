package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several models as one: two with dropout, and one that answers once. */
class ScoreEnsembleTest extends EnsembleScores {

  @Test
  void line_fields_standInOrder() {
    run(all, input, "--passes", 7);
    for (JsonNode row : CommandRun.rows(out)) {
      List<String> measures =
          List.of(
              "maxProbability",
              "predictiveEntropy",
              "expectedEntropy",
              "mutualInformation",
              "betweenMembersMutualInformation",
              "withinMembersMutualInformation",
              "variationRatio",
              "margin",
              "meanStandardDeviation",
              "voteEntropy",
              "disagreement");
      List<String> fields = new ArrayList<>();
      fields.addAll(List.of("schema", "id", "predictedClass", "predictedLabel"));
      fields.addAll(measures);
      fields.addAll(List.of("meanProbabilities", "variances", "samples", "standardError", "plan"));
      assertEquals(fields, CommandRun.fields(row));
      assertEquals(measures, CommandRun.fields(row.get("standardError")));
      assertEquals(List.of("passes", "seed", "masks"), CommandRun.fields(row.get("plan")));
      assertEquals(15, row.get("samples").intValue());
      assertEquals(7, row.at("/plan/passes").intValue());
    }
  }

  /** Each formula of an ensemble from the raw samples: member by member, then by weight. */
  @Test
  void line_values_areThoseOfTheSamples() {
    run(all, input, "--passes", 11, "--weights", "1,2,5", "--samples-out", samples);
    Samples raw = Samples.read(samples);
    assertEquals(List.of(23, ROWS, 3), raw.shape());
    List<JsonNode> rows = CommandRun.rows(out);
    for (int n = 0; n < ROWS; n++) {
      double[][] row = raw.of(n);
      double[][][] byMember = {
        Arrays.copyOfRange(row, 0, 11),
        Arrays.copyOfRange(row, 11, 22),
        Arrays.copyOfRange(row, 22, 23)
      };
      double[] mean = new double[3];
      double expected = 0;
      double ofMeans = 0;
      for (int m = 0; m < 3; m++) {
        double[] own = Samples.mean(byMember[m]);
        for (int k = 0; k < 3; k++) {
          mean[k] += SHARES[m] * own[k];
        }
        expected += SHARES[m] * Samples.expectedEntropy(byMember[m]);
        ofMeans += SHARES[m] * Samples.entropy(own);
      }
      double[] variance = new double[3];
      for (int m = 0; m < 3; m++) {
        for (double[] sample : byMember[m]) {
          for (int k = 0; k < 3; k++) {
            variance[k] += SHARES[m] / byMember[m].length * Math.pow(sample[k] - mean[k], 2);
          }
        }
      }
      JsonNode line = rows.get(n);
      for (int k = 0; k < 3; k++) {
        assertEquals(mean[k], line.get("meanProbabilities").get(k).doubleValue(), 1e-6);
        assertEquals(variance[k], line.get("variances").get(k).doubleValue(), 1e-6);
      }
      double total = Samples.entropy(mean);
      assertEquals(total, line.get("predictiveEntropy").doubleValue(), 1e-6);
      assertEquals(expected, line.get("expectedEntropy").doubleValue(), 1e-6);
      assertEquals(total - expected, line.get("mutualInformation").doubleValue(), 1e-6);
      assertEquals(
          total - ofMeans, line.get("betweenMembersMutualInformation").doubleValue(), 1e-6);
      assertEquals(
          ofMeans - expected, line.get("withinMembersMutualInformation").doubleValue(), 1e-6);
      assertTrue(total - ofMeans > 1e-3 && ofMeans - expected > 1e-3, line::toString);
    }
  }

  @Test
  void sameSeed_sameBytes_otherSeed_others() throws IOException {
    byte[] first = bytes(all, "--seed", 3);
    assertArrayEquals(first, bytes(all, "--seed", 3));
    assertFalse(Arrays.equals(first, bytes(all, "--seed", 4)));
  }

  @Test
  void folderOfMembers_isTheCommaListByName() throws IOException {
    assertArrayEquals(bytes(all), bytes(members.toString()));
  }

  @Test
  void orderOfMembers_matters() throws IOException {
    bytes(members.resolve("a") + "," + members.resolve("b"));
    JsonNode first = CommandRun.rows(out).get(0).get("meanProbabilities");
    bytes(members.resolve("b") + "," + members.resolve("a"));
    assertNotEquals(first, CommandRun.rows(out).get(0).get("meanProbabilities"));
  }

  @Test
  void weights_countByTheirRatios() throws IOException {
    byte[] weighted = bytes(all, "--weights", "1,2,5");
    assertArrayEquals(weighted, bytes(all, "--weights", "2,4,10"));
    assertFalse(Arrays.equals(weighted, bytes(all)));
    assertArrayEquals(bytes(all), bytes(all, "--weights", "3,3,3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--resident-members 1",
        "--resident-members 2 --parallel-members 2",
        "--parallel-members 3",
        "--resident-members 9"
      })
  void membersInMemoryOrAtWork_howeverMany_giveTheSameBytes(String options) throws IOException {
    assertArrayEquals(bytes(all), bytes(all, (Object[]) options.split(" ", -1)));
  }

  /** 600 rows are three batches; the second row alone is one of its own. */
  @Test
  void row_alone_isAsInCompany() {
    run(all, TinyInputs.rows(folder.resolve("many.npy"), 0, 600), "--passes", 9);
    List<JsonNode> many = CommandRun.rows(out);
    for (int row : new int[] {1, 255, 256, 599}) {
      run(all, TinyInputs.rows(folder.resolve("one.npy"), row, row + 1), "--passes", 9);
      JsonNode alone = CommandRun.rows(out).get(0);
      for (String field : List.of("mutualInformation", "predictiveEntropy", "maxProbability")) {
        assertEquals(many.get(row).get(field).doubleValue(), alone.get(field).doubleValue(), 1e-5);
        assertEquals(
            many.get(row).at("/standardError/" + field).doubleValue(),
            alone.at("/standardError/" + field).doubleValue(),
            1e-5);
      }
    }
  }

  @Test
  void summary_ofPeople_isThis() {
    CommandRun run = run(all, input, "--passes", 7, "--seed", 5);
    String[] lines = run.out().split("\n", -1);
    assertEquals("6 inputs scored with 7 passes of each of 3 members, seed 5", lines[0]);
    String error = " {3}standard error at most 0\\.\\d{4}";
    assertTrue(lines[1].matches("mean predictive entropy {19}0\\.\\d{4} nats" + error), lines[1]);
    assertTrue(lines[2].matches("mean mutual information {19}0\\.\\d{4} nats" + error), lines[2]);
    assertTrue(
        lines[3].matches("mean between members mutual information   0\\.\\d{4} nats" + error));
    assertTrue(
        lines[4].matches("mean within members mutual information    0\\.\\d{4} nats" + error));
    assertTrue(lines[5].matches("mean max probability {22}0\\.\\d{4}     " + error), lines[5]);
    assertEquals("written to " + out, lines[6]);
    assertEquals(8, lines.length);
  }

  @Test
  void notes_whatWasNotChecked_goToStandardErrorAndTheSummary() {
    CommandRun run = run(all, input, "--passes", 7, "--json");
    String order =
        "that classes, or targets, stand in the same order is not checked: no labels are known of ["
            + all.replace(",", ", ")
            + "]; name them in credence.json";
    String once =
        "no dropout is found in ["
            + members.resolve("c")
            + "], which answer once, as they are served";
    assertEquals("note: " + order + "\nnote: " + once + "\n", run.err());
    JsonNode summary = CommandRun.json(run.out());
    assertEquals(order, summary.at("/notes/0").textValue());
    assertEquals(once, summary.at("/notes/1").textValue());
    assertEquals(2, summary.get("notes").size());
  }

  @Test
  void summary_json_isWhatTheLinesComeTo() {
    JsonNode summary = CommandRun.json(run(all, input, "--passes", 7, "--json").out());
    assertEquals(
        List.of(
            "schema",
            "inputs",
            "skipped",
            "meanPredictiveEntropy",
            "meanMutualInformation",
            "meanBetweenMembersMutualInformation",
            "meanWithinMembersMutualInformation",
            "meanMaxProbability",
            "largestStandardError",
            "members",
            "notes",
            "plan"),
        CommandRun.fields(summary));
    assertEquals(3, summary.get("members").intValue());
    List<JsonNode> rows = CommandRun.rows(out);
    for (String field :
        List.of("BetweenMembersMutualInformation", "PredictiveEntropy", "MaxProbability")) {
      String key = field.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + field.substring(1);
      assertEquals(
          rows.stream().mapToDouble(row -> row.get(key).doubleValue()).average().orElseThrow(),
          summary.get("mean" + field).doubleValue(),
          1e-12);
      assertEquals(
          rows.stream()
              .mapToDouble(row -> row.at("/standardError/" + key).doubleValue())
              .max()
              .orElseThrow(),
          summary.at("/largestStandardError/" + key).doubleValue());
    }
  }

  @Test
  void asServed_eachMemberAnswersOnce_andTellsNoErrors() throws IOException {
    Path gated = TinyModels.gated(folder.resolve("gated"));
    CommandRun run = run(gated + "," + members.resolve("c"), input, "--as-served");
    assertTrue(run.out().startsWith("6 inputs scored with 1 pass of each of 2 members"), run.out());
    assertFalse(run.out().contains("standard error"), run.out());
    assertEquals(List.of(), run.out().lines().filter(line -> line.endsWith(" ")).toList());
    for (JsonNode row : CommandRun.rows(out)) {
      assertEquals(2, row.get("samples").intValue());
      assertFalse(row.has("standardError"));
      assertEquals(0, row.get("withinMembersMutualInformation").doubleValue());
      assertTrue(row.get("betweenMembersMutualInformation").doubleValue() > 0);
    }
    // Without the option the gate opens: one member draws, the other answers once.
    run(gated + "," + members.resolve("c"), input, "--passes", 9);
    assertEquals(10, CommandRun.rows(out).get(0).get("samples").intValue());
  }

  @Test
  void asServed_oneModel_answersOnce() throws IOException {
    String gated = TinyModels.gated(folder.resolve("gated")).toString();
    CommandRun run = run(gated, input, "--as-served");
    assertTrue(run.out().startsWith("6 inputs scored with 1 pass, seed 42"), run.out());
    List<JsonNode> one = CommandRun.rows(out);
    run(gated, input, "--as-served", "--seed", 7);
    List<JsonNode> other = CommandRun.rows(out);
    for (int n = 0; n < ROWS; n++) {
      assertEquals(1, one.get(n).get("samples").intValue());
      assertEquals(0, one.get(n).get("mutualInformation").doubleValue());
      assertEquals(one.get(n).get("meanProbabilities"), other.get(n).get("meanProbabilities"));
    }
    CommandRun.of("score", "--model", gated, "--input", input, "--as-served", "--tolerance", "0.1")
        .assertMessage(
            "--tolerance has no effect: the model answers once, as it is served, which no number of"
                + " passes changes; leave out --tolerance, or --as-served");
  }

  @Test
  void labels_gradeTheEnsemble() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.txt"), "0\n1\n2\n0\n1\n2\n");
    JsonNode summary =
        CommandRun.json(run(all, input, "--labels", labels, "--passes", 7, "--json").out());
    List<JsonNode> rows = CommandRun.rows(out);
    double errors = 0;
    double loss = 0;
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = rows.get(n);
      assertEquals(n % 3, row.get("label").intValue());
      errors += row.get("predictedClass").intValue() == n % 3 ? 0 : 1;
      loss -= Math.log(row.get("meanProbabilities").get(n % 3).doubleValue());
    }
    assertEquals(errors / ROWS, summary.get("errorRate").doubleValue(), 1e-12);
    assertEquals(loss / ROWS, summary.get("negativeLogLikelihood").doubleValue(), 1e-12);
  }

  /** Names of signatures, inputs and outputs differ between trainings; a list names them all. */
  @Test
  void membersWithOtherNames_areOneEnsemble() throws IOException {
    Path other =
        TinyModels.member(
            folder.resolve("other"), new TinyModels.Names("predict", "image", "scores"), -2, true);
    byte[] expected = bytes(members.resolve("a") + "," + members.resolve("b"));
    String both = members.resolve("a") + "," + other;
    Object[] names = {"--signature", "serving_default,predict", "--output", "y,scores"};
    assertArrayEquals(expected, bytes(both, names));

    Path line = TinyInputs.line(folder.resolve("x.jsonl"), "x", 0);
    run(both, line, names);
    Path pixels = TinyInputs.line(folder.resolve("pixels.jsonl"), "pixels", 0);
    byte[] unnamed = Files.readAllBytes(out);
    List<Object> renamed = new ArrayList<>(List.of(names));
    renamed.addAll(List.of("--rename-input", "x=pixels", "--rename-input", "image=pixels"));
    run(both, pixels, renamed.toArray());
    assertArrayEquals(unnamed, Files.readAllBytes(out));
  }

  @Test
  void severalInputs_ofOtherNames_areRenamed() throws IOException {
    Path first = TinyModels.named(folder.resolve("first"));
    Path second = TinyModels.named(folder.resolve("second"), "tokens", "words");
    Path line = folder.resolve("x.jsonl");
    Files.writeString(line, "{\"ids\":[1,2],\"text\":\"red\"}\n");
    String both = first + "," + second;
    run(both, line, "--rename-input", "tokens=ids", "--rename-input", "words=text");
    assertEquals(100, CommandRun.rows(out).get(0).get("samples").intValue());
    CommandRun.refusedScore(folder, "--model", both, "--input", line)
        .assertMessage(
            "members differ in their inputs: \""
                + second
                + "\" has \"tokens\" INT64 [?, ?], \"words\" STRING [?], \""
                + first
                + "\" has \"ids\" INT64 [?, ?], \"text\" STRING [?]; map input names with"
                + " --rename-input NAME=CALLED, or export the model anew");
  }

  @Test
  void regressors_splitTheVariance() {
    Path first = TinyModels.regressor(folder.resolve("first"), 1);
    Path second = TinyModels.regressor(folder.resolve("second"), 3);
    CommandRun run =
        run(
            first + "," + second,
            input,
            "--output-kind",
            "MEAN",
            "--passes",
            9,
            "--samples-out",
            samples);
    Samples raw = Samples.read(samples);
    for (int n = 0; n < ROWS; n++) {
      JsonNode line = CommandRun.rows(out).get(n);
      assertEquals(
          List.of(
              "schema",
              "id",
              "mean",
              "epistemicVariance",
              "betweenMembersVariance",
              "withinMembersVariance",
              "samples",
              "standardError",
              "plan"),
          CommandRun.fields(line));
      double[][] row = raw.of(n);
      double[][] one = Arrays.copyOfRange(row, 0, 9);
      double[][] two = Arrays.copyOfRange(row, 9, 18);
      for (int d = 0; d < 3; d++) {
        double half = (Samples.mean(one)[d] - Samples.mean(two)[d]) / 2;
        double within = (Samples.variance(one)[d] + Samples.variance(two)[d]) / 2;
        assertEquals(Samples.mean(row)[d], line.get("mean").get(d).doubleValue(), 1e-5);
        assertEquals(half * half, line.get("betweenMembersVariance").get(d).doubleValue(), 1e-5);
        assertEquals(within, line.get("withinMembersVariance").get(d).doubleValue(), 1e-5);
        assertEquals(
            half * half + within, line.get("epistemicVariance").get(d).doubleValue(), 1e-5);
      }
    }
    assertTrue(run.out().startsWith("6 inputs scored with 9 passes of each of 2 members"));
  }
}
