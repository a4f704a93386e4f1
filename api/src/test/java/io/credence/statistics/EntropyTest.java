package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EntropyTest {

  @Test
  void of_partOfAnArray_readsThatPartOnly() {
    assertEquals(Math.log(2), Entropy.of(new double[] {.5, .5}), 1e-15);
  }

  @Test
  void of_certain_isPositiveZero() {
    assertEquals(0.0, Entropy.of(new double[] {0, 1, 0}));
  }

  @Test
  void of_probabilityAnUlpAboveOne_isZero() {
    assertEquals(0.0, Entropy.of(new double[] {Math.nextUp(1.0), 0}));
  }

  /** The largest is 1 in float64; what it lacks, the other says: p − p ln p to the first order. */
  @Test
  void of_allButCertain_keepsItsDigits() {
    double rest = 1e-30;
    assertEquals(rest - rest * Math.log(rest), Entropy.of(new double[] {rest, 1}), 1e-13 * rest);
  }
}
