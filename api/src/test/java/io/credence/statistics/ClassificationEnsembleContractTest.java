package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of ensembles of classifiers, on random members of every output kind. */
class ClassificationEnsembleContractTest {

  private static final int GROUPS = 5;

  /** Of sums of some hundred terms near 1; errors multiply it by twice the groups. */
  private static final double ROUNDING = 1e-13;

  private static final double ERROR_ROUNDING = 1e-11;

  private static List<ClassificationSummary> summaries(Moments moments) {
    return ((ClassificationMoments) moments).summaries();
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void measures_ofRandomEnsembles_areWithinTheirBounds(RandomEnsemble random) {
    for (ClassificationSummary s : summaries(random.moments(0))) {
      int classes = s.classes();
      double information = s.mutualInformation();
      assertWithin(0, s.predictiveEntropy(), information);
      assertWithin(0, Math.log(classes) + ROUNDING, s.predictiveEntropy());
      assertWithin(0, information, s.betweenMembersMutualInformation());
      assertWithin(0, information, s.withinMembersMutualInformation());
      assertEquals(s.predictiveEntropy() - s.expectedEntropy(), information, ROUNDING);
      assertEquals(random.size(), s.members());
      assertEquals(random.members().stream().mapToInt(List::size).sum(), s.samples());
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        assertWithin(
            measure.lowest(classes) - ROUNDING, measure.highest(classes) + ROUNDING, measure.of(s));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void parts_betweenAndWithin_makeUpTheWhole(RandomEnsemble random) {
    for (ClassificationSummary s : summaries(random.moments(0))) {
      assertEquals(
          s.mutualInformation(),
          s.betweenMembersMutualInformation() + s.withinMembersMutualInformation(),
          1e-15);
      for (int k = 0; k < s.classes(); k++) {
        double between = s.betweenMembersVariances()[k];
        double within = s.withinMembersVariances()[k];
        assertWithin(0, s.variances()[k], between);
        assertWithin(0, s.variances()[k], within);
        assertEquals(s.variances()[k], between + within);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void within_ofAnEnsemble_isTheMeanOverItsMembers(RandomEnsemble random) {
    List<ClassificationSummary> all = summaries(random.moments(0));
    for (int n = 0; n < all.size(); n++) {
      int classes = all.get(n).classes();
      double information = 0;
      double expected = 0;
      double ofMeans = 0;
      double[] mean = new double[classes];
      double[] variances = new double[classes];
      for (int m = 0; m < random.size(); m++) {
        ClassificationSummary member = summaries(random.member(m, 0)).get(n);
        information += random.share(m) * member.mutualInformation();
        expected += random.share(m) * member.expectedEntropy();
        ofMeans += random.share(m) * member.predictiveEntropy();
        for (int k = 0; k < classes; k++) {
          mean[k] += random.share(m) * member.meanProbability(k);
          variances[k] += random.share(m) * member.variances()[k];
        }
      }
      ClassificationSummary s = all.get(n);
      assertEquals(information, s.withinMembersMutualInformation(), ROUNDING);
      assertEquals(expected, s.expectedEntropy(), ROUNDING);
      assertEquals(s.predictiveEntropy() - ofMeans, s.betweenMembersMutualInformation(), ROUNDING);
      assertArrayEquals(mean, s.meanProbabilities(), ROUNDING);
      assertArrayEquals(variances, s.withinMembersVariances(), ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void addMember_inAnotherOrder_isTheSame(RandomEnsemble random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, random.size()).boxed().toList());
    Collections.shuffle(order, new Random(random.seed()));
    assertAlike(random.moments(GROUPS), random.moments(GROUPS, 1, order), true);
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void addMember_allWeightsTimesAFactor_isTheSame(RandomEnsemble random) {
    List<Integer> order = IntStream.range(0, random.size()).boxed().toList();
    for (double factor : new double[] {1e-6, .125, 3, 7e5}) {
      assertAlike(random.moments(GROUPS), random.moments(GROUPS, factor, order), true);
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void addMember_oneOfAnyWeight_isThatModel(RandomEnsemble random) {
    Moments ensemble = random.moments(GROUPS, 1, List.of(random.size() - 1));
    Moments model = random.member(random.size() - 1, GROUPS);
    assertAlike(model, ensemble, true);
    for (int n = 0; n < model.inputs(); n++) {
      ClassificationSummary expected = summaries(model).get(n);
      ClassificationSummary actual = summaries(ensemble).get(n);
      assertArrayEquals(expected.meanProbabilities(), actual.meanProbabilities(), 0);
      assertEquals(0, actual.betweenMembersMutualInformation());
      assertArrayEquals(new double[actual.classes()], actual.betweenMembersVariances());
      assertEquals(1, actual.members());
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void addMember_twiceWithHalfTheWeight_isOnce(RandomEnsemble random) {
    Moments twice = random.empty().get().withErrorGroups(GROUPS);
    for (int m = 0; m < random.size(); m++) {
      twice.addMember(random.member(m, GROUPS), random.weights().get(m) / 2);
      twice.addMember(random.member(m, GROUPS), random.weights().get(m) / 2);
    }
    // The share of pairs that disagree is another with more samples to pair.
    assertAlike(random.moments(GROUPS), twice, false);
    assertEquals(2 * random.size(), summaries(twice).get(0).members());
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void addMember_ofOneSampleEach_isOneModelOfAllSamples(RandomSamples random) {
    ClassificationMoments ensemble = random.moments(0, 0).withErrorGroups(GROUPS);
    for (float[] outputs : random.outputs()) {
      ClassificationMoments member = random.moments(0, 0).withErrorGroups(GROUPS);
      member.add(outputs);
      ensemble.addMember(member, .3);
    }
    for (int n = 0; n < random.inputs(); n++) {
      ClassificationSummary expected = random.moments().summary(n);
      ClassificationSummary actual = ensemble.summary(n);
      assertEquals(0, actual.withinMembersMutualInformation());
      assertArrayEquals(new double[random.classes()], actual.withinMembersVariances());
      assertArrayEquals(expected.variances(), actual.betweenMembersVariances(), ROUNDING);
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        if (measure != ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION
            && measure != ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION) {
          assertEquals(measure.of(expected), measure.of(actual), ROUNDING, measure.name());
        }
        assertTrue(actual.standardError(measure).isEmpty(), "a network as it is served");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomEnsemble#classifiers")
  void between_ofIdenticalMembers_isNone(RandomEnsemble random) {
    Moments ensemble = random.empty().get().withErrorGroups(GROUPS);
    for (double weight : new double[] {.2, 3, .7, 1e-3}) {
      ensemble.addMember(random.member(0, GROUPS), weight);
    }
    for (ClassificationSummary s : summaries(ensemble)) {
      assertEquals(0, s.betweenMembersMutualInformation(), 1e-28);
      assertArrayEquals(new double[s.classes()], s.betweenMembersVariances(), 1e-28);
    }
  }

  @Test
  void between_ofMembersCertainOfTwoClasses_isLogTwo() {
    ClassificationMoments ensemble = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
    for (float p : new float[] {0, 1}) {
      ClassificationMoments member = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
      member.add(new float[] {p, 1 - p});
      member.add(new float[] {p, 1 - p});
      ensemble.addMember(member, 5);
    }
    ClassificationSummary s = ensemble.summary(0);
    assertEquals(Math.log(2), s.betweenMembersMutualInformation(), 1e-15);
    assertEquals(0, s.withinMembersMutualInformation());
    assertArrayEquals(new double[] {.25, .25}, s.betweenMembersVariances());
  }

  @Test
  void variationRatio_ofWeightedVotes_countsWeights() {
    ClassificationMoments ensemble = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
    float[][] rows = {{1, 0}, {0, 1}, {0, 1}};
    double[] weights = {6, 1, 1};
    for (int m = 0; m < rows.length; m++) {
      ClassificationMoments member = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
      member.add(rows[m]);
      ensemble.addMember(member, weights[m]);
    }
    assertEquals(.25, ensemble.summary(0).variationRatio(), 1e-15);
    // 1 − (Σ V² − Q) / (1 − Q) of V = 3/4, 1/4 and Q = (36 + 1 + 1) / 64.
    assertEquals(12. / 13, ensemble.summary(0).disagreement(), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, GROUPS})
  void addMember_changedAfterwards_doesNotMatter(int groups) {
    RandomEnsemble random = RandomEnsemble.classifier(3);
    Moments member = random.member(0, groups);
    List<ClassificationSummary> before = summaries(member);
    Moments ensemble = random.empty().get().withErrorGroups(groups);
    ensemble.addMember(member, 1);
    assertEquals(before, summaries(member), "the argument changed");
    List<ClassificationSummary> taken = summaries(ensemble);
    List<ClassificationSummary> again = summaries(ensemble);
    member.add(0, random.members().get(0).get(0));
    assertEquals(taken, summaries(ensemble));
    ensemble.addMember(member, 1);
    assertEquals(again, taken, "a summary taken early changed");
  }

  private static void assertAlike(Moments expected, Moments actual, boolean ofPairs) {
    for (int n = 0; n < expected.inputs(); n++) {
      ClassificationSummary e = summaries(expected).get(n);
      ClassificationSummary a = summaries(actual).get(n);
      assertArrayEquals(e.betweenMembersVariances(), a.betweenMembersVariances(), ROUNDING);
      assertArrayEquals(e.withinMembersVariances(), a.withinMembersVariances(), ROUNDING);
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        if (measure == ClassificationMeasure.DISAGREEMENT && !ofPairs) {
          continue;
        }
        String name = measure.name();
        assertEquals(measure.of(e), measure.of(a), ROUNDING, name);
        assertEquals(
            e.standardError(measure).orElse(-1),
            a.standardError(measure).orElse(-1),
            ERROR_ROUNDING,
            name);
        if (measure.isSmooth()) {
          assertEquals(
              e.biasCorrected(measure).orElse(-1),
              a.biasCorrected(measure).orElse(-1),
              ERROR_ROUNDING,
              name);
        }
      }
    }
  }

  private static void assertWithin(double low, double high, double value) {
    assertTrue(value >= low && value <= high, () -> value + " not in [" + low + ", " + high + "]");
  }

  /** Two samples that vote differently always do, however little one of them counts. */
  @Test
  void summary_weightsFarApart_loseNothing() {
    for (double[] weights : new double[][] {{1e9, 1e-9}, {1e-9, 1e-9}, {1e9, 1e9}}) {
      ClassificationMoments ensemble = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
      for (int m = 0; m < 2; m++) {
        ClassificationMoments member = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
        member.add(new float[] {m, 1 - m});
        ensemble.addMember(member, weights[m]);
      }
      ClassificationSummary s = ensemble.summary(0);
      double share = weights[1] / (weights[0] + weights[1]);
      assertEquals(1, s.disagreement(), 1e-15);
      assertEquals(share, s.variationRatio(), 1e-15);
      assertEquals(share, s.meanProbability(0), 1e-15 * share);
    }
  }
}
