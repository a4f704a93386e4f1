package io.credence.statistics;

import io.credence.RegressionHead;
import java.util.Arrays;

/**
 * A head of quantiles. Each sample is read as the distribution whose quantile function joins the
 * given points by straight lines and is flat beyond the outermost levels; quantiles that cross are
 * put in order first.
 */
final class QuantileHead extends Head {

  private final double[] levels;

  QuantileHead(RegressionHead.Quantiles declared, int width) {
    super(declared, width);
    this.levels = declared.levels().stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  String problem(double value, int position) {
    return "";
  }

  @Override
  boolean tellsVariance() {
    return true;
  }

  @Override
  boolean tellsDensity() {
    return false;
  }

  /** The quantiles of one target, ascending. */
  double[] quantiles(double[] outputs, int input, int target) {
    double[] values = new double[levels.length];
    for (int q = 0; q < values.length; q++) {
      values[q] = outputs[input * width() + q * targets() + target];
    }
    Arrays.sort(values);
    return values;
  }

  @Override
  double mean(double[] outputs, int input, int target) {
    double[] values = quantiles(outputs, input, target);
    int last = levels.length - 1;
    double first = values[0];
    double sum = (1 - levels[last]) * (values[last] - first);
    for (int q = 1; q <= last; q++) {
      double middle = (values[q] - first) / 2 + (values[q - 1] - first) / 2;
      sum += (levels[q] - levels[q - 1]) * middle;
    }
    return first + sum;
  }

  @Override
  double variance(double[] outputs, int input, int target) {
    double mean = mean(outputs, input, target);
    double[] values = quantiles(outputs, input, target);
    int last = levels.length - 1;
    double a = values[0] - mean;
    double z = values[last] - mean;
    double sum = levels[0] * a * a + (1 - levels[last]) * z * z;
    for (int q = 1; q <= last; q++) {
      double b = values[q] - mean;
      sum += (levels[q] - levels[q - 1]) * (a * a + a * b + b * b) / 3;
      a = b;
    }
    return sum;
  }

  @Override
  double logDensity(double[] outputs, int input, double[] values) {
    throw new IllegalStateException("quantiles have no density");
  }

  /** The distribution function of ascending quantiles at y; with {@code below}, its left limit. */
  double cumulative(double[] values, double y, boolean below) {
    int last = levels.length - 1;
    if (below ? y <= values[0] : y < values[0]) {
      return 0;
    }
    if (below ? y > values[last] : y >= values[last]) {
      return 1;
    }
    int q = 0;
    while (below ? values[q + 1] < y : values[q + 1] <= y) {
      q++;
    }
    return levels[q]
        + (levels[q + 1] - levels[q]) * ((y - values[q]) / (values[q + 1] - values[q]));
  }
}
