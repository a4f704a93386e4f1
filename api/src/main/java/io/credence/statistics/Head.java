package io.credence.statistics;

import io.credence.RegressionHead;

/**
 * Reads the numbers that a regressor gives for each input as distributions of its D targets. A row
 * is the part {@code [input · width, (input + 1) · width)} of the outputs of a pass.
 */
abstract class Head {

  /** Squares of larger numbers would leave float64. */
  static final double LARGEST = 1e150;

  private final RegressionHead declared;
  private final int width;
  private final int targets;

  Head(RegressionHead declared, int width) {
    this.declared = declared;
    this.width = width;
    this.targets = declared.targets(width);
  }

  static Head of(RegressionHead declared, int width) {
    return declared instanceof RegressionHead.Quantiles quantiles
        ? new QuantileHead(quantiles, width)
        : new NormalHead(declared, width);
  }

  final RegressionHead declared() {
    return declared;
  }

  final int width() {
    return width;
  }

  final int targets() {
    return targets;
  }

  /** Refuses what cannot be an output of such a head; {@code sample} is for the message. */
  final void check(double[] outputs, int inputs, long sample) {
    if (outputs.length != inputs * width) {
      throw PassTiles.wrongSize(inputs, width, outputs.length);
    }
    for (int i = 0; i < outputs.length; i++) {
      String problem =
          Math.abs(outputs[i]) <= LARGEST
              ? problem(outputs[i], i % width)
              : "outputs must be finite, and within ±" + LARGEST;
      if (!problem.isEmpty()) {
        throw new IllegalArgumentException(
            "sample "
                + sample
                + " holds "
                + outputs[i]
                + " at input "
                + i / width
                + ", position "
                + i % width
                + "; "
                + problem);
      }
    }
  }

  /** What is wrong with a number at a position of a row; empty if nothing. */
  abstract String problem(double value, int position);

  /** Whether the spread of the targets about the mean is known. */
  abstract boolean tellsVariance();

  /** Whether targets have a density. */
  abstract boolean tellsDensity();

  abstract double mean(double[] outputs, int input, int target);

  /** The variance about the mean; only where it is told. */
  abstract double variance(double[] outputs, int input, int target);

  /** ln of the joint density of all targets of an input; only where there is one. */
  abstract double logDensity(double[] outputs, int input, double[] values);

  static double[] widen(float[] outputs) {
    return widen(outputs, new double[outputs.length]);
  }

  /** Writes numbers into another array, and returns that. */
  static double[] widen(float[] outputs, double[] wide) {
    for (int i = 0; i < wide.length; i++) {
      wide[i] = outputs[i];
    }
    return wide;
  }
}
