package io.credence.models;

/**
 * Pictures of no class, by which a classifier learns to say so: Outlier Exposure. Each step adds to
 * the loss of its pictures λ times the mean cross-entropy of as many outliers to the uniform
 * distribution over the classes, in nats. Source: Hendrycks, Mazeika, Dietterich 2019, "Deep
 * Anomaly Detection with Outlier Exposure", arXiv 1812.04606, section 3.
 *
 * @param images the pictures, of the size of those to be classified; their labels are not read
 * @param weight λ ≥ 0; {@value #USUAL_WEIGHT} in the paper
 */
public record Outliers(LabelledImages images, double weight) {

  /** λ of the paper's classifiers of pictures: {@value}. */
  public static final double USUAL_WEIGHT = 0.5;

  /**
   * Checks the weight.
   *
   * @param images see the record
   * @param weight see the record
   * @throws IllegalArgumentException unless {@code weight} is ≥ 0 and finite
   */
  public Outliers {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "lambda is " + weight + "; it must be at least 0 and finite, and 0.5 is usual");
    }
  }
}
