package io.credence.statistics;

import java.util.Arrays;
import java.util.Objects;

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

  /** Adds what a pass tells of every input, and counts it in. */
  void add(Head head, double[] outputs) {
    count(1);
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
  void mergeValues(RegressionSums other, double factor, boolean member) {
    if (member && memberSquares.length == 0) {
      memberSquares = new double[mean.length];
    }
    double theirs = other.weight() * factor;
    double share = theirs / (weight() + theirs);
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

  @Override
  int inputs() {
    return mean.length / targets;
  }

  private int at(int input, int target) {
    return input * targets + Objects.checkIndex(target, targets);
  }

  double mean(int input, int target) {
    return mean[at(input, target)];
  }

  /** The means of an input. */
  double[] means(int input) {
    return Arrays.copyOfRange(mean, input * targets, (input + 1) * targets);
  }

  /** The population variance of a target of an input within members, on average. */
  double varianceWithin(int input, int target) {
    return centredSquares[at(input, target)] / weight();
  }

  /** The population variance of the members' means of a target of an input. */
  double varianceBetween(int input, int target) {
    return memberSquares.length == 0 ? 0 : memberSquares[at(input, target)] / weight();
  }

  /** The mean variance of a target of an input, where variances are told. */
  double variance(int input, int target) {
    return variance[at(input, target)];
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
