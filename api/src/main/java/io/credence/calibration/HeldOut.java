package io.credence.calibration;

import io.credence.OutputKind;
import io.credence.statistics.ClassificationSummary;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictions of inputs that the model was not trained on, with their labels, for fitting a {@link
 * Calibration}. They must be as the inputs to come: a calibration fitted on clean pictures says
 * nothing of noisy ones.
 *
 * <p>Of probabilities the logits are their logarithms, also of the mean over an ensemble's samples.
 * Probabilities below 1.18e-38, the least normal float32, are taken for that number: a softmax in
 * float32 does not tell them from 0, whose logarithm no scaling could use.
 *
 * <p>Memory is N · K numbers of float64. Not safe for use by several threads at once.
 */
public final class HeldOut {

  private static final double LEAST = Float.MIN_NORMAL;

  private final int classes;
  private final OutputKind kind;
  private final List<double[]> logits = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();

  private HeldOut(int classes, OutputKind kind) {
    Distributions.checkClasses(classes);
    this.classes = classes;
    this.kind = kind;
  }

  /**
   * No input yet; predictions will be probabilities.
   *
   * @param classes number of classes, K ≥ 2
   * @return the inputs, none
   * @throws IllegalArgumentException if {@code classes < 2}
   */
  public static HeldOut ofProbabilities(int classes) {
    return new HeldOut(classes, OutputKind.PROBABILITIES);
  }

  /**
   * No input yet; predictions will be logits, as of one deterministic pass.
   *
   * @param classes number of classes, K ≥ 2
   * @return the inputs, none
   * @throws IllegalArgumentException if {@code classes < 2}
   */
  public static HeldOut ofLogits(int classes) {
    return new HeldOut(classes, OutputKind.LOGITS);
  }

  /**
   * Adds one input, predicted by the mean probabilities of its summary.
   *
   * @param summary what the samples say of the input
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException as {@link #add(double[], int)}
   * @throws IllegalStateException if predictions are logits
   */
  public void add(ClassificationSummary summary, int label) {
    if (kind != OutputKind.PROBABILITIES) {
      throw new IllegalStateException(
          "summaries tell probabilities, but logits were announced; make the held-out inputs with"
              + " ofProbabilities(..)");
    }
    add(summary.meanProbabilities(), label);
  }

  /**
   * Adds one input.
   *
   * @param prediction the probability, or logit, of each class, shape {@code [K]}; not changed
   * @param label the class that it turned out to be, 0 ≤ label &lt; K
   * @throws IllegalArgumentException if there are not K numbers, probabilities are negative, NaN or
   *     do not sum to 1 within 0.01, a logit is not finite, or {@code label < 0 || label >= K}
   */
  public void add(double[] prediction, int label) {
    Distributions.checkLabel(label, classes);
    logits.add(logits(prediction, kind, classes));
    labels.add(label);
  }

  /** The logits of a prediction, checked; a new array. */
  static double[] logits(double[] prediction, OutputKind kind, int classes) {
    double[] logits = prediction.clone();
    if (kind == OutputKind.PROBABILITIES) {
      double sum = Distributions.sum(prediction, classes);
      for (int k = 0; k < classes; k++) {
        logits[k] = Math.log(Math.max(prediction[k] / sum, LEAST));
      }
      return logits;
    }
    if (prediction.length != classes) {
      throw new IllegalArgumentException(
          prediction.length + " logits are given; " + classes + " are needed, one for each class");
    }
    for (int k = 0; k < classes; k++) {
      if (!Double.isFinite(logits[k])) {
        throw new IllegalArgumentException(
            "logits[" + k + "] is " + logits[k] + "; it must be finite");
      }
    }
    return logits;
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
  public int inputs() {
    return labels.size();
  }

  /**
   * What predictions are.
   *
   * @return {@link OutputKind#PROBABILITIES} or {@link OutputKind#LOGITS}
   */
  public OutputKind kind() {
    return kind;
  }

  /** The logits of an input; not to be written to. */
  double[] logits(int input) {
    return logits.get(input);
  }

  int label(int input) {
    return labels.get(input);
  }
}
