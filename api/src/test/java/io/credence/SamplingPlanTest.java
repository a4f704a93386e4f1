package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.RegressionMeasure;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingPlanTest {

  @Test
  void standard_isFiftyPassesOfSeedFortyTwoWithSharedMasks() {
    assertEquals(new SamplingPlan(50, 42, Masks.SHARED), SamplingPlan.standard());
  }

  @Test
  void of_passes_hasTheDefaultSeed() {
    assertEquals(new SamplingPlan(7, 42), SamplingPlan.of(7));
  }

  @Test
  void of_onePass_isAllowed() {
    assertEquals(1, SamplingPlan.of(1).passes());
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, Long.MAX_VALUE})
  void withSeed_anySeed_keepsTheRest(long seed) {
    assertEquals(new SamplingPlan(7, seed), SamplingPlan.of(7).withSeed(seed));
    assertEquals(
        new SamplingPlan(7, seed, Masks.PER_ROW),
        new SamplingPlan(7, 1, Masks.PER_ROW).withSeed(seed));
  }

  @Test
  void of_withoutMasks_hasSharedOnes() {
    assertEquals(new SamplingPlan(7, 5, Masks.SHARED), new SamplingPlan(7, 5));
    assertEquals(Masks.SHARED, SamplingPlan.of(7).masks());
  }

  @ParameterizedTest
  @EnumSource
  void withMasks_any_keepsTheRest(Masks masks) {
    assertEquals(new SamplingPlan(7, 5, masks), new SamplingPlan(7, 5).withMasks(masks));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void of_noPasses_isRefused(int passes) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> SamplingPlan.of(passes)).getMessage();
    assertEquals(
        "passes is " + passes + "; it must be at least 1, and 50 is a good start", message);
  }

  @Test
  void of_passes_hasDefaultErrorsAndNoRule() {
    assertEquals(OptionalInt.empty(), SamplingPlan.of(7).errorGroups());
    assertEquals(Optional.empty(), SamplingPlan.of(7).stopping());
  }

  @Test
  void untilStandardError_ofAMeasure_isAPlanWithThatRule() {
    StoppingRule rule = new StoppingRule(RegressionMeasure.MEAN, .5, 20);
    SamplingPlan plan = SamplingPlan.untilStandardError(RegressionMeasure.MEAN, .5, 20, 400);
    assertEquals(
        new SamplingPlan(400, 42, Masks.SHARED, OptionalInt.empty(), Optional.of(rule)), plan);
    assertEquals(SamplingPlan.of(400).withStopping(rule), plan);
  }

  @Test
  void with_anyPart_keepsTheRest() {
    StoppingRule rule = new StoppingRule(ClassificationMeasure.MARGIN, .5, 3);
    Optional<StoppingRule> stopping = Optional.of(rule);
    OptionalInt groups = OptionalInt.of(7);
    SamplingPlan plan = new SamplingPlan(9, 5, Masks.SHARED, groups, stopping);
    assertEquals(plan, new SamplingPlan(9, 5).withErrorGroups(7).withStopping(rule));
    assertEquals(plan, new SamplingPlan(9, 5).withStopping(rule).withErrorGroups(7));
    assertEquals(new SamplingPlan(9, 6, Masks.SHARED, groups, stopping), plan.withSeed(6));
    assertEquals(plan, plan.withMasks(Masks.SHARED));
    assertEquals(
        new SamplingPlan(9, 5, Masks.PER_ROW, groups, Optional.empty()),
        new SamplingPlan(9, 5).withErrorGroups(7).withMasks(Masks.PER_ROW));
    assertEquals(OptionalInt.of(0), SamplingPlan.of(9).withErrorGroups(0).errorGroups());
    StoppingRule other = new StoppingRule(ClassificationMeasure.MARGIN, .5, 9);
    assertEquals(Optional.of(other), plan.withStopping(other).stopping());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 1})
  void withErrorGroups_impossible_isRefused(int count) {
    assertRefused(
        "error groups is "
            + count
            + "; it must be at least 2, 20 is a good choice, or 0 for no errors",
        () -> SamplingPlan.of(9).withErrorGroups(count));
  }

  @Test
  void untilStandardError_moreAtLeastThanAtMost_isRefused() {
    assertRefused(
        "at least 20 passes, but at most 19, cannot be taken; raise the most, or lower the least",
        () -> SamplingPlan.untilStandardError(ClassificationMeasure.MARGIN, .01, 20, 19));
    assertEquals(
        20, SamplingPlan.untilStandardError(ClassificationMeasure.MARGIN, .01, 20, 20).passes());
    StoppingRule rule = new StoppingRule(ClassificationMeasure.MARGIN, .5, 50);
    SamplingPlan plan = SamplingPlan.of(49);
    assertRefused(
        "at least 50 passes, but at most 49, cannot be taken; raise the most, or lower the least",
        () -> plan.withStopping(rule));
  }

  @Test
  void untilStandardError_argumentsOfTheRuleOrPlan_areRefusedAsTheyAreThere() {
    assertRefused(
        "tolerance is 0.0; it must be above 0 and finite, 0.01 nats is a good start for an entropy",
        () -> SamplingPlan.untilStandardError(ClassificationMeasure.MARGIN, 0, 20, 50));
    assertRefused(
        "min passes is 2; at least 3 tell an error, 50 are better",
        () -> SamplingPlan.untilStandardError(ClassificationMeasure.MARGIN, .1, 2, 50));
    assertRefused(
        "passes is 0; it must be at least 1, and 50 is a good start",
        () -> SamplingPlan.untilStandardError(ClassificationMeasure.MARGIN, .1, 3, 0));
  }

  @Test
  void withStopping_withoutErrorGroups_isRefused() {
    String message = "without error groups no error is told that could end sampling; ask for 20";
    StoppingRule rule = new StoppingRule(ClassificationMeasure.MARGIN, .5, 3);
    assertRefused(message, () -> SamplingPlan.of(9).withErrorGroups(0).withStopping(rule));
    assertRefused(message, () -> SamplingPlan.of(9).withStopping(rule).withErrorGroups(0));
  }

  @Test
  void withStopping_withMasksPerRow_isRefused() {
    String message =
        "with masks per row the answer for an input depends on the others of its batch, and would"
            + " change when they leave it; use shared masks with a tolerance";
    StoppingRule rule = new StoppingRule(ClassificationMeasure.MARGIN, .5, 3);
    assertRefused(message, () -> SamplingPlan.of(9).withMasks(Masks.PER_ROW).withStopping(rule));
    assertRefused(message, () -> SamplingPlan.of(9).withStopping(rule).withMasks(Masks.PER_ROW));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
