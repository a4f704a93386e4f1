package io.credence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionMoments;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class PredictionJsonTest {

  private static final ClassificationPrediction PREDICTION = prediction();

  @Test
  void of_eachInput_holdsEveryFieldWithItsValue() throws JsonProcessingException {
    for (int n = 0; n < PREDICTION.size(); n++) {
      ClassificationSummary s = PREDICTION.get(n);
      JsonNode json = parsed("input " + n, n, List.of("cat", "dog", "猫"));
      assertEquals("credence.score/1", json.get("schema").textValue());
      assertEquals("input " + n, json.get("id").textValue());
      assertEquals(s.predictedClass(), json.get("predictedClass").intValue());
      assertEquals(s.maxProbability(), json.get("maxProbability").doubleValue());
      assertEquals(s.predictiveEntropy(), json.get("predictiveEntropy").doubleValue());
      assertEquals(s.expectedEntropy(), json.get("expectedEntropy").doubleValue());
      assertEquals(s.mutualInformation(), json.get("mutualInformation").doubleValue());
      assertEquals(s.variationRatio(), json.get("variationRatio").doubleValue());
      assertEquals(s.margin(), json.get("margin").doubleValue());
      assertEquals(s.meanStandardDeviation(), json.get("meanStandardDeviation").doubleValue());
      assertEquals(s.voteEntropy(), json.get("voteEntropy").doubleValue());
      assertEquals(s.disagreement(), json.get("disagreement").doubleValue());
      assertArrayEquals(s.meanProbabilities(), numbers(json.get("meanProbabilities")));
      assertArrayEquals(s.variances(), numbers(json.get("variances")));
      assertEquals(3, json.at("/plan/passes").intValue());
      assertEquals(Long.MIN_VALUE, json.at("/plan/seed").longValue());
      assertEquals("PER_ROW", json.at("/plan/masks").textValue());
    }
  }

  @Test
  void of_anyInput_hasTheseFieldsInThisOrder() throws JsonProcessingException {
    JsonNode json = parsed("x", 0, List.of());
    assertEquals(
        List.of(
            "schema",
            "id",
            "predictedClass",
            "predictedLabel",
            "maxProbability",
            "predictiveEntropy",
            "expectedEntropy",
            "mutualInformation",
            "variationRatio",
            "margin",
            "meanStandardDeviation",
            "voteEntropy",
            "disagreement",
            "meanProbabilities",
            "variances",
            "samples",
            "plan"),
        fields(json));
    assertEquals(List.of("passes", "seed", "masks"), fields(json.get("plan")));
  }

  @Test
  void of_labelsKnown_namesTheClass() throws JsonProcessingException {
    List<String> labels = List.of("cat", "dog", "猫 \"neko\"");
    assertEquals("dog", parsed("x", 0, labels).get("predictedLabel").textValue());
    assertEquals("猫 \"neko\"", parsed("x", 1, labels).get("predictedLabel").textValue());
  }

  @Test
  void of_noLabels_namesTheClassByItsIndex() throws JsonProcessingException {
    assertEquals("2", parsed("x", 1, List.of()).get("predictedLabel").textValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a \"quoted\" name", "C:\\pictures\\1.png", "a\nb\t\u0000", "猫 😀 é"})
  void of_anyId_isReadBackUnchanged(String id) throws JsonProcessingException {
    assertEquals(id, parsed(id, 0, List.of()).get("id").textValue());
  }

  @Test
  void of_regressor_holdsTheseFieldsInThisOrder() throws JsonProcessingException {
    RegressionMoments moments = RegressionMoments.of(2, 2);
    moments.add(new float[] {0, 2, 1, 0});
    moments.add(new float[] {2, 1, 0, .1f});
    RegressionPrediction prediction =
        new RegressionPrediction(moments.summaries(), new SamplingPlan(2, -1), List.of());
    String text = PredictionJson.of("b", prediction, 1, model(List.of("x", "y"))).toString();
    JsonNode json = new ObjectMapper().readTree(text);
    assertEquals(
        List.of("schema", "id", "mean", "epistemicVariance", "samples", "plan"), fields(json));
    assertEquals("credence.score/1", json.get("schema").textValue());
    assertEquals("b", json.get("id").textValue());
    assertArrayEquals(prediction.get(1).mean(), numbers(json.get("mean")));
    assertArrayEquals(
        prediction.get(1).epistemicVariance(), numbers(json.get("epistemicVariance")));
    assertEquals("{\"passes\":2,\"seed\":-1,\"masks\":\"SHARED\"}", json.get("plan").toString());
  }

  @Test
  void of_regressorThatPredictsVariances_holdsThemToo() throws JsonProcessingException {
    RegressionMoments moments = RegressionMoments.of(1, 4, new RegressionHead.MeanAndVariance());
    moments.add(new float[] {0, 2, 1, 3});
    moments.add(new float[] {2, 2, 2, 4});
    RegressionPrediction prediction =
        new RegressionPrediction(moments.summaries(), new SamplingPlan(2, -1), List.of());
    String text = PredictionJson.of("b", prediction, 0, model(List.of())).toString();
    JsonNode json = new ObjectMapper().readTree(text);
    assertEquals(
        List.of(
            "schema",
            "id",
            "mean",
            "epistemicVariance",
            "aleatoricVariance",
            "totalVariance",
            "samples",
            "plan"),
        fields(json));
    assertArrayEquals(new double[] {1, 0}, numbers(json.get("epistemicVariance")));
    assertArrayEquals(new double[] {1.5, 3.5}, numbers(json.get("aleatoricVariance")));
    assertArrayEquals(new double[] {2.5, 3.5}, numbers(json.get("totalVariance")));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void of_noSuchInput_isRefused(int index) {
    ModelDescription model = model(List.of());
    assertThrows(
        IndexOutOfBoundsException.class, () -> PredictionJson.of("x", PREDICTION, index, model));
  }

  /** Through the text and back, so that it is JSON that is tested. */
  private static JsonNode parsed(String id, int index, List<String> labels)
      throws JsonProcessingException {
    String text = PredictionJson.of(id, PREDICTION, index, model(labels)).toString();
    return new ObjectMapper().readTree(text);
  }

  private static List<String> fields(JsonNode json) {
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static double[] numbers(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).doubleValue();
    }
    return values;
  }

  /** Two inputs on which no two measures agree, so that a swap of fields shows. */
  private static ClassificationPrediction prediction() {
    ClassificationMoments moments = ClassificationMoments.of(2, 3, OutputKind.LOGITS);
    moments.add(new float[] {0, 2, 1, 0, .25f, 3});
    moments.add(new float[] {2, 1, 0, 0, 1, .5f});
    moments.add(new float[] {0, 3, .5f, 0, 1.5f, 2});
    SamplingPlan plan = new SamplingPlan(3, Long.MIN_VALUE, Masks.PER_ROW);
    return new ClassificationPrediction(moments.summaries(), plan, List.of());
  }

  private static ModelDescription model(List<String> labels) {
    TensorSpec input = new TensorSpec("x", ElementType.FLOAT32, Shape.of(-1, 4));
    TensorSpec output = new TensorSpec("y", ElementType.FLOAT32, Shape.of(-1, 3));
    return new ModelDescription(
        "models/m",
        "serve",
        List.of(input),
        output,
        OutputKind.LOGITS,
        labels,
        List.of(),
        new SamplingCost(1, 1, .5, Optional.empty()));
  }
}
