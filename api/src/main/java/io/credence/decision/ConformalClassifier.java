package io.credence.decision;

import io.credence.statistics.ClassificationSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * Sets of classes that hold the label with a probability of at least 1 − α, by split conformal
 * prediction: all classes whose {@link ConformalScore} is at most q̂, the ⌈(n + 1)(1 − α)⌉-th
 * smallest score of the labels of n held-out inputs, which is their quantile at the level ⌈(n +
 * 1)(1 − α)⌉/n. Where that level is above 1, n &lt; ⌈1/α⌉ − 1, q̂ is +∞ and every set holds every
 * class: so few inputs allow no smaller promise.
 *
 * <p>The promise holds for inputs exchangeable with the held-out ones, on average over all of them
 * and over held-out sets, whatever the model; not for each class or kind of input. A set may be
 * empty: no class fits as well as labels do. Immutable. Sources: Vovk, Gammerman, Shafer 2005, doi
 * 10.1007/b106715; Angelopoulos and Bates 2023, "Conformal Prediction: A Gentle Introduction", doi
 * 10.1561/2200000101; and those of the score.
 */
public final class ConformalClassifier {

  private static final int HELD_OUT = 0;
  private static final int TO_COME = 1;

  private final ConformalScore score;
  private final int classes;
  private final int inputs;
  private final int rank;
  private final double threshold;

  private ConformalClassifier(
      ConformalScore score, int classes, int inputs, int rank, double threshold) {
    this.score = score;
    this.classes = classes;
    this.inputs = inputs;
    this.rank = rank;
    this.threshold = threshold;
  }

  /**
   * Finds the threshold on held-out inputs.
   *
   * @param score how badly a class fits
   * @param probabilities the predicted distribution of each input, shape {@code [n, K]}, n ≥ 1, K ≥
   *     2; divided by their sums; not changed
   * @param labels the class that each turned out to be, 0 ≤ label &lt; K
   * @param alpha how often a set may miss the label, within (0, 1)
   * @return the classifier
   * @throws IllegalArgumentException if there is no input, lengths differ, a row is no distribution
   *     over K classes, a label is no class, or unless {@code 0 < alpha < 1}
   */
  public static ConformalClassifier calibrate(
      ConformalScore score, double[][] probabilities, int[] labels, double alpha) {
    Scores.checkShare("alpha", alpha);
    Scores.checkLengths("distributions", probabilities.length, "labels", labels.length);
    if (labels.length == 0) {
      throw new IllegalArgumentException("labels is empty; at least one input is needed");
    }
    int classes = probabilities[0].length;
    if (classes < 2) {
      throw new IllegalArgumentException("classes is " + classes + "; it must be at least 2");
    }
    double[] scores = new double[labels.length];
    for (int n = 0; n < scores.length; n++) {
      checkWidth(probabilities[n], classes);
      if (!(labels[n] >= 0 && labels[n] < classes)) {
        throw new IllegalArgumentException(
            "labels["
                + n
                + "] is "
                + labels[n]
                + "; it must be a class, from 0 to "
                + (classes - 1));
      }
      int[] order = ConformalScore.order(probabilities[n]);
      double[] ofClasses = score.of(probabilities[n], order, score.draw(HELD_OUT, n));
      for (int i = 0; i < classes; i++) {
        scores[n] = order[i] == labels[n] ? ofClasses[i] : scores[n];
      }
    }
    int rank = Scores.conformalRank(scores.length, alpha);
    return new ConformalClassifier(
        score, classes, scores.length, rank, Scores.ofRank(scores, rank));
  }

  private static void checkWidth(double[] probabilities, int classes) {
    if (probabilities.length != classes) {
      throw new IllegalArgumentException(
          probabilities.length
              + " probabilities are given; "
              + classes
              + " are needed, one for each class");
    }
  }

  /**
   * The largest score of a class in a set.
   *
   * @return q̂; +∞ if the {@link #quantileLevel} is above 1
   */
  public double threshold() {
    return threshold;
  }

  /**
   * The level of the quantile that the threshold is.
   *
   * @return ⌈(n + 1)(1 − α)⌉/n &gt; 1 − α; above 1 if n is too small
   */
  public double quantileLevel() {
    return (double) rank / inputs;
  }

  /**
   * The set of one input, of a score without randomness.
   *
   * @param summary what the samples say of the input
   * @return its classes, the most probable first; may be empty
   * @throws IllegalArgumentException if the summary is not of K classes
   * @throws IllegalStateException if the score is randomised
   */
  public List<Integer> set(ClassificationSummary summary) {
    return set(summary.meanProbabilities());
  }

  /**
   * The set of one input, of a score without randomness.
   *
   * @param probabilities its predicted distribution, shape {@code [K]}; not changed
   * @return its classes, the most probable first; may be empty
   * @throws IllegalArgumentException if that is no distribution over K classes
   * @throws IllegalStateException if the score is randomised
   */
  public List<Integer> set(double[] probabilities) {
    if (score.seed().isPresent()) {
      throw new IllegalStateException(
          "the score is randomised; call set(probabilities, input) with a number for each input");
    }
    return set(probabilities, 0);
  }

  /**
   * The set of one input, of any score.
   *
   * @param probabilities its predicted distribution, shape {@code [K]}; not changed
   * @param input the number of the input, another one for each: it and the seed decide the draw
   * @return its classes, the most probable first; may be empty
   * @throws IllegalArgumentException if that is no distribution over K classes
   */
  public List<Integer> set(double[] probabilities, long input) {
    checkWidth(probabilities, classes);
    int[] order = ConformalScore.order(probabilities);
    double[] scores = score.of(probabilities, order, score.draw(TO_COME, input));
    List<Integer> set = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      if (scores[i] <= threshold) {
        set.add(order[i]);
      }
    }
    return List.copyOf(set);
  }
}
