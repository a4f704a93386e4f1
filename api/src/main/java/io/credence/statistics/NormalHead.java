package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.RegressionHead;

/** Heads whose samples are normal distributions or mixtures of such; C = 1 for all but mixtures. */
final class NormalHead extends Head {

  /** Logarithms of variances beyond it leave float64; those of deviations have half the room. */
  private static final double LARGEST_LOG_VARIANCE = 600;

  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private final OutputKind kind;
  private final int components;
  private final boolean tellsVariance;
  private final double observationVariance;

  NormalHead(RegressionHead declared, int width) {
    super(declared, width);
    this.kind = declared.kind();
    this.components =
        declared instanceof RegressionHead.MixtureDensity mixture ? mixture.components() : 1;
    if (declared instanceof RegressionHead.Mean mean) {
      this.tellsVariance = mean.observationVariance().isPresent();
      this.observationVariance = mean.observationVariance().orElse(0);
    } else {
      this.tellsVariance = true;
      this.observationVariance = 0;
    }
  }

  int components() {
    return components;
  }

  @Override
  boolean tellsVariance() {
    return tellsVariance;
  }

  @Override
  boolean tellsDensity() {
    return tellsVariance;
  }

  @Override
  String problem(double value, int position) {
    boolean spread = position >= declared().shared() + components * targets();
    if (spread && kind == OutputKind.MEAN_AND_VARIANCE && !(value >= 0)) {
      return "a variance must be at least 0; declare "
          + OutputKind.MEAN_AND_LOG_VARIANCE
          + " if it is a logarithm";
    }
    double largest =
        kind == OutputKind.MIXTURE_DENSITY ? LARGEST_LOG_VARIANCE / 2 : LARGEST_LOG_VARIANCE;
    if (spread && kind != OutputKind.MEAN_AND_VARIANCE && !(Math.abs(value) <= largest)) {
      return "the logarithm of a "
          + (kind == OutputKind.MIXTURE_DENSITY ? "standard deviation" : "variance")
          + " must be within ±"
          + largest;
    }
    return "";
  }

  /** The weights of the components, which sum to 1. */
  double[] weights(double[] outputs, int input) {
    double[] weights = new double[components];
    if (components == 1) {
      weights[0] = 1;
      return weights;
    }
    int from = input * width();
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < components; c++) {
      max = Math.max(max, outputs[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < components; c++) {
      weights[c] = Math.exp(outputs[from + c] - max);
      sum += weights[c];
    }
    for (int c = 0; c < components; c++) {
      weights[c] /= sum;
    }
    return weights;
  }

  double mean(double[] outputs, int input, int component, int target) {
    return outputs[input * width() + declared().shared() + component * targets() + target];
  }

  double variance(double[] outputs, int input, int component, int target) {
    int at = input * width() + declared().shared() + (components + component) * targets() + target;
    return switch (kind) {
      case MEAN -> observationVariance;
      case MEAN_AND_VARIANCE -> outputs[at];
      case MEAN_AND_LOG_VARIANCE -> Math.exp(outputs[at]);
      default -> Math.exp(2 * outputs[at]);
    };
  }

  @Override
  double mean(double[] outputs, int input, int target) {
    if (components == 1) {
      return mean(outputs, input, 0, target);
    }
    double[] weights = weights(outputs, input);
    // About the heaviest mean: those that agree come out as they are, and one far off that hardly
    // counts takes no digits from the others.
    double heaviest = mean(outputs, input, ArgMax.of(weights), target);
    double sum = 0;
    for (int c = 0; c < components; c++) {
      sum += weights[c] * (mean(outputs, input, c, target) - heaviest);
    }
    return heaviest + sum;
  }

  @Override
  double variance(double[] outputs, int input, int target) {
    if (components == 1) {
      return variance(outputs, input, 0, target);
    }
    double[] weights = weights(outputs, input);
    double mean = mean(outputs, input, target);
    double sum = 0;
    for (int c = 0; c < components; c++) {
      double delta = mean(outputs, input, c, target) - mean;
      sum += weights[c] * (variance(outputs, input, c, target) + delta * delta);
    }
    return sum;
  }

  @Override
  double logDensity(double[] outputs, int input, double[] values) {
    double[] weights = weights(outputs, input);
    LogSumExp sum = new LogSumExp(1);
    for (int c = 0; c < components; c++) {
      double log = logWeight(outputs, input, c, weights);
      for (int d = 0; d < values.length && log != Double.NEGATIVE_INFINITY; d++) {
        double one = logNormal(values[d], outputs, input, c, d);
        log = one == Double.NEGATIVE_INFINITY ? one : log + one;
      }
      sum.add(0, log);
    }
    return sum.of(0);
  }

  /** Not the logarithm of a weight that may have underflown. */
  private double logWeight(double[] outputs, int input, int component, double[] weights) {
    if (components == 1) {
      return 0;
    }
    int best = ArgMax.of(weights);
    int from = input * width();
    return outputs[from + component] - outputs[from + best] + Math.log(weights[best]);
  }

  private double logNormal(double value, double[] outputs, int input, int component, int target) {
    double delta = value - mean(outputs, input, component, target);
    int at = input * width() + declared().shared() + (components + component) * targets() + target;
    double logVariance =
        switch (kind) {
          case MEAN -> Math.log(observationVariance);
          case MEAN_AND_VARIANCE -> Math.log(outputs[at]);
          case MEAN_AND_LOG_VARIANCE -> outputs[at];
          default -> 2 * outputs[at];
        };
    if (logVariance == Double.NEGATIVE_INFINITY) {
      return delta == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    double scaled = delta / Math.exp(logVariance / 2);
    return -0.5 * (scaled * scaled + logVariance + LOG_2_PI);
  }
}
