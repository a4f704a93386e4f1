package io.credence.statistics;

import java.util.Arrays;

/** Sample quantiles of type 7 of Hyndman and Fan 1996. */
final class OrderStatistics {

  private OrderStatistics() {}

  /** The quantile of values, which are sorted in place. */
  static double quantile(double[] values, double level) {
    Arrays.sort(values);
    double position = (values.length - 1) * level;
    int below = (int) position;
    int above = Math.min(below + 1, values.length - 1);
    return values[below] + (position - below) * (values[above] - values[below]);
  }
}
