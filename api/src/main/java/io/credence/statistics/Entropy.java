package io.credence.statistics;

/** Shannon entropy of discrete distributions, in nats, with 0 · ln 0 = 0. */
final class Entropy {

  private Entropy() {}

  /** −Σ p ln p over {@code p[from .. from + length)}, which must be probabilities. */
  static double of(double[] p, int from, int length) {
    double sum = 0;
    for (int k = from; k < from + length; k++) {
      if (p[k] > 0) {
        sum -= p[k] * Math.log(p[k]);
      }
    }
    // −1 · ln 1 is −0.0, and a p a rounding above 1 gives a negative term.
    return Math.max(sum, 0.0);
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
