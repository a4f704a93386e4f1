package io.credence.calibration;

/** Checks of predicted distributions over K classes, and of the labels they are held against. */
final class Distributions {

  /** How far probabilities may be from summing to one; float16 rounding needs 5e-3. */
  private static final double SUM_TOLERANCE = 1e-2;

  private Distributions() {}

  static void checkClasses(int classes) {
    if (classes < 2) {
      throw new IllegalArgumentException("classes is " + classes + "; it must be at least 2");
    }
  }

  static void checkLabel(int label, int classes) {
    if (!(label >= 0 && label < classes)) {
      throw new IllegalArgumentException(
          "label is " + label + "; it must be a class, from 0 to " + (classes - 1));
    }
  }

  /** The sum of what is checked to be a distribution, but for rounding. */
  static double sum(double[] probabilities, int classes) {
    if (probabilities.length != classes) {
      throw new IllegalArgumentException(
          probabilities.length
              + " probabilities are given; "
              + classes
              + " are needed, one for each class");
    }
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      if (!(probabilities[k] >= 0)) {
        throw new IllegalArgumentException(
            "probabilities["
                + k
                + "] is "
                + probabilities[k]
                + "; it must be at least 0; logits must go through softmax first");
      }
      sum += probabilities[k];
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          "probabilities sum to "
              + sum
              + "; they must sum to 1, to within 0.01; logits must go through softmax first");
    }
    return sum;
  }

  /** The class of the largest value, the lowest on a tie. */
  static int predicted(double[] values) {
    int predicted = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[predicted]) {
        predicted = k;
      }
    }
    return predicted;
  }
}
