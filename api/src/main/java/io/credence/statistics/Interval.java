package io.credence.statistics;

/**
 * A closed interval of numbers.
 *
 * @param low the lower end, inclusive
 * @param high the upper end, inclusive, ≥ {@code low}
 */
public record Interval(double low, double high) {

  /**
   * Checks the ends.
   *
   * @param low see the record
   * @param high see the record
   * @throws IllegalArgumentException unless {@code low <= high}
   */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "interval [" + low + ", " + high + "] is empty; low <= high is needed");
    }
  }

  /**
   * The distance between the ends.
   *
   * @return ≥ 0
   */
  public double width() {
    return high - low;
  }

  /**
   * Whether a number lies in the interval.
   *
   * @param value any number
   * @return whether low ≤ value ≤ high; false for NaN
   */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** The number of the interval that is nearest to a number. */
  double clamp(double value) {
    return Math.min(Math.max(value, low), high);
  }
}
