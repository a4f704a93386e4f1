package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

  @Test
  void contains_itsEnds_isTrue() {
    Interval interval = new Interval(-1, 2);
    assertTrue(interval.contains(-1) && interval.contains(0) && interval.contains(2));
    assertFalse(interval.contains(-1.1) || interval.contains(2.1) || interval.contains(Double.NaN));
    assertEquals(3, interval.width());
    assertEquals(0, new Interval(2, 2).width());
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "NaN, 1", "0, NaN"})
  void of_endsThatCross_isRefused(double low, double high) {
    assertEquals(
        "interval [" + low + ", " + high + "] is empty; low <= high is needed",
        assertThrows(IllegalArgumentException.class, () -> new Interval(low, high)).getMessage());
  }
}
