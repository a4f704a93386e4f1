package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mean and variance against {@code make_regression_reference.py}, which computes them with 50
 * digits over the whole sample array. That program says why the tolerances are what they are.
 */
class RegressionMomentsReferenceTest {

  private static final double MEAN = 1e-14;
  private static final double VARIANCE = 1e-15;
  private static final double RELATIVE = 1e-12;

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void summary_ofReferenceSamples_isAsComputedElsewhere(Case reference) {
    RegressionMoments moments = reference.moments();
    JsonNode expected = reference.node().get("expected");
    assertEquals(expected.size(), moments.summaries().size());
    double largest = reference.largest();
    for (int n = 0; n < expected.size(); n++) {
      RegressionSummary summary = moments.summary(n);
      assertEquals(expected.get(n).get("mean").size(), summary.targets());
      for (int d = 0; d < summary.targets(); d++) {
        String where = "input " + n + ", target " + d;
        double mean = expected.get(n).get("mean").get(d).doubleValue();
        double variance = expected.get(n).get("epistemicVariance").get(d).doubleValue();
        double deviation = Math.sqrt(variance);
        assertClose(mean, summary.mean(d), MEAN * largest, where + ", mean");
        assertClose(
            variance,
            summary.epistemicVariance(d),
            RELATIVE * variance + VARIANCE * largest * deviation,
            where + ", variance");
      }
    }
  }

  private static void assertClose(double expected, double actual, double tolerance, String what) {
    assertTrue(
        Math.abs(actual - expected) <= tolerance,
        () -> what + " is " + actual + ", expected " + expected);
  }

  private static List<Case> cases() throws IOException {
    try (InputStream file =
        RegressionMomentsReferenceTest.class.getResourceAsStream("regression-reference.json")) {
      List<Case> cases = new ArrayList<>();
      new ObjectMapper().readTree(file).get("cases").forEach(node -> cases.add(new Case(node)));
      return cases;
    }
  }

  private record Case(JsonNode node) {

    RegressionMoments moments() {
      JsonNode samples = node.get("samples");
      JsonNode first = samples.get(0);
      RegressionMoments moments = RegressionMoments.of(first.size(), first.get(0).size());
      boolean wide = node.get("type").textValue().equals("float64");
      for (JsonNode pass : samples) {
        double[] values = flat(pass, wide);
        if (wide) {
          moments.add(values);
        } else {
          moments.add(floats(values));
        }
      }
      return moments;
    }

    double largest() {
      boolean wide = node.get("type").textValue().equals("float64");
      return IntStream.range(0, node.get("samples").size())
          .mapToObj(s -> flat(node.get("samples").get(s), wide))
          .flatMapToDouble(java.util.Arrays::stream)
          .map(Math::abs)
          .max()
          .orElseThrow();
    }

    private static double[] flat(JsonNode pass, boolean wide) {
      int width = pass.get(0).size();
      double[] values = new double[pass.size() * width];
      for (int i = 0; i < values.length; i++) {
        JsonNode value = pass.get(i / width).get(i % width);
        values[i] = wide ? value.doubleValue() : value.floatValue();
      }
      return values;
    }

    private static float[] floats(double[] values) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) values[i];
      }
      return narrow;
    }

    @Override
    public String toString() {
      return node.get("name").textValue();
    }
  }
}
