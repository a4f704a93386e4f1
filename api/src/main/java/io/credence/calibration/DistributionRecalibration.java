package io.credence.calibration;

import java.util.Arrays;

/**
 * Which levels a regressor's distributions must be asked for, so that targets fall below as often
 * as the level says. Fitted on the levels p_t = F_t(y_t) of held-out targets: R(p) is the
 * {@linkplain IsotonicMap isotonic map} through (p_t, share of levels ≤ p_t), and (0, 0), so that R
 * ∘ F is a calibrated distribution, and its quantile at level q is the model's at the least p with
 * R(p) ≥ q.
 *
 * <p>It calibrates on average over all inputs, not for each kind, and it makes no promise for few
 * inputs, as {@link io.credence.decision.ConformalRegressor} does: beyond the outermost p_t it
 * knows nothing. Immutable. Source: Kuleshov, Fenner, Ermon 2018, "Accurate Uncertainties for Deep
 * Learning Using Calibrated Regression", arXiv 1807.00263, algorithm 1.
 */
public final class DistributionRecalibration {

  private final double[] sorted;
  private final IsotonicMap map;

  private DistributionRecalibration(double[] sorted, IsotonicMap map) {
    this.sorted = sorted;
    this.map = map;
  }

  /**
   * Fits the map.
   *
   * @param levels F_t(y_t) of each of n ≥ 1 held-out targets, within [0, 1], such as {@link
   *     PredictiveDistribution#distributionFunction}
   * @return the recalibration
   * @throws IllegalArgumentException if there is no level, or one is NaN or outside [0, 1]
   */
  public static DistributionRecalibration fit(double... levels) {
    if (levels.length == 0) {
      throw new IllegalArgumentException("levels is empty; at least one is needed");
    }
    double[] sorted = levels.clone();
    for (int i = 0; i < sorted.length; i++) {
      checkLevel("levels[" + i + "]", sorted[i]);
      sorted[i] += 0.0; // -0.0 is 0.0
    }
    Arrays.sort(sorted);
    int origin = sorted[0] > 0 ? 1 : 0;
    double[] xs = new double[sorted.length + origin];
    double[] ys = new double[xs.length];
    for (int i = 0; i < sorted.length; i++) {
      xs[i + origin] = sorted[i];
      ys[i + origin] = share(sorted, sorted[i]);
    }
    return new DistributionRecalibration(sorted, IsotonicMap.fit(xs, ys));
  }

  private static void checkLevel(String name, double level) {
    if (!(level >= 0 && level <= 1)) {
      throw new IllegalArgumentException(name + " is " + level + "; it must be within [0, 1]");
    }
  }

  /** Share of sorted levels that are at most a level. */
  private static double share(double[] sorted, double level) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] <= level) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return (double) from / sorted.length;
  }

  /**
   * How often targets fall below a quantile of the model.
   *
   * @param level the level of that quantile, within [0, 1]
   * @return R(level), within [0, 1]; never lower for a higher level
   * @throws IllegalArgumentException unless {@code 0 <= level <= 1}
   */
  public double recalibrated(double level) {
    checkLevel("level", level);
    return map.value(level);
  }

  /**
   * The level at which to ask the model for a quantile, so that targets fall below as often as
   * asked for.
   *
   * @param level how often targets shall fall below, within [0, 1]
   * @return the least level whose {@link #recalibrated} value is at least that
   * @throws IllegalArgumentException unless {@code 0 <= level <= 1}
   */
  public double levelFor(double level) {
    checkLevel("level", level);
    return map.least(level);
  }

  /**
   * How far the held-out levels are from uniform: the mean over m levels q_j = j/(m + 1) of (q_j −
   * share of p_t ≤ q_j)², the calibration error of Kuleshov et al., equation 9, with weights 1/m.
   * It is that of the model before recalibration.
   *
   * @param points number of levels, m ≥ 1
   * @return within [0, 1]; 0 if calibrated at these levels
   * @throws IllegalArgumentException if {@code points < 1}
   */
  public double meanSquareError(int points) {
    if (points < 1) {
      throw new IllegalArgumentException("points is " + points + "; it must be at least 1");
    }
    double sum = 0;
    for (int j = 1; j <= points; j++) {
      double level = j / (points + 1.0);
      double gap = level - share(sorted, level);
      sum += gap * gap;
    }
    return sum / points;
  }
}
