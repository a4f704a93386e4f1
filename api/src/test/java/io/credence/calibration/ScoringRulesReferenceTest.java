package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scores against {@code make_scoring_reference.py}, which computes them with 50 digits over all
 * inputs at once. That program says why the tolerances are what they are.
 */
class ScoringRulesReferenceTest {

  private static final double RELATIVE = 1e-13;
  private static final double ABSOLUTE = 1e-15;

  /** One case of the file; prints its name. */
  record Case(JsonNode node) {
    @Override
    public String toString() {
      return node.get("name").textValue();
    }
  }

  static List<Case> cases() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ScoringRulesReferenceTest.class.getResourceAsStream("scoring-reference.json"))) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      return StreamSupport.stream(cases.spliterator(), false).map(Case::new).toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void scores_ofReferencePredictions_areAsComputedElsewhere(Case reference) {
    JsonNode node = reference.node();
    JsonNode rows = node.get("probabilities");
    ScoringRules rules = ScoringRules.of(rows.get(0).size());
    for (int n = 0; n < rows.size(); n++) {
      rules.add(row(rows.get(n)), node.get("labels").get(n).intValue());
    }
    assertEquals(rows.size(), rules.inputs());
    assertEquals(node.get("errorRate").doubleValue(), rules.errorRate());
    assertClose(node, "negativeLogLikelihood", rules.negativeLogLikelihood());
    assertClose(node, "brierScore", rules.brierScore());
  }

  private static double[] row(JsonNode values) {
    double[] row = new double[values.size()];
    for (int k = 0; k < row.length; k++) {
      row[k] = values.get(k).doubleValue();
    }
    return row;
  }

  private static void assertClose(JsonNode node, String name, double actual) {
    double expected = Double.parseDouble(node.get(name).asText());
    double tolerance = ABSOLUTE + RELATIVE * Math.abs(expected);
    assertEquals(expected, actual, Double.isInfinite(expected) ? 0 : tolerance, name);
  }
}
