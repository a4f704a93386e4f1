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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Samples on which float64 loses digits, against {@code make_hostile_numerics_reference.py}, which
 * says what of an answer the input does not determine, and why. Each case is streamed, merged of
 * seven parts that take turns, and merged of blocks of passes.
 */
class HostileNumericsReferenceTest {

  private static final double RELATIVE = 1e-6;

  /** Two units in the last place of 1. */
  private static final double ROUNDING = 0x1p-51;

  /** Squares of smaller deviations are no normal numbers, or 0. */
  private static final double LEAST_DEVIATION = Math.sqrt(Double.MIN_NORMAL);

  /** Below the smallest normal number, units in the last place are all of this size. */
  private static final double LEAST = 4 * Double.MIN_VALUE;

  /** What members of an ensemble disagree on is nothing here, and what is within them all. */
  private static final Set<ClassificationMeasure> OF_ONE_MODEL =
      EnumSet.complementOf(
          EnumSet.of(
              ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION,
              ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION));

  private static final int TURNS = 7;
  private static final int BLOCKS = 100;
  private static final int AT_ONCE = 333;

  @ParameterizedTest(name = "{0}")
  @MethodSource("classifiers")
  void summary_ofHostileSamples_keepsSixDigits(Case reference) {
    JsonNode expected = reference.node().get("expected");
    for (ClassificationMoments moments : reference.classification()) {
      assertEquals(reference.passes(), moments.samples());
      ClassificationSummary summary = moments.summary(0);
      double[] means = summary.meanProbabilities();
      double[] variances = summary.variances();
      assertEquals(expected.get("variances").size(), variances.length);
      for (int k = 0; k < variances.length; k++) {
        double mean = expected.get("meanProbabilities").get(k).doubleValue();
        assertClose(mean, means[k], LEAST, "p̄ of class " + k);
        double variance = expected.get("variances").get(k).doubleValue();
        assertClose(variance, variances[k], ofSquare(variance, 1), "variance of class " + k);
      }
      for (ClassificationMeasure measure : OF_ONE_MODEL) {
        double value = expected.get(name(measure)).doubleValue();
        assertClose(value, measure.of(summary), undetermined(measure, value), "" + measure);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("classifiers")
  void standardError_ofHostileSamples_keepsSixDigits(Case reference) {
    for (ClassificationMoments moments : reference.classification()) {
      ClassificationSummary summary = moments.summary(0);
      for (ClassificationMeasure measure : OF_ONE_MODEL) {
        double value = reference.node().get("expected").get(name(measure)).doubleValue();
        double blowUp =
            2 * Math.min(reference.groups(), reference.passes()) * ofDifference(measure, value);
        JsonNode numbers = reference.node().get("errors").get(name(measure));
        double error = summary.standardError(measure).orElseThrow();
        assertClose(numbers.get(1).doubleValue(), error, blowUp, measure + ", error");
        if (measure.isSmooth()) {
          double corrected = summary.biasCorrected(measure).orElseThrow();
          assertClose(numbers.get(0).doubleValue(), corrected, blowUp, measure + ", corrected");
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("regressors")
  void summary_ofHostileTargets_keepsSixDigits(Case reference) {
    JsonNode expected = reference.node().get("expected");
    double largest = reference.largestMean();
    for (RegressionMoments moments : reference.regression()) {
      assertEquals(reference.passes(), moments.samples());
      RegressionSummary s = moments.summary(0);
      assertEquals(expected.get("mean").size(), s.targets());
      for (int d = 0; d < s.targets(); d++) {
        assertClose(at(expected, "mean", d), s.mean(d), ROUNDING * largest + LEAST, "mean");
        double epistemic = at(expected, "epistemicVariance", d);
        assertClose(epistemic, s.epistemicVariance(d), ofSquare(epistemic, largest), "epistemic");
        double deviation = at(expected, "epistemicStandardDeviation", d);
        assertClose(
            deviation,
            s.epistemicStandardDeviation(d),
            ROUNDING * largest + LEAST_DEVIATION,
            "deviation");
        boolean told = expected.get("aleatoricVariance").size() > 0;
        assertEquals(told, s.aleatoricVariance(d).isPresent());
        if (told) {
          double aleatoric = at(expected, "aleatoricVariance", d);
          double absolute = ofSquare(0, reference.tellsSpread() ? 0 : largest);
          assertClose(aleatoric, s.aleatoricVariance(d).orElseThrow(), absolute, "aleatoric");
          assertClose(
              at(expected, "totalVariance", d),
              s.totalVariance(d).orElseThrow(),
              ofSquare(epistemic, largest) + absolute,
              "total");
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("likelihoods")
  void logLikelihood_ofHostileTargets_keepsSixDigits(Case reference) {
    double expected = reference.node().get("expected").get("logLikelihood").doubleValue();
    RegressionLogLikelihood streamed = reference.likelihood();
    RegressionLogLikelihood merged = reference.likelihood();
    List<RegressionLogLikelihood> parts =
        Stream.generate(reference::likelihood).limit(TURNS).toList();
    for (int t = 0; t < reference.passes(); t++) {
      streamed.add(reference.row(t));
      parts.get(t % TURNS).add(reference.row(t));
    }
    parts.forEach(merged::merge);
    assertClose(expected, streamed.logLikelihood(0), 0, "streamed");
    assertClose(expected, merged.logLikelihood(0), 0, "merged");
  }

  /** What a measure is known to, apart from {@link #RELATIVE}. */
  private static double undetermined(ClassificationMeasure measure, double value) {
    boolean entropy =
        measure == ClassificationMeasure.PREDICTIVE_ENTROPY
            || measure == ClassificationMeasure.EXPECTED_ENTROPY;
    return entropy ? LEAST : ofDifference(measure, value);
  }

  /** What a difference of measures of nearly the same samples is known to. */
  private static double ofDifference(ClassificationMeasure measure, double value) {
    return name(measure).equals("mutualInformation") ? ofSquare(value, 1) : ROUNDING;
  }

  /** What a mean of squares of deviations is known to, of numbers up to the largest. */
  private static double ofSquare(double value, double largest) {
    double rounding = ROUNDING * largest;
    return rounding * Math.sqrt(value) + rounding * rounding + Double.MIN_NORMAL;
  }

  private static double at(JsonNode expected, String measure, int target) {
    return expected.get(measure).get(target).doubleValue();
  }

  private static void assertClose(double expected, double actual, double absolute, String what) {
    assertTrue(
        Math.abs(actual - expected) <= Math.max(RELATIVE * Math.abs(expected), absolute),
        () -> what + " is " + actual + ", expected " + expected);
  }

  private static String name(ClassificationMeasure measure) {
    String[] words = measure.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder name = new StringBuilder(words[0]);
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
    }
    return name.toString().replace("meanKullbackLeibler", "mutualInformation");
  }

  private static Stream<Case> classifiers() throws IOException {
    return cases("classifiers");
  }

  private static Stream<Case> regressors() throws IOException {
    return cases("regressors");
  }

  private static Stream<Case> likelihoods() throws IOException {
    return regressors().filter(c -> c.node().has("observed"));
  }

  private static Stream<Case> cases(String list) throws IOException {
    try (InputStream file =
        HostileNumericsReferenceTest.class.getResourceAsStream("hostile-numerics-reference.json")) {
      JsonNode all = new ObjectMapper().readTree(file);
      int groups = all.get("groups").intValue();
      return StreamSupport.stream(all.get(list).spliterator(), false)
          .map(node -> new Case(node, groups));
    }
  }

  private static final class Case {

    private final JsonNode node;
    private final int groups;
    private final double[][] rows;

    Case(JsonNode node, int groups) {
      this.node = node;
      this.groups = groups;
      boolean wide = node.path("type").asText().equals("float64");
      rows =
          StreamSupport.stream(node.get("rows").spliterator(), false)
              .map(
                  row ->
                      StreamSupport.stream(row.spliterator(), false)
                          .mapToDouble(v -> wide ? v.doubleValue() : v.floatValue())
                          .toArray())
              .toArray(double[][]::new);
    }

    JsonNode node() {
      return node;
    }

    int groups() {
      return groups;
    }

    int passes() {
      return node.get("passes").intValue();
    }

    double[] row(int pass) {
      return rows[pass % rows.length];
    }

    /** Streamed, of parts that take turns, of blocks, and of many passes at once. */
    List<ClassificationMoments> classification() {
      OutputKind kind = OutputKind.valueOf(node.get("kind").textValue());
      float[][] narrow = Arrays.stream(rows).map(Case::floats).toArray(float[][]::new);
      List<ClassificationMoments> all = new ArrayList<>();
      for (int parts : new int[] {1, TURNS, BLOCKS}) {
        List<ClassificationMoments> some =
            Stream.generate(
                    () -> ClassificationMoments.of(1, rows[0].length, kind).withErrorGroups(groups))
                .limit(parts)
                .toList();
        for (int t = 0; t < passes(); t++) {
          some.get(part(t, parts)).add(t, narrow[t % rows.length]);
        }
        some.subList(1, parts).forEach(some.get(0)::merge);
        all.add(some.get(0));
      }
      all.add(ClassificationMoments.of(1, rows[0].length, kind).withErrorGroups(groups));
      addAtOnce(narrow, all.get(all.size() - 1));
      return all;
    }

    /** Adds passes as many calls on a model would give them. */
    private void addAtOnce(float[][] narrow, Moments moments) {
      int width = rows[0].length;
      for (int first = 0; first < passes(); first += AT_ONCE) {
        float[] some = new float[Math.min(AT_ONCE, passes() - first) * width];
        for (int at = 0; at < some.length; at += width) {
          System.arraycopy(narrow[(first + at / width) % narrow.length], 0, some, at, width);
        }
        moments.addPasses(first, DataBuffers.of(some));
      }
    }

    List<RegressionMoments> regression() {
      boolean wide = node.get("type").textValue().equals("float64");
      float[][] narrow = Arrays.stream(rows).map(Case::floats).toArray(float[][]::new);
      List<RegressionMoments> all = new ArrayList<>();
      for (int parts : new int[] {1, TURNS, BLOCKS}) {
        List<RegressionMoments> some =
            Stream.generate(() -> RegressionMoments.of(1, rows[0].length, head()))
                .limit(parts)
                .toList();
        for (int t = 0; t < passes(); t++) {
          RegressionMoments part = some.get(part(t, parts));
          if (wide) {
            part.add(row(t));
          } else {
            part.add(narrow[t % rows.length]);
          }
        }
        some.subList(1, parts).forEach(some.get(0)::merge);
        all.add(some.get(0));
      }
      if (!wide) {
        all.add(RegressionMoments.of(1, rows[0].length, head()));
        addAtOnce(narrow, all.get(all.size() - 1));
      }
      return all;
    }

    private int part(int pass, int parts) {
      return parts == BLOCKS ? (int) ((long) pass * parts / passes()) : pass % parts;
    }

    private static float[] floats(double[] values) {
      float[] narrow = new float[values.length];
      for (int i = 0; i < narrow.length; i++) {
        narrow[i] = (float) values[i];
      }
      return narrow;
    }

    RegressionLogLikelihood likelihood() {
      double[] observed =
          StreamSupport.stream(node.get("observed").spliterator(), false)
              .mapToDouble(JsonNode::doubleValue)
              .toArray();
      return RegressionLogLikelihood.of(observed, rows[0].length, head());
    }

    RegressionHead head() {
      JsonNode head = node.get("head");
      OutputKind kind = OutputKind.parse(head.get("kind").textValue());
      return switch (kind) {
        case QUANTILES ->
            new RegressionHead.Quantiles(
                StreamSupport.stream(head.get("levels").spliterator(), false)
                    .map(JsonNode::doubleValue)
                    .toList());
        case MIXTURE_DENSITY ->
            new RegressionHead.MixtureDensity(head.get("components").intValue());
        default -> RegressionHead.of(kind);
      };
    }

    /** Whether the model gives the variance of a sample, which then is not made up of means. */
    boolean tellsSpread() {
      OutputKind kind = head().kind();
      return kind == OutputKind.MEAN_AND_VARIANCE || kind == OutputKind.MEAN_AND_LOG_VARIANCE;
    }

    /** The largest magnitude of a mean or quantile, of all rows. */
    double largestMean() {
      int targets = node.get("targets").intValue();
      int from = head().shared();
      int means =
          switch (head().kind()) {
            case QUANTILES -> rows[0].length;
            case MIXTURE_DENSITY -> from * targets;
            default -> targets;
          };
      return Arrays.stream(rows)
          .flatMapToDouble(row -> IntStream.range(from, from + means).mapToDouble(i -> row[i]))
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
