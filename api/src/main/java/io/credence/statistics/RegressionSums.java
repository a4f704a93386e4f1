package io.credence.statistics;

import java.util.Arrays;

/** Sums over samples of D regression targets, for N inputs: mean, centred squares, variance. */
final class RegressionSums extends Sums<RegressionSums> {

  private final int targets;
  private final double[] mean;
  private final double[] centredSquares;

  /** Means over samples of the variance that each tells; no numbers where none is told. */
  private final double[] variance;

  /** What the members' means differ by; no numbers before there are two. */
  private double[] memberSquares = {};

  RegressionSums(int inputs, int targets, boolean tellsVariance) {
    this.targets = targets;
    this.mean = new double[Math.multiplyExact(inputs, targets)];
    this.centredSquares = new double[mean.length];
    this.variance = new double[tellsVariance ? mean.length : 0];
  }

  private RegressionSums(RegressionSums that, int... inputs) {
    this.targets = that.targets;
    this.mean = rows(that.mean, targets, inputs);
    this.centredSquares = rows(that.centredSquares, targets, inputs);
    this.variance = rows(that.variance, targets, inputs);
    this.memberSquares = rows(that.memberSquares, targets, inputs);
  }

  int targets() {
    return targets;
  }

  boolean tellsVariance() {
    return variance.length > 0;
  }

  /** Adds what the sample counted last tells of every input. */
  void add(Head head, double[] outputs) {
    for (int i = 0; i < mean.length; i++) {
      int input = i / targets;
      int target = i % targets;
      double value = head.mean(outputs, input, target);
      double delta = value - mean[i];
      mean[i] += delta / weight();
      centredSquares[i] += delta * (value - mean[i]);
      if (tellsVariance()) {
        variance[i] += (head.variance(outputs, input, target) - variance[i]) / weight();
      }
    }
  }

  @Override
  void mergeValues(RegressionSums other, double factor, double share, boolean member) {
    if (member && memberSquares.length == 0) {
      memberSquares = new double[mean.length];
    }
    double cross = weight() * share;
    double[] squares = member ? memberSquares : centredSquares;
    for (int i = 0; i < mean.length; i++) {
      double delta = other.mean[i] - mean[i];
      mean[i] += delta * share;
      centredSquares[i] += other.centredSquares[i] * factor;
      squares[i] += delta * delta * cross;
    }
    for (int i = 0; i < variance.length; i++) {
      variance[i] += (other.variance[i] - variance[i]) * share;
    }
  }

  @Override
  RegressionSums keepValues(int... inputs) {
    return new RegressionSums(this, inputs);
  }

  @Override
  RegressionSums empty() {
    return new RegressionSums(mean.length / targets, targets, tellsVariance());
  }

  /** The means of the first input, not copied. */
  double[] means() {
    return mean;
  }

  /** The population variance of a target of the first input within members, on average. */
  double varianceWithin(int target) {
    return centredSquares[target] / weight();
  }

  /** The population variance of the members' means of a target of the first input. */
  double varianceBetween(int target) {
    return memberSquares.length == 0 ? 0 : memberSquares[target] / weight();
  }

  /** The mean variance of a target of the first input, where variances are told. */
  double variance(int target) {
    return variance[target];
  }

  /** Whether other sums hold the same numbers. */
  boolean same(RegressionSums that) {
    return sameCounts(that)
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(centredSquares, that.centredSquares)
        && Arrays.equals(variance, that.variance)
        && Arrays.equals(memberSquares, that.memberSquares);
  }
}
