package io.credence.statistics;

import io.credence.RegressionHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * All samples of D regression targets for N inputs, for what moments do not hold: quantiles and
 * central intervals of the predictive distribution, which is the mixture of the samples in equal
 * parts, and the likelihood of targets not known before.
 *
 * <p>Memory is S · N · W numbers of float64; where moments or the likelihood of known targets will
 * do, {@link RegressionMoments} and {@link RegressionLogLikelihood} need no more for more samples.
 *
 * <p>Not safe for use by several threads at once while samples are added.
 */
public final class RegressionSamples {

  private final int inputs;
  private final Head head;
  private final List<double[]> passes = new ArrayList<>();

  private RegressionSamples(int inputs, Head head) {
    this.inputs = inputs;
    this.head = head;
  }

  /**
   * No samples yet.
   *
   * @param inputs number of inputs, N ≥ 1
   * @param width numbers the model gives for each input, W
   * @param head how those numbers make up distributions of the targets
   * @return the samples, none
   * @throws IllegalArgumentException if {@code inputs < 1}, or {@code width} does not suit {@code
   *     head}, as {@link RegressionHead#targets}
   */
  public static RegressionSamples of(int inputs, int width, RegressionHead head) {
    if (inputs < 1) {
      throw new IllegalArgumentException("inputs is " + inputs + "; it must be at least 1");
    }
    return new RegressionSamples(inputs, Head.of(head, width));
  }

  /**
   * Number of samples added, S.
   *
   * @return S ≥ 0
   */
  public int samples() {
    return passes.size();
  }

  /**
   * Adds one sample for every input.
   *
   * @param outputs the outputs of one pass, row by row: shape {@code [N, W]}; copied
   * @throws IllegalArgumentException as {@link RegressionMoments#add(double[])}
   */
  public void add(float[] outputs) {
    add(Head.widen(outputs));
  }

  /**
   * Adds one sample for every input, of a model that computes in float64.
   *
   * @param outputs the outputs of one pass, row by row: shape {@code [N, W]}; copied
   * @throws IllegalArgumentException as {@link RegressionMoments#add(double[])}
   */
  public void add(double[] outputs) {
    head.check(outputs, inputs, samples());
    passes.add(outputs.clone());
  }

  /**
   * The moments of the samples.
   *
   * @return the moments, of all samples added so far
   */
  public RegressionMoments moments() {
    RegressionMoments moments = RegressionMoments.of(inputs, head.width(), head.declared());
    passes.forEach(moments::add);
    return moments;
  }

  /**
   * The predictive log-likelihood of targets, as {@link RegressionLogLikelihood}.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @param targets the D targets
   * @return ln p(y), nats
   * @throws IllegalStateException if no sample was added
   * @throws IndexOutOfBoundsException if there is no such input
   * @throws IllegalArgumentException if the head has no density (quantiles, or means without
   *     observation variance), or there are not D targets, all finite
   */
  public double logLikelihood(int index, double... targets) {
    checkAsked(index);
    RegressionLogLikelihood.checkDensity(head);
    if (targets.length != head.targets()) {
      throw new IllegalArgumentException(
          "an input has " + head.targets() + " targets, got " + targets.length);
    }
    RegressionLogLikelihood.checkTargets(targets);
    LogSumExp sum = new LogSumExp(1);
    for (double[] pass : passes) {
      sum.add(0, head.logDensity(pass, index, targets));
    }
    return sum.of(0) - Math.log(samples());
  }

  /**
   * A quantile of the predictive distribution of one target.
   *
   * <p>Where samples are normal distributions or mixtures of them: the y at which their mean
   * distribution function is {@code level}, by a bracketing root finder, to a relative 1e-12 or
   * 1e-12 of the least standard deviation. Where they are quantiles: the same of distribution
   * functions that join the given points by straight lines, exactly; beyond the outermost levels
   * the outermost point. Where they are means alone: the sample quantile of type 7, linear between
   * order statistics (Hyndman and Fan 1996, "Sample Quantiles in Statistical Packages", doi
   * 10.1080/00031305.1996.10473566), in which the noise of the data is not.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @param target the target, 0 ≤ target &lt; D
   * @param level the level, such as 0.5 for the median
   * @return the quantile, in the units of the target
   * @throws IllegalStateException if no sample was added
   * @throws IndexOutOfBoundsException if there is no such input or target
   * @throws IllegalArgumentException unless {@code 0 < level < 1}
   */
  public double quantile(int index, int target, double level) {
    checkAsked(index);
    Objects.checkIndex(target, head.targets());
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "level is " + level + "; it must be between 0 and 1, both exclusive");
    }
    if (head instanceof QuantileHead quantiles) {
      return QuantileMixture.of(quantiles, passes, index, target).quantile(level);
    }
    NormalHead normal = (NormalHead) head;
    return normal.tellsVariance()
        ? NormalMixture.of(normal, passes, index, target).quantile(level)
        : OrderStatistics.quantile(
            passes.stream().mapToDouble(pass -> head.mean(pass, index, target)).toArray(), level);
  }

  /**
   * The interval of one target between the quantiles at (1 − coverage)/2 and (1 + coverage)/2.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @param target the target, 0 ≤ target &lt; D
   * @param coverage the probability that the interval holds, such as 0.9
   * @return the interval, in the units of the target
   * @throws IllegalStateException if no sample was added
   * @throws IndexOutOfBoundsException if there is no such input or target
   * @throws IllegalArgumentException unless {@code 0 < coverage < 1}
   */
  public Interval centralInterval(int index, int target, double coverage) {
    if (!(coverage > 0 && coverage < 1)) {
      throw new IllegalArgumentException(
          "coverage is " + coverage + "; it must be between 0 and 1, both exclusive");
    }
    double low = quantile(index, target, (1 - coverage) / 2);
    return new Interval(low, Math.max(low, quantile(index, target, (1 + coverage) / 2)));
  }

  private void checkAsked(int index) {
    if (passes.isEmpty()) {
      throw new IllegalStateException("no sample was added yet; call add first");
    }
    Objects.checkIndex(index, inputs);
  }
}
