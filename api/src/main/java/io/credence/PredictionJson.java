package io.credence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionSummary;

/**
 * Writes predictions as JSON, one object an input, with every measure and the plan that made it.
 * {@code docs/json.md} documents the format.
 */
public final class PredictionJson {

  /** The schema of the objects written. */
  public static final String SCHEMA = "credence.score/1";

  private static final ObjectMapper JSON = new ObjectMapper();

  private PredictionJson() {}

  /**
   * The JSON of one input's prediction.
   *
   * @param id the name of the input
   * @param prediction the prediction of a batch
   * @param index the input within the batch, 0 ≤ index &lt; N
   * @param model the model that made the prediction
   * @return the object
   * @throws IndexOutOfBoundsException if there is no such input
   */
  public static ObjectNode of(String id, Prediction prediction, int index, ModelDescription model) {
    if (prediction instanceof RegressionPrediction regression) {
      return of(id, regression.get(index), regression.plan());
    }
    ClassificationPrediction classification = (ClassificationPrediction) prediction;
    return of(id, classification.get(index), classification.plan(), model);
  }

  /**
   * The JSON of one summary of a classifier.
   *
   * @param id the name of the input
   * @param s what the passes say of it
   * @param plan the plan of the passes
   * @param model the model that was run
   * @return the object
   */
  public static ObjectNode of(
      String id, ClassificationSummary s, SamplingPlan plan, ModelDescription model) {
    ObjectNode json = start(id);
    json.put("predictedClass", s.predictedClass());
    json.put("predictedLabel", model.label(s.predictedClass()));
    json.put("maxProbability", s.maxProbability());
    json.put("predictiveEntropy", s.predictiveEntropy());
    json.put("expectedEntropy", s.expectedEntropy());
    json.put("mutualInformation", s.mutualInformation());
    json.put("variationRatio", s.variationRatio());
    json.put("margin", s.margin());
    json.put("meanStandardDeviation", s.meanStandardDeviation());
    json.put("voteEntropy", s.voteEntropy());
    json.put("disagreement", s.disagreement());
    addAll(json.putArray("meanProbabilities"), s.meanProbabilities());
    addAll(json.putArray("variances"), s.variances());
    json.set("plan", of(plan));
    return json;
  }

  /**
   * The JSON of one summary of a regressor.
   *
   * @param id the name of the input
   * @param s what the passes say of it
   * @param plan the plan of the passes
   * @return the object
   */
  public static ObjectNode of(String id, RegressionSummary s, SamplingPlan plan) {
    ObjectNode json = start(id);
    addAll(json.putArray("mean"), s.mean());
    addAll(json.putArray("epistemicVariance"), s.epistemicVariance());
    if (s.aleatoricVariance(0).isPresent()) {
      ArrayNode aleatoric = json.putArray("aleatoricVariance");
      ArrayNode total = json.putArray("totalVariance");
      for (int d = 0; d < s.targets(); d++) {
        aleatoric.add(s.aleatoricVariance(d).orElseThrow());
        total.add(s.totalVariance(d).orElseThrow());
      }
    }
    json.set("plan", of(plan));
    return json;
  }

  /**
   * The JSON of a plan, the part {@code plan} of every result.
   *
   * @param plan the plan
   * @return the object
   */
  public static ObjectNode of(SamplingPlan plan) {
    return JSON.createObjectNode()
        .put("passes", plan.passes())
        .put("seed", plan.seed())
        .put("masks", plan.masks().name());
  }

  private static ObjectNode start(String id) {
    return JSON.createObjectNode().put("schema", SCHEMA).put("id", id);
  }

  private static void addAll(ArrayNode array, double[] values) {
    for (double value : values) {
      array.add(value);
    }
  }
}
