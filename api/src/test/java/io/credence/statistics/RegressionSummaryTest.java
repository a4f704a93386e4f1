package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.RegressionHead;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionSummaryTest {

  @Test
  void toString_isMeanAndStandardDeviationOfEachTarget() {
    assertEquals(
        "mean ± epistemic standard deviation 2.500 ± 1.500, -1000 ± 0.000",
        summary(new double[] {1, -1000}, new double[] {4, -1000}).toString());
  }

  @Test
  void toString_manyTargets_isCutOff() {
    assertEquals(
        "mean ± epistemic standard deviation 1.000 ± 0.000, 1.000 ± 0.000, 1.000 ± 0.000,"
            + " 1.000 ± 0.000, 1.000 ± 0.000, …",
        summary(new double[] {1, 1, 1, 1, 1, 1}).toString());
  }

  @Test
  void equals_anyPartDiffers_isUnequal() {
    RegressionSummary one = summary(new double[] {-1}, new double[] {3});
    assertEquals(one, summary(new double[] {-1}, new double[] {3}));
    assertEquals(one.hashCode(), summary(new double[] {-1}, new double[] {3}).hashCode());
    assertNotEquals(one, summary(new double[] {-1}, new double[] {3}, new double[] {1}));
    assertNotEquals(one, summary(new double[] {0}, new double[] {4}));
    assertNotEquals(one, summary(new double[] {-2}, new double[] {4}));
  }

  @Test
  void arrays_changedByTheCaller_areCopies() {
    RegressionSummary one = summary(new double[] {-1}, new double[] {3});
    one.mean()[0] = 7;
    one.epistemicVariance()[0] = 7;
    assertArrayEquals(new double[] {1}, one.mean());
    assertArrayEquals(new double[] {4}, one.epistemicVariance());
  }

  @Test
  void ofATarget_thatIsNot_isRefused() {
    RegressionSummary one = summary(new double[] {-1}, new double[] {3});
    assertThrows(IndexOutOfBoundsException.class, () -> one.mean(1));
    assertThrows(IndexOutOfBoundsException.class, () -> one.epistemicVariance(1));
    assertThrows(IndexOutOfBoundsException.class, () -> one.epistemicStandardDeviation(-1));
  }

  @Test
  void ofAMeasure_targetThatIsNot_isRefused() {
    RegressionSummary one = summary(20, new double[] {-1}, new double[] {3}, new double[] {4});
    for (RegressionMeasure measure : RegressionMeasure.values()) {
      for (int target : new int[] {-1, 1}) {
        String message = "Index " + target + " out of bounds for length 1";
        assertOutside(message, () -> one.standardError(measure, target));
        assertOutside(message, () -> one.biasCorrected(measure, target));
        assertOutside(message, () -> one.interval(measure, target, .95));
      }
    }
    for (int target : new int[] {-1, 1}) {
      assertThrows(IndexOutOfBoundsException.class, () -> one.betweenMembersVariance(target));
      assertThrows(IndexOutOfBoundsException.class, () -> one.withinMembersVariance(target));
      assertThrows(IndexOutOfBoundsException.class, () -> one.aleatoricVariance(target));
      assertThrows(IndexOutOfBoundsException.class, () -> one.totalVariance(target));
    }
  }

  private static void assertOutside(String message, Executable call) {
    assertEquals(message, assertThrows(IndexOutOfBoundsException.class, call).getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"ALEATORIC_VARIANCE", "TOTAL_VARIANCE"})
  void ofAVariance_thatMeansAloneDoNotTell_isEmpty(RegressionMeasure measure) {
    RegressionSummary one = summary(20, new double[] {-1}, new double[] {3}, new double[] {4});
    assertEquals(OptionalDouble.empty(), measure.of(one, 0));
    assertEquals(OptionalDouble.empty(), one.standardError(measure, 0));
    assertEquals(OptionalDouble.empty(), one.biasCorrected(measure, 0));
    assertEquals(Optional.empty(), one.interval(measure, 0, .95));
    assertTrue(one.interval(RegressionMeasure.MEAN, 0, .95).isPresent());
    assertEquals(OptionalDouble.empty(), one.aleatoricVariance(0));
    assertEquals(OptionalDouble.empty(), one.totalVariance(0));
  }

  @ParameterizedTest
  @EnumSource
  void ofAMeasure_withoutGroupsOrWithTwoPasses_hasNoError(RegressionMeasure measure) {
    for (RegressionSummary one :
        new RegressionSummary[] {
          summary(0, new double[] {-1}, new double[] {3}, new double[] {4}),
          summary(20, new double[] {-1}, new double[] {3})
        }) {
      assertEquals(OptionalDouble.empty(), one.standardError(measure, 0));
      assertEquals(OptionalDouble.empty(), one.biasCorrected(measure, 0));
      assertEquals(Optional.empty(), one.interval(measure, 0, .95));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -.1, 1.5, Double.NaN})
  void interval_levelOutsideItsRange_isRefused(double level) {
    for (int groups : new int[] {0, 20}) {
      RegressionSummary one =
          summary(groups, new double[] {-1}, new double[] {3}, new double[] {4});
      for (RegressionMeasure measure : RegressionMeasure.values()) {
        assertEquals(
            "level is " + level + "; it must be between 0 and 1, both exclusive, such as 0.95",
            assertThrows(IllegalArgumentException.class, () -> one.interval(measure, 0, level))
                .getMessage());
      }
    }
  }

  @Test
  void interval_ofTheMean_isStudentsAboutIt() {
    RegressionSummary one =
        summary(20, new double[] {7, -1}, new double[] {7, 3}, new double[] {7, 4});
    Interval mean = one.interval(RegressionMeasure.MEAN, 1, .95).orElseThrow();
    // 2 ± t(2) √(14 / 6), with t of 2 degrees of freedom at 0.975 from tables, 4.302653.
    assertEquals(2 - 4.302653 * Math.sqrt(14. / 6), mean.low(), 1e-6);
    assertEquals(2 + 4.302653 * Math.sqrt(14. / 6), mean.high(), 1e-6);
    assertTrue(mean.low() < 0, "a mean may be below 0");
    assertEquals(new Interval(7, 7), one.interval(RegressionMeasure.MEAN, 0, .95).orElseThrow());
  }

  @Test
  void interval_ofAVariance_isCutOffAtNone() {
    RegressionSummary one = summary(20, new double[] {-1}, new double[] {3}, new double[] {4});
    Interval variance = one.interval(RegressionMeasure.EPISTEMIC_VARIANCE, 0, .95).orElseThrow();
    assertEquals(0, variance.low());
    assertTrue(variance.contains(7), variance::toString);
    Interval between =
        one.interval(RegressionMeasure.BETWEEN_MEMBERS_VARIANCE, 0, .95).orElseThrow();
    assertEquals(new Interval(0, 0), between, "one model has no part between members");
  }

  @Test
  void biasCorrected_ofAVariance_isNotCutOff() {
    // Two members whose means differ by less than their passes let expect.
    RegressionMoments ensemble = RegressionMoments.of(1, 1).withErrorGroups(4);
    for (double shift : new double[] {0, .1}) {
      RegressionMoments member = RegressionMoments.of(1, 1).withErrorGroups(4);
      for (double value : new double[] {-3, 1, -1, 3}) {
        member.add(new double[] {value * (shift > 0 ? -1 : 1) + shift});
      }
      ensemble.addMember(member, 1);
    }
    RegressionSummary s = ensemble.summary(0);
    assertTrue(
        s.biasCorrected(RegressionMeasure.BETWEEN_MEMBERS_VARIANCE, 0).orElseThrow() < 0,
        s::toString);
    assertEquals(
        0, s.interval(RegressionMeasure.BETWEEN_MEMBERS_VARIANCE, 0, .5).orElseThrow().low());
  }

  @Test
  void equals_membersOrVariancesDiffer_isUnequal() {
    assertEquals(ensemble(0, 4), ensemble(0, 4));
    assertNotEquals(ensemble(0, 4), ensemble(1, 3), "variance between members");
    assertNotEquals(ensemble(2), ensemble(2, 2), "number of members");
    assertEquals(noisy(3), noisy(3));
    assertNotEquals(noisy(3), noisy(4), "variance of the samples");
  }

  /** Members of a single pass each. */
  private static RegressionSummary ensemble(double... values) {
    RegressionMoments ensemble = RegressionMoments.of(1, 1);
    for (double value : values) {
      RegressionMoments member = RegressionMoments.of(1, 1);
      member.add(new double[] {value});
      ensemble.addMember(member, 1);
    }
    return ensemble.summary(0);
  }

  private static RegressionSummary noisy(double variance) {
    RegressionMoments moments = RegressionMoments.of(1, 2, new RegressionHead.MeanAndVariance());
    moments.add(new double[] {1, variance});
    return moments.summary(0);
  }

  @Test
  void equals_errorsDiffer_isUnequal() {
    double[][] passes = {{-1}, {3}, {4}};
    assertEquals(summary(20, passes), summary(20, passes));
    assertNotEquals(summary(0, passes), summary(20, passes));
    assertNotEquals(summary(2, passes), summary(20, passes));
  }

  private static RegressionSummary summary(int groups, double[]... passes) {
    RegressionMoments moments = RegressionMoments.of(1, passes[0].length).withErrorGroups(groups);
    for (double[] pass : passes) {
      moments.add(pass);
    }
    return moments.summary(0);
  }

  private static RegressionSummary summary(double[]... passes) {
    return summary(0, passes);
  }
}
