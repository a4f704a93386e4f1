package io.credence.acquisition;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What the labels of the inputs picked so far may turn out to be: M configurations, of each its
 * probability Q_m and how probable it makes each of the T networks, w_mt = p(t | m), with Σ_t w_mt
 * = 1. As weights are divided by their sum with every input, nothing underflows however many are
 * picked.
 */
final class Configurations {

  /** Configurations worked on at a time: K sums of them stay in the nearest cache. */
  private static final int BLOCK = 256;

  /** Gains below are rounding, and count as 0: inputs that tell nothing are equal. */
  private static final double ROUNDING = 1e-12;

  /** Passes added at a time: sums are read and written once for so many. */
  private static final int UNROLLED = 4;

  private final int passes;
  private final int classes;

  /** [T, M], the configurations running fastest. */
  private final double[] weights;

  /** [M], summing to 1. */
  private final double[] probabilities;

  /** [T], Σ_m Q_m w_mt. */
  private final double[] passWeights;

  private Configurations(int passes, int classes, double[] weights, double... probabilities) {
    this.passes = passes;
    this.classes = classes;
    this.weights = weights;
    this.probabilities = probabilities;
    passWeights = new double[passes];
    int size = probabilities.length;
    for (int t = 0; t < passes; t++) {
      for (int m = 0; m < size; m++) {
        passWeights[t] += probabilities[m] * weights[t * size + m];
      }
    }
  }

  /**
   * Configurations of no input, all alike, under which all networks are as probable.
   *
   * @param number M: 1 to {@linkplain #extend extend} by all labels, a multiple of T to {@linkplain
   *     #draw draw} labels
   */
  static Configurations ofNone(int passes, int classes, int number) {
    double[] weights = new double[passes * number];
    Arrays.fill(weights, 1.0 / passes);
    double[] probabilities = new double[number];
    Arrays.fill(probabilities, 1.0 / number);
    return new Configurations(passes, classes, weights, probabilities);
  }

  int size() {
    return probabilities.length;
  }

  /**
   * All configurations with every label of another input that is possible under them.
   *
   * @param p its distributions by each network, [T, K]
   */
  Configurations extend(double... p) {
    int size = size();
    int[] parents = new int[size * classes];
    int[] labels = new int[size * classes];
    double[] sums = new double[size * classes];
    int possible = 0;
    for (int m = 0; m < size; m++) {
      for (int k = 0; k < classes; k++) {
        double sum = 0;
        for (int t = 0; t < passes; t++) {
          sum += weights[t * size + m] * p[t * classes + k];
        }
        if (sum > 0) {
          parents[possible] = m;
          labels[possible] = k;
          sums[possible++] = sum;
        }
      }
    }
    double[] extended = new double[passes * possible];
    double[] products = new double[possible];
    for (int i = 0; i < possible; i++) {
      products[i] = probabilities[parents[i]] * sums[i];
      for (int t = 0; t < passes; t++) {
        extended[t * possible + i] =
            weights[t * size + parents[i]] * p[t * classes + labels[i]] / sums[i];
      }
    }
    return new Configurations(passes, classes, extended, products);
  }

  /**
   * The same number of configurations with a label of another input, drawn for configuration m by
   * network m mod T: as many by each.
   *
   * @param p its distributions by each network, [T, K]
   */
  Configurations draw(SplittableRandom random, double... p) {
    int size = size();
    double[] extended = new double[weights.length];
    for (int m = 0; m < size; m++) {
      int label = draw(random.nextDouble(), p, m % passes * classes);
      double sum = 0;
      for (int t = 0; t < passes; t++) {
        double product = weights[t * size + m] * p[t * classes + label];
        extended[t * size + m] = product;
        sum += product;
      }
      for (int t = 0; t < passes; t++) {
        extended[t * size + m] /= sum;
      }
    }
    return new Configurations(passes, classes, extended, probabilities);
  }

  /** The class at which the sum of probabilities passes u; never one of probability 0. */
  private int draw(double u, double[] p, int from) {
    int last = 0;
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      if (p[from + k] > 0) {
        last = k;
        sum += p[from + k];
        if (u < sum) {
          return k;
        }
      }
    }
    return last;
  }

  /**
   * Fewer configurations, each the mean of those under which the same two networks are most
   * probable, in the same order. As entropy is concave, {@link #gain} of these is never less than
   * that of all, but for rounding.
   */
  Configurations coarsen() {
    int size = size();
    Map<Long, Integer> groups = new HashMap<>();
    int[] groupOf = new int[size];
    for (int m = 0; m < size; m++) {
      groupOf[m] = groups.computeIfAbsent(twoMostProbable(m), key -> groups.size());
    }
    int number = groups.size();
    double[] sums = new double[number];
    for (int m = 0; m < size; m++) {
      sums[groupOf[m]] += probabilities[m];
    }
    double[] means = new double[passes * number];
    for (int t = 0; t < passes; t++) {
      for (int m = 0; m < size; m++) {
        means[t * number + groupOf[m]] +=
            probabilities[m] / sums[groupOf[m]] * weights[t * size + m];
      }
    }
    return new Configurations(passes, classes, means, sums);
  }

  private long twoMostProbable(int m) {
    int size = size();
    int first = 0;
    int second = 0;
    for (int t = 1; t < passes; t++) {
      double weight = weights[t * size + m];
      if (weight > weights[first * size + m]) {
        second = first;
        first = t;
      } else if (second == first || weight > weights[second * size + m]) {
        second = t;
      }
    }
    return (long) first * passes + second;
  }

  /**
   * What the label of an input would tell of which network is right, were the labels of those
   * picked known: Σ_m Q_m (H(Σ_t w_mt p_t) − Σ_t w_mt H(p_t)), in nats.
   *
   * @param p its distributions by each network, [T, K]
   */
  double gain(double... p) {
    double gain = 0;
    for (int t = 0; t < passes; t++) {
      for (int k = 0; k < classes; k++) {
        gain += passWeights[t] * plogp(p[t * classes + k]);
      }
    }
    double[] sums = new double[classes * BLOCK];
    for (int from = 0; from < size(); from += BLOCK) {
      int length = Math.min(BLOCK, size() - from);
      mix(p, from, length, sums);
      for (int k = 0; k < classes; k++) {
        for (int i = 0; i < length; i++) {
          gain -= probabilities[from + i] * plogp(sums[k * BLOCK + i]);
        }
      }
    }
    return gain < ROUNDING ? 0 : gain;
  }

  private static double plogp(double p) {
    return p > 0 ? p * Math.log(p) : 0;
  }

  /** Σ_t w_mt p_t of a block of configurations into {@code sums}, [K, BLOCK]. */
  private void mix(double[] p, int from, int length, double... sums) {
    Arrays.fill(sums, 0);
    int[] rows = new int[UNROLLED];
    double[] factors = new double[UNROLLED];
    for (int t = 0; t < passes; t += UNROLLED) {
      for (int k = 0; k < classes; k++) {
        for (int j = 0; j < UNROLLED; j++) {
          int pass = Math.min(t + j, passes - 1);
          rows[j] = pass * size() + from;
          factors[j] = t + j < passes ? p[pass * classes + k] : 0;
        }
        addRows(rows, factors, length, sums, k * BLOCK);
      }
    }
  }

  private void addRows(int[] rows, double[] factors, int length, double[] sums, int to) {
    double[] w = weights;
    int row0 = rows[0];
    int row1 = rows[1];
    int row2 = rows[2];
    int row3 = rows[3];
    double factor0 = factors[0];
    double factor1 = factors[1];
    double factor2 = factors[2];
    double factor3 = factors[3];
    for (int i = 0; i < length; i++) {
      sums[to + i] +=
          w[row0 + i] * factor0
              + w[row1 + i] * factor1
              + w[row2 + i] * factor2
              + w[row3 + i] * factor3;
    }
  }
}
