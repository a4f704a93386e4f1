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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several models as one: two with dropout, and one that answers once. */
class ScoreEnsembleTest {

  private static final int ROWS = 6;
  private static final double[] SHARES = {1 / 8.0, 2 / 8.0, 5 / 8.0};

  private static Path members;
  private static String all;
  @TempDir Path folder;
  private Path input;
  private Path out;
  private Path samples;

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

  private CommandRun run(String model, Path scored, Object... options) {
    List<Object> args = new ArrayList<>(List.of("score", "--model", model, "--input", scored));
    args.addAll(List.of("--out", out));
    args.addAll(List.of(options));
    return CommandRun.done(args.toArray());
  }

  private byte[] bytes(String model, Object... options) throws IOException {
    run(model, input, options);
    return Files.readAllBytes(out);
  }

  private CommandRun refused(Object... options) {
    List<Object> args = new ArrayList<>(List.of("--input", input));
    args.addAll(List.of(options));
    return CommandRun.refusedScore(folder, args.toArray());
  }

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
  void asServed_ofAModelThatAlwaysDraws_isRefused() {
    refused("--model", all, "--as-served")
        .assertSays(
            members.resolve("a").toString(),
            "draws whenever the model is served, so there is no answer without dropout; leave out"
                + " --as-served");
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
  void rename_malformedOrOfNoMember_isRefused() {
    String next =
        " is no pair of names; give NAME=CALLED, the name in a signature and the one to call it by,"
            + " as in dense_12_input=image";
    for (String bad : List.of("x", "=x", "x=")) {
      refused("--model", all, "--rename-input", bad).assertMessage("--rename-input " + bad + next);
    }
    refused("--model", all, "--rename-input", "z=pixels")
        .assertSays("--rename-input names [z], which are inputs of no member; members have ");
    refused("--model", all, "--rename-input", "x=a", "--rename-input", "x=b")
        .assertMessage("input \"x\" is called \"a\" already; give it one name");
  }

  @Test
  void weights_ofOtherNumberOrRange_areRefused() {
    refused("--model", all, "--weights", "1,2")
        .assertMessage("there are 2 weights for 3 members; give one for each, in their order");
    for (String bad : List.of("0.0", "-1.0", "NaN", "Infinity")) {
      refused("--model", all, "--weights", "1,1," + bad)
          .assertMessage(
              "a weight of --weights is "
                  + bad
                  + "; each must be within [1e-9, 1e9]; only ratios matter");
    }
    refused("--model", all, "--weights", "1,x,1").assertSays("--weights", "'x' is not a double");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--weights 1",
        "--as-served",
        "--resident-members 1",
        "--parallel-members 1",
        "--rename-input x=y"
      })
  void optionsOfAnEnsemble_forOneModel_areRefused(String option) {
    List<Object> options = new ArrayList<>(List.of("--model", members.resolve("a")));
    options.addAll(List.of(option.split(" ", -1)));
    refused(options.toArray())
        .assertMessage(
            option.split(" ", -1)[0]
                + " is of an ensemble, but --model names one model; name its members, as in --model"
                + " A,B,C, or the folder that holds them");
  }

  @Test
  void members_inMemoryOrAtWork_outOfRange_areRefused() {
    refused("--model", all, "--resident-members", 0)
        .assertMessage("--resident-members is 0; at least 1 must be in memory to be run");
    refused("--model", all, "--parallel-members", 0)
        .assertMessage("--parallel-members is 0; at least 1 must be at work");
    refused("--model", all, "--parallel-members", 3, "--resident-members", 2)
        .assertMessage(
            "3 members at work at once, but 2 in memory; raise --resident-members, or lower"
                + " --parallel-members");
  }

  @Test
  void memberOfOtherWidth_isNamed() {
    Path wide = TinyModels.wide(folder.resolve("wide"));
    refused("--model", members.resolve("a") + "," + wide + "," + members.resolve("b"))
        .assertMessage(
            "members differ in their shape of the output: \""
                + wide
                + "\" has [?, 4], \""
                + members.resolve("a")
                + "\" and 1 more have [?, 3]; choose the output that all have with --output NAME");
  }

  @Test
  void memberOfOtherInput_isNamed() {
    Path map = TinyModels.segmenter(folder.resolve("map"), 1);
    refused("--model", all + "," + map)
        .assertMessage(
            "members differ in their inputs: \""
                + map
                + "\" has \"x\" FLOAT32 [?, 2, 3, 4], \""
                + members.resolve("a")
                + "\" and 2 more have \"x\" FLOAT32 [?, 4]; map input names with --rename-input"
                + " NAME=CALLED, or export the model anew");
  }

  @Test
  void memberOfOtherLabels_isNamed() throws IOException {
    Path first = labelled("first", "cat", "dog", "cow");
    Path second = labelled("second", "cat", "cow", "dog");
    refused("--model", first + "," + second)
        .assertMessage(
            "members differ in their labels: \""
                + second
                + "\" has [cat, cow, dog], \""
                + first
                + "\" has [cat, dog, cow]; put classes into one order, or mend them in"
                + " credence.json");
    Path third = labelled("third", "cat", "dog", "cow");
    assertEquals("", run(first + "," + third, input).err());
    JsonNode row = CommandRun.rows(out).get(0);
    assertEquals(
        List.of("cat", "dog", "cow").get(row.get("predictedClass").intValue()),
        row.get("predictedLabel").textValue());
  }

  private Path labelled(String name, String... labels) throws IOException {
    Path model = TinyModels.member(folder.resolve(name), name.length(), true);
    sidecar(model, "\"labels\":[\"" + String.join("\",\"", labels) + "\"]");
    return model;
  }

  private static void sidecar(Path model, String parts) throws IOException {
    Files.writeString(
        model.resolve("credence.json"), "{\"schema\":\"credence.sidecar/1\"," + parts + "}");
  }

  @Test
  void memberOfOtherKind_isNamed() throws IOException {
    Path regressor = TinyModels.regressor(folder.resolve("regressor"), 1);
    sidecar(regressor, "\"outputKind\":\"MEAN\"");
    refused("--model", members.resolve("a") + "," + regressor)
        .assertMessage(
            "members differ in their output kind: \""
                + regressor
                + "\" has MEAN, \""
                + members.resolve("a")
                + "\" has PROBABILITIES; declare one for all with --output-kind, or choose another"
                + " output with --output NAME,NAME");
  }

  @Test
  void membersThatPreparePicturesInOtherWays_areNamed() throws IOException {
    Path first = TinyModels.member(folder.resolve("first"), 1, true);
    Path second = TinyModels.member(folder.resolve("second"), 2, true);
    sidecar(first, image(1));
    sidecar(second, image(2));
    refused("--model", first + "," + second)
        .assertSays(
            first + " and " + second + " prepare pictures in different ways, ",
            "; feed the values themselves as .npy or JSON Lines, or mend credence.json");
    sidecar(second, image(1));
    assertEquals(1, run(first + "," + second, input).err().lines().count()); // that of the labels
  }

  private static String image(double scale) {
    return "\"image\":{\"height\":2,\"width\":2,\"channels\":1,\"scale\":"
        + scale
        + ",\"offset\":0}";
  }

  @Test
  void model_missingTwiceOrUnnamed_isRefused() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    refused("--model", all + "," + nowhere)
        .assertMessage(
            "no model at "
                + nowhere
                + ": there is no such folder; name the folder that holds saved_model.pb");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    refused("--model", empty).assertSays(empty + " is no SavedModel: it holds no saved_model.pb");
    refused("--model", all + ",")
        .assertMessage(
            "--model " + all + ", has an empty name; name each member, as in --model A,B,C");
    refused("--model", all + "," + members.resolve("b"))
        .assertMessage(
            "--model names "
                + members.resolve("b")
                + " twice; give a member more weight with --weights");
  }

  @Test
  void inspect_severalModels_isRefused() {
    CommandRun.of("inspect", "--model", all)
        .assertRefused()
        .assertMessage(
            "--model names 3 models, [" + all.replace(",", ", ") + "]; this command takes one");
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
