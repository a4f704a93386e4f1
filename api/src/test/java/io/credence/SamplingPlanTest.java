package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
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
}
