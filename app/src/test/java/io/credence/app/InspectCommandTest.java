package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.types.TFloat32;

/** What {@code credence inspect} tells of models that can be sampled, and of such that cannot. */
class InspectCommandTest {

  @TempDir Path folder;

  private static String text(Object... args) {
    return CommandRun.done(with("inspect", args)).out();
  }

  private static JsonNode json(Object... args) {
    CommandRun run = CommandRun.done(with("inspect", with("--json", args)));
    assertEquals(1, run.out().lines().count());
    return CommandRun.json(run.out());
  }

  private static Object[] with(Object first, Object... others) {
    List<Object> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(others));
    return all.toArray();
  }

  /** Where a sentence is broken into lines depends on the folder's name. */
  private static void assertSays(String text, String... parts) {
    String sentences = text.replaceAll("\\s+", " ");
    for (String part : parts) {
      assertTrue(
          text.contains(part) || sentences.contains(part),
          () -> "\"" + part + "\" not in: " + text);
    }
  }

  @Test
  void dropout_alwaysOn_isToldForPeople() {
    Path model = TinyModels.of(folder.resolve("model"), TFloat32.class, -1, 4);
    String text = text("--model", model);
    assertSays(
        text,
        "model: " + model,
        "tags: serve\n",
        "* serving_default\n   input   x  FLOAT32[?, 4]  x:0\n*  output  y  FLOAT32[?, 3]  ",
        "output \"y\": PROBABILITIES\n",
        "dropout sites: 1\n  rate  kind     mask    found by         node\n"
            + "  0.5   dropout  [1, 4]  op in the graph  ",
        "once a batch\n",
        "once a pass\n",
        "   10 passes cost ",
        "   50 passes cost ",
        "  200 passes cost ",
        "Several passes are run in one call, the batch repeated for each of them.",
        "\nIt can be sampled as it is: credence score takes the same options.\n");
    assertFalse(text.contains("PROBLEM"), text);
  }

  @Test
  void dropout_alwaysOn_isToldForMachines() {
    Path model = TinyModels.of(folder.resolve("model"), TFloat32.class, -1, 4);
    JsonNode json = json("--model", model);
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertEquals(
        "[schema, model, graphs, graph, signatures, signature, output, outputKind,"
            + " possibleOutputKinds, sites, cost, refusedOps, candidates]",
        names.toString());
    assertEquals("credence.inspect/1", json.get("schema").textValue());
    assertEquals(model.toString(), json.get("model").textValue());
    assertEquals("[[\"serve\"]]", json.get("graphs").toString());
    assertEquals("[\"serve\"]", json.get("graph").toString());
    assertEquals("serving_default", json.get("signature").textValue());
    assertEquals("y", json.get("output").textValue());
    assertEquals("PROBABILITIES", json.get("outputKind").textValue());
    assertEquals("[\"PROBABILITIES\"]", json.get("possibleOutputKinds").toString());
    assertEquals("[]", json.get("refusedOps").toString());
    assertEquals("[]", json.get("candidates").toString());
    JsonNode signature = json.at("/signatures/0");
    assertEquals("serving_default", signature.get("name").textValue());
    assertEquals(
        "[{\"name\":\"x\",\"tensor\":\"x:0\",\"type\":\"DT_FLOAT\",\"shape\":[-1,4]}]",
        signature.get("inputs").toString());
    assertEquals("[-1,3]", signature.at("/outputs/0/shape").toString());
    JsonNode site = json.at("/sites/0");
    assertEquals("DROPOUT", site.get("kind").textValue());
    assertEquals("RANDOM_OP", site.get("origin").textValue());
    assertEquals(.5, site.get("rate").doubleValue());
    assertEquals("[1,4]", site.get("maskShape").toString());
    assertTrue(site.get("gate") == null && !site.get("name").textValue().isEmpty());
  }

  @Test
  void cost_isThatOfSamplingCost() {
    JsonNode cost =
        json("--model", TinyModels.of(folder.resolve("model"), TFloat32.class, -1, 4)).get("cost");
    double share = cost.get("tailShare").doubleValue();
    assertTrue(share > 0 && share <= 1, cost::toString);
    assertTrue(cost.get("trunkOps").intValue() > 0, cost::toString);
    assertTrue(cost.get("tailOps").intValue() > 0, cost::toString);
    assertFalse(cost.has("passByPass"), cost::toString);
    assertEquals(1 + 9 * share, cost.at("/ofPasses/10").doubleValue(), 1e-12);
    assertEquals(1 + 49 * share, cost.at("/ofPasses/50").doubleValue(), 1e-12);
    assertEquals(1 + 199 * share, cost.at("/ofPasses/200").doubleValue(), 1e-12);
  }

  @Test
  void dropout_gated_namesTheGate() {
    Path model = TinyModels.gated(folder.resolve("model"));
    assertEquals("training", json("--model", model).at("/sites/0/gate").textValue());
    assertSays(text("--model", model), "found by         gate      node\n", "  training  ");
  }

  @Test
  void dropout_none_offersTensorsAsOptions() {
    Path model = TinyModels.deepWithoutDropout(folder.resolve("model"));
    assertSays(
        text("--model", model),
        "output \"y\": PROBABILITIES",
        "dropout sites: none found\n",
        "\n    --dropout hidden=RATE\n",
        "\nPROBLEM: it cannot be sampled like this.\n  the model has no dropout to turn on",
        "with --dropout TENSOR=RATE");
    JsonNode json = json("--model", model);
    assertEquals("hidden", json.at("/candidates/0").textValue());
    assertFalse(json.has("cost"), json::toString);
    assertTrue(json.get("problem").textValue().contains("no dropout to turn on"));
  }

  @Test
  void dropout_noneAndNoLayerAboveTheInput_offersNoTensor() {
    String text = text("--model", TinyModels.withoutDropout(folder.resolve("model")));
    assertSays(text, "dropout sites: none found\n", "no dropout to turn on");
  }

  @Test
  void dropout_namedAmiss_isTheProblemAndTheSitesFoundAreTold() {
    Path model = TinyModels.gated(folder.resolve("model"));
    String text = text("--model", model, "--dropout", "nowhere=0.25");
    assertSays(
        text,
        "dropout sites: 1\n",
        "  0.5   dropout  [...]  op in the graph  training  ",
        "PROBLEM",
        "tensor \"nowhere\", named for dropout, is not in the model");
    assertFalse(text.contains("cost of sampling"), text);
  }

  @Test
  void dropout_named_isASiteOfTheCaller() {
    Path model = TinyModels.deepWithoutDropout(folder.resolve("model"));
    String text = text("--model", model, "--dropout", "hidden=0.25");
    assertSays(text, "  0.25  dropout  [1, 4]  --dropout  hidden\n", "It can be sampled as it is");
  }

  @Test
  void outputKind_unknown_listsThoseThatFitTheShape() {
    Path model = TinyModels.logits(folder.resolve("model"));
    assertSays(
        text("--model", model),
        "output \"y\": nothing says what it means\n",
        "  PROBABILITIES, LOGITS, MEAN, QUANTILES, MIXTURE_DENSITY\n",
        "dropout sites: 1\n",
        "PROBLEM",
        "declare it with --output-kind, one of");
    JsonNode json = json("--model", model);
    assertFalse(json.has("outputKind"), json::toString);
    assertEquals(
        "[\"PROBABILITIES\",\"LOGITS\",\"MEAN\",\"QUANTILES\",\"MIXTURE_DENSITY\"]",
        json.get("possibleOutputKinds").toString());
    assertEquals(1, json.get("sites").size());
  }

  @Test
  void outputs_two_looksIntoTheOneOfFloatsAndAsksToChoose() {
    Path model = TinyModels.twoOutputs(folder.resolve("model"));
    assertSays(
        text("--model", model),
        "   output  best  INT64[?]",
        "*  output  y     FLOAT32[?, 3]",
        "dropout sites: 1\n",
        "has the outputs [best, y]; choose one with --output NAME");
    assertFalse(json("--model", model, "--output", "y").has("problem"));
  }

  @Test
  void op_refused_isListed() {
    Path model = TinyModels.readingAFile(folder.resolve("model"));
    assertSays(
        text("--model", model),
        "dropout sites: not looked for, as ops are refused\n",
        "ops that do more than compute (refused without --allow-unsafe-ops): 1\n  op ReadFile of node \"secret\" reads or writes files\n",
        "allow it with --allow-unsafe-ops");
    JsonNode json = json("--model", model);
    assertEquals(
        "op ReadFile of node \"secret\" reads or writes files",
        json.at("/refusedOps/0").textValue());
    assertEquals(0, json.get("sites").size());
  }

  @Test
  void op_allowed_isListedAndSitesAreFound() {
    Path model = TinyModels.readingAFile(folder.resolve("model"));
    JsonNode json = json("--model", model, "--allow-unsafe-ops");
    assertEquals(1, json.get("refusedOps").size());
    assertEquals(1, json.get("sites").size());
  }

  @Test
  void tensors_named_areLookedIntoWithoutASignature() {
    JsonNode json =
        json(
            "--model",
            TinyModels.logits(folder.resolve("model")),
            "--input-tensor",
            "row=x",
            "--output-tensor",
            "MatMul:0");
    assertFalse(json.has("signature"), json::toString);
    assertEquals("MatMul:0", json.get("output").textValue());
    assertEquals(1, json.get("sites").size());
  }

  @Test
  void signature_unknown_isTheProblemAndTheKnownAreListed() {
    Path model = TinyModels.logits(folder.resolve("model"));
    assertSays(
        text("--model", model, "--signature", "predict"),
        "  serving_default\n",
        "dropout sites: not known; the problem says why\n",
        "signature \"predict\" is not in ",
        "it has [serving_default]");
  }

  @Test
  void model_nowhere_isRefused() {
    Path nowhere = folder.resolve("nowhere");
    CommandRun.of("inspect", "--model", nowhere)
        .assertRefused("no model at " + nowhere, "name the folder that holds saved_model.pb");
  }

  @Test
  void model_damaged_isRefused() throws IOException {
    Path model = TinyModels.logits(folder.resolve("model"));
    Path proto = model.resolve("saved_model.pb");
    byte[] bytes = Files.readAllBytes(proto);
    Files.write(proto, Arrays.copyOf(bytes, bytes.length / 2));
    CommandRun.of("inspect", "--model", model).assertRefused(proto, "cut short", "copy the model");
  }

  @Test
  void tags_unknown_listTheKnown() {
    CommandRun.of(
            "inspect", "--model", TinyModels.logits(folder.resolve("model")), "--tags", "train")
        .assertRefused("has no graph tagged [train], only [[serve]]", "with --tags TAG,TAG");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heart-tabular",
        "mlperf-kws",
        "optba-lstm-recdrop",
        "rongo-lstm",
        "stock-nlx",
        "stock-transformer"
      })
  void sites_ofSharedModels_areThoseReadOffByHand(String name) throws IOException {
    Path model = SharedFolder.savedModel(name);
    String all = Files.readString(SharedFolder.savedModel("sites.json"));
    JsonNode expected = CommandRun.json(all).get(name);
    List<JsonNode> recurrent = new ArrayList<>();
    expected.get("rnn_sites").forEach(recurrent::add);
    // A cell in a loop has copies outside of it, which no output depends on.
    boolean loop = recurrent.stream().anyMatch(site -> site.get("in_loop").booleanValue());
    List<String> sites = new ArrayList<>();
    expected.get("layer_sites").forEach(site -> sites.add(described(site, "node")));
    recurrent.stream()
        .filter(site -> site.get("in_loop").booleanValue() == loop)
        .forEach(site -> sites.add(described(site, "node")));
    List<String> found = new ArrayList<>();
    json("--model", model).get("sites").forEach(site -> found.add(described(site, "name")));
    assertEquals(sites.stream().sorted().toList(), found.stream().sorted().toList());
  }

  private static String described(JsonNode site, String name) {
    return site.get(name).textValue() + " " + site.get("rate").doubleValue();
  }

  @Test
  void shared_vespa_hasTheGatedSite() {
    String text = text("--model", SharedFolder.savedModel("vespa-tf1-dropout"));
    assertSays(text, "  0.5   dropout  [1, 784]  op in the graph  training  xdrop/cond/dropout/");
  }

  @Test
  void shared_templateWithoutDropout_saysWhyItCannotBeSampled() {
    assertSays(
        text("--model", SharedFolder.savedModel("tf1-template-no-dropout")),
        "*  output  softmax     FLOAT32[?, 2]",
        "    --dropout layer_1_3/Relu=RATE\n",
        "PROBLEM: it cannot be sampled like this.\n  the model has no dropout to turn on: no random");
  }
}
