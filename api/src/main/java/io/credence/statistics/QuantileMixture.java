package io.credence.statistics;

import java.util.Arrays;
import java.util.List;

/** The mixture, in equal parts, of distributions given by quantiles. */
final class QuantileMixture {

  private final QuantileHead head;
  private final double[][] parts;
  private final double[] points;

  private QuantileMixture(QuantileHead head, double[][] parts) {
    this.head = head;
    this.parts = parts;
    this.points =
        Arrays.stream(parts).flatMapToDouble(Arrays::stream).sorted().distinct().toArray();
  }

  /** The mixture of what the passes say of one target. */
  static QuantileMixture of(QuantileHead head, List<double[]> passes, int input, int target) {
    return new QuantileMixture(
        head,
        passes.stream().map(pass -> head.quantiles(pass, input, target)).toArray(double[][]::new));
  }

  /** The least y at which the distribution function is at least {@code level}, 0 < level < 1. */
  double quantile(double level) {
    int low = 0;
    int high = points.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative(points[middle], false) >= level) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low == 0) {
      return points[0];
    }
    double end = cumulative(points[low], true);
    if (end <= level) {
      return points[low];
    }
    // Between two neighbouring points the function is a straight line.
    double start = cumulative(points[low - 1], false);
    double share = (level - start) / (end - start);
    return points[low - 1] + share * (points[low] - points[low - 1]);
  }

  private double cumulative(double y, boolean below) {
    double sum = 0;
    for (double[] part : parts) {
      sum += head.cumulative(part, y, below);
    }
    return sum / parts.length;
  }
}
