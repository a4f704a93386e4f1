package io.credence.acquisition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * BatchBALD: picks inputs whose labels together tell most of which network is right, I(y_1, …, y_k;
 * θ) in nats, one after the other. Each pick has the largest gain I(y; θ | y_1, …, y_n), so of two
 * inputs that tell the same only one is picked.
 *
 * <p>The samples must be those of {@linkplain io.credence.Masks#SHARED shared masks}, pass t the
 * same network for all inputs: with masks of their own inputs have no joint distribution.
 *
 * <p>What the labels y_1, …, y_n may turn out to be is a configuration. All of them are summed over
 * while there are at most as many as {@code configurations}: up to 4 inputs of 10 classes by the
 * default. For later picks T · ⌊configurations/T⌋ are drawn, as many by each network, the same for
 * all candidates, and grown by a label with each pick. The gain is Σ_m Q_m (H(Σ_t w_mt p_t) − Σ_t
 * w_mt H(p_t)), w_mt the probability of network t under configuration m of probability Q_m: the
 * paper's H(y_1, …, y_n, y) less terms that all candidates share, with the entropies of the
 * networks taken under the same draws as that of their mean, which cancels most of the error of
 * drawing. No gain is negative, and the paper's products of probabilities, which underflow, are not
 * formed.
 *
 * <p>Candidates are passed over only where a bound shows that they are not picked: gains under
 * configurations averaged in groups, never smaller as entropy is concave. The picks are those of
 * evaluating all.
 *
 * <p>Gains below 1e-12 count as 0. Ties go to the lower index. Picks depend on the seed, not on the
 * number of threads: the common pool's are used. Time O(k · N · M · T · K) for N candidates without
 * the bound; memory 8 · T · (N · K + 2 M) bytes. T networks can be told apart by ln T nats, so
 * gains go to zero as the batch grows: where they are near zero, more passes are needed.
 *
 * <p>Source: Kirsch, van Amersfoort, Gal 2019, "BatchBALD: Efficient and Diverse Batch Acquisition
 * for Deep Bayesian Active Learning", arXiv 1906.08158, sections 3 and 4.
 *
 * @param configurations the most configurations, at least T
 * @param seed the seed of those that are drawn
 */
public record BatchBald(int configurations, long seed) {

  static final int CONFIGURATIONS = 10_000;

  /** Bounds and gains are rounded by far less. */
  private static final double SLACK = 1e-11;

  /** Candidates evaluated before the best is compared with the bounds of the others. */
  private static final int CHUNK = 16;

  private static final double SUM_TOLERANCE = 1e-2;

  /**
   * Checks the number.
   *
   * @param configurations see the record
   * @param seed see the record
   * @throws IllegalArgumentException if {@code configurations < 1}
   */
  public BatchBald {
    if (configurations < 1) {
      throw new IllegalArgumentException(
          "configurations is " + configurations + "; it must be at least 1, such as 10000");
    }
  }

  /**
   * 10,000 configurations.
   *
   * @param seed the seed of those that are drawn
   * @return the method
   */
  public static BatchBald of(long seed) {
    return new BatchBald(CONFIGURATIONS, seed);
  }

  /**
   * An input that was picked.
   *
   * @param candidate its index
   * @param gain what its label tells in addition to those picked before, in nats; of the first its
   *     mutual information. To about 1e-14 where all configurations are summed over
   */
  public record Pick(int candidate, double gain) {}

  /**
   * Picks inputs.
   *
   * @param distributions of each of N candidates the probabilities by each of T networks, [N, T,
   *     K]; rows are divided by their sums; copied
   * @param labels how many are picked, k ≥ 1
   * @return the picks, in order; N if there are fewer candidates than labels
   * @throws IllegalArgumentException if {@code labels < 1}, there is no candidate, they differ in T
   *     or K, a probability is negative or NaN, a row does not sum to 1 to within 0.01, or {@code
   *     configurations} is less than T or T times it above 2^31 − 1
   */
  public List<Pick> pick(double[][][] distributions, int labels) {
    List<double[]> rows = new ArrayList<>(distributions.length);
    int[] shape = shape(distributions.length == 0 ? new double[0][] : distributions[0]);
    for (int n = 0; n < distributions.length; n++) {
      rows.add(flatten("candidate " + n, distributions[n], shape));
    }
    return pick(rows, shape, labels);
  }

  /** Passes and classes of a candidate. */
  static int[] shape(double[]... distributions) {
    return new int[] {
      distributions.length, distributions.length == 0 ? 0 : distributions[0].length
    };
  }

  /** The distributions of a candidate, divided by their sums, as [T, K]. */
  static double[] flatten(String name, double[][] distributions, int... shape) {
    if (shape[1] < 2) {
      throw new IllegalArgumentException(
          name
              + " has "
              + shape[0]
              + " passes of "
              + shape[1]
              + " classes; at least 1 pass of 2 classes is needed");
    }
    double[] flat = new double[shape[0] * shape[1]];
    boolean fits = distributions.length == shape[0];
    for (int t = 0; fits && t < shape[0]; t++) {
      fits = distributions[t].length == shape[1];
      if (fits) {
        copyNormalised(name + ", pass " + t, distributions[t], flat, t * shape[1]);
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          name
              + " does not have "
              + shape[0]
              + " passes of "
              + shape[1]
              + " classes, as the first has; all must be samples of the same networks");
    }
    return flat;
  }

  private static void copyNormalised(String name, double[] row, double[] flat, int from) {
    double sum = 0;
    for (double p : row) {
      if (!(p >= 0)) {
        throw new IllegalArgumentException(
            name
                + " has probability "
                + p
                + "; it must be at least 0; logits must go through"
                + " softmax first");
      }
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          name
              + " sums to "
              + sum
              + "; probabilities sum to 1, to within 0.01; logits must go"
              + " through softmax first");
    }
    for (int k = 0; k < row.length; k++) {
      flat[from + k] = row[k] / sum;
    }
  }

  /** Picks among flattened candidates. */
  List<Pick> pick(List<double[]> rows, int[] shape, int labels) {
    int passes = shape[0];
    int classes = shape[1];
    check(rows.size(), passes, labels);
    SplittableRandom random = new SplittableRandom(seed);
    Configurations known = Configurations.ofNone(passes, classes, 1);
    boolean exact = true;
    List<Pick> picks = new ArrayList<>();
    List<Integer> left = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    while (picks.size() < labels && !left.isEmpty()) {
      Pick best = best(known, rows, left);
      picks.add(best);
      left.remove((Integer) best.candidate());
      if (picks.size() == labels) {
        break;
      }
      boolean fits = (long) known.size() * classes <= configurations;
      if (exact && fits) {
        known = known.extend(rows.get(best.candidate()));
        continue;
      }
      List<Pick> drawn = List.of(best);
      if (exact) {
        exact = false;
        drawn = picks;
        known = Configurations.ofNone(passes, classes, configurations / passes * passes);
      }
      for (Pick each : drawn) {
        known = known.draw(random, rows.get(each.candidate()));
      }
    }
    return picks;
  }

  private void check(int candidates, int passes, int labels) {
    if (labels < 1) {
      throw new IllegalArgumentException("labels is " + labels + "; it must be at least 1");
    }
    if (candidates == 0) {
      throw new IllegalArgumentException("there is no candidate; give at least one");
    }
    if (configurations < passes || (long) configurations * passes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "configurations is "
              + configurations
              + " for "
              + passes
              + " passes; it must be at least their number, and at most "
              + Integer.MAX_VALUE / Math.max(passes, 1));
    }
  }

  /** The candidate of the largest gain, of equal ones that of the lowest index. */
  private static Pick best(Configurations known, List<double[]> rows, List<Integer> left) {
    Configurations coarse = known.coarsen();
    double[] bounds = new double[rows.size()];
    left.parallelStream().forEach(n -> bounds[n] = coarse.gain(rows.get(n)));
    List<Integer> order = new ArrayList<>(left);
    order.sort(Comparator.comparingDouble((Integer n) -> -bounds[n]).thenComparing(n -> n));
    Pick best = new Pick(-1, Double.NEGATIVE_INFINITY);
    for (int from = 0; from < order.size(); from += CHUNK) {
      if (bounds[order.get(from)] + SLACK < best.gain()) {
        break;
      }
      List<Integer> chunk = order.subList(from, Math.min(from + CHUNK, order.size()));
      best =
          chunk.parallelStream()
              .map(n -> new Pick(n, known.gain(rows.get(n))))
              .reduce(best, BatchBald::better);
    }
    return best;
  }

  private static Pick better(Pick first, Pick second) {
    int order = Double.compare(first.gain(), second.gain());
    return order > 0 || (order == 0 && first.candidate() < second.candidate()) ? first : second;
  }
}
