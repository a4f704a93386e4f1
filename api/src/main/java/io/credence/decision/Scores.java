package io.credence.decision;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/** Checks and ranks of scores. */
final class Scores {

  private Scores() {}

  /** Refuses none, and NaN, which has no rank. */
  static void check(String name, double... scores) {
    if (scores.length == 0) {
      throw new IllegalArgumentException(name + " is empty; at least one score is needed");
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException(name + "[" + i + "] is NaN; scores must be numbers");
      }
    }
  }

  static void checkLengths(String name, int length, String other, int otherLength) {
    if (length != otherLength) {
      throw new IllegalArgumentException(
          length
              + " "
              + name
              + " and "
              + otherLength
              + " "
              + other
              + " are given; as many of both"
              + " are needed");
    }
  }

  /** Refuses losses of another number than answers, and what costs no finite amount. */
  static void checkLosses(String name, int answers, double... losses) {
    checkLengths(name, answers, "losses", losses.length);
    for (int i = 0; i < losses.length; i++) {
      if (!(losses[i] >= 0 && losses[i] < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "losses[" + i + "] is " + losses[i] + "; it must be finite and at least 0");
      }
    }
  }

  static void checkShare(String name, double share) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          name + " is " + share + "; it must be between 0 and 1, both exclusive");
    }
  }

  /**
   * ⌈(n + 1)(1 − rate)⌉, in decimals: in float64, 10 · (1 − 0.7) is above 3, whose ceiling is 4.
   */
  static int conformalRank(int inputs, double rate) {
    BigDecimal excluded = BigDecimal.valueOf(rate).multiply(BigDecimal.valueOf(inputs + 1L));
    return inputs + 1 - excluded.setScale(0, RoundingMode.FLOOR).intValueExact();
  }

  /** ⌈share · n⌉, in decimals. */
  static int rank(int inputs, double share) {
    return BigDecimal.valueOf(share)
        .multiply(BigDecimal.valueOf(inputs))
        .setScale(0, RoundingMode.CEILING)
        .intValueExact();
  }

  /** The score of a rank, from 1 for the least; +∞ beyond the last. */
  static double ofRank(double[] scores, int rank) {
    if (rank > scores.length) {
      return Double.POSITIVE_INFINITY;
    }
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    return sorted[rank - 1];
  }

  /** The number of inputs from which on a conformal rank exists, ⌈1/rate⌉ − 1. */
  static long leastInputs(double rate) {
    return BigDecimal.ONE.divide(BigDecimal.valueOf(rate), 0, RoundingMode.CEILING).longValueExact()
        - 1;
  }
}
