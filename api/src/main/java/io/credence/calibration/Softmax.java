package io.credence.calibration;

/** Softmax and its likelihood, of logits of whatever size. */
final class Softmax {

  private Softmax() {}

  static double[] of(double[] logits) {
    double largest = logits[Distributions.predicted(logits)];
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] = Math.exp(logits[k] - largest);
      sum += probabilities[k];
    }
    for (int k = 0; k < logits.length; k++) {
      probabilities[k] /= sum;
    }
    return probabilities;
  }

  /** −ln of the label's probability, nats. */
  static double negativeLogLikelihood(double[] logits, int label) {
    int top = Distributions.predicted(logits);
    double rest = 0;
    for (int k = 0; k < logits.length; k++) {
      rest += k == top ? 0 : Math.exp(logits[k] - logits[top]);
    }
    return Math.log1p(rest) + (logits[top] - logits[label]);
  }
}
