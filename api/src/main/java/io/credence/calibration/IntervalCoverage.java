package io.credence.calibration;

import io.credence.statistics.Interval;

/**
 * Streaming coverage of intervals: how many of N targets they held, and how wide they were. Of
 * intervals of coverage c, a share of c is calibrated; of two that are, the narrower are better.
 *
 * <p>State is O(1). Not safe for use by several threads at once; give each its own and {@link
 * #merge}.
 */
public final class IntervalCoverage {

  private long inputs;
  private long covered;
  private double widths;

  /** No input yet. */
  public IntervalCoverage() {}

  /**
   * Adds one target.
   *
   * @param interval what was told of it; both ends belong to it
   * @param target what it turned out to be
   * @throws IllegalArgumentException if the target is not finite
   */
  public void add(Interval interval, double target) {
    Finite.check("target", target);
    inputs++;
    covered += interval.contains(target) ? 1 : 0;
    widths += interval.width();
  }

  /**
   * Adds the inputs of another, as if each had been added here.
   *
   * @param other of other inputs; unchanged
   */
  public void merge(IntervalCoverage other) {
    inputs += other.inputs;
    covered += other.covered;
    widths += other.widths;
  }

  /**
   * Number of targets added.
   *
   * @return N ≥ 0
   */
  public long inputs() {
    return inputs;
  }

  /**
   * The share of targets that their intervals held.
   *
   * @return within [0, 1]
   * @throws IllegalStateException if no input was added
   */
  public double coverage() {
    return covered / asked();
  }

  /**
   * The mean width of the intervals.
   *
   * @return ≥ 0, in the unit of the targets; +∞ if one was infinite
   * @throws IllegalStateException if no input was added
   */
  public double meanWidth() {
    return widths / asked();
  }

  /**
   * A confidence interval of the coverage of infinitely many, as {@link
   * ReliabilityBin#accuracyInterval}.
   *
   * @param level how often it should hold that coverage, such as 0.95
   * @return the interval, within [0, 1]
   * @throws IllegalArgumentException unless {@code 0 < level < 1}, or {@code N > 2147483647}
   * @throws IllegalStateException if no input was added
   */
  public Interval coverageInterval(double level) {
    asked();
    return ReliabilityBin.wilson(covered, inputs, level);
  }

  private double asked() {
    if (inputs == 0) {
      throw new IllegalStateException("no input was added yet; call add first");
    }
    return (double) inputs;
  }
}
