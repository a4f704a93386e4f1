package io.credence.statistics;

/** Shannon entropy of discrete distributions, in nats, with 0 · ln 0 = 0. */
final class Entropy {

  /** Rests below it tell the largest probability better than it tells itself. */
  private static final double NEARLY_NONE = 0.1;

  private Entropy() {}

  /**
   * −Σ p ln p over probabilities that sum to 1. The term of the largest is that of 1 less the
   * others, as 1 − 1e-20 is no number of float64.
   */
  static double of(double[] p) {
    return of(p, new double[p.length], 0, p.length, ArgMax.of(p));
  }

  /**
   * The same of a part of an array.
   *
   * @param logs is filled with the logarithm of each, at the same positions
   * @param from where the part begins
   * @param to where it ends
   * @param top where the largest is
   */
  static double of(double[] p, double[] logs, int from, int to, int top) {
    double rest = 0;
    double sum = 0;
    for (int k = from; k < to; k++) {
      logs[k] = Math.log(p[k]);
      if (k != top && p[k] > 0) {
        rest += p[k];
        sum -= p[k] * logs[k];
      }
    }
    double ofTop = rest < NEARLY_NONE ? (1 - rest) * Math.log1p(-rest) : p[top] * logs[top];
    // −1 · ln 1 is −0.0, and a p a rounding above 1 gives a negative term.
    return Math.max(sum - ofTop, 0.0);
  }

  /** −Σ (v/n) ln (v/n) over counts, or weights, v that sum to n. */
  static double ofCounts(double[] counts, double sum) {
    double entropy = 0;
    for (double count : counts) {
      if (count > 0) {
        entropy -= count / sum * Math.log(count / sum);
      }
    }
    return Math.max(entropy, 0.0);
  }
}
