package io.credence.statistics;

import java.util.List;
import org.apache.commons.math3.analysis.solvers.BracketingNthOrderBrentSolver;
import org.apache.commons.math3.special.Erf;

/** A mixture of normal distributions; a standard deviation of 0 is a point. */
final class NormalMixture {

  private static final double ACCURACY = 1e-13;
  private static final int ORDER = 5;
  private static final int EVALUATIONS = 10_000;

  private final double[] weights;
  private final double[] means;
  private final double[] deviations;

  NormalMixture(double[] weights, double[] means, double[] deviations) {
    this.weights = weights;
    this.means = means;
    this.deviations = deviations;
  }

  /** The mixture, in equal parts, of what the passes say of one target. */
  static NormalMixture of(NormalHead head, List<double[]> passes, int input, int target) {
    int components = head.components();
    double[] weights = new double[passes.size() * components];
    double[] means = new double[weights.length];
    double[] deviations = new double[weights.length];
    for (int s = 0; s < passes.size(); s++) {
      double[] shares = head.weights(passes.get(s), input);
      for (int c = 0; c < components; c++) {
        int i = s * components + c;
        weights[i] = shares[c] / passes.size();
        means[i] = head.mean(passes.get(s), input, c, target);
        deviations[i] = Math.sqrt(head.variance(passes.get(s), input, c, target));
      }
    }
    return new NormalMixture(weights, means, deviations);
  }

  /** The least y at which the distribution function is at least {@code level}, 0 < level < 1. */
  double quantile(double level) {
    boolean upper = level > 0.5;
    double tail = upper ? 1 - level : level;
    int sign = upper ? -1 : 1;
    // Φ(−z) ≤ ½ exp(−z²/2), so no component has its quantile farther out than this z.
    double z = Math.sqrt(Math.max(0, -2 * Math.log(2 * tail)));
    double outer = Double.POSITIVE_INFINITY;
    double inner = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        outer = Math.min(outer, sign * means[i] - z * deviations[i]);
        inner = Math.max(inner, sign * means[i]);
        least = deviations[i] > 0 ? Math.min(least, deviations[i]) : least;
      }
    }
    // In mirrored units, so that the tail asked for is always the lower one.
    if (outer == inner || tail(outer, sign) >= tail) {
      return sign * outer;
    }
    if (tail(inner, sign) <= tail) {
      return sign * inner;
    }
    double absolute = least < Double.POSITIVE_INFINITY ? ACCURACY * least : 0;
    BracketingNthOrderBrentSolver solver =
        new BracketingNthOrderBrentSolver(
            ACCURACY, Math.max(absolute, Double.MIN_NORMAL), Double.MIN_NORMAL, ORDER);
    // Logarithms, since products of tails of 1e-300 underflow in the solver.
    double goal = Math.log(tail);
    return sign
        * solver.solve(
            EVALUATIONS,
            y -> Math.log(Math.max(tail(y, sign), Double.MIN_VALUE)) - goal,
            outer,
            inner);
  }

  /** The mass at or below y of the mixture, mirrored if sign is −1. */
  private double tail(double y, int sign) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double delta = y - sign * means[i];
      if (deviations[i] == 0) {
        sum += delta >= 0 ? weights[i] : 0;
      } else {
        sum += weights[i] * 0.5 * Erf.erfc(-delta / deviations[i] / Math.sqrt(2));
      }
    }
    return sum;
  }
}
