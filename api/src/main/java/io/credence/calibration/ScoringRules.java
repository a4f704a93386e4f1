package io.credence.calibration;

import io.credence.statistics.ClassificationSummary;

/**
 * Streaming scoring rules of a classifier's predictions against labels: the means over N inputs of
 * what each prediction p̄, a distribution over K classes, costs once the label y is known. All are
 * better the lower they are, and proper: on average no other prediction costs less than the
 * probabilities that labels truly have.
 *
 * <pre>
 * error rate               (1/N) Σ 1[argmax_k p̄_k ≠ y]
 * negative log-likelihood  (1/N) Σ −ln p̄_y
 * Brier score              (1/N) Σ Σ_k (p̄_k − 1[k = y])²
 * </pre>
 *
 * <p>State is O(1), in float64, whatever the number of inputs. Sums are plain: the order of inputs
 * and of merges changes a result by rounding alone, a relative 2⁻⁵² N at most. Not safe for use by
 * several threads at once; give each its own and {@link #merge}.
 *
 * <p>Sources: Gneiting and Raftery 2007, "Strictly Proper Scoring Rules, Prediction, and
 * Estimation", section 3, doi 10.1198/016214506000001437; Brier 1950, "Verification of Forecasts
 * Expressed in Terms of Probability", doi 10.1175/1520-0493(1950)078&lt;0001:VOFEIT&gt;2.0.CO;2.
 */
public final class ScoringRules {

  private final int classes;
  private long inputs;
  private long errors;
  private double negativeLogLikelihoods;
  private double brierScores;

  private ScoringRules(int classes) {
    this.classes = classes;
  }

  /**
   * Scoring rules of no input yet.
   *
   * @param classes number of classes, K ≥ 2
   * @return the rules, with no input
   * @throws IllegalArgumentException if {@code classes < 2}
   */
  public static ScoringRules of(int classes) {
    Distributions.checkClasses(classes);
    return new ScoringRules(classes);
  }

  /**
   * Number of classes.
   *
   * @return K ≥ 2
   */
  public int classes() {
    return classes;
  }

  /**
   * Number of inputs added.
   *
   * @return N ≥ 0
   */
  public long inputs() {
    return inputs;
  }

  /**
   * Adds one input, predicted by the mean probabilities of its summary.
   *
   * @param summary what the samples say of the input
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException if the summary is not of K classes, or {@code label < 0 ||
   *     label >= K}
   */
  public void add(ClassificationSummary summary, int label) {
    add(summary.meanProbabilities(), label);
  }

  /**
   * Adds one input.
   *
   * @param probabilities the predicted probability of each class, shape {@code [K]}; divided by
   *     their sum, so that rounding to float16 costs nothing; not changed
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException if there are not K probabilities, one is NaN or negative,
   *     their sum differs from 1 by more than 0.01, or {@code label < 0 || label >= K}
   */
  public void add(double[] probabilities, int label) {
    Distributions.checkLabel(label, classes);
    double sum = Distributions.sum(probabilities, classes);
    double brier = 0;
    for (int k = 0; k < classes; k++) {
      double missed = probabilities[k] / sum - (k == label ? 1 : 0);
      brier += missed * missed;
    }
    inputs++;
    errors += Distributions.predicted(probabilities) == label ? 0 : 1;
    negativeLogLikelihoods -= Math.log(probabilities[label] / sum);
    brierScores += brier;
  }

  /**
   * Adds the inputs of other scoring rules, as if each had been added here.
   *
   * @param other rules of other inputs; unchanged
   * @throws IllegalArgumentException if the number of classes differs
   */
  public void merge(ScoringRules other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(
          "scoring rules of "
              + other.classes
              + " classes do not merge into those of "
              + classes
              + "; make both with the same of(..)");
    }
    inputs += other.inputs;
    errors += other.errors;
    negativeLogLikelihoods += other.negativeLogLikelihoods;
    brierScores += other.brierScores;
  }

  /**
   * The share of inputs whose predicted class, that of largest probability, is not the label. On a
   * tie the lowest class is predicted, as by {@link ClassificationSummary#predictedClass()}.
   *
   * @return within [0, 1]
   * @throws IllegalStateException if no input was added
   */
  public double errorRate() {
    return (double) errors / asked();
  }

  /**
   * The mean negative log-likelihood, (1/N) Σ −ln p̄_y, also called log loss or cross-entropy; of a
   * logarithm in nats.
   *
   * @return nats per input, ≥ 0; ln K for uniform predictions. +∞ if any label was given a
   *     probability of exactly 0: nothing is clipped, for a model that rules out what then happens
   *     is infinitely wrong, and any clipping value would decide the mean
   * @throws IllegalStateException if no input was added
   */
  public double negativeLogLikelihood() {
    return negativeLogLikelihoods / asked();
  }

  /**
   * The mean Brier score as Brier defined it, summed over all K classes. Of two classes it is twice
   * the (p̄_1 − y)² that is often called so; scikit-learn's {@code brier_score_loss} gives the half
   * by default for two classes.
   *
   * @return within [0, 2]; 1 − 1/K for uniform predictions
   * @throws IllegalStateException if no input was added
   */
  public double brierScore() {
    return brierScores / asked();
  }

  /** The number of inputs, refused while there is none. */
  private double asked() {
    if (inputs == 0) {
      throw new IllegalStateException("no input was added yet; call add first");
    }
    return (double) inputs;
  }
}
