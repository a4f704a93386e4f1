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
final class ClassificationSums {

  /** Below it, seven terms of the series of {@link #divergence} err by less than 1e-16 of it. */
  private static final double SMALL = 1e-2;

  private final int classes;
  private final double[] mean;
  private final double[] centredSquares;
  private final long[] votes;
  private final double[] entropy;
  private final double[] divergence;
  private long samples;

  ClassificationSums(int inputs, int classes) {
    this(
        classes,
        new double[Math.multiplyExact(inputs, classes)],
        new double[inputs * classes],
        new long[inputs * classes],
        new double[][] {new double[inputs], new double[inputs]});
  }

  private ClassificationSums(
      int classes, double[] mean, double[] centredSquares, long[] votes, double[][] scalars) {
    this.classes = classes;
    this.mean = mean;
    this.centredSquares = centredSquares;
    this.votes = votes;
    this.entropy = scalars[0];
    this.divergence = scalars[1];
  }

  long samples() {
    return samples;
  }

  int classes() {
    return classes;
  }

  /** Counts a sample in; {@link #add} of every input must follow. */
  void next() {
    samples++;
  }

  /** Adds the distribution that the sample counted last gave one input. */
  void add(int input, double[] row) {
    int from = input * classes;
    double before = samples - 1.0;
    double gap = 0;
    for (int k = 0; k < classes; k++) {
      double old = mean[from + k];
      double delta = row[k] - old;
      double now = old + delta / samples;
      mean[from + k] = now;
      centredSquares[from + k] += delta * (row[k] - now);
      gap += divergence(row[k], now) + before * divergence(old, now);
    }
    divergence[input] += gap;
    entropy[input] += Entropy.of(row, 0, classes);
    votes[from + ArgMax.of(row)]++;
  }

  /** Adds all that the other sums hold. */
  void merge(ClassificationSums other) {
    if (other.samples == 0) {
      return;
    }
    double total = (double) samples + other.samples;
    double share = other.samples / total;
    double cross = samples * share;
    for (int n = 0; n < entropy.length; n++) {
      double gap = 0;
      for (int i = n * classes; i < (n + 1) * classes; i++) {
        double old = mean[i];
        double delta = other.mean[i] - old;
        double now = old + delta * share;
        mean[i] = now;
        centredSquares[i] += other.centredSquares[i] + delta * delta * cross;
        votes[i] += other.votes[i];
        gap += samples * divergence(old, now) + other.samples * divergence(other.mean[i], now);
      }
      divergence[n] += other.divergence[n] + gap;
      entropy[n] += other.entropy[n];
    }
    samples += other.samples;
  }

  /** A copy of the sums of one input. */
  ClassificationSums of(int input) {
    int from = input * classes;
    int to = from + classes;
    double[][] scalars = {{entropy[input]}, {divergence[input]}};
    ClassificationSums one =
        new ClassificationSums(
            classes,
            Arrays.copyOfRange(mean, from, to),
            Arrays.copyOfRange(centredSquares, from, to),
            Arrays.copyOfRange(votes, from, to),
            scalars);
    one.samples = samples;
    return one;
  }

  /** The means of the first input, not copied. */
  double[] means() {
    return mean;
  }

  /** The population variances of the first input. */
  double[] variances() {
    double[] variances = new double[classes];
    for (int k = 0; k < classes; k++) {
      variances[k] = centredSquares[k] / samples;
    }
    return variances;
  }

  /** The votes of the first input, not copied. */
  long[] votes() {
    return votes;
  }

  /** The mean entropy of the first input. */
  double meanEntropy() {
    return entropy[0] / samples;
  }

  /** The mean divergence from the mean of the first input. */
  double meanDivergence() {
    return divergence[0] / samples;
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
    if (Math.abs(x) < SMALL) {
      // Σ (−1)^n x^n / (n (n − 1)), n ≥ 2
      double series =
          1 / 2.0
              - x
                  * (1 / 6.0
                      - x * (1 / 12.0 - x * (1 / 20.0 - x * (1 / 30.0 - x * (1 / 42.0 - x / 56)))));
      return q * x * x * series;
    }
    return p == 0 ? q : Math.max(0, p * Math.log(p / q) - (p - q));
  }
}
