package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SamplingCostTest {

  private static SamplingCost cost(double tailShare) {
    return new SamplingCost(10, 2, tailShare, Optional.empty());
  }

  @Test
  void ofPasses_countsTheTrunkOnce() {
    assertEquals(1, cost(.25).ofPasses(1));
    assertEquals(13.25, cost(.25).ofPasses(50));
    assertEquals(50, cost(1).ofPasses(50));
    assertEquals(1, cost(0).ofPasses(50));
  }

  @Test
  void ofPasses_none_isRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> cost(.5).ofPasses(0)).getMessage();
    assertTrue(message.contains("passes is 0"), message);
  }

  @Test
  void tailShare_outsideTheUnitInterval_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> cost(1.01));
    assertThrows(IllegalArgumentException.class, () -> cost(Double.NaN));
  }
}
