package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that answers each row with a map: a distribution for each of 2 × 3 places. */
class ScoreMapTest {

  private static final int ROWS = 4;

  private static Path model;
  private static Path other;
  @TempDir Path folder;
  private Path input;
  private Path out;
  private Path samples;

  @BeforeAll
  static void export(@TempDir Path shared) {
    model = TinyModels.segmenter(shared.resolve("a"), 1);
    other = TinyModels.segmenter(shared.resolve("b"), -2);
  }

  @BeforeEach
  void write() {
    input = TinyInputs.maps(folder.resolve("x.npy"), 0, ROWS);
    out = folder.resolve("s.jsonl");
    samples = folder.resolve("samples.npy");
  }

  private CommandRun run(Object scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", scored));
    args.addAll(List.of("--input", input, "--out", out));
    args.addAll(List.of(options));
    return CommandRun.done(args.toArray());
  }

  private CommandRun refused(Object scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("--model", scored, "--input", input));
    args.addAll(List.of(options));
    return CommandRun.refusedScore(folder, args.toArray());
  }

  /** The places of a field, row by row of the map. */
  private static List<JsonNode> places(JsonNode field) {
    assertEquals(2, field.size(), field::toString);
    List<JsonNode> places = new ArrayList<>();
    for (JsonNode line : field) {
      assertEquals(3, line.size(), field::toString);
      line.forEach(places::add);
    }
    return places;
  }

  @Test
  void line_fields_areMapsInOrder() {
    run(model, "--passes", 9);
    for (JsonNode row : CommandRun.rows(out)) {
      assertEquals(
          List.of(
              "schema",
              "id",
              "predictedClass",
              "predictedLabel",
              "maxProbability",
              "predictiveEntropy",
              "mutualInformation",
              "samples",
              "plan"),
          CommandRun.fields(row));
      assertEquals(9, row.get("samples").intValue());
      for (int place = 0; place < 6; place++) {
        int predicted = places(row.get("predictedClass")).get(place).intValue();
        assertEquals(
            Integer.toString(predicted), places(row.get("predictedLabel")).get(place).textValue());
      }
    }
  }

  @Test
  void line_values_areThoseOfTheSamplesOfEachPlace() {
    run(model, "--passes", 9, "--samples-out", samples);
    Samples raw = Samples.read(samples);
    assertEquals(List.of(9, ROWS, 2, 3, 3), raw.shape());
    TreeSet<Integer> classes = new TreeSet<>();
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = CommandRun.rows(out).get(n);
      for (int place = 0; place < 6; place++) {
        double[][] all = raw.of(n * 6 + place);
        double[] mean = Samples.mean(all);
        int predicted = places(row.get("predictedClass")).get(place).intValue();
        classes.add(predicted);
        double max = places(row.get("maxProbability")).get(place).doubleValue();
        assertEquals(mean[predicted], max, 1e-6);
        for (double p : mean) {
          assertTrue(p <= max + 1e-6);
        }
        assertEquals(
            Samples.entropy(mean),
            places(row.get("predictiveEntropy")).get(place).doubleValue(),
            1e-6);
        assertEquals(
            Samples.mutualInformation(all),
            places(row.get("mutualInformation")).get(place).doubleValue(),
            1e-6);
      }
    }
    assertEquals(3, classes.size());
  }

  @Test
  void sameSeed_sameBytes() throws IOException {
    run(model);
    byte[] first = Files.readAllBytes(out);
    run(model);
    assertArrayEquals(first, Files.readAllBytes(out));
  }

  @Test
  void row_alone_isAsInCompany() {
    run(model, "--passes", 9);
    JsonNode company = CommandRun.rows(out).get(2).get("mutualInformation");
    Path one = TinyInputs.maps(folder.resolve("one.npy"), 2, 3);
    CommandRun.done("score", "--model", model, "--input", one, "--out", out, "--passes", 9);
    JsonNode alone = CommandRun.rows(out).get(0).get("mutualInformation");
    for (int place = 0; place < 6; place++) {
      assertEquals(
          places(company).get(place).doubleValue(), places(alone).get(place).doubleValue(), 1e-6);
    }
  }

  @Test
  void errors_ofMaps_areToldOnRequest() {
    run(
        model,
        "--passes",
        9,
        "--error-groups",
        5,
        "--bias-corrected",
        "--measures",
        "margin," + "mutualInformation");
    for (JsonNode row : CommandRun.rows(out)) {
      assertEquals(
          List.of("margin", "mutualInformation"), CommandRun.fields(row.get("standardError")));
      assertEquals(List.of("mutualInformation"), CommandRun.fields(row.get("biasCorrected")));
      places(row.at("/standardError/margin"))
          .forEach(error -> assertTrue(error.doubleValue() > 0, row::toString));
      assertEquals(6, places(row.at("/biasCorrected/mutualInformation")).size());
      assertEquals(6, places(row.get("margin")).size());
    }
  }

  @Test
  void summary_isTheMeanOverAllPlaces() {
    CommandRun run = run(model, "--passes", 9, "--json");
    JsonNode summary = CommandRun.json(run.out());
    assertEquals(ROWS, summary.get("inputs").intValue());
    double sum = 0;
    for (JsonNode row : CommandRun.rows(out)) {
      for (JsonNode place : places(row.get("mutualInformation"))) {
        sum += place.doubleValue();
      }
    }
    assertEquals(sum / (6 * ROWS), summary.get("meanMutualInformation").doubleValue(), 1e-12);
    assertFalse(summary.has("largestStandardError"));
    assertTrue(
        run(model, "--passes", 9).out().startsWith("4 inputs scored with 9 passes, seed 42\n"));
  }

  /** A map stays until the last of its places is precise enough. */
  @Test
  void tolerance_holdsForEveryPlace() {
    CommandRun run = run(model, "--tolerance", .03, "--passes", 200, "--json");
    double sum = 0;
    long above = 0;
    for (JsonNode row : CommandRun.rows(out)) {
      int taken = row.get("samples").intValue();
      double largest =
          places(row.at("/standardError/mutualInformation")).stream()
              .mapToDouble(JsonNode::doubleValue)
              .max()
              .orElseThrow();
      assertTrue(largest <= .03 || taken == 200, row::toString);
      above += largest > .03 ? 1 : 0;
      sum += taken;
    }
    JsonNode summary = CommandRun.json(run.out());
    assertEquals(sum / ROWS, summary.get("meanPasses").doubleValue(), 1e-12);
    assertEquals(above, summary.get("aboveTolerance").longValue());
  }

  @Test
  void ensemble_splitsTheInformationOfEachPlace() {
    run(
        model + "," + other,
        "--passes",
        9,
        "--measures",
        "mutualInformation,betweenMembersMutualInformation,withinMembersMutualInformation");
    for (JsonNode row : CommandRun.rows(out)) {
      assertEquals(18, row.get("samples").intValue());
      for (int place = 0; place < 6; place++) {
        assertEquals(
            places(row.get("mutualInformation")).get(place).doubleValue(),
            places(row.get("betweenMembersMutualInformation")).get(place).doubleValue()
                + places(row.get("withinMembersMutualInformation")).get(place).doubleValue(),
            1e-12);
      }
    }
  }

  @Test
  void regressor_hasTargetsAtEachPlace() {
    Path numbers = TinyModels.mapOfNumbers(folder.resolve("numbers"));
    run(numbers, "--output-kind", "MEAN", "--passes", 9, "--samples-out", samples);
    Samples raw = Samples.read(samples);
    for (int n = 0; n < ROWS; n++) {
      JsonNode row = CommandRun.rows(out).get(n);
      assertEquals(
          List.of("schema", "id", "mean", "epistemicVariance", "samples", "plan"),
          CommandRun.fields(row));
      for (int place = 0; place < 6; place++) {
        double[] mean = Samples.mean(raw.of(n * 6 + place));
        double[] variance = Samples.variance(raw.of(n * 6 + place));
        for (int d = 0; d < 3; d++) {
          assertEquals(mean[d], places(row.get("mean")).get(place).get(d).doubleValue(), 1e-5);
          assertEquals(
              variance[d],
              places(row.get("epistemicVariance")).get(place).get(d).doubleValue(),
              1e-5);
        }
      }
    }
  }

  @Test
  void labels_areRefused() throws IOException {
    Path labels = Files.writeString(folder.resolve("labels.txt"), "0\n1\n2\n0\n");
    refused(model, "--labels", labels)
        .assertMessage(
            "--labels gives one class a row, but "
                + model
                + " answers with a map, shape [?, 2, 3, 3], a class for each place; leave out"
                + " --labels");
    Path unknown = TinyModels.mapOfUnknownShape(folder.resolve("unknown"));
    refused(unknown, "--labels", labels)
        .assertMessage(
            "--labels gives one class a row, but "
                + unknown
                + " answers with a map, shape [2, 3] of each row, a class for each place; leave"
                + " out --labels");
  }
}
