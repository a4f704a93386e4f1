package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws of sampling errors, and what they refuse. */
class SamplingErrorContractTest {

  /** Twenty times the rounding of an entropy, which the jackknife multiplies. */
  private static final double ROUNDING = 1e-11;

  private static ClassificationMoments empty(RandomSamples random, int groups) {
    return ClassificationMoments.of(random.inputs(), random.width(), random.kind())
        .withErrorGroups(groups);
  }

  private static ClassificationMoments moments(RandomSamples random, int groups) {
    ClassificationMoments moments = empty(random, groups);
    for (float[] outputs : random.outputs()) {
      moments.add(outputs);
    }
    return moments;
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void withErrorGroups_anyNumber_changesNoMeasure(RandomSamples random) {
    for (int groups : new int[] {0, 2, 20}) {
      for (int n = 0; n < random.inputs(); n++) {
        ClassificationSummary expected = random.moments().summary(n);
        ClassificationSummary actual = moments(random, groups).summary(n);
        for (ClassificationMeasure measure : ClassificationMeasure.values()) {
          assertEquals(measure.of(expected), measure.of(actual));
        }
      }
    }
    assertEquals(random.moments().summaries(), moments(random, 0).summaries());
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void standardError_ofEachPassAGroup_isThatOfTheMean(RandomSamples random) {
    if (random.samples() < 3) {
      return;
    }
    for (int n = 0; n < random.inputs(); n++) {
      double[] entropies = new double[random.samples()];
      for (int s = 0; s < entropies.length; s++) {
        entropies[s] = random.moments(s, s + 1).summary(n).predictiveEntropy();
      }
      double mean = java.util.Arrays.stream(entropies).average().orElseThrow();
      double squares = 0;
      for (double entropy : entropies) {
        squares += (entropy - mean) * (entropy - mean);
      }
      double expected = Math.sqrt(squares / (entropies.length - 1) / entropies.length);
      ClassificationSummary summary = moments(random, 1000).summary(n);
      assertEquals(
          expected,
          summary.standardError(ClassificationMeasure.EXPECTED_ENTROPY).orElseThrow(),
          ROUNDING);
      assertEquals(
          summary.expectedEntropy(),
          summary.biasCorrected(ClassificationMeasure.EXPECTED_ENTROPY).orElseThrow(),
          ROUNDING);
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void merge_ofPassesSharedOutAnyhow_tellsTheSameErrors(RandomSamples random) {
    ClassificationMoments whole = moments(random, 5);
    for (int workers = 2; workers <= 3; workers++) {
      ClassificationMoments merged = empty(random, 5);
      for (int worker = workers - 1; worker >= 0; worker--) {
        ClassificationMoments part = empty(random, 5);
        for (int t = worker; t < random.samples(); t += workers) {
          part.add(t, random.outputs()[t]);
        }
        merged.merge(part);
      }
      for (int n = 0; n < random.inputs(); n++) {
        assertSame(whole.summary(n), merged.summary(n));
      }
    }
  }

  private static void assertSame(ClassificationSummary expected, ClassificationSummary actual) {
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      assertEquals(
          expected.standardError(measure).orElse(-1),
          actual.standardError(measure).orElse(-1),
          ROUNDING,
          measure.name());
    }
  }

  @Test
  void standardError_ofPassesInOtherGroups_isAnother() {
    RandomSamples random = many();
    ClassificationMoments other = empty(random, 2);
    for (int t = 0; t < random.samples(); t++) {
      other.add(t / 2, random.outputs()[t]);
    }
    double one =
        moments(random, 2)
            .summary(0)
            .standardError(ClassificationMeasure.PREDICTIVE_ENTROPY)
            .orElseThrow();
    double two =
        other.summary(0).standardError(ClassificationMeasure.PREDICTIVE_ENTROPY).orElseThrow();
    assertTrue(Math.abs(one - two) > 1e-6, one + " and " + two);
  }

  private static RandomSamples many() {
    return RandomSamples.cases()
        .filter(r -> r.kind() == OutputKind.LOGITS && r.samples() >= 10)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void standardError_identicalSamples_isZero(ClassificationMeasure measure) {
    ClassificationMoments moments =
        ClassificationMoments.of(1, 3, OutputKind.LOGITS).withErrorGroups(4);
    for (int t = 0; t < 11; t++) {
      moments.add(new float[] {.1f, .7f, -3});
    }
    ClassificationSummary summary = moments.summary(0);
    assertEquals(0, summary.standardError(measure).orElseThrow(), 1e-14);
    Interval interval = summary.interval(measure, .95).orElseThrow();
    assertEquals(measure.of(summary), interval.low(), 1e-14);
    assertEquals(0, interval.width(), 1e-13);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void standardError_fewSamples_isToldOnlyIfTwoAreLeft(int samples) {
    ClassificationMoments moments =
        ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES).withErrorGroups(20);
    for (int t = 0; t < samples; t++) {
      moments.add(new float[] {t * .25f, 1 - t * .25f});
    }
    ClassificationSummary summary = moments.summary(0);
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      assertEquals(samples == 3, summary.standardError(measure).isPresent());
      assertEquals(samples == 3, summary.interval(measure, .5).isPresent());
    }
  }

  @Test
  void standardError_allPassesInOneGroup_isNotTold() {
    ClassificationMoments moments =
        ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES).withErrorGroups(2);
    for (int t = 0; t < 8; t += 2) {
      moments.add(t, new float[] {.5f, .5f});
    }
    assertEquals(
        OptionalDouble.empty(),
        moments.summary(0).standardError(ClassificationMeasure.PREDICTIVE_ENTROPY));
    moments.add(9, new float[] {.5f, .5f});
    moments.add(11, new float[] {.5f, .5f});
    assertTrue(
        moments.summary(0).standardError(ClassificationMeasure.PREDICTIVE_ENTROPY).isPresent());
  }

  @ParameterizedTest
  @EnumSource
  void standardError_withoutGroups_isEmpty(ClassificationMeasure measure) {
    ClassificationSummary summary = RandomSamples.of(4).moments().summary(0);
    assertEquals(OptionalDouble.empty(), summary.standardError(measure));
    assertEquals(Optional.empty(), summary.interval(measure, .95));
    if (measure.isSmooth()) {
      assertEquals(OptionalDouble.empty(), summary.biasCorrected(measure));
    }
  }

  @ParameterizedTest
  @EnumSource
  void interval_ofAnyMeasure_liesInItsRangeAndGrowsWithTheLevel(ClassificationMeasure measure) {
    for (long seed = 1; seed <= 20; seed++) {
      ClassificationSummary s = moments(RandomSamples.of(seed), 20).summary(0);
      if (s.samples() < 3) {
        continue;
      }
      Interval narrow = s.interval(measure, .5).orElseThrow();
      Interval wide = s.interval(measure, .99).orElseThrow();
      assertTrue(wide.low() <= narrow.low() && wide.high() >= narrow.high());
      assertTrue(wide.low() >= measure.lowest(s.classes()));
      assertTrue(wide.high() <= measure.highest(s.classes()));
    }
  }

  @Test
  void interval_ofFiveGroups_isCentreAndStudentTimesError() {
    ClassificationSummary s = moments(many(), 5).summary(0);
    double error = s.standardError(ClassificationMeasure.PREDICTIVE_ENTROPY).orElseThrow();
    double centre = s.biasCorrected(ClassificationMeasure.PREDICTIVE_ENTROPY).orElseThrow();
    // Student's t of 4 degrees of freedom at 0.75, from tables: 0.741.
    Interval half = s.interval(ClassificationMeasure.PREDICTIVE_ENTROPY, .5).orElseThrow();
    assertEquals(centre - .740697 * error, half.low(), 1e-6 * error);
    assertEquals(centre + .740697 * error, half.high(), 1e-6 * error);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -.1, Double.NaN})
  void interval_levelOutsideItsRange_isRefused(double level) {
    ClassificationSummary s = RandomSamples.of(4).moments().summary(0);
    assertEquals(
        "level is " + level + "; it must be between 0 and 1, both exclusive, such as 0.95",
        assertThrows(
                IllegalArgumentException.class,
                () -> s.interval(ClassificationMeasure.MARGIN, level))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"VARIATION_RATIO", "MAX_PROBABILITY", "MARGIN"})
  void biasCorrected_ofAMeasureNotSmooth_isRefused(ClassificationMeasure measure) {
    ClassificationSummary s = RandomSamples.of(4).moments().summary(0);
    assertEquals(
        measure
            + " is no smooth function of means over samples, so the jackknife does not remove its"
            + " bias; use the measure as it is",
        assertThrows(IllegalArgumentException.class, () -> s.biasCorrected(measure)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void withErrorGroups_impossible_isRefused(int count) {
    ClassificationMoments moments = RandomSamples.of(4).moments(0, 0);
    assertEquals(
        "error groups is "
            + count
            + "; it must be at least 2, 20 is a good choice, or 0 for no errors",
        assertThrows(IllegalArgumentException.class, () -> moments.withErrorGroups(count))
            .getMessage());
  }

  @Test
  void withErrorGroups_afterSamples_isRefused() {
    ClassificationMoments moments = RandomSamples.of(4).moments();
    assertEquals(
        "samples were added already, and their groups are lost; call withErrorGroups first",
        assertThrows(IllegalStateException.class, () -> moments.withErrorGroups(20)).getMessage());
  }

  @Test
  void add_negativePass_isRefused() {
    RandomSamples random = RandomSamples.of(4);
    ClassificationMoments moments = empty(random, 3);
    assertEquals(
        "pass is -1; it must be at least 0",
        assertThrows(IllegalArgumentException.class, () -> moments.add(-1, random.outputs()[0]))
            .getMessage());
    assertEquals(0, moments.samples());
  }

  @Test
  void add_badSample_leavesErrorsAsTheyWere() {
    ClassificationMoments moments =
        ClassificationMoments.of(1, 2, OutputKind.LOGITS).withErrorGroups(3);
    for (int t = 0; t < 6; t++) {
      moments.add(new float[] {t, 2});
    }
    List<ClassificationSummary> before = moments.summaries();
    float[] bad = {0, Float.NaN};
    assertThrows(IllegalArgumentException.class, () -> moments.add(bad));
    assertEquals(before, moments.summaries());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void merge_ofOtherErrorGroups_isRefused(int others) {
    RandomSamples random = RandomSamples.of(4);
    ClassificationMoments moments = moments(random, 2);
    ClassificationMoments other = moments(random, others);
    List<ClassificationSummary> before = moments.summaries();
    assertEquals(
        "moments of "
            + others
            + " error groups do not merge into 2; make both with the same withErrorGroups(..)",
        assertThrows(IllegalArgumentException.class, () -> moments.merge(other)).getMessage());
    assertEquals(before, moments.summaries());
  }
}
