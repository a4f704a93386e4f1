package io.credence.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What S samples y_s of D regression targets say about one input. Immutable; in the units of the
 * targets, variances in their squares.
 *
 * <p>Each sample gives every target a distribution of mean y_s and, unless the model predicts means
 * alone, variance v_s. With ȳ = (1/S) Σ y_s, the prediction: the epistemic variance (1/S) Σ (y_s −
 * ȳ)² is the part of the predictive variance on which the samples disagree, the aleatoric variance
 * (1/S) Σ v_s the noise of the data that they predict, and their sum the variance of the mixture of
 * the samples (the law of total variance). With S = 1 the epistemic variance is 0: one sample
 * cannot disagree with itself.
 *
 * <p>Errors are computed when the first is asked for; until then the sums of the groups of passes
 * are kept, G times the numbers of the summary itself.
 *
 * <p>Sources: Gal and Ghahramani 2016, "Dropout as a Bayesian Approximation", arXiv 1506.02142,
 * section 4; Kendall and Gal 2017, "What Uncertainties Do We Need in Bayesian Deep Learning for
 * Computer Vision?", arXiv 1703.04977, section 3.1, equation 9.
 */
public final class RegressionSummary {

  private static final int SHOWN = 5;

  /** The order in which errors are told. */
  private static final List<RegressionMeasure> MEASURES = List.of(RegressionMeasure.values());

  private final RegressionSums sums;
  private final int input;
  private final Lazy<SamplingError> error;

  /** Of an input of sums that hold one sample at least and do not change any more. */
  RegressionSummary(RegressionSums sums, int input, Supplier<SamplingError> error) {
    this.sums = sums;
    this.input = input;
    this.error = new Lazy<>(error);
  }

  /** Every measure of every target of an input; NaN where a variance is not told. */
  static double[] measures(RegressionSums sums, int input) {
    RegressionSummary summary = new RegressionSummary(sums, input, () -> SamplingError.NONE);
    double[] values = new double[MEASURES.size() * sums.targets()];
    for (int i = 0; i < values.length; i++) {
      RegressionMeasure measure = MEASURES.get(i / sums.targets());
      values[i] = measure.of(summary, i % sums.targets()).orElse(Double.NaN);
    }
    return values;
  }

  /**
   * Number of samples, S.
   *
   * @return S ≥ 1
   */
  public long samples() {
    return sums.samples();
  }

  /**
   * Number of members of the ensemble that the samples are of, M.
   *
   * @return M ≥ 1; 1 for one model
   */
  public int members() {
    return sums.members();
  }

  /**
   * Number of targets, D.
   *
   * @return D ≥ 1
   */
  public int targets() {
    return sums.targets();
  }

  /**
   * The mean over samples of each target, ȳ: the prediction.
   *
   * @return a copy, shape {@code [D]}
   */
  public double[] mean() {
    return sums.means(input);
  }

  /**
   * The mean over samples of one target.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ȳ of that target
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public double mean(int target) {
    return sums.mean(input, target);
  }

  /**
   * The variance over samples of each target, (1/S) Σ (y_s − ȳ)²; population variance (ddof 0).
   *
   * @return a copy, shape {@code [D]}, each ≥ 0, in squared units of the target; high means that
   *     the networks contradict each other
   */
  public double[] epistemicVariance() {
    double[] variances = new double[targets()];
    Arrays.setAll(variances, this::epistemicVariance);
    return variances;
  }

  /**
   * The variance over samples of one target.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public double epistemicVariance(int target) {
    return sums.varianceWithin(input, target) + sums.varianceBetween(input, target);
  }

  /**
   * The variance of the members' means of one target, Σ_m w_m (ȳ_m − ȳ)²: what the members of an
   * ensemble disagree on. With {@link #withinMembersVariance} it makes up {@link
   * #epistemicVariance(int)}. With T passes a member it is biased upwards by about a T-th of the
   * part within, which {@link #biasCorrected} removes.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target; 0 of one model
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public double betweenMembersVariance(int target) {
    Objects.checkIndex(target, targets());
    return sums.varianceBetween(input, target);
  }

  /**
   * The mean over members of the variance of one target over the member's own samples, Σ_m w_m
   * Var_t(y_mt): what dropout within members disagrees on.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target; {@link #epistemicVariance(int)} of one model
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public double withinMembersVariance(int target) {
    return sums.varianceWithin(input, target);
  }

  /**
   * The standard deviation over samples of one target, the root of {@link #epistemicVariance(int)}.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in the units of the target
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public double epistemicStandardDeviation(int target) {
    return Math.sqrt(epistemicVariance(target));
  }

  /**
   * The mean over samples of the predicted variance of one target, (1/S) Σ v_s. Of {@linkplain
   * io.credence.RegressionHead.Quantiles quantiles} it leaves the tails out, and so is a lower
   * bound.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target; high means that the data themselves scatter; empty
   *     if the model predicts means alone and no observation variance was declared
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble aleatoricVariance(int target) {
    Objects.checkIndex(target, targets());
    return sums.tellsVariance()
        ? OptionalDouble.of(sums.variance(input, target))
        : OptionalDouble.empty();
  }

  /**
   * The variance of the mixture of all samples, epistemic plus aleatoric.
   *
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in squared units of the target; empty where {@link #aleatoricVariance} is
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble totalVariance(int target) {
    double epistemic = epistemicVariance(target);
    return sums.tellsVariance()
        ? OptionalDouble.of(epistemic + sums.variance(input, target))
        : OptionalDouble.empty();
  }

  /**
   * The standard error of a measure of one target: how far it would scatter were other networks
   * drawn, S of them. By the jackknife over the groups of {@link
   * RegressionMoments#withErrorGroups}; of an ensemble it is the error of drawing passes with the
   * members as they are.
   *
   * @param measure the measure
   * @param target the target, 0 ≤ target &lt; D
   * @return ≥ 0, in the unit of the measure; empty if no error groups were asked for, fewer than
   *     two samples are left without some group, or the model does not tell the measure
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble standardError(RegressionMeasure measure, int target) {
    return told(error.get().standardError(index(measure, target)));
  }

  /**
   * A measure of one target less its bias of order 1/S by the jackknife. The epistemic variance of
   * S samples is on average a share 1/S too small; means have no bias.
   *
   * @param measure the measure
   * @param target the target, 0 ≤ target &lt; D
   * @return in the unit of the measure, and not cut off at its range: a variance near 0 may come
   *     out below it; empty as {@link #standardError}
   * @throws IndexOutOfBoundsException if there is no such target
   */
  public OptionalDouble biasCorrected(RegressionMeasure measure, int target) {
    return told(error.get().corrected(index(measure, target)));
  }

  /**
   * A confidence interval of a measure of one target at infinitely many samples: its bias-corrected
   * value ± t · standard error, t the quantile of Student's distribution with one degree of freedom
   * less than there are groups, cut off at 0 for variances.
   *
   * @param measure the measure
   * @param target the target, 0 ≤ target &lt; D
   * @param level how often the interval should hold the value, such as 0.95
   * @return the interval, in the unit of the measure; empty as {@link #standardError}
   * @throws IndexOutOfBoundsException if there is no such target
   * @throws IllegalArgumentException unless {@code 0 < level < 1}
   */
  public Optional<Interval> interval(RegressionMeasure measure, int target, double level) {
    int index = index(measure, target);
    OptionalDouble centre = biasCorrected(measure, target);
    Interval range = new Interval(measure.lowest(), Double.POSITIVE_INFINITY);
    SamplingError told = centre.isEmpty() ? SamplingError.NONE : error.get();
    return told.interval(index, centre.orElse(0), level, range);
  }

  private int index(RegressionMeasure measure, int target) {
    return MEASURES.indexOf(measure) * targets() + Objects.checkIndex(target, targets());
  }

  private static OptionalDouble told(OptionalDouble number) {
    return Double.isNaN(number.orElse(0)) ? OptionalDouble.empty() : number;
  }

  /** Returns mean ± epistemic standard deviation of the first targets, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("mean ± epistemic standard deviation ");
    for (int d = 0; d < Math.min(targets(), SHOWN); d++) {
      text.append(d == 0 ? "" : ", ");
      text.append(
          String.format(Locale.ROOT, "%.4g ± %.4g", mean(d), epistemicStandardDeviation(d)));
    }
    return text.append(targets() > SHOWN ? ", …" : "").toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegressionSummary that
        && sums.keep(input).same(that.sums.keep(that.input))
        && error.get().equals(that.error.get());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sums.means(input)) * 31 + Long.hashCode(samples());
  }
}
