package io.credence.decision;

import io.credence.statistics.Interval;
import java.util.List;

/**
 * Intervals that hold the target with a probability of at least 1 − α, made of a model's intervals
 * by conformalised quantile regression: both ends move out by q̂, or in if it is negative, the ⌈(n
 * + 1)(1 − α)⌉-th smallest of max(low − y, y − high) over n held-out targets y. Where that rank is
 * above n, n &lt; ⌈1/α⌉ − 1, q̂ is +∞ and so are intervals: so few inputs allow no smaller promise.
 * An interval that would be turned inside out becomes its centre.
 *
 * <p>The promise holds for inputs exchangeable with the held-out ones, on average over all of them
 * and over held-out sets, whatever the intervals; how narrow they are depends on the model. Of
 * intervals without width, the means, it is split conformal prediction by absolute residuals: one
 * width for all. Immutable.
 *
 * <p>Source: Romano, Patterson, Candès 2019, "Conformalized Quantile Regression", arXiv 1905.03222,
 * theorem 1.
 */
public final class ConformalRegressor {

  private final int inputs;
  private final int rank;
  private final double margin;

  private ConformalRegressor(int inputs, int rank, double margin) {
    this.inputs = inputs;
    this.rank = rank;
    this.margin = margin;
  }

  /**
   * Finds the margin on held-out inputs.
   *
   * @param intervals the model's interval for each input, n ≥ 1, ends finite, such as {@link
   *     io.credence.statistics.RegressionSamples#centralInterval} of coverage 1 − α
   * @param targets what each turned out to be, finite
   * @param alpha how often an interval may miss the target, within (0, 1)
   * @return the regressor
   * @throws IllegalArgumentException if there is no input, lengths differ, an end or a target is
   *     not finite, or unless {@code 0 < alpha < 1}
   */
  public static ConformalRegressor calibrate(
      List<Interval> intervals, double[] targets, double alpha) {
    Scores.checkShare("alpha", alpha);
    Scores.checkLengths("intervals", intervals.size(), "targets", targets.length);
    if (targets.length == 0) {
      throw new IllegalArgumentException("targets is empty; at least one input is needed");
    }
    double[] scores = new double[targets.length];
    for (int n = 0; n < scores.length; n++) {
      Interval interval = intervals.get(n);
      if (!Double.isFinite(interval.low())
          || !Double.isFinite(interval.high())
          || !Double.isFinite(targets[n])) {
        throw new IllegalArgumentException(
            "input "
                + n
                + " has "
                + interval
                + " and target "
                + targets[n]
                + "; all must be finite");
      }
      scores[n] = Math.max(interval.low() - targets[n], targets[n] - interval.high());
    }
    int rank = Scores.conformalRank(scores.length, alpha);
    return new ConformalRegressor(scores.length, rank, Scores.ofRank(scores, rank));
  }

  /**
   * How far the ends of intervals move out.
   *
   * @return q̂, in the unit of the target, negative if intervals were too wide; +∞ if the {@link
   *     #quantileLevel} is above 1
   */
  public double margin() {
    return margin;
  }

  /**
   * The level of the quantile that the margin is.
   *
   * @return ⌈(n + 1)(1 − α)⌉/n &gt; 1 − α; above 1 if n is too small
   */
  public double quantileLevel() {
    return (double) rank / inputs;
  }

  /**
   * The interval of one input.
   *
   * @param interval the model's, made as those of the held-out inputs
   * @return the interval with its ends moved by the margin
   * @throws IllegalArgumentException if an end is not finite
   */
  public Interval interval(Interval interval) {
    if (!Double.isFinite(interval.low()) || !Double.isFinite(interval.high())) {
      throw new IllegalArgumentException(interval + " is given; its ends must be finite");
    }
    double low = interval.low() - margin;
    double high = interval.high() + margin;
    double centre = interval.low() / 2 + interval.high() / 2;
    return low <= high ? new Interval(low, high) : new Interval(centre, centre);
  }
}
