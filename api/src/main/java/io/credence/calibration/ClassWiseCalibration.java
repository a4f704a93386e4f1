package io.credence.calibration;

import io.credence.statistics.ClassificationSummary;

/**
 * Streaming calibration of every class's probability, not of the predicted class's alone: for each
 * class k, p̄_k is the confidence that the label is k.
 *
 * <pre>
 * class-wise expected calibration error  (1/K) Σ_k Σ_b n_kb/N |share of label k − mean p̄_k|
 * </pre>
 *
 * <p>Every class counts alike, also one that no label has. With many classes most probabilities are
 * near 0, in one well filled bin, and the mean is small whatever the model: compare it at equal K
 * only.
 *
 * <p>State is O(K B). Not safe for use by several threads at once; give each its own and {@link
 * #merge}. Source: Kull et al. 2019, "Beyond Temperature Scaling", arXiv 1910.12656, section 2.
 */
public final class ClassWiseCalibration {

  private final CalibrationBins[] ofClass;

  private ClassWiseCalibration(int classes, int bins) {
    ofClass = new CalibrationBins[classes];
    for (int k = 0; k < classes; k++) {
      ofClass[k] = CalibrationBins.of(bins);
    }
  }

  /**
   * Bins without inputs.
   *
   * @param classes number of classes, K ≥ 2
   * @param bins number of bins of equal width, B ≥ 1
   * @return the bins
   * @throws IllegalArgumentException if {@code classes < 2 || bins < 1}
   */
  public static ClassWiseCalibration of(int classes, int bins) {
    Distributions.checkClasses(classes);
    return new ClassWiseCalibration(classes, bins);
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
   *     their sum; not changed
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException as {@link ScoringRules#add(double[], int)}
   */
  public void add(double[] probabilities, int label) {
    Distributions.checkLabel(label, ofClass.length);
    double sum = Distributions.sum(probabilities, ofClass.length);
    for (int k = 0; k < ofClass.length; k++) {
      ofClass[k].add(probabilities[k] / sum, k == label);
    }
  }

  /**
   * Adds the inputs of another, as if each had been added here.
   *
   * @param other of other inputs; unchanged
   * @throws IllegalArgumentException if the number of classes or of bins differs
   */
  public void merge(ClassWiseCalibration other) {
    if (other.ofClass.length != ofClass.length) {
      throw new IllegalArgumentException(
          "bins of "
              + other.ofClass.length
              + " classes do not merge into those of "
              + ofClass.length
              + "; make both with the same of(..)");
    }
    for (int k = 0; k < ofClass.length; k++) {
      ofClass[k].merge(other.ofClass[k]);
    }
  }

  /**
   * The diagram of one class's probability.
   *
   * @param index the class, 0 ≤ index &lt; K
   * @return the diagram, in which "correct" means that the label is this class
   * @throws ArrayIndexOutOfBoundsException if there is no such class
   * @throws IllegalStateException if no input was added
   */
  public ReliabilityDiagram diagram(int index) {
    return ofClass[index].diagram();
  }

  /**
   * The mean over classes of the expected calibration errors.
   *
   * @return within [0, 1], no unit
   * @throws IllegalStateException if no input was added
   */
  public double expectedCalibrationError() {
    double sum = 0;
    for (CalibrationBins each : ofClass) {
      sum += each.diagram().expectedCalibrationError();
    }
    return sum / ofClass.length;
  }

  /**
   * The Brier score in parts, each summed over all classes, so that {@link
   * BrierDecomposition#brierScore()} is {@link ScoringRules#brierScore()}.
   *
   * @return the sums of the parts
   * @throws IllegalStateException if no input was added
   */
  public BrierDecomposition brierDecomposition() {
    BrierDecomposition sum = new BrierDecomposition(0, 0, 0, 0, 0);
    for (CalibrationBins each : ofClass) {
      sum = sum.plus(each.diagram().brierDecomposition());
    }
    return sum;
  }
}
