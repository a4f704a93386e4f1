package io.credence.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What S samples p_s of a distribution over K classes say about one input. Immutable; information
 * is in nats.
 *
 * <p>With p̄ = (1/S) Σ p_s and H(p) = −Σ_k p_k ln p_k: the predictive entropy H(p̄) is the total
 * uncertainty, the expected entropy (1/S) Σ H(p_s) the part that all samples share (aleatoric: more
 * networks would not settle it), and their difference, the mutual information between the answer
 * and the weights, the part on which the samples disagree (epistemic; BALD). Always 0 ≤ mutual
 * information ≤ predictive entropy ≤ ln K. With S = 1 the mutual information and the variances are
 * 0: one sample cannot disagree with itself.
 *
 * <p>Errors are computed when the first is asked for; until then the sums of the groups of passes
 * are kept, G times the numbers of the summary itself.
 *
 * <p>Sources: Gal 2016, "Uncertainty in Deep Learning", section 3.3.1; Houlsby, Huszár, Ghahramani,
 * Lengyel 2011, "Bayesian Active Learning for Classification and Preference Learning", arXiv
 * 1112.5745, equation 2.
 */
public final class ClassificationSummary {

  /** The order in which errors are told. */
  private static final List<ClassificationMeasure> MEASURES =
      List.of(ClassificationMeasure.values());

  private final ClassificationSums sums;
  private final int input;
  private final Lazy<SamplingError> error;
  private final double predictiveEntropy;
  private final int predictedClass;

  /** Of an input of sums that hold one sample at least and do not change any more. */
  ClassificationSummary(ClassificationSums sums, int input, Supplier<SamplingError> error) {
    double[] means = sums.means(input);
    this.sums = sums;
    this.input = input;
    this.error = new Lazy<>(error);
    this.predictiveEntropy = Entropy.of(means);
    this.predictedClass = ArgMax.of(means);
  }

  /** The same without errors. */
  ClassificationSummary(ClassificationSums sums, int input) {
    this(sums, input, () -> SamplingError.NONE);
  }

  /** Every measure of an input, in the order of {@link #MEASURES}. */
  static double[] measures(ClassificationSums sums, int input) {
    ClassificationSummary summary = new ClassificationSummary(sums, input);
    return MEASURES.stream().mapToDouble(measure -> measure.of(summary)).toArray();
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
   * Number of classes, K.
   *
   * @return K ≥ 2
   */
  public int classes() {
    return sums.classes();
  }

  /**
   * The class of largest mean probability; the lowest such class on a tie.
   *
   * @return the class, 0 ≤ class &lt; K
   */
  public int predictedClass() {
    return predictedClass;
  }

  /**
   * The mean probability of each class, p̄.
   *
   * @return a copy, shape {@code [K]}, sums to 1
   */
  public double[] meanProbabilities() {
    return sums.means(input);
  }

  /**
   * The mean probability of one class.
   *
   * @param index the class, 0 ≤ index &lt; K
   * @return p̄ of that class
   * @throws IndexOutOfBoundsException if there is no such class
   */
  public double meanProbability(int index) {
    return sums.mean(input, index);
  }

  /**
   * The variance over samples of each class's probability, (1/S) Σ (p_s − p̄)²; population variance
   * (ddof 0).
   *
   * @return a copy, shape {@code [K]}, each within [0, 1/4]
   */
  public double[] variances() {
    double[] variances = new double[classes()];
    for (int k = 0; k < variances.length; k++) {
      variances[k] = variance(k);
    }
    return variances;
  }

  private double variance(int index) {
    return sums.varianceWithin(input, index) + sums.varianceBetween(input, index);
  }

  /**
   * The variance of the members' means of each class's probability, Σ_m w_m (p̄_m − p̄)²: what the
   * members of an ensemble disagree on. With {@link #withinMembersVariances()} it makes up {@link
   * #variances()}.
   *
   * @return a copy, shape {@code [K]}, each within [0, 1/4]; all 0 of one model
   */
  public double[] betweenMembersVariances() {
    double[] variances = new double[classes()];
    Arrays.setAll(variances, k -> sums.varianceBetween(input, k));
    return variances;
  }

  /**
   * The mean over members of the variance of each class's probability over the member's own
   * samples, Σ_m w_m Var_t(p_mt): what dropout within members disagrees on.
   *
   * @return a copy, shape {@code [K]}, each within [0, 1/4]; {@link #variances()} of one model
   */
  public double[] withinMembersVariances() {
    double[] variances = new double[classes()];
    Arrays.setAll(variances, k -> sums.varianceWithin(input, k));
    return variances;
  }

  /**
   * The entropy of the mean, H(p̄): total uncertainty.
   *
   * @return nats, within [0, ln K]; high means that the answer is uncertain, for whatever reason
   */
  public double predictiveEntropy() {
    return predictiveEntropy;
  }

  /**
   * The mean of the samples' entropies: aleatoric uncertainty.
   *
   * @return nats, within [0, predictive entropy]; high means that each network by itself is unsure
   */
  public double expectedEntropy() {
    // Concavity promises that no part is above the whole; rounding may break it by an ulp.
    return Math.min(sums.meanEntropy(input), predictiveEntropy);
  }

  /**
   * The mutual information between the answer and the weights, predictive minus expected entropy:
   * epistemic uncertainty, also called BALD. Computed as the mean divergence (1/S) Σ KL(p_s ‖ p̄),
   * the same number in exact arithmetic, which keeps its digits where samples nearly agree; so it
   * equals the difference to rounding, 1e-13.
   *
   * @return nats, within [0, predictive entropy]; high means that the networks contradict each
   *     other; 0 if S = 1
   */
  public double mutualInformation() {
    return Math.min(
        sums.divergenceWithin(input) + sums.divergenceBetween(input), predictiveEntropy);
  }

  /**
   * The mutual information between the answer and the member, Σ_m w_m KL(p̄_m ‖ p̄): the part of
   * {@link #mutualInformation()} that members of an ensemble disagree on. With T passes a member it
   * is biased upwards by about a T-th of the part within, which {@link #biasCorrected} removes.
   *
   * @return nats, within [0, mutual information]; 0 of one model
   */
  public double betweenMembersMutualInformation() {
    return Math.min(sums.divergenceBetween(input), predictiveEntropy);
  }

  /**
   * The mean over members of the mutual information between the answer and the weights that dropout
   * draws, Σ_m w_m (1/T_m) Σ_t KL(p_mt ‖ p̄_m): I(y; m, t) = I(y; m) + I(y; t | m), of which this
   * is the second part.
   *
   * @return nats, within [0, mutual information]; {@link #mutualInformation()} of one model
   */
  public double withinMembersMutualInformation() {
    return Math.min(sums.divergenceWithin(input), predictiveEntropy);
  }

  /**
   * The mean Kullback–Leibler divergence of the samples from their mean, (1/S) Σ KL(p_s ‖ p̄): the
   * very number of {@link #mutualInformation()}, under the name it has in query by committee.
   * Source: McCallum and Nigam 1998, "Employing EM and Pool-Based Active Learning for Text
   * Classification", section 4.
   *
   * @return nats, within [0, predictive entropy]
   */
  public double meanKullbackLeibler() {
    return mutualInformation();
  }

  /**
   * The share of samples that did not vote for the most voted class; each sample votes for its most
   * probable class, the lowest on a tie. Source: Freeman 1965, "Elementary Applied Statistics"; Gal
   * 2016.
   *
   * @return within [0, 1 − 1/K]
   */
  public double variationRatio() {
    double[] votes = sums.votes(input);
    return Math.max(0, sums.weight() - votes[ArgMax.of(votes)]) / sums.weight();
  }

  /**
   * The largest mean probability, max_k p̄_k.
   *
   * @return within [1/K, 1]; high means certain
   */
  public double maxProbability() {
    return sums.mean(input, predictedClass);
  }

  /**
   * The lead of the predicted class: the largest less the second largest mean probability. Source:
   * Scheffer, Decomain, Wrobel 2001, "Active Hidden Markov Models for Information Extraction", doi
   * 10.1007/3-540-44816-0_31.
   *
   * @return within [0, 1]; high means certain; 0 on a tie
   */
  public double margin() {
    double second = 0;
    for (int k = 0; k < classes(); k++) {
      if (k != predictedClass) {
        second = Math.max(second, sums.mean(input, k));
      }
    }
    return maxProbability() - second;
  }

  /**
   * The mean over classes of the standard deviation over samples, (1/K) Σ_k √((1/S) Σ_s (p_sk −
   * p̄_k)²); population standard deviation (ddof 0). Source: Kampffmeyer, Salberg, Jenssen 2016,
   * "Semantic Segmentation of Small Objects and Modeling of Uncertainty in Urban Remote Sensing
   * Images", doi 10.1109/CVPRW.2016.90.
   *
   * @return within [0, √(K − 1)/K]; high means that the networks contradict each other; 0 if S = 1
   */
  public double meanStandardDeviation() {
    double sum = 0;
    for (int k = 0; k < classes(); k++) {
      sum += Math.sqrt(variance(k));
    }
    return sum / classes();
  }

  /**
   * The entropy of the shares of votes, −Σ_k (v_k/S) ln (v_k/S); votes as of {@link
   * #variationRatio()}. Source: Dagan and Engelson 1995, "Committee-Based Sampling for Training
   * Probabilistic Classifiers", doi 10.1016/B978-1-55860-377-6.50027-X.
   *
   * @return nats, within [0, ln min(S, K)]; high means that the networks vote differently
   */
  public double voteEntropy() {
    return Entropy.ofCounts(sums.votes(input), sums.weight());
  }

  /**
   * The probability that two different samples, drawn without replacement, vote differently: 1 −
   * Σ_k v_k (v_k − 1) / (S (S − 1)); votes as of {@link #variationRatio()}. It is the unbiased
   * estimate of Gini and Simpson's index of the votes. Source: Simpson 1949, "Measurement of
   * Diversity", doi 10.1038/163688a0.
   *
   * @return within [0, 1]; high means that the networks vote differently; 0 if S = 1
   */
  public double disagreement() {
    if (samples() == 1) {
      return 0;
    }
    double before = 0;
    double differing = 0;
    for (double vote : sums.votes(input)) {
      differing += 2 * vote * before;
      before += vote;
    }
    return Math.min(differing / sums.pairWeights(), 1);
  }

  /**
   * The standard error of a measure: how far it would scatter were other networks drawn, S of them.
   * By the jackknife over the groups of {@link ClassificationMoments#withErrorGroups}; it takes the
   * samples for independent, so of an ensemble of M &gt; 1 members it is the error of drawing
   * passes with the members as they are. {@code docs/methods/sampling-error.md} holds measured
   * coverages.
   *
   * @param measure the measure
   * @return ≥ 0, in the {@linkplain ClassificationMeasure#unit() unit} of the measure; empty if no
   *     error groups were asked for, or fewer than two samples are left without some group
   */
  public OptionalDouble standardError(ClassificationMeasure measure) {
    return error.get().standardError(MEASURES.indexOf(measure));
  }

  /**
   * A measure less its bias of order 1/S by the jackknife. Predictive entropy and mutual
   * information are biased downwards for few samples; of measures without bias it is the measure,
   * or as good an estimate.
   *
   * @param measure the measure
   * @return in the {@linkplain ClassificationMeasure#unit() unit} of the measure, and not cut off
   *     at its range: near its ends the value may be outside by about a standard error; empty as
   *     {@link #standardError}
   * @throws IllegalArgumentException unless {@link ClassificationMeasure#isSmooth()}
   */
  public OptionalDouble biasCorrected(ClassificationMeasure measure) {
    if (!measure.isSmooth()) {
      throw new IllegalArgumentException(
          measure
              + " is no smooth function of means over samples, so the jackknife does not remove its"
              + " bias; use the measure as it is");
    }
    return error.get().corrected(MEASURES.indexOf(measure));
  }

  /**
   * A confidence interval of a measure at infinitely many samples: centre ± t · standard error, the
   * centre bias-corrected if {@link ClassificationMeasure#isSmooth()}, t the quantile of Student's
   * distribution with one degree of freedom less than there are groups, cut off at the range of the
   * measure.
   *
   * @param measure the measure
   * @param level how often the interval should hold the value, such as 0.95
   * @return the interval, in the {@linkplain ClassificationMeasure#unit() unit} of the measure;
   *     empty as {@link #standardError}
   * @throws IllegalArgumentException unless {@code 0 < level < 1}
   */
  public Optional<Interval> interval(ClassificationMeasure measure, double level) {
    double centre =
        measure.isSmooth()
            ? error.get().corrected(MEASURES.indexOf(measure)).orElse(0)
            : measure.of(this);
    Interval range = new Interval(measure.lowest(classes()), measure.highest(classes()));
    return error.get().interval(MEASURES.indexOf(measure), centre, level, range);
  }

  /** Returns the class and the main measures, for people. */
  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT,
        "class %d, max probability %.4f, predictive entropy %.4f nats, mutual information %.4f nats",
        predictedClass,
        maxProbability(),
        predictiveEntropy,
        mutualInformation());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassificationSummary that
        && sums.keep(input).same(that.sums.keep(that.input))
        && error.get().equals(that.error.get());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sums.means(input)) * 31 + Long.hashCode(samples());
  }
}
