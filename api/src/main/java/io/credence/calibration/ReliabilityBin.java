package io.credence.calibration;

import io.credence.statistics.Interval;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * One bin of a {@link ReliabilityDiagram}: answers whose confidence is within (low, high], of the
 * lowest bin within [low, high].
 *
 * @param low the lower edge, within [0, 1]; exclusive, but for the lowest bin
 * @param high the upper edge, within [0, 1]; inclusive
 * @param count number of answers in the bin, ≥ 1
 * @param correct how many of them were right, 0 ≤ correct ≤ count
 * @param meanConfidence mean of their confidences, within [0, 1]
 */
public record ReliabilityBin(
    double low, double high, long count, long correct, double meanConfidence) {

  /**
   * Checks the numbers.
   *
   * @param low see the record
   * @param high see the record
   * @param count see the record
   * @param correct see the record
   * @param meanConfidence see the record
   * @throws IllegalArgumentException unless {@code count >= 1 && 0 <= correct && correct <= count}
   */
  public ReliabilityBin {
    if (!(count >= 1 && 0 <= correct && correct <= count)) {
      throw new IllegalArgumentException(
          correct
              + " of "
              + count
              + " answers are right; count must be at least 1, and correct from 0 to count");
    }
  }

  /**
   * The share of right answers.
   *
   * @return correct/count, within [0, 1]
   */
  public double accuracy() {
    return (double) correct / count;
  }

  /**
   * How far confidence is above accuracy.
   *
   * @return mean confidence − accuracy, within [−1, 1]; positive if overconfident
   */
  public double gap() {
    return meanConfidence - accuracy();
  }

  /**
   * A confidence interval of the accuracy that infinitely many such answers would have, by Wilson's
   * score, which stays within [0, 1] and is not empty for 0 or all right. It takes answers for
   * independent. Source: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical
   * Inference", doi 10.1080/01621459.1927.10502953.
   *
   * @param level how often the interval should hold that accuracy, such as 0.95
   * @return the interval, within [0, 1]
   * @throws IllegalArgumentException unless {@code 0 < level < 1}, or {@code count > 2147483647}
   */
  public Interval accuracyInterval(double level) {
    return wilson(correct, count, level);
  }

  static Interval wilson(long successes, long trials, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level is " + level + "; it must be between 0 and 1, both exclusive");
    }
    if (trials > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "count is " + trials + "; intervals are told of at most " + Integer.MAX_VALUE);
    }
    ConfidenceInterval wilson =
        new WilsonScoreInterval().createInterval((int) trials, (int) successes, level);
    // Rounding may leave 0, 1, or the share itself just outside.
    double share = (double) successes / trials;
    return new Interval(
        Math.max(0, Math.min(share, wilson.getLowerBound())),
        Math.min(1, Math.max(share, wilson.getUpperBound())));
  }
}
