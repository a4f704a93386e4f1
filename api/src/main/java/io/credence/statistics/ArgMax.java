package io.credence.statistics;

/** The position of the largest value, the lowest on a tie. */
final class ArgMax {

  private ArgMax() {}

  static int of(double[] values) {
    return of(values, 0, values.length);
  }

  /** The position of the largest of some values that follow each other. */
  static int of(double[] values, int from, int length) {
    int best = from;
    for (int i = from + 1; i < from + length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }
}
