package io.credence.statistics;

import java.util.Arrays;

/**
 * Sums over samples of distributions over K classes, for N inputs: mean, centred squares,
 * entropies, divergences from the mean, votes.
 *
 * <p>Divergences follow the recurrence of Welford and Chan with the Kullback–Leibler divergence in
 * the place of the square: for parts a and b of mean p_a, p_b, of which the whole has mean p, Σ
 * KL(p_t ‖ p) = Σ_a KL(p_t ‖ p_a) + Σ_b KL(p_t ‖ p_b) + n_a KL(p_a ‖ p) + n_b KL(p_b ‖ p), as holds
 * for every Bregman divergence (Banerjee, Merugu, Dhillon, Ghosh 2005, "Clustering with Bregman
 * Divergences"). No term is negative, so nothing cancels.
 */
final class ClassificationSums extends Sums<ClassificationSums> {

  /** Below it, seven terms of the series of {@link #divergence} err by less than 1e-16 of it. */
  private static final double SMALL = 1e-2;

  private final int classes;
  private final double[] mean;
  private final double[] centredSquares;
  private final double[] votes;
  private final double[] entropy;
  private final double[] divergence;

  /** What the members' means differ by; no numbers before there are two. */
  private double[] memberSquares = {};

  private double[] memberDivergence = {};

  ClassificationSums(int inputs, int classes) {
    this.classes = classes;
    this.mean = new double[Math.multiplyExact(inputs, classes)];
    this.centredSquares = new double[mean.length];
    this.votes = new double[mean.length];
    this.entropy = new double[inputs];
    this.divergence = new double[inputs];
  }

  private ClassificationSums(ClassificationSums that, int... inputs) {
    this.classes = that.classes;
    this.mean = rows(that.mean, classes, inputs);
    this.centredSquares = rows(that.centredSquares, classes, inputs);
    this.votes = rows(that.votes, classes, inputs);
    this.entropy = rows(that.entropy, 1, inputs);
    this.divergence = rows(that.divergence, 1, inputs);
    this.memberSquares = rows(that.memberSquares, classes, inputs);
    this.memberDivergence = rows(that.memberDivergence, 1, inputs);
  }

  int classes() {
    return classes;
  }

  /**
   * Adds the distribution that the sample counted last gave one input.
   *
   * @param logs the logarithm of each probability
   * @param rowEntropy the entropy of the row
   * @param top the most probable class
   */
  void add(int input, double[] row, double[] logs, double rowEntropy, int top) {
    int from = input * classes;
    double samples = weight();
    double before = samples - 1;
    double gap = 0;
    double others = 0;
    for (int k = 0; k < classes; k++) {
      double old = mean[from + k];
      double delta = row[k] - old;
      double now = old + delta / samples;
      mean[from + k] = now;
      if (k != top) {
        others += delta;
        centredSquares[from + k] += delta * (row[k] - now);
      }
      gap += divergence(row[k], logs[k], now) + before * divergence(old, now);
    }
    // What the largest lacks to 1 is rounded away in it, and told by the others.
    centredSquares[from + top] += others * others * (before / samples);
    divergence[input] += gap;
    entropy[input] += rowEntropy;
    votes[from + top]++;
  }

  @Override
  void mergeValues(ClassificationSums other, double factor, double share, boolean member) {
    if (member && memberSquares.length == 0) {
      memberSquares = new double[mean.length];
      memberDivergence = new double[divergence.length];
    }
    double cross = weight() * share;
    double theirs = other.weight() * factor;
    double[] squares = member ? memberSquares : centredSquares;
    for (int n = 0; n < entropy.length; n++) {
      double gap = 0;
      double others = 0;
      int top = ArgMax.of(other.mean, n * classes, classes);
      for (int i = n * classes; i < (n + 1) * classes; i++) {
        double old = mean[i];
        double delta = other.mean[i] - old;
        double now = old + delta * share;
        mean[i] = now;
        centredSquares[i] += other.centredSquares[i] * factor;
        if (i != top) {
          others += delta;
          squares[i] += delta * delta * cross;
        }
        votes[i] += other.votes[i] * factor;
        gap += weight() * divergence(old, now) + theirs * divergence(other.mean[i], now);
      }
      squares[top] += others * others * cross;
      divergence[n] += other.divergence[n] * factor;
      (member ? memberDivergence : divergence)[n] += gap;
      entropy[n] += other.entropy[n] * factor;
    }
  }

  @Override
  ClassificationSums keepValues(int... inputs) {
    return new ClassificationSums(this, inputs);
  }

  @Override
  ClassificationSums empty() {
    return new ClassificationSums(entropy.length, classes);
  }

  /** The means of the first input, not copied. */
  double[] means() {
    return mean;
  }

  /** The population variance of a class of the first input within members, on average. */
  double varianceWithin(int index) {
    return centredSquares[index] / weight();
  }

  /** The population variance of the members' means of a class of the first input. */
  double varianceBetween(int index) {
    return memberSquares.length == 0 ? 0 : memberSquares[index] / weight();
  }

  /** The weights of the votes of the first input, not copied. */
  double[] votes() {
    return votes;
  }

  /** The mean entropy of the first input. */
  double meanEntropy() {
    return entropy[0] / weight();
  }

  /** The mean divergence of the samples of the first input from their member's mean. */
  double divergenceWithin() {
    return divergence[0] / weight();
  }

  /** The mean divergence of the members' means of the first input from the mean of all. */
  double divergenceBetween() {
    return memberDivergence.length == 0 ? 0 : memberDivergence[0] / weight();
  }

  /** Whether other sums hold the same numbers. */
  boolean same(ClassificationSums that) {
    return sameCounts(that)
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(centredSquares, that.centredSquares)
        && Arrays.equals(votes, that.votes)
        && Arrays.equals(entropy, that.entropy)
        && Arrays.equals(divergence, that.divergence)
        && Arrays.equals(memberSquares, that.memberSquares)
        && Arrays.equals(memberDivergence, that.memberDivergence);
  }

  /**
   * One term of a Kullback–Leibler divergence, p ln(p/q) − p + q: never negative, and the last two
   * parts vanish in the sum over classes. With x = (p − q)/q it is q ((1 + x) ln(1 + x) − x).
   */
  static double divergence(double p, double q) {
    if (p == q || q == 0) {
      return 0; // q = 0 < p only where the mean of denormals underflows
    }
    double x = (p - q) / q;
    return Math.abs(x) < SMALL ? q * series(x) : far(p, p == 0 ? 0 : p * Math.log(p / q), q);
  }

  /** The same where the logarithm of p is known. */
  private static double divergence(double p, double log, double q) {
    if (p == q || q == 0) {
      return 0;
    }
    double x = (p - q) / q;
    return Math.abs(x) < SMALL ? q * series(x) : far(p, p == 0 ? 0 : p * (log - Math.log(q)), q);
  }

  private static double far(double p, double product, double q) {
    return Math.max(0, product - (p - q));
  }

  /** Σ (−1)^n x^n / (n (n − 1)), n ≥ 2. */
  private static double series(double x) {
    return x
        * x
        * (1 / 2.0
            - x
                * (1 / 6.0
                    - x * (1 / 12.0 - x * (1 / 20.0 - x * (1 / 30.0 - x * (1 / 42.0 - x / 56))))));
  }
}
