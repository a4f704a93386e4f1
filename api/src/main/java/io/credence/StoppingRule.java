package io.credence;

import io.credence.statistics.Measure;

/**
 * When an input has had enough passes: once the standard error of a measure is small enough. The
 * error is looked at after {@code minPasses}, and then each time the number of passes has grown by
 * a quarter, so that a plan always looks at the same places, and not so often that errors which are
 * small by chance end it.
 *
 * @param measure the measure; of a regressor the error of every target must be small enough
 * @param tolerance largest standard error that is good enough, &gt; 0, in the unit of the measure
 * @param minPasses passes that each input takes at least, ≥ {@value #LEAST}, as fewer tell no error
 */
public record StoppingRule(Measure measure, double tolerance, int minPasses) {

  /** Passes that tell an error: {@value}. */
  public static final int LEAST = 3;

  /**
   * Checks the rule.
   *
   * @param measure see the record
   * @param tolerance see the record
   * @param minPasses see the record
   * @throws IllegalArgumentException unless {@code 0 < tolerance < ∞}, or if {@code minPasses <
   *     LEAST}
   */
  public StoppingRule {
    if (!(tolerance > 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "tolerance is "
              + tolerance
              + "; it must be above 0 and finite, 0.01 nats is a good start for an entropy");
    }
    if (minPasses < LEAST) {
      throw new IllegalArgumentException(
          "min passes is " + minPasses + "; at least " + LEAST + " tell an error, 50 are better");
    }
  }

  /**
   * The number of passes after which the error is looked at next.
   *
   * @param taken passes taken so far, ≥ 0
   * @param maxPasses passes that an input takes at most
   * @return at most {@code maxPasses}, and more than {@code taken} unless that many were taken
   */
  public int nextLook(int taken, int maxPasses) {
    long next = taken < minPasses ? minPasses : taken + Math.max(1L, taken / 4);
    return (int) Math.min(maxPasses, next);
  }
}
