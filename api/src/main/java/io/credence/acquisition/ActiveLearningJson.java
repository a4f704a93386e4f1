package io.credence.acquisition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Writes and reads the state of a loop. */
final class ActiveLearningJson {

  private static final String SCHEMA = "credence.active-learning/1";

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ActiveLearningJson() {}

  static String write(ActiveLearning loop, int poolSize) {
    Acquisition acquisition = loop.acquisition();
    ObjectNode root = JSON.createObjectNode().put("schema", SCHEMA);
    root.putObject("acquisition")
        .put("strategy", acquisition.strategy().key())
        .put("labels", acquisition.labels())
        .put("candidates", acquisition.candidates())
        .put("seed", acquisition.seed())
        .put("coldness", acquisition.coldness())
        .put("configurations", acquisition.configurations());
    root.put("poolSize", poolSize);
    int first = loop.history().isEmpty() ? loop.labelled().size() : loop.history().get(0).labels();
    loop.labelled().subList(0, first).forEach(root.putArray("labelled")::add);
    ArrayNode rounds = root.putArray("rounds");
    for (ActiveLearning.Round round : loop.history()) {
      ObjectNode node = rounds.addObject().put("metric", round.metric());
      round.acquired().forEach(node.putArray("acquired")::add);
    }
    return root.toString();
  }

  static ActiveLearning read(String json, Collection<String> pool) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the state is no JSON: " + e.getOriginalMessage() + "; give what toJson() wrote", e);
    }
    String schema = root.path("schema").asText();
    if (!schema.equals(SCHEMA)) {
      throw new IllegalArgumentException(
          "schema is \"" + schema + "\"; this version reads \"" + SCHEMA + "\"");
    }
    int poolSize = wholeNumber(root, "poolSize");
    if (poolSize != pool.size()) {
      throw new IllegalArgumentException(
          "the pool has "
              + pool.size()
              + " inputs, that of the state "
              + poolSize
              + "; give the"
              + " same pool");
    }
    return loop(root, pool);
  }

  private static ActiveLearning loop(JsonNode root, Collection<String> pool) {
    List<String> labelled = texts(root, "labelled");
    List<ActiveLearning.Round> rounds = new ArrayList<>();
    for (JsonNode node : field(root, "rounds", field(root, "rounds").isArray(), "an array")) {
      List<String> acquired = texts(node, "acquired");
      double metric = metric(node);
      rounds.add(new ActiveLearning.Round(rounds.size(), labelled.size(), metric, acquired));
      labelled.addAll(acquired);
    }
    ActiveLearning loop = ActiveLearning.of(acquisition(root.path("acquisition")), pool, labelled);
    rounds.forEach(loop::past);
    return loop;
  }

  private static Acquisition acquisition(JsonNode node) {
    JsonNode seed = field(node, "seed");
    JsonNode coldness = field(node, "coldness");
    return new Acquisition(
        Strategy.parse(field(node, "strategy").asText()),
        wholeNumber(node, "labels"),
        wholeNumber(node, "candidates"),
        field(
                node,
                "seed",
                seed.canConvertToExactIntegral() && seed.canConvertToLong(),
                "a whole" + " number")
            .longValue(),
        field(node, "coldness", coldness.isNumber(), "a number").doubleValue(),
        wholeNumber(node, "configurations"));
  }

  /** A number, or NaN and infinities, which Jackson writes as texts. */
  private static double metric(JsonNode node) {
    JsonNode metric = field(node, "metric");
    boolean text = List.of("NaN", "Infinity", "-Infinity").contains(metric.asText());
    field(node, "metric", text || metric.isNumber(), "a number");
    return text ? Double.parseDouble(metric.asText()) : metric.doubleValue();
  }

  private static int wholeNumber(JsonNode node, String name) {
    JsonNode value = field(node, name);
    boolean whole = value.canConvertToExactIntegral() && value.canConvertToInt();
    return field(node, name, whole, "a whole number").intValue();
  }

  private static List<String> texts(JsonNode node, String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : field(node, name, field(node, name).isArray(), "an array of texts")) {
      field(node, name, each.isTextual(), "an array of texts");
      texts.add(each.textValue());
    }
    return texts;
  }

  private static JsonNode field(JsonNode node, String name) {
    return field(node, name, node.has(name), "a value");
  }

  private static JsonNode field(JsonNode node, String name, boolean valid, String needed) {
    if (!valid) {
      throw new IllegalArgumentException(
          name
              + " is "
              + (node.has(name) ? node.get(name) : "missing")
              + "; "
              + needed
              + " is needed; give what toJson() wrote");
    }
    return node.path(name);
  }
}
