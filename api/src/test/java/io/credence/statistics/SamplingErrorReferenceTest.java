package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Standard errors and corrected values against {@code make_classification_reference.py}, which
 * computes each leave-out from the samples themselves with 50 digits.
 */
class SamplingErrorReferenceTest {

  private static final double RELATIVE = 1e-9;
  private static final double ROUNDING = 1e-13;

  private static final Map<Measure, String> NAMES =
      Map.of(
          Measure.PREDICTIVE_ENTROPY, "predictiveEntropy",
          Measure.EXPECTED_ENTROPY, "expectedEntropy",
          Measure.MUTUAL_INFORMATION, "mutualInformation",
          Measure.MEAN_KULLBACK_LEIBLER, "mutualInformation",
          Measure.VARIATION_RATIO, "variationRatio",
          Measure.MAX_PROBABILITY, "maxProbability",
          Measure.MARGIN, "margin",
          Measure.MEAN_STANDARD_DEVIATION, "meanStandardDeviation",
          Measure.VOTE_ENTROPY, "voteEntropy",
          Measure.DISAGREEMENT, "disagreement");

  private record Case(JsonNode node, int groups) {
    @Override
    public String toString() {
      return node.get("name").textValue() + ", G = " + groups;
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream file =
        SamplingErrorReferenceTest.class.getResourceAsStream("classification-reference.json")) {
      JsonNode all = new ObjectMapper().readTree(file).get("cases");
      return StreamSupport.stream(all.spliterator(), false)
          .filter(node -> node.has("errors"))
          .flatMap(
              node ->
                  node.get("errors").properties().stream()
                      .map(e -> new Case(node, Integer.parseInt(e.getKey()))));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void standardError_ofReferenceSamples_isAsComputedElsewhere(Case reference) {
    assertEquals(Measure.values().length, NAMES.size());
    JsonNode expected = reference.node().get("errors").get("" + reference.groups());
    ClassificationMoments moments = moments(reference);
    double blowUp = 2 * Math.min(reference.groups(), (double) moments.samples()) * ROUNDING;
    for (int n = 0; n < expected.size(); n++) {
      ClassificationSummary summary = moments.summary(n);
      for (Measure measure : Measure.values()) {
        JsonNode numbers = expected.get(n).get(NAMES.get(measure));
        String where = measure + " of input " + n;
        double error = summary.standardError(measure).orElseThrow();
        assertClose(numbers.get(1).doubleValue(), error, blowUp, where + ", error");
        if (measure.isSmooth()) {
          double corrected = summary.biasCorrected(measure).orElseThrow();
          assertClose(numbers.get(0).doubleValue(), corrected, blowUp, where + ", corrected");
        }
      }
    }
  }

  private static ClassificationMoments moments(Case reference) {
    JsonNode samples = reference.node().get("samples");
    int inputs = samples.get(0).size();
    int width = samples.get(0).get(0).size();
    OutputKind kind = OutputKind.valueOf(reference.node().get("kind").textValue());
    ClassificationMoments moments =
        ClassificationMoments.of(inputs, width, kind).withErrorGroups(reference.groups());
    for (JsonNode pass : samples) {
      float[] values = new float[inputs * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = pass.get(i / width).get(i % width).floatValue();
      }
      moments.add(values);
    }
    return moments;
  }

  private static void assertClose(double expected, double actual, double absolute, String what) {
    assertTrue(
        Math.abs(actual - expected) <= RELATIVE * Math.abs(expected) + absolute,
        () -> what + " is " + actual + ", expected " + expected);
  }
}
