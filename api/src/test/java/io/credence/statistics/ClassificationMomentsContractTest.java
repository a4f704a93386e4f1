package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws every summary obeys, on random samples of every output kind. */
class ClassificationMomentsContractTest {

  /** Entropies are sums of up to 360 terms below 0.4, so their rounding is far below this. */
  private static final double ROUNDING = 1e-12;

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void measures_ofRandomSamples_areWithinTheirBounds(RandomSamples random) {
    for (ClassificationSummary s : random.moments().summaries()) {
      int classes = s.classes();
      assertWithin(0, s.predictiveEntropy(), s.mutualInformation());
      assertWithin(0, s.predictiveEntropy(), s.expectedEntropy());
      assertWithin(0, Math.log(classes) + ROUNDING, s.predictiveEntropy());
      assertWithin(0, 1 - 1.0 / classes, s.variationRatio());
      assertWithin(1.0 / classes - ROUNDING, 1, s.maxProbability());
      assertWithin(0, s.maxProbability(), s.margin());
      assertWithin(0, Math.sqrt(classes - 1.0) / classes, s.meanStandardDeviation());
      double voters = Math.min(classes, (double) s.samples());
      assertWithin(0, Math.log(voters) + ROUNDING, s.voteEntropy());
      assertWithin(0, 1, s.disagreement());
      // Every pair that disagrees holds one sample that is not of the mode.
      assertWithin(s.variationRatio(), 1, Math.min(1, 2 * s.disagreement() + ROUNDING));
      assertEquals(s.variationRatio() == 0, s.voteEntropy() == 0);
      assertEquals(s.variationRatio() == 0, s.disagreement() == 0);
      assertEquals(1, Arrays.stream(s.meanProbabilities()).sum(), ROUNDING);
      assertEquals(random.samples(), s.samples());
      assertEquals(random.classes(), classes);
      for (int k = 0; k < classes; k++) {
        double p = s.meanProbability(k);
        // Bhatia and Davis 2000: a variable within [0, 1] of mean p varies by at most p (1 − p).
        assertWithin(0, p * (1 - p) + ROUNDING, s.variances()[k]);
        assertWithin(0, s.maxProbability(), p);
      }
      assertEquals(s.maxProbability(), s.meanProbability(s.predictedClass()));
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void mutualInformation_ofRandomSamples_isPredictiveMinusExpectedEntropy(RandomSamples random) {
    for (ClassificationSummary s : random.moments().summaries()) {
      assertEquals(s.predictiveEntropy() - s.expectedEntropy(), s.mutualInformation(), 1e-14);
      assertEquals(s.mutualInformation(), s.meanKullbackLeibler());
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void expectedEntropy_ofRandomSamples_isMeanOfSingleSampleEntropies(RandomSamples random) {
    for (int n = 0; n < random.inputs(); n++) {
      double sum = 0;
      for (int s = 0; s < random.samples(); s++) {
        sum += random.moments(s, s + 1).summary(n).predictiveEntropy();
      }
      assertEquals(sum / random.samples(), random.moments().summary(n).expectedEntropy(), ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void summary_samplesInAnotherOrder_isTheSame(RandomSamples random) {
    List<float[]> shuffled = Arrays.asList(random.outputs().clone());
    Collections.shuffle(shuffled, new Random(random.seed()));
    ClassificationMoments moments =
        ClassificationMoments.of(random.inputs(), random.width(), random.kind());
    shuffled.forEach(moments::add);
    assertSame(random.moments(), moments);
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void merge_ofEverySplit_equalsAllAtOnce(RandomSamples random) {
    for (int split = 0; split <= random.samples(); split++) {
      ClassificationMoments left = random.moments(0, split);
      ClassificationMoments right = random.moments(split, random.samples());
      left.merge(right);
      assertEquals(random.samples(), left.samples());
      assertSame(random.moments(), left);
      if (split < random.samples()) {
        assertEquals(
            random.moments(split, random.samples()).summaries(),
            right.summaries(),
            "the argument changed");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void merge_withAnEmptySide_changesNothing(RandomSamples random) {
    ClassificationMoments moments = random.moments();
    moments.merge(random.moments(0, 0));
    assertEquals(random.moments().summaries(), moments.summaries());

    ClassificationMoments empty = random.moments(0, 0);
    empty.merge(random.moments(0, 0));
    assertEquals(0, empty.samples());
    empty.merge(random.moments());
    assertEquals(random.moments().summaries(), empty.summaries());
  }

  @Test
  void merge_ofThreeParts_equalsAllAtOnce() {
    RandomSamples random = RandomSamples.of(4);
    ClassificationMoments first = random.moments(0, 1);
    first.merge(random.moments(1, 2));
    first.merge(random.moments(2, random.samples()));
    assertSame(random.moments(), first);
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void summary_oneSample_hasNoDisagreement(RandomSamples random) {
    for (ClassificationSummary s : random.moments(0, 1).summaries()) {
      assertEquals(0.0, s.mutualInformation());
      assertEquals(0.0, s.meanStandardDeviation());
      assertEquals(0.0, s.variationRatio());
      assertEquals(0.0, s.voteEntropy());
      assertEquals(0.0, s.disagreement());
      assertArrayEquals(new double[random.classes()], s.variances());
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void mutualInformation_identicalSamples_isZeroAndNeverNegative(RandomSamples random) {
    ClassificationMoments moments = random.moments(0, 1);
    for (int s = 2; s <= 60; s++) {
      moments.add(random.outputs()[0]);
      for (ClassificationSummary summary : moments.summaries()) {
        assertEquals(0.0, summary.mutualInformation());
        assertArrayEquals(new double[random.classes()], summary.variances());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 10, 1000})
  void predictiveEntropy_uniform_isLogOfClassesInNats(int classes) {
    ClassificationMoments moments = ClassificationMoments.of(1, classes, OutputKind.LOGITS);
    moments.add(new float[classes]);
    assertEquals(Math.log(classes), moments.summary(0).predictiveEntropy(), ROUNDING);
  }

  @Test
  void mutualInformation_twoCertainSamplesThatDisagree_isLogTwo() {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
    moments.add(new float[] {1, 0});
    moments.add(new float[] {0, 1});
    assertEquals(Math.log(2), moments.summary(0).mutualInformation(), 1e-15);
    assertEquals(0.0, moments.summary(0).expectedEntropy());
    assertArrayEquals(new double[] {0.25, 0.25}, moments.summary(0).variances());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {".*PROBABIL.*", ".*LOGITS?"})
  void summary_beforeAnySample_isRefused(OutputKind kind) {
    ClassificationMoments moments = ClassificationMoments.of(2, kind.isBinary() ? 1 : 3, kind);
    assertEquals(0, moments.samples());
    String message =
        assertThrows(IllegalStateException.class, () -> moments.summary(0)).getMessage();
    assertEquals("no sample was added yet; call add first", message);
    assertThrows(IllegalStateException.class, moments::summaries);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void summary_ofAnInputThatIsNot_isRefused(int index) {
    ClassificationMoments moments = ClassificationMoments.of(2, 1, OutputKind.BINARY_LOGIT);
    moments.add(new float[2]);
    String message =
        assertThrows(IndexOutOfBoundsException.class, () -> moments.summary(index)).getMessage();
    assertTrue(message.contains("" + index), message);
  }

  @Test
  void summary_takenEarly_isNotChangedByLaterSamples() {
    RandomSamples random = RandomSamples.of(4);
    ClassificationMoments moments = random.moments(0, 1);
    ClassificationSummary early = moments.summary(0);
    moments.add(random.outputs()[1]);
    early.meanProbabilities()[0] = 7;
    early.variances()[0] = 7;
    assertEquals(random.moments(0, 1).summary(0), early);
  }

  private static void assertSame(ClassificationMoments expected, ClassificationMoments actual) {
    List<ClassificationSummary> all = expected.summaries();
    assertEquals(all.size(), actual.summaries().size());
    for (int n = 0; n < all.size(); n++) {
      ClassificationSummary e = all.get(n);
      ClassificationSummary a = actual.summary(n);
      assertEquals(e.samples(), a.samples());
      assertArrayEquals(e.meanProbabilities(), a.meanProbabilities(), ROUNDING);
      assertArrayEquals(e.variances(), a.variances(), ROUNDING);
      assertEquals(e.predictiveEntropy(), a.predictiveEntropy(), ROUNDING);
      assertEquals(e.expectedEntropy(), a.expectedEntropy(), ROUNDING);
      assertEquals(e.mutualInformation(), a.mutualInformation(), ROUNDING);
      assertEquals(e.variationRatio(), a.variationRatio());
      assertEquals(e.voteEntropy(), a.voteEntropy());
      assertEquals(e.disagreement(), a.disagreement());
      assertEquals(e.margin(), a.margin(), ROUNDING);
      assertEquals(e.meanStandardDeviation(), a.meanStandardDeviation(), ROUNDING);
      assertEquals(e.predictedClass(), a.predictedClass());
    }
  }

  private static void assertWithin(double low, double high, double value) {
    assertTrue(value >= low && value <= high, () -> value + " not in [" + low + ", " + high + "]");
  }
}
