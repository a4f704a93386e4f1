package io.credence.calibration;

import io.credence.statistics.ClassificationSummary;

/**
 * Streaming bins of equal width for a {@link ReliabilityDiagram}: confidence p is in bin b of B if
 * (b − 1)/B &lt; p ≤ b/B, and 0 is in the first. So confidence 1 is in the last bin, and an edge
 * belongs to the bin below; edges are the float64 numbers nearest to b/B.
 *
 * <p>Of a classifier the confidence is the probability of the predicted class, max_k p̄_k, and the
 * answer is right if that class is the label.
 *
 * <p>State is O(B), in float64. The order of inputs and of merges changes results by rounding
 * alone. Not safe for use by several threads at once; give each its own and {@link #merge}.
 */
public final class CalibrationBins {

  /** The number of bins that the literature mostly takes. */
  public static final int STANDARD_BINS = 15;

  /** Means of rows that each sum to 1 may be above 1 by rounding. */
  private static final double ROUNDING = 1e-9;

  private final double[] edges;
  private final BinSums[] sums;

  private CalibrationBins(int bins) {
    edges = new double[bins + 1];
    sums = new BinSums[bins];
    for (int b = 0; b < bins; b++) {
      edges[b + 1] = (b + 1.0) / bins;
      sums[b] = new BinSums();
    }
  }

  /**
   * {@value #STANDARD_BINS} bins without inputs.
   *
   * @return the bins
   */
  public static CalibrationBins standard() {
    return of(STANDARD_BINS);
  }

  /**
   * Bins without inputs.
   *
   * @param bins number of bins, B ≥ 1
   * @return the bins
   * @throws IllegalArgumentException if {@code bins < 1}
   */
  public static CalibrationBins of(int bins) {
    checkBins(bins);
    return new CalibrationBins(bins);
  }

  static void checkBins(int bins) {
    if (bins < 1) {
      throw new IllegalArgumentException("bins is " + bins + "; it must be at least 1");
    }
  }

  /** A confidence, cut off at 1 where rounding took it above. */
  static double checked(double confidence) {
    if (!(confidence >= 0 && confidence <= 1 + ROUNDING)) {
      throw new IllegalArgumentException(
          "confidence is "
              + confidence
              + "; it must be a probability, within [0, 1]; logits must go through softmax first");
    }
    return Math.min(confidence, 1);
  }

  /**
   * Adds one answer.
   *
   * @param confidence how sure it was, within [0, 1]
   * @param correct whether it was right
   * @throws IllegalArgumentException unless {@code 0 <= confidence <= 1}, but for rounding
   */
  public void add(double confidence, boolean correct) {
    double p = checked(confidence);
    // The product may round across an edge, so the edges themselves decide.
    int bin = Math.min((int) (p * sums.length), sums.length - 1);
    while (bin > 0 && p <= edges[bin]) {
      bin--;
    }
    while (p > edges[bin + 1]) {
      bin++;
    }
    sums[bin].add(p, correct);
  }

  /**
   * Adds one input of a classifier, with its predicted class and the probability of that.
   *
   * @param summary what the samples say of the input
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException if {@code label < 0 || label >= K}
   */
  public void add(ClassificationSummary summary, int label) {
    Distributions.checkLabel(label, summary.classes());
    add(summary.maxProbability(), summary.predictedClass() == label);
  }

  /**
   * Adds one input of a classifier, with its predicted class and the probability of that.
   *
   * @param probabilities the predicted probability of each class, shape {@code [K]}; divided by
   *     their sum; not changed
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException as {@link ScoringRules#add(double[], int)}
   */
  public void add(double[] probabilities, int label) {
    Distributions.checkLabel(label, probabilities.length);
    double sum = Distributions.sum(probabilities, probabilities.length);
    int predicted = Distributions.predicted(probabilities);
    add(probabilities[predicted] / sum, predicted == label);
  }

  /**
   * Adds the inputs of other bins, as if each had been added here.
   *
   * @param other bins of other inputs; unchanged
   * @throws IllegalArgumentException if the number of bins differs
   */
  public void merge(CalibrationBins other) {
    if (other.sums.length != sums.length) {
      throw new IllegalArgumentException(
          other.sums.length
              + " bins do not merge into "
              + sums.length
              + "; make both with the same of(..)");
    }
    for (int b = 0; b < sums.length; b++) {
      sums[b].merge(other.sums[b]);
    }
  }

  /**
   * Number of inputs added.
   *
   * @return N ≥ 0
   */
  public long inputs() {
    long inputs = 0;
    for (BinSums each : sums) {
      inputs += each.count();
    }
    return inputs;
  }

  /**
   * What was added so far.
   *
   * @return the diagram, which does not change with later inputs
   * @throws IllegalStateException if no input was added
   */
  public ReliabilityDiagram diagram() {
    if (inputs() == 0) {
      throw new IllegalStateException("no input was added yet; call add first");
    }
    return ReliabilityDiagram.of(edges, sums);
  }
}
