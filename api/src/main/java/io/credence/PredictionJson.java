package io.credence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionSummary;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.tensorflow.ndarray.Shape;

/**
 * Writes predictions as JSON, one object an input, with its measures, their errors and the plan
 * that made it. {@code docs/json.md} documents the format.
 */
public final class PredictionJson {

  /** The schema of the objects written. */
  public static final String SCHEMA = "credence.score/1";

  private static final ObjectMapper JSON = new ObjectMapper();

  private PredictionJson() {}

  /**
   * The JSON of one input's prediction, with the {@linkplain JsonFields#standard usual fields}.
   *
   * @param id the name of the input
   * @param prediction the prediction of a batch
   * @param index the input within the batch, 0 ≤ index &lt; N
   * @param model the model that made the prediction
   * @return the object
   * @throws IndexOutOfBoundsException if there is no such input
   */
  public static ObjectNode of(String id, Prediction prediction, int index, ModelDescription model) {
    return of(id, prediction, index, model, JsonFields.standard(prediction));
  }

  /**
   * The JSON of one input's prediction.
   *
   * @param id the name of the input
   * @param prediction the prediction of a batch
   * @param index the input within the batch, 0 ≤ index &lt; N
   * @param model the model that made the prediction
   * @param fields what is written
   * @return the object
   * @throws IndexOutOfBoundsException if there is no such input
   * @throws ClassCastException if the fields are those of the other kind of model
   */
  public static ObjectNode of(
      String id, Prediction prediction, int index, ModelDescription model, JsonFields fields) {
    int places = (int) prediction.places().size();
    ObjectNode json = JSON.createObjectNode().put("schema", SCHEMA).put("id", id);
    if (prediction instanceof ClassificationPrediction classes) {
      List<ClassificationSummary> rows =
          classes.summaries().subList(index * places, (index + 1) * places);
      put(json, new SummaryMap<>(prediction.places(), rows), model, fields);
      json.put("samples", rows.get(0).samples());
    } else {
      List<RegressionSummary> rows =
          ((RegressionPrediction) prediction)
              .summaries()
              .subList(index * places, (index + 1) * places);
      put(json, new SummaryMap<>(prediction.places(), rows), fields);
      json.put("samples", rows.get(0).samples());
    }
    moveToEnd(json, "standardError");
    moveToEnd(json, "biasCorrected");
    json.set("plan", of(prediction.plan()));
    return json;
  }

  private static void moveToEnd(ObjectNode json, String field) {
    JsonNode part = json.remove(field);
    if (part != null && !part.isEmpty()) {
      json.set(field, part);
    }
  }

  /** The summaries of one input, and the shape in which they stand. */
  private record SummaryMap<T>(Shape places, List<T> summaries) {

    JsonNode of(Function<T, JsonNode> leaf) {
      return nested(0, 0, i -> leaf.apply(summaries.get(i)));
    }

    private JsonNode nested(int dimension, int from, IntFunction<JsonNode> leaf) {
      if (dimension == places.numDimensions()) {
        return leaf.apply(from);
      }
      ArrayNode array = JSON.createArrayNode();
      int size = (int) places.get(dimension);
      for (int i = 0; i < size; i++) {
        array.add(nested(dimension + 1, from * size + i, leaf));
      }
      return array;
    }

    T first() {
      return summaries.get(0);
    }
  }

  private static void put(
      ObjectNode json,
      SummaryMap<ClassificationSummary> map,
      ModelDescription model,
      JsonFields fields) {
    json.set("predictedClass", map.of(s -> IntNode.valueOf(s.predictedClass())));
    json.set("predictedLabel", map.of(s -> TextNode.valueOf(model.label(s.predictedClass()))));
    ObjectNode errors = json.putObject("standardError");
    ObjectNode corrected = json.putObject("biasCorrected");
    for (Measure each : fields.measures()) {
      ClassificationMeasure measure = (ClassificationMeasure) each;
      json.set(measure.key(), map.of(s -> DoubleNode.valueOf(measure.of(s))));
      if (map.first().standardError(measure).isEmpty()) {
        continue;
      }
      errors.set(measure.key(), map.of(s -> number(s.standardError(measure))));
      if (fields.biasCorrected() && measure.isSmooth()) {
        corrected.set(measure.key(), map.of(s -> number(s.biasCorrected(measure))));
      }
    }
    if (fields.distributions()) {
      json.set("meanProbabilities", map.of(s -> array(s.meanProbabilities())));
      json.set("variances", map.of(s -> array(s.variances())));
    }
  }

  private static void put(ObjectNode json, SummaryMap<RegressionSummary> map, JsonFields fields) {
    ObjectNode errors = json.putObject("standardError");
    ObjectNode corrected = json.putObject("biasCorrected");
    for (Measure each : fields.measures()) {
      RegressionMeasure measure = (RegressionMeasure) each;
      if (measure.of(map.first(), 0).isEmpty()) {
        continue;
      }
      json.set(measure.key(), map.of(s -> targets(s, d -> measure.of(s, d))));
      if (map.first().standardError(measure, 0).isEmpty()) {
        continue;
      }
      errors.set(measure.key(), map.of(s -> targets(s, d -> s.standardError(measure, d))));
      if (fields.biasCorrected()) {
        corrected.set(measure.key(), map.of(s -> targets(s, d -> s.biasCorrected(measure, d))));
      }
    }
  }

  private static JsonNode targets(RegressionSummary summary, IntFunction<OptionalDouble> value) {
    ArrayNode array = JSON.createArrayNode();
    for (int d = 0; d < summary.targets(); d++) {
      array.add(number(value.apply(d)));
    }
    return array;
  }

  private static JsonNode number(OptionalDouble number) {
    return number.isPresent()
        ? DoubleNode.valueOf(number.getAsDouble())
        : JsonNodeFactory.instance.nullNode();
  }

  private static JsonNode array(double[] values) {
    ArrayNode array = JSON.createArrayNode();
    for (double value : values) {
      array.add(value);
    }
    return array;
  }

  /**
   * The JSON of a plan, the part {@code plan} of every result.
   *
   * @param plan the plan
   * @return the object
   */
  public static ObjectNode of(SamplingPlan plan) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("passes", plan.passes())
            .put("seed", plan.seed())
            .put("masks", plan.masks().name());
    plan.errorGroups().ifPresent(groups -> json.put("errorGroups", groups));
    plan.stopping()
        .ifPresent(
            rule ->
                json.putObject("untilStandardError")
                    .put("measure", rule.measure().key())
                    .put("tolerance", rule.tolerance())
                    .put("minPasses", rule.minPasses()));
    return json;
  }
}
