package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Every measure against {@code make_classification_reference.py}, which computes them with 50
 * digits over the whole sample array. That program says why the tolerances are what they are.
 */
class ClassificationMomentsReferenceTest {

  private static final double RELATIVE = 1e-9;
  private static final double ENTROPY = 1e-13;
  private static final double ULP = 2.3e-16;
  private static final double INFORMATION = 1e-28;
  private static final double MARGIN = 1e-15;
  private static final double DEVIATION = 1e-15;
  private static final double VARIANCE = 1e-30;
  private static final double PROBABILITY = 1e-300;

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void summary_ofReferenceSamples_isAsComputedElsewhere(Case reference) {
    JsonNode expected = reference.node().get("expected");
    for (ClassificationMoments moments : List.of(reference.moments(), reference.momentsAtOnce())) {
      assertEquals(expected.size(), moments.summaries().size());
      for (int n = 0; n < expected.size(); n++) {
        assertSummary(expected.get(n), moments.summary(n), "input " + n);
      }
    }
  }

  @Test
  void cases_coverEveryKindOfClassifier() throws IOException {
    EnumSet<OutputKind> kinds = EnumSet.noneOf(OutputKind.class);
    cases().forEach(c -> kinds.add(c.kind()));
    assertEquals(
        EnumSet.of(
            OutputKind.PROBABILITIES,
            OutputKind.LOGITS,
            OutputKind.BINARY_PROBABILITY,
            OutputKind.BINARY_LOGIT),
        kinds);
  }

  private static void assertSummary(JsonNode expected, ClassificationSummary actual, String where) {
    assertAll(
        expected.get("meanProbabilities"), actual.meanProbabilities(), PROBABILITY, where + " p̄");
    for (int k = 0; k < actual.classes(); k++) {
      double variance = expected.get("variances").get(k).doubleValue();
      assertClose(
          variance,
          actual.variances()[k],
          VARIANCE + ULP * Math.sqrt(variance),
          where + " variance of class " + k);
    }
    assertClose(expected, "predictiveEntropy", actual.predictiveEntropy(), ENTROPY, where);
    assertClose(expected, "expectedEntropy", actual.expectedEntropy(), ENTROPY, where);
    double information =
        INFORMATION + ULP * Math.sqrt(expected.get("mutualInformation").doubleValue());
    assertClose(expected, "mutualInformation", actual.mutualInformation(), information, where);
    assertClose(expected, "mutualInformation", actual.meanKullbackLeibler(), information, where);
    assertClose(expected, "variationRatio", actual.variationRatio(), 0, where);
    assertClose(expected, "voteEntropy", actual.voteEntropy(), ENTROPY, where);
    assertClose(expected, "disagreement", actual.disagreement(), 0, where);
    assertClose(expected, "margin", actual.margin(), MARGIN, where);
    assertClose(
        expected, "meanStandardDeviation", actual.meanStandardDeviation(), DEVIATION, where);
    assertClose(expected, "maxProbability", actual.maxProbability(), PROBABILITY, where);
    assertEquals(expected.get("predictedClass").intValue(), actual.predictedClass(), where);
  }

  private static void assertAll(
      JsonNode expected, double[] actual, double absolute, String measure) {
    assertEquals(expected.size(), actual.length, measure);
    for (int k = 0; k < actual.length; k++) {
      assertClose(expected.get(k).doubleValue(), actual[k], absolute, measure + " of class " + k);
    }
  }

  private static void assertClose(
      JsonNode expected, String measure, double actual, double absolute, String where) {
    assertClose(expected.get(measure).doubleValue(), actual, absolute, where + " " + measure);
  }

  private static void assertClose(double expected, double actual, double absolute, String what) {
    assertTrue(
        Math.abs(actual - expected) <= RELATIVE * Math.abs(expected) + absolute,
        () -> what + " is " + actual + ", expected " + expected);
  }

  private static List<Case> cases() throws IOException {
    try (InputStream file =
        ClassificationMomentsReferenceTest.class.getResourceAsStream(
            "classification-reference.json")) {
      List<Case> cases = new ArrayList<>();
      new ObjectMapper().readTree(file).get("cases").forEach(node -> cases.add(new Case(node)));
      return cases;
    }
  }

  private record Case(JsonNode node) {

    OutputKind kind() {
      return OutputKind.valueOf(node.get("kind").textValue());
    }

    ClassificationMoments moments() {
      JsonNode samples = node.get("samples");
      JsonNode first = samples.get(0);
      ClassificationMoments moments =
          ClassificationMoments.of(first.size(), first.get(0).size(), kind());
      samples.forEach(pass -> moments.add(flat(pass)));
      return moments;
    }

    ClassificationMoments momentsAtOnce() {
      JsonNode samples = node.get("samples");
      JsonNode first = samples.get(0);
      int each = first.size() * first.get(0).size();
      float[] all = new float[samples.size() * each];
      for (int s = 0; s < samples.size(); s++) {
        System.arraycopy(flat(samples.get(s)), 0, all, s * each, each);
      }
      ClassificationMoments moments =
          ClassificationMoments.of(first.size(), first.get(0).size(), kind());
      moments.addPasses(0, DataBuffers.of(all));
      return moments;
    }

    private static float[] flat(JsonNode pass) {
      int width = pass.get(0).size();
      float[] values = new float[pass.size() * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = pass.get(i / width).get(i % width).floatValue();
      }
      return values;
    }

    @Override
    public String toString() {
      return node.get("name").textValue();
    }
  }
}
