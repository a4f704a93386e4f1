package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EntropyTest {

  @Test
  void of_partOfAnArray_readsThatPartOnly() {
    assertEquals(Math.log(2), Entropy.of(new double[] {.3, .5, .5, .2}, 1, 2), 1e-15);
  }

  @Test
  void of_certain_isPositiveZero() {
    assertEquals(0.0, Entropy.of(new double[] {0, 1, 0}, 0, 3));
  }

  @Test
  void of_probabilityAnUlpAboveOne_isZero() {
    assertEquals(0.0, Entropy.of(new double[] {Math.nextUp(1.0), 0}, 0, 2));
  }
}
