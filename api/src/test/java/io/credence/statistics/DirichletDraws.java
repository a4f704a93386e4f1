package io.credence.statistics;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.special.Gamma;

/** Draws of Dirichlet distributions, and what is known of them in closed form. */
final class DirichletDraws {

  private DirichletDraws() {}

  /** Distributions over classes drawn from Dir(α), as a model would give them. */
  static float[] floats(double[] alpha, RandomGenerator random) {
    double[] row = draw(alpha, random);
    float[] narrow = new float[row.length];
    for (int k = 0; k < row.length; k++) {
      narrow[k] = (float) row[k];
    }
    return narrow;
  }

  static double[] draw(double[] alpha, RandomGenerator random) {
    double[] p = new double[alpha.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = gamma(alpha[k], random);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  /** Marsaglia and Tsang 2000, doi 10.1145/358407.358414; below 1 by the power of a uniform. */
  private static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  static double[] mean(double[] alpha) {
    double total = Arrays.stream(alpha).sum();
    return Arrays.stream(alpha).map(a -> a / total).toArray();
  }

  /** The mean entropy of a draw: ψ(Σα + 1) − Σ (α_k/Σα) ψ(α_k + 1). */
  static double expectedEntropy(double[] alpha) {
    double total = Arrays.stream(alpha).sum();
    double expected = Gamma.digamma(total + 1);
    for (double a : alpha) {
      expected -= a / total * Gamma.digamma(a + 1);
    }
    return expected;
  }

  /** The variance of each class. */
  static double[] variances(double[] alpha) {
    double total = Arrays.stream(alpha).sum();
    return Arrays.stream(alpha).map(a -> a * (total - a) / (total * total * (total + 1))).toArray();
  }

  /** The parameters of given mean that sum to a number. */
  static double[] alpha(double total, double... mean) {
    return Arrays.stream(mean).map(m -> total * m).toArray();
  }
}
