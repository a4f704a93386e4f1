package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every head against {@code make_regression_head_reference.py}, which computes moments, likelihoods
 * and quantiles with 60 digits. That program says why the tolerances are what they are.
 */
class RegressionHeadReferenceTest {

  private static final double MEAN = 1e-12;
  private static final double VARIANCE = 1e-9;
  private static final double ULP = 1e-15;
  private static final double LIKELIHOOD = 1e-9;
  private static final double QUANTILE = 1e-11;

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void summary_ofReferenceSamples_isAsComputedElsewhere(Case reference) {
    RegressionMoments moments = reference.samples().moments();
    for (int n = 0; n < reference.inputs(); n++) {
      JsonNode expected = reference.expected(n);
      RegressionSummary s = moments.summary(n);
      assertEquals(expected.get("mean").size(), s.targets());
      for (int d = 0; d < s.targets(); d++) {
        double mean = expected.get("mean").get(d).doubleValue();
        double epistemic = expected.get("epistemicVariance").get(d).doubleValue();
        double ulp = ULP * reference.largest();
        assertClose(mean, s.mean(d), MEAN * Math.abs(mean) + ulp, "mean");
        assertClose(
            epistemic,
            s.epistemicVariance(d),
            VARIANCE * epistemic + ulp * (Math.sqrt(epistemic) + ulp),
            "epistemic variance");
        boolean told = expected.get("aleatoricVariance").size() > 0;
        assertEquals(told, s.aleatoricVariance(d).isPresent());
        assertEquals(told, s.totalVariance(d).isPresent());
        if (told) {
          double aleatoric = expected.get("aleatoricVariance").get(d).doubleValue();
          assertClose(
              aleatoric,
              s.aleatoricVariance(d).orElseThrow(),
              VARIANCE * aleatoric + ulp * ulp,
              "aleatoric variance");
          assertEquals(
              s.epistemicVariance(d) + s.aleatoricVariance(d).orElseThrow(),
              s.totalVariance(d).orElseThrow());
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void quantile_ofReferenceSamples_isAsComputedElsewhere(Case reference) {
    RegressionSamples samples = reference.samples();
    JsonNode levels = reference.node().get("levels");
    for (int n = 0; n < reference.inputs(); n++) {
      JsonNode expected = reference.expected(n);
      for (int d = 0; d < reference.targets(); d++) {
        double least =
            expected.has("leastDeviation")
                ? expected.get("leastDeviation").get(d).doubleValue()
                : 1;
        for (int q = 0; q < levels.size(); q++) {
          double quantile = expected.get("quantiles").get(d).get(q).doubleValue();
          assertClose(
              quantile,
              samples.quantile(n, d, levels.get(q).doubleValue()),
              QUANTILE * (Math.abs(quantile) + least),
              "quantile " + levels.get(q) + " of target " + d);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void logLikelihood_ofReferenceSamples_isAsComputedElsewhere(Case reference) {
    if (!reference.expected(0).has("logLikelihood")) {
      return;
    }
    RegressionSamples samples = reference.samples();
    RegressionLogLikelihood streamed =
        RegressionLogLikelihood.of(reference.observed(), reference.width(), reference.head());
    reference.passes().forEach(streamed::add);
    double sum = 0;
    for (int n = 0; n < reference.inputs(); n++) {
      double expected = reference.expected(n).get("logLikelihood").doubleValue();
      double tolerance = LIKELIHOOD * Math.max(1, Math.abs(expected));
      double[] observed = numbers(reference.node().get("observed").get(n));
      assertClose(expected, samples.logLikelihood(n, observed), tolerance, "of samples");
      assertClose(expected, streamed.logLikelihood(n), tolerance, "streamed");
      sum += expected;
    }
    double mean = sum / reference.inputs();
    assertClose(mean, streamed.mean(), LIKELIHOOD * Math.max(1, Math.abs(mean)), "mean");
  }

  @Test
  void cases_coverEveryKindOfRegressor() throws IOException {
    EnumSet<OutputKind> kinds = EnumSet.noneOf(OutputKind.class);
    cases().forEach(c -> kinds.add(c.head().kind()));
    assertEquals(
        EnumSet.complementOf(
            EnumSet.of(
                OutputKind.PROBABILITIES,
                OutputKind.LOGITS,
                OutputKind.BINARY_PROBABILITY,
                OutputKind.BINARY_LOGIT)),
        kinds);
  }

  private static void assertClose(double expected, double actual, double tolerance, String what) {
    assertTrue(
        Math.abs(actual - expected) <= tolerance,
        () -> what + " is " + actual + ", expected " + expected);
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  private static List<Case> cases() throws IOException {
    try (InputStream file =
        RegressionHeadReferenceTest.class.getResourceAsStream("regression-head-reference.json")) {
      List<Case> cases = new ArrayList<>();
      new ObjectMapper().readTree(file).get("cases").forEach(node -> cases.add(new Case(node)));
      return cases;
    }
  }

  /** The head that a reference file names. */
  static RegressionHead head(JsonNode head) {
    OutputKind kind = OutputKind.parse(head.get("kind").textValue());
    return switch (kind) {
      case QUANTILES ->
          new RegressionHead.Quantiles(
              StreamSupport.stream(head.get("levels").spliterator(), false)
                  .map(JsonNode::doubleValue)
                  .toList());
      case MIXTURE_DENSITY -> new RegressionHead.MixtureDensity(head.get("components").intValue());
      default ->
          head.has("observationVariance")
              ? RegressionHead.Mean.withObservationVariance(
                  head.get("observationVariance").doubleValue())
              : RegressionHead.of(kind);
    };
  }

  private record Case(JsonNode node) {

    int inputs() {
      return node.get("expected").size();
    }

    int targets() {
      return node.get("targets").intValue();
    }

    int width() {
      return node.get("samples").get(0).get(0).size();
    }

    JsonNode expected(int input) {
      return node.get("expected").get(input);
    }

    RegressionHead head() {
      return RegressionHeadReferenceTest.head(node.get("head"));
    }

    List<double[]> passes() {
      boolean wide = node.get("type").textValue().equals("float64");
      List<double[]> passes = new ArrayList<>();
      for (JsonNode pass : node.get("samples")) {
        double[] values = new double[inputs() * width()];
        for (int i = 0; i < values.length; i++) {
          JsonNode value = pass.get(i / width()).get(i % width());
          values[i] = wide ? value.doubleValue() : value.floatValue();
        }
        passes.add(values);
      }
      return passes;
    }

    RegressionSamples samples() {
      RegressionSamples samples = RegressionSamples.of(inputs(), width(), head());
      assertEquals(targets(), head().targets(width()));
      passes().forEach(samples::add);
      return samples;
    }

    double[] observed() {
      return StreamSupport.stream(node.get("observed").spliterator(), false)
          .flatMapToDouble(row -> java.util.Arrays.stream(numbers(row)))
          .toArray();
    }

    double largest() {
      return passes().stream()
          .flatMapToDouble(java.util.Arrays::stream)
          .map(Math::abs)
          .max()
          .orElseThrow();
    }

    @Override
    public String toString() {
      return node.get("name").textValue();
    }
  }
}
