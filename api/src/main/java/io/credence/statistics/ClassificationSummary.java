package io.credence.statistics;

import java.util.Arrays;

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
 * <p>Sources: Gal 2016, "Uncertainty in Deep Learning", section 3.3.1; Houlsby, Huszár, Ghahramani,
 * Lengyel 2011, "Bayesian Active Learning for Classification and Preference Learning", arXiv
 * 1112.5745, equation 2.
 */
public final class ClassificationSummary {

  private final long samples;
  private final double[] meanProbabilities;
  private final double[] variances;
  private final double predictiveEntropy;
  private final double expectedEntropy;
  private final double variationRatio;
  private final int predictedClass;

  ClassificationSummary(
      long samples,
      double[] meanProbabilities,
      double[] variances,
      double expectedEntropy,
      double variationRatio) {
    this.samples = samples;
    this.meanProbabilities = meanProbabilities;
    this.variances = variances;
    this.predictiveEntropy = Entropy.of(meanProbabilities, 0, meanProbabilities.length);
    // Concavity promises expected ≤ predictive; rounding may break the tie by an ulp.
    this.expectedEntropy = Math.min(expectedEntropy, predictiveEntropy);
    this.variationRatio = variationRatio;
    this.predictedClass = ArgMax.of(meanProbabilities);
  }

  /**
   * Number of samples, S.
   *
   * @return S ≥ 1
   */
  public long samples() {
    return samples;
  }

  /**
   * Number of classes, K.
   *
   * @return K ≥ 2
   */
  public int classes() {
    return meanProbabilities.length;
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
    return meanProbabilities.clone();
  }

  /**
   * The mean probability of one class.
   *
   * @param index the class, 0 ≤ index &lt; K
   * @return p̄ of that class
   * @throws ArrayIndexOutOfBoundsException if there is no such class
   */
  public double meanProbability(int index) {
    return meanProbabilities[index];
  }

  /**
   * The variance over samples of each class's probability, (1/S) Σ (p_s − p̄)²; population variance
   * (ddof 0).
   *
   * @return a copy, shape {@code [K]}, each within [0, 1/4]
   */
  public double[] variances() {
    return variances.clone();
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
    return expectedEntropy;
  }

  /**
   * The mutual information between the answer and the weights, predictive minus expected entropy:
   * epistemic uncertainty, also called BALD.
   *
   * @return nats, within [0, predictive entropy]; high means that the networks contradict each
   *     other
   */
  public double mutualInformation() {
    return predictiveEntropy - expectedEntropy;
  }

  /**
   * The share of samples that did not vote for the most voted class; each sample votes for its most
   * probable class, the lowest on a tie. Source: Freeman 1965, "Elementary Applied Statistics"; Gal
   * 2016.
   *
   * @return within [0, 1 − 1/K]
   */
  public double variationRatio() {
    return variationRatio;
  }

  /**
   * The largest mean probability, max_k p̄_k.
   *
   * @return within [1/K, 1]; high means certain
   */
  public double maxProbability() {
    return meanProbabilities[predictedClass];
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
        && samples == that.samples
        && Double.compare(expectedEntropy, that.expectedEntropy) == 0
        && Double.compare(variationRatio, that.variationRatio) == 0
        && Arrays.equals(meanProbabilities, that.meanProbabilities)
        && Arrays.equals(variances, that.variances);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(meanProbabilities) * 31 + Double.hashCode(expectedEntropy);
  }
}
