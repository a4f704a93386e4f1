package io.credence.calibration;

/**
 * How logits z of K classes are changed before the softmax. Source: Guo et al. 2017, "On
 * Calibration of Modern Neural Networks", arXiv 1706.04599, section 4.2; Platt 1999 for two
 * classes.
 */
public enum Scaling {
  /** z/T with one temperature T &gt; 0: the predicted class stays. */
  TEMPERATURE,
  /** w_k z_k + b_k: 2 K numbers; the predicted class may change. */
  VECTOR,
  /** W z + b: K² + K numbers, which needs many held-out inputs; the predicted class may change. */
  MATRIX;

  /** Numbers that are fitted. */
  int parameters(int classes) {
    return switch (this) {
      case TEMPERATURE -> 1;
      case VECTOR -> 2 * classes;
      case MATRIX -> classes * classes + classes;
    };
  }
}
