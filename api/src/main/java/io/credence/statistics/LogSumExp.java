package io.credence.statistics;

import java.util.Arrays;

/** Streaming ln Σ exp(x) of several sums, whatever the size of the x, ±∞ among them. */
final class LogSumExp {

  private final double[] largest;
  private final double[] scaled;

  LogSumExp(int sums) {
    largest = new double[sums];
    Arrays.fill(largest, Double.NEGATIVE_INFINITY);
    scaled = new double[sums];
  }

  void add(int index, double x) {
    add(index, x, 1);
  }

  void merge(LogSumExp other) {
    for (int i = 0; i < largest.length; i++) {
      add(i, other.largest[i], other.scaled[i]);
    }
  }

  private void add(int index, double x, double times) {
    if (x == Double.NEGATIVE_INFINITY) {
      return;
    }
    if (x <= largest[index]) {
      scaled[index] += x == largest[index] ? times : times * Math.exp(x - largest[index]);
    } else {
      scaled[index] = scaled[index] * Math.exp(largest[index] - x) + times;
      largest[index] = x;
    }
  }

  /** The logarithm of a sum; −∞ if nothing was added. */
  double of(int index) {
    return largest[index] + Math.log(scaled[index]);
  }
}
