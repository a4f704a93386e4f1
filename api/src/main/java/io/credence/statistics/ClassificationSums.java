package io.credence.statistics;

import java.util.Arrays;
import java.util.Objects;

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
   * Adds what passes of a block gave one input; they are counted in once all inputs are added.
   *
   * @param part sums of one input, to be used for those of the block
   */
  void add(
      int input, PassBlock block, PassSums.Part<ClassificationSums> of, ClassificationSums part) {
    part.sum(block, of);
    mergeInput(input, part, 0, 1, false);
  }

  /** Takes the sums of some passes of a block for the only input, in place of what was there. */
  private void sum(PassBlock block, PassSums.Part<ClassificationSums> of) {
    recount(of.passes());
    Arrays.fill(centredSquares, 0);
    Arrays.fill(votes, 0);
    entropy[0] = 0;
    divergence[0] = 0;
    int end = of.start() + of.passes() * of.stride();
    for (int t = of.start(); t < end; t += of.stride()) {
      entropy[0] += block.entropy(t);
      votes[block.top(t)]++;
    }
    for (int k = 0; k < classes; k++) {
      // About the first, so that passes that agree have the mean they agree on.
      double one = block.probability(of.start(), k);
      double sum = 0;
      for (int t = of.start() + of.stride(); t < end; t += of.stride()) {
        sum += block.probability(t, k) - one;
      }
      mean[k] = one + sum / of.passes();
    }
    if (of.passes() > 1) {
      spread(block, of);
    }
  }

  /** Sums what the passes differ by from their mean, which is known. */
  private void spread(PassBlock block, PassSums.Part<ClassificationSums> of) {
    double[] logs = block.logs(mean);
    int end = of.start() + of.passes() * of.stride();
    for (int t = of.start(); t < end; t += of.stride()) {
      int top = block.top(t);
      double others = 0;
      double gap = 0;
      for (int k = 0; k < classes; k++) {
        double p = block.probability(t, k);
        double delta = p - mean[k];
        if (k != top) {
          others += delta;
          centredSquares[k] += delta * delta;
        }
        gap += divergence(p, block.log(t, k), mean[k], logs[k]);
      }
      // What the largest lacks to 1 is rounded away in it, and told by the others.
      centredSquares[top] += others * others;
      divergence[0] += gap;
    }
  }

  @Override
  void mergeValues(ClassificationSums other, double factor, boolean member) {
    for (int n = 0; n < entropy.length; n++) {
      mergeInput(n, other, n, factor, member);
    }
  }

  /** Adds an input of other sums to one of these. */
  private void mergeInput(
      int n, ClassificationSums other, int otherInput, double factor, boolean member) {
    if (member && memberSquares.length == 0) {
      memberSquares = new double[mean.length];
      memberDivergence = new double[divergence.length];
    }
    double theirs = other.weight() * factor;
    double share = theirs / (weight() + theirs);
    double cross = weight() * share;
    double[] squares = member ? memberSquares : centredSquares;
    int shift = (otherInput - n) * classes;
    int top = ArgMax.of(other.mean, otherInput * classes, classes) - shift;
    double gap = 0;
    double others = 0;
    for (int i = n * classes; i < (n + 1) * classes; i++) {
      double old = mean[i];
      double added = other.mean[i + shift];
      double delta = added - old;
      double now = old + delta * share;
      mean[i] = now;
      centredSquares[i] += other.centredSquares[i + shift] * factor;
      if (i != top) {
        others += delta;
        squares[i] += delta * delta * cross;
      }
      votes[i] += other.votes[i + shift] * factor;
      gap += weight() * divergence(old, now) + theirs * divergence(added, now);
    }
    squares[top] += others * others * cross;
    divergence[n] += other.divergence[otherInput] * factor;
    (member ? memberDivergence : divergence)[n] += gap;
    entropy[n] += other.entropy[otherInput] * factor;
  }

  @Override
  ClassificationSums keepValues(int... inputs) {
    return new ClassificationSums(this, inputs);
  }

  @Override
  ClassificationSums empty() {
    return new ClassificationSums(entropy.length, classes);
  }

  @Override
  int inputs() {
    return entropy.length;
  }

  private int at(int input, int index) {
    return input * classes + Objects.checkIndex(index, classes);
  }

  double mean(int input, int index) {
    return mean[at(input, index)];
  }

  /** The means of an input. */
  double[] means(int input) {
    return Arrays.copyOfRange(mean, input * classes, (input + 1) * classes);
  }

  /** The population variance of a class of an input within members, on average. */
  double varianceWithin(int input, int index) {
    return centredSquares[at(input, index)] / weight();
  }

  /** The population variance of the members' means of a class of an input. */
  double varianceBetween(int input, int index) {
    return memberSquares.length == 0 ? 0 : memberSquares[at(input, index)] / weight();
  }

  /** The weights of the votes of an input. */
  double[] votes(int input) {
    return Arrays.copyOfRange(votes, input * classes, (input + 1) * classes);
  }

  /** The mean entropy of an input. */
  double meanEntropy(int input) {
    return entropy[input] / weight();
  }

  /** The mean divergence of the samples of an input from their member's mean. */
  double divergenceWithin(int input) {
    return divergence[input] / weight();
  }

  /** The mean divergence of the members' means of an input from the mean of all. */
  double divergenceBetween(int input) {
    return memberDivergence.length == 0 ? 0 : memberDivergence[input] / weight();
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

  /** The same where the logarithms are known. */
  private static double divergence(double p, double logP, double q, double logQ) {
    if (p == q || q == 0) {
      return 0;
    }
    double x = (p - q) / q;
    return Math.abs(x) < SMALL ? q * series(x) : far(p, p == 0 ? 0 : p * (logP - logQ), q);
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
