package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard errors of all inputs at once are those of each summary. */
class StandardErrorsContractTest {

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void standardErrors_ofClassifiers_areThoseOfTheSummaries(RandomEnsemble random) {
    for (int groups : new int[] {0, 2, 20}) {
      for (Moments moments :
          new Moments[] {random.moments(groups), random.member(random.size() - 1, groups)}) {
        for (ClassificationMeasure measure : ClassificationMeasure.values()) {
          double[] expected =
              ((ClassificationMoments) moments)
                  .summaries().stream().mapToDouble(s -> told(s.standardError(measure))).toArray();
          assertArrayEquals(expected, moments.standardErrors(measure), measure.name());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void standardErrors_ofRegressors_areTheLargestOfTheTargets(RandomEnsemble random) {
    for (int groups : new int[] {0, 2, 20}) {
      for (Moments moments :
          new Moments[] {random.moments(groups), random.member(random.size() - 1, groups)}) {
        for (RegressionMeasure measure : RegressionMeasure.values()) {
          if (measure.needsVariance() && random.seed() % 2 == 0) {
            continue;
          }
          double[] expected =
              ((RegressionMoments) moments)
                  .summaries().stream().mapToDouble(s -> largest(s, measure)).toArray();
          assertArrayEquals(expected, moments.standardErrors(measure), measure.name());
        }
      }
    }
  }

  private static double told(OptionalDouble error) {
    return error.orElse(Double.POSITIVE_INFINITY);
  }

  private static double largest(RegressionSummary summary, RegressionMeasure measure) {
    return IntStream.range(0, summary.targets())
        .mapToDouble(d -> told(summary.standardError(measure, d)))
        .max()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void standardErrors_ofFewPasses_areInfinite(int passes) {
    Moments classes = ClassificationMoments.of(2, 2, OutputKind.LOGITS).withErrorGroups(20);
    Moments targets = RegressionMoments.of(2, 2).withErrorGroups(20);
    for (int t = 0; t < passes; t++) {
      classes.add(t, new float[] {t, 1, 1, 3 * t});
      targets.add(t, new float[] {t, 1, 1, 3 * t});
    }
    for (double error : classes.standardErrors(ClassificationMeasure.MUTUAL_INFORMATION)) {
      assertEquals(passes < 3, error == Double.POSITIVE_INFINITY);
    }
    for (double error : targets.standardErrors(RegressionMeasure.MEAN)) {
      assertEquals(passes < 3, error == Double.POSITIVE_INFINITY);
    }
  }

  @Test
  void standardErrors_ofTwoTargets_areTheLargerInAnyOrder() {
    RegressionMoments moments = RegressionMoments.of(2, 2).withErrorGroups(3);
    for (int t = 0; t < 3; t++) {
      moments.add(new float[] {t, 10 * t, 10 * t, t});
    }
    // √(variance of ddof 1 over 3) of 0, 10, 20.
    double expected = Math.sqrt(100. / 3);
    assertArrayEquals(
        new double[] {expected, expected}, moments.standardErrors(RegressionMeasure.MEAN), 1e-14);
  }

  @ParameterizedTest
  @EnumSource
  void standardErrors_ofMembersThatDifferInPasses_areInfinite(ClassificationMeasure measure) {
    RandomSamples random = RandomSamples.of(4);
    Moments ensemble = random.moments(0, 0).withErrorGroups(2);
    for (int passes : new int[] {5, 6}) {
      Moments member = random.moments(0, 0).withErrorGroups(2);
      for (int t = 0; t < passes; t++) {
        member.add(t, random.outputs()[t % random.samples()]);
      }
      ensemble.addMember(member, 1);
      boolean infinite =
          Arrays.stream(ensemble.standardErrors(measure)).allMatch(Double::isInfinite);
      assertEquals(passes == 6, infinite);
    }
    Moments even = random.moments(0, 0).withErrorGroups(2);
    for (int t = 0; t < 6; t++) {
      even.add(t, random.outputs()[t % random.samples()]);
    }
    ensemble.addMember(even, 1);
    assertTrue(
        Arrays.stream(ensemble.standardErrors(measure)).allMatch(Double::isInfinite),
        "the last two are alike, all three are not");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void standardErrors_besideAMemberOfFewPasses_areToldIfItHasOne(int passes) {
    RandomSamples random = RandomSamples.of(4);
    Moments ensemble = random.moments(0, 0).withErrorGroups(5);
    for (int count : new int[] {passes, 10, 10}) {
      Moments member = random.moments(0, 0).withErrorGroups(5);
      for (int t = 0; t < count; t++) {
        member.add(t, random.outputs()[t % random.samples()]);
      }
      ensemble.addMember(member, 1);
    }
    for (double error : ensemble.standardErrors(ClassificationMeasure.PREDICTIVE_ENTROPY)) {
      assertEquals(passes == 2, error == Double.POSITIVE_INFINITY);
    }
  }
}
