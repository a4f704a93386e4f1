package io.credence.statistics;

/** The position of the largest value, the lowest on a tie. */
final class ArgMax {

  private ArgMax() {}

  static int of(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
