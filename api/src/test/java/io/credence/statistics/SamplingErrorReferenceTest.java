package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Standard errors and corrected values against {@code make_classification_reference.py}, which
 * computes each leave-out from the samples themselves with 50 digits.
 */
class SamplingErrorReferenceTest {

  private static final double RELATIVE = 1e-9;
  private static final double ROUNDING = 1e-13;

  /** Measures that say the same of one model. */
  private static String name(ClassificationMeasure measure) {
    return switch (measure) {
      case MEAN_KULLBACK_LEIBLER, WITHIN_MEMBERS_MUTUAL_INFORMATION -> "mutualInformation";
      default -> measure.key();
    };
  }

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
    JsonNode expected = reference.node().get("errors").get("" + reference.groups());
    for (boolean atOnce : new boolean[] {false, true}) {
      assertErrors(reference, expected, moments(reference, atOnce));
    }
  }

  private static void assertErrors(
      Case reference, JsonNode expected, ClassificationMoments moments) {
    double blowUp = 2 * Math.min(reference.groups(), (double) moments.samples()) * ROUNDING;
    for (int n = 0; n < expected.size(); n++) {
      ClassificationSummary summary = moments.summary(n);
      assertEquals(
          0,
          summary
              .standardError(ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION)
              .orElseThrow());
      for (ClassificationMeasure measure :
          EnumSet.complementOf(
              EnumSet.of(ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION))) {
        JsonNode numbers = expected.get(n).get(name(measure));
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

  private static ClassificationMoments moments(Case reference, boolean atOnce) {
    JsonNode samples = reference.node().get("samples");
    int inputs = samples.get(0).size();
    int width = samples.get(0).get(0).size();
    OutputKind kind = OutputKind.valueOf(reference.node().get("kind").textValue());
    ClassificationMoments moments =
        ClassificationMoments.of(inputs, width, kind).withErrorGroups(reference.groups());
    float[] all = new float[samples.size() * inputs * width];
    for (int s = 0; s < samples.size(); s++) {
      float[] values = new float[inputs * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = samples.get(s).get(i / width).get(i % width).floatValue();
      }
      if (!atOnce) {
        moments.add(values);
      }
      System.arraycopy(values, 0, all, s * values.length, values.length);
    }
    if (atOnce) {
      moments.addPasses(0, DataBuffers.of(all));
    }
    return moments;
  }

  private static void assertClose(double expected, double actual, double absolute, String what) {
    assertTrue(
        Math.abs(actual - expected) <= RELATIVE * Math.abs(expected) + absolute,
        () -> what + " is " + actual + ", expected " + expected);
  }
}
