package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The laws of ensembles of regressors, and of their sampling errors, on random members. */
class RegressionEnsembleContractTest {

  private static final int GROUPS = 5;

  /** Relative to the largest number, or its square; errors multiply it by twice the groups. */
  private static final double ROUNDING = 1e-13;

  private static final double ERROR_ROUNDING = 1e-11;

  private static List<RegressionSummary> summaries(Moments moments) {
    return ((RegressionMoments) moments).summaries();
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void parts_ofRandomEnsembles_makeUpTheWhole(RandomEnsemble random) {
    for (RegressionSummary s : summaries(random.moments(0))) {
      assertEquals(random.size(), s.members());
      assertEquals(random.members().stream().mapToInt(List::size).sum(), s.samples());
      for (int d = 0; d < s.targets(); d++) {
        double epistemic = s.epistemicVariance(d);
        assertTrue(s.betweenMembersVariance(d) >= 0 && s.withinMembersVariance(d) >= 0);
        assertEquals(s.betweenMembersVariance(d) + s.withinMembersVariance(d), epistemic);
        assertEquals(Math.sqrt(epistemic), s.epistemicStandardDeviation(d));
        assertEquals(random.seed() % 2 == 1, s.aleatoricVariance(d).isPresent());
        if (s.aleatoricVariance(d).isPresent()) {
          double aleatoric = s.aleatoricVariance(d).orElseThrow();
          assertTrue(aleatoric >= 0, s::toString);
          assertEquals(epistemic + aleatoric, s.totalVariance(d).orElseThrow());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void within_ofAnEnsemble_isTheMeanOverItsMembers(RandomEnsemble random) {
    List<RegressionSummary> all = summaries(random.moments(0));
    double largest = random.largest();
    for (int n = 0; n < all.size(); n++) {
      RegressionSummary s = all.get(n);
      for (int d = 0; d < s.targets(); d++) {
        double mean = 0;
        double within = 0;
        double aleatoric = 0;
        for (int m = 0; m < random.size(); m++) {
          RegressionSummary member = summaries(random.member(m, 0)).get(n);
          mean += random.share(m) * member.mean(d);
          within += random.share(m) * member.epistemicVariance(d);
          aleatoric += random.share(m) * member.aleatoricVariance(d).orElse(0);
        }
        double between = 0;
        for (int m = 0; m < random.size(); m++) {
          double gap = summaries(random.member(m, 0)).get(n).mean(d) - mean;
          between += random.share(m) * gap * gap;
        }
        assertEquals(mean, s.mean(d), ROUNDING * largest);
        assertEquals(within, s.withinMembersVariance(d), ROUNDING * largest * largest);
        assertEquals(between, s.betweenMembersVariance(d), ROUNDING * largest * largest);
        assertEquals(aleatoric, s.aleatoricVariance(d).orElse(0), ROUNDING * largest);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void addMember_inAnotherOrder_isTheSame(RandomEnsemble random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, random.size()).boxed().toList());
    Collections.shuffle(order, new Random(random.seed()));
    assertAlike(random, random.moments(GROUPS), random.moments(GROUPS, 1, order));
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void addMember_allWeightsTimesAFactor_isTheSame(RandomEnsemble random) {
    List<Integer> order = IntStream.range(0, random.size()).boxed().toList();
    for (double factor : new double[] {1e-6, .125, 3, 7e5}) {
      assertAlike(random, random.moments(GROUPS), random.moments(GROUPS, factor, order));
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void addMember_oneOfAnyWeight_isThatModel(RandomEnsemble random) {
    Moments ensemble = random.moments(GROUPS, 1, List.of(random.size() - 1));
    Moments model = random.member(random.size() - 1, GROUPS);
    assertAlike(random, model, ensemble);
    for (int n = 0; n < model.inputs(); n++) {
      RegressionSummary actual = summaries(ensemble).get(n);
      assertArrayEquals(summaries(model).get(n).mean(), actual.mean(), 0);
      for (int d = 0; d < actual.targets(); d++) {
        assertEquals(0, actual.betweenMembersVariance(d));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void addMember_twiceWithHalfTheWeight_isOnce(RandomEnsemble random) {
    Moments twice = random.empty().get().withErrorGroups(GROUPS);
    for (int m = 0; m < random.size(); m++) {
      twice.addMember(random.member(m, GROUPS), random.weights().get(m) / 2);
      twice.addMember(random.member(m, GROUPS), random.weights().get(m) / 2);
    }
    assertAlike(random, random.moments(GROUPS), twice);
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#regressors")
  void between_ofIdenticalMembers_isNone(RandomEnsemble random) {
    Moments ensemble = random.empty().get();
    for (double weight : new double[] {.2, 3, .7, 1e-3}) {
      ensemble.addMember(random.member(0, 0), weight);
    }
    double largest = random.largest();
    for (RegressionSummary s : summaries(ensemble)) {
      for (int d = 0; d < s.targets(); d++) {
        assertEquals(0, s.betweenMembersVariance(d), 1e-28 * largest * largest);
      }
    }
  }

  @Test
  void within_ofDeterministicMembers_isZero() {
    RegressionMoments ensemble = RegressionMoments.of(1, 1).withErrorGroups(GROUPS);
    for (float value : new float[] {1, 4, 1, 4}) {
      RegressionMoments member = RegressionMoments.of(1, 1).withErrorGroups(GROUPS);
      member.add(new float[] {value});
      ensemble.addMember(member, 1);
    }
    RegressionSummary s = ensemble.summary(0);
    assertEquals(0, s.withinMembersVariance(0));
    assertEquals(2.25, s.betweenMembersVariance(0));
    assertEquals(2.5, s.mean(0));
    for (RegressionMeasure measure : RegressionMeasure.values()) {
      assertEquals(OptionalDouble.empty(), s.standardError(measure, 0));
    }
  }

  @Test
  void betweenMembersVariance_ofFewPasses_isRidOfItsBias() {
    // Members of one mean: the truth is 0, and T passes make it σ²/T · (M − 1)/M on average.
    Random random = new Random(8);
    double plain = 0;
    double corrected = 0;
    int repetitions = 400;
    for (int r = 0; r < repetitions; r++) {
      RegressionMoments ensemble = RegressionMoments.of(1, 1).withErrorGroups(10);
      for (int m = 0; m < 4; m++) {
        RegressionMoments member = RegressionMoments.of(1, 1).withErrorGroups(10);
        for (int t = 0; t < 10; t++) {
          member.add(new double[] {random.nextGaussian()});
        }
        ensemble.addMember(member, 1);
      }
      RegressionSummary s = ensemble.summary(0);
      plain += s.betweenMembersVariance(0) / repetitions;
      corrected +=
          s.biasCorrected(RegressionMeasure.BETWEEN_MEMBERS_VARIANCE, 0).orElseThrow()
              / repetitions;
    }
    // The seed is fixed. Mean ± 5 standard errors, 0.061/√400 each: one seed in 1e6 would fail.
    assertEquals(.075, plain, .016);
    assertEquals(0, corrected, .016);
  }

  @Test
  void standardErrorAndCorrection_ofTheMean_areTheTextbooks() {
    RegressionMoments moments = RegressionMoments.of(1, 1).withErrorGroups(20);
    for (double value : new double[] {1, 2, 4, 9}) {
      moments.add(new double[] {value});
    }
    RegressionSummary s = moments.summary(0);
    // √(Σ (y − 4)² / (3 · 4)) = √(38 / 12), and the variance of ddof 1.
    assertEquals(
        Math.sqrt(38. / 12), s.standardError(RegressionMeasure.MEAN, 0).orElseThrow(), 1e-14);
    assertEquals(4, s.biasCorrected(RegressionMeasure.MEAN, 0).orElseThrow(), 1e-14);
    assertEquals(
        38. / 3, s.biasCorrected(RegressionMeasure.EPISTEMIC_VARIANCE, 0).orElseThrow(), 1e-13);
  }

  @Test
  void withErrorGroups_anyNumber_changesNoMeasure() {
    for (long seed = 1; seed <= 20; seed++) {
      RandomEnsemble random = RandomEnsemble.regressor(seed);
      List<RegressionSummary> expected = summaries(random.moments(0));
      for (int groups : new int[] {2, 20}) {
        List<RegressionSummary> actual = summaries(random.moments(groups));
        for (int n = 0; n < expected.size(); n++) {
          for (RegressionMeasure measure : RegressionMeasure.values()) {
            assertEquals(measure.of(expected.get(n), 0), measure.of(actual.get(n), 0));
            assertTrue(expected.get(n).standardError(measure, 0).isEmpty());
          }
        }
      }
    }
  }

  @Test
  void merge_ofPassesSharedOut_tellsTheSameErrors() {
    RegressionHead head = RegressionHead.of(OutputKind.MEAN_AND_VARIANCE);
    RegressionMoments whole = RegressionMoments.of(2, 2, head).withErrorGroups(4);
    RegressionMoments merged = RegressionMoments.of(2, 2, head).withErrorGroups(4);
    RegressionMoments even = RegressionMoments.of(2, 2, head).withErrorGroups(4);
    Random random = new Random(1);
    for (int t = 0; t < 13; t++) {
      float[] pass = {random.nextFloat(), random.nextFloat(), random.nextFloat(), t};
      whole.add(t, pass);
      (t % 2 == 0 ? even : merged).add(t, pass);
    }
    merged.merge(even);
    for (RegressionMeasure measure : RegressionMeasure.values()) {
      assertArrayEquals(
          whole.standardErrors(measure), merged.standardErrors(measure), 1e-13, measure.name());
    }
  }

  private static void assertAlike(RandomEnsemble random, Moments expected, Moments actual) {
    for (int n = 0; n < expected.inputs(); n++) {
      RegressionSummary e = summaries(expected).get(n);
      RegressionSummary a = summaries(actual).get(n);
      for (RegressionMeasure measure : RegressionMeasure.values()) {
        double unit = random.largest();
        boolean squared = measure.name().endsWith("VARIANCE");
        double scale = squared ? unit * (unit + 1) : unit;
        for (int d = 0; d < e.targets(); d++) {
          String name = measure + " of " + d;
          assertEquals(
              measure.of(e, d).orElse(-1), measure.of(a, d).orElse(-1), ROUNDING * scale, name);
          assertEquals(
              e.standardError(measure, d).orElse(-1),
              a.standardError(measure, d).orElse(-1),
              ERROR_ROUNDING * scale,
              name);
          assertEquals(
              e.biasCorrected(measure, d).orElse(-1),
              a.biasCorrected(measure, d).orElse(-1),
              ERROR_ROUNDING * scale,
              name);
        }
      }
    }
  }
}
