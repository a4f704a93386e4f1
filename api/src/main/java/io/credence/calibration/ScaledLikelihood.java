package io.credence.calibration;

import java.util.Arrays;

/**
 * The mean negative log-likelihood of held-out labels under scaled logits, and its gradient, in
 * parameters that the optimizer finds it easy to walk in: logits are standardised, u_k = (z_k −
 * μ_k)/σ_k, which moves no minimum. Parameters are those of u: vector [a, c] for a_k u_k + c_k,
 * matrix [A, c] for A u + c, rows of A first.
 */
final class ScaledLikelihood {

  private final HeldOut heldOut;
  private final boolean matrix;
  private final int classes;
  private final double[] means;
  private final double[] deviations;

  ScaledLikelihood(HeldOut heldOut, Scaling scaling) {
    this.heldOut = heldOut;
    this.matrix = scaling == Scaling.MATRIX;
    this.classes = heldOut.classes();
    this.means = new double[classes];
    this.deviations = new double[classes];
    int inputs = heldOut.inputs();
    for (int k = 0; k < classes; k++) {
      for (int n = 0; n < inputs; n++) {
        means[k] += heldOut.logits(n)[k] / inputs;
      }
      double squares = 0;
      for (int n = 0; n < inputs; n++) {
        double delta = heldOut.logits(n)[k] - means[k];
        squares += delta * delta;
      }
      deviations[k] = squares > 0 ? Math.sqrt(squares / inputs) : 1;
    }
  }

  private int weights() {
    return matrix ? classes * classes : classes;
  }

  /** The parameters that leave logits as they are. */
  double[] identity() {
    double[] start = new double[weights() + classes];
    for (int k = 0; k < classes; k++) {
      start[matrix ? k * classes + k : k] = deviations[k];
      start[weights() + k] = means[k];
    }
    return start;
  }

  /** The weights of the logits themselves. */
  double[] weights(double[] parameters) {
    double[] weights = Arrays.copyOf(parameters, weights());
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= deviations[i % classes];
    }
    return weights;
  }

  /** The biases that go with {@link #weights(double[])}. */
  double[] biases(double[] parameters) {
    double[] weights = weights(parameters);
    double[] biases = Arrays.copyOfRange(parameters, weights(), parameters.length);
    for (int i = 0; i < weights.length; i++) {
      biases[matrix ? i / classes : i] -= weights[i] * means[i % classes];
    }
    return biases;
  }

  double value(double[] parameters) {
    double[] standard = new double[classes];
    double sum = 0;
    for (int n = 0; n < heldOut.inputs(); n++) {
      double[] scaled = scaled(parameters, n, standard);
      sum += Softmax.negativeLogLikelihood(scaled, heldOut.label(n));
    }
    return sum / heldOut.inputs();
  }

  double[] gradient(double[] parameters) {
    int inputs = heldOut.inputs();
    double[] standard = new double[classes];
    double[] gradient = new double[parameters.length];
    for (int n = 0; n < inputs; n++) {
      double[] missed = Softmax.of(scaled(parameters, n, standard));
      missed[heldOut.label(n)] -= 1;
      for (int to = 0; to < classes; to++) {
        double slope = missed[to] / inputs;
        gradient[weights() + to] += slope;
        if (matrix) {
          for (int from = 0; from < classes; from++) {
            gradient[to * classes + from] += slope * standard[from];
          }
        } else {
          gradient[to] += slope * standard[to];
        }
      }
    }
    return gradient;
  }

  /** Whether every label has the largest of its scaled logits, alone. */
  boolean separates(double[] parameters) {
    double[] standard = new double[classes];
    for (int n = 0; n < heldOut.inputs(); n++) {
      double[] scaled = scaled(parameters, n, standard);
      for (int k = 0; k < classes; k++) {
        if (k != heldOut.label(n) && !(scaled[heldOut.label(n)] > scaled[k])) {
          return false;
        }
      }
    }
    return true;
  }

  /** The largest difference that any logit, less that of the label, has between two scalings. */
  double apart(double[] parameters, double[] others) {
    double[] standard = new double[classes];
    double largest = 0;
    for (int n = 0; n < heldOut.inputs(); n++) {
      double[] first = scaled(parameters, n, standard);
      double[] second = scaled(others, n, standard);
      double ofLabel = first[heldOut.label(n)] - second[heldOut.label(n)];
      for (int k = 0; k < classes; k++) {
        largest = Math.max(largest, Math.abs(first[k] - second[k] - ofLabel));
      }
    }
    return largest;
  }

  /** The scaled logits of an input; its standardised ones are written into {@code standard}. */
  private double[] scaled(double[] parameters, int input, double[] standard) {
    double[] logits = heldOut.logits(input);
    double[] scaled = Arrays.copyOfRange(parameters, weights(), parameters.length);
    for (int k = 0; k < classes; k++) {
      standard[k] = (logits[k] - means[k]) / deviations[k];
    }
    for (int to = 0; to < classes; to++) {
      if (matrix) {
        for (int from = 0; from < classes; from++) {
          scaled[to] += parameters[to * classes + from] * standard[from];
        }
      } else {
        scaled[to] += parameters[to] * standard[to];
      }
    }
    return scaled;
  }
}
