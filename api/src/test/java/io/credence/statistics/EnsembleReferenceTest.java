package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Ensembles, and the sampling errors of regressors, against {@code make_ensemble_reference.py},
 * which computes every measure from its definition with 60 digits and says why the tolerances are
 * what they are.
 */
class EnsembleReferenceTest {

  private static final double RELATIVE = 1e-9;
  private static final double ULP = 1e-15;

  private record Case(JsonNode node, int groups) {
    @Override
    public String toString() {
      return node.get("name").textValue() + ", G = " + groups;
    }

    JsonNode errors(int input) {
      JsonNode all = node.get("errors").get("" + groups);
      return all.isNull() ? all : all.get(input);
    }

    /** The moments of all members, in their order. */
    Moments moments() {
      List<Moments> members = new ArrayList<>();
      List<Double> weights = new ArrayList<>();
      for (JsonNode member : node.get("members")) {
        Moments one = empty();
        for (JsonNode pass : member.get("samples")) {
          add(one, pass);
        }
        members.add(one);
        weights.add(member.get("weight").doubleValue());
      }
      return Moments.ofMembers(
          members, weights.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private Moments empty() {
      JsonNode pass = node.get("members").get(0).get("samples").get(0);
      int width = pass.get(0).size();
      Moments moments =
          node.has("kind")
              ? ClassificationMoments.of(
                  pass.size(), width, OutputKind.valueOf(node.get("kind").textValue()))
              : RegressionMoments.of(
                  pass.size(), width, RegressionHeadReferenceTest.head(node.get("head")));
      return moments.withErrorGroups(groups);
    }

    private void add(Moments moments, JsonNode pass) {
      int width = pass.get(0).size();
      double[] wide = new double[pass.size() * width];
      float[] narrow = new float[wide.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = pass.get(i / width).get(i % width).doubleValue();
        narrow[i] = (float) wide[i];
      }
      if (node.get("type").textValue().equals("float64")) {
        ((RegressionMoments) moments).add(wide);
      } else {
        moments.add(moments.samples(), narrow);
      }
    }

    double largest() {
      double largest = 0;
      for (JsonNode member : node.get("members")) {
        for (JsonNode pass : member.get("samples")) {
          for (JsonNode row : pass) {
            for (JsonNode number : row) {
              largest = Math.max(largest, Math.abs(number.doubleValue()));
            }
          }
        }
      }
      return largest;
    }
  }

  static Stream<Case> classifiers() throws IOException {
    return cases(true);
  }

  static Stream<Case> regressors() throws IOException {
    return cases(false);
  }

  private static Stream<Case> cases(boolean classifiers) throws IOException {
    try (InputStream file =
        EnsembleReferenceTest.class.getResourceAsStream("ensemble-reference.json")) {
      JsonNode all = new ObjectMapper().readTree(file).get("cases");
      return StreamSupport.stream(all.spliterator(), false)
          .filter(node -> node.has("kind") == classifiers)
          .flatMap(
              node ->
                  node.get("errors").properties().stream()
                      .map(e -> new Case(node, Integer.parseInt(e.getKey()))));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("classifiers")
  void classification_ofReferenceMembers_isAsComputedElsewhere(Case reference) {
    ClassificationMoments moments = (ClassificationMoments) reference.moments();
    JsonNode expected = reference.node().get("expected");
    for (int n = 0; n < expected.size(); n++) {
      ClassificationSummary s = moments.summary(n);
      assertEquals(reference.node().get("members").size(), s.members());
      JsonNode of = expected.get(n);
      assertAll(of.get("meanProbabilities"), s.meanProbabilities(), 1e-300, 0);
      assertAll(of.get("variances"), s.variances(), 1e-30, ULP);
      assertAll(of.get("betweenMembersVariances"), s.betweenMembersVariances(), 1e-30, ULP);
      assertAll(of.get("withinMembersVariances"), s.withinMembersVariances(), 1e-30, ULP);
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        String name = name(measure);
        double value = of.get(name).doubleValue();
        double absolute = absolute(measure, value);
        assertClose(value, measure.of(s), absolute, name);
        double blowUp = 2.0 * reference.groups() * absolute;
        JsonNode errors = reference.errors(n);
        OptionalDouble error = s.standardError(measure);
        assertEquals(errors.isNull(), error.isEmpty(), name + " has an error");
        if (!errors.isNull()) {
          assertClose(
              errors.get(name).get(1).doubleValue(), error.orElseThrow(), blowUp, name + " error");
        }
        if (!errors.isNull() && measure.isSmooth()) {
          assertClose(
              errors.get(name).get(0).doubleValue(),
              s.biasCorrected(measure).orElseThrow(),
              blowUp,
              name + " corrected");
        }
      }
    }
  }

  private static String name(ClassificationMeasure measure) {
    return measure == ClassificationMeasure.MEAN_KULLBACK_LEIBLER
        ? "mutualInformation"
        : measure.key();
  }

  private static double absolute(ClassificationMeasure measure, double value) {
    return switch (measure) {
      case PREDICTIVE_ENTROPY, EXPECTED_ENTROPY, VOTE_ENTROPY -> 1e-13;
      case MAX_PROBABILITY, MARGIN, MEAN_STANDARD_DEVIATION -> ULP;
      case VARIATION_RATIO, DISAGREEMENT -> 1e-14;
      default -> 1e-28 + ULP * Math.sqrt(value);
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("regressors")
  void regression_ofReferenceMembers_isAsComputedElsewhere(Case reference) {
    RegressionMoments moments = (RegressionMoments) reference.moments();
    JsonNode expected = reference.node().get("expected");
    double ulp = ULP * reference.largest();
    for (int n = 0; n < expected.size(); n++) {
      RegressionSummary s = moments.summary(n);
      assertEquals(reference.node().get("members").size(), s.members());
      for (RegressionMeasure measure : RegressionMeasure.values()) {
        JsonNode of = expected.get(n).get(measure.key());
        for (int d = 0; d < s.targets(); d++) {
          String name = measure + " of target " + d;
          assertEquals(of.isEmpty(), measure.of(s, d).isEmpty(), name);
          assertEquals(
              of.isEmpty() || reference.errors(n).isNull(),
              s.standardError(measure, d).isEmpty(),
              name);
          if (of.isEmpty()) {
            continue;
          }
          double value = of.get(d).doubleValue();
          double absolute =
              switch (measure) {
                case MEAN, EPISTEMIC_STANDARD_DEVIATION -> ulp;
                default -> ulp * (Math.sqrt(value) + ulp);
              };
          assertClose(value, measure.of(s, d).orElseThrow(), absolute, name);
          JsonNode errors = reference.errors(n);
          if (!errors.isNull()) {
            JsonNode pair = errors.get(measure.key()).get(d);
            double blowUp = 2.0 * reference.groups() * absolute;
            assertClose(
                pair.get(1).doubleValue(),
                s.standardError(measure, d).orElseThrow(),
                blowUp,
                name + " error");
            assertClose(
                pair.get(0).doubleValue(),
                s.biasCorrected(measure, d).orElseThrow(),
                blowUp,
                name + " corrected");
          }
        }
      }
    }
  }

  private static void assertAll(JsonNode expected, double[] actual, double absolute, double ulp) {
    assertEquals(expected.size(), actual.length);
    for (int k = 0; k < actual.length; k++) {
      double value = expected.get(k).doubleValue();
      assertClose(value, actual[k], absolute + ulp * Math.sqrt(value), "class " + k);
    }
  }

  private static void assertClose(double expected, double actual, double absolute, String what) {
    assertTrue(
        Math.abs(actual - expected) <= RELATIVE * Math.abs(expected) + absolute,
        () -> what + " is " + actual + ", expected " + expected);
  }
}
