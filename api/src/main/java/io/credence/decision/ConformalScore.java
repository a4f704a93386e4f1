package io.credence.decision;

import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How badly a class fits a predicted distribution p over K classes. With classes in the order of
 * their probabilities, the largest first and the lower class first on a tie, o(y) the place of y
 * from 1, and ρ(y) the sum of the probabilities before it:
 *
 * <pre>
 * THR   1 − p_y
 * APS   ρ(y) + u p_y
 * RAPS  ρ(y) + u p_y + λ max(0, o(y) − k)
 * </pre>
 *
 * <p>u = 1 unless the score is {@linkplain #randomized randomised}; then it is drawn uniformly from
 * [0, 1) for each input, from the seed and the number of the input alone.
 *
 * <p>Sources: Sadinle, Lei, Wasserman 2019, "Least Ambiguous Set-Valued Classifiers with Bounded
 * Error Levels", doi 10.1080/01621459.2017.1395341 (THR, also LAC); Romano, Sesia, Candès 2020,
 * "Classification with Valid and Adaptive Coverage", arXiv 2006.02544 (APS); Angelopoulos et al.
 * 2021, "Uncertainty Sets for Image Classifiers using Conformal Prediction", arXiv 2009.14193
 * (RAPS).
 *
 * @param method which of the three
 * @param penalty λ ≥ 0, of RAPS; else 0
 * @param freeClasses k ≥ 0, of RAPS: how many classes go without penalty; else 0
 * @param seed the seed of u; empty where u = 1
 */
public record ConformalScore(Method method, double penalty, int freeClasses, OptionalLong seed) {

  /** How far probabilities may be from summing to one; float16 rounding needs 5e-3. */
  private static final double SUM_TOLERANCE = 1e-2;

  /**
   * Step between the states of SplitMix64, so that each number of an input is a draw of its own.
   */
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** The three scores. */
  public enum Method {
    /** Least ambiguous sets: smallest on average, empty or of one class where the model is sure. */
    THR,
    /** Adaptive prediction sets: larger where the model is unsure. */
    APS,
    /** Regularised adaptive prediction sets: APS with a price on unlikely classes. */
    RAPS
  }

  /**
   * Checks the numbers.
   *
   * @param method see the record
   * @param penalty see the record
   * @param freeClasses see the record
   * @param seed see the record
   * @throws IllegalArgumentException if {@code penalty} is negative or not finite, {@code
   *     freeClasses < 0}, either is not 0 of another method than RAPS, or THR has a seed
   */
  public ConformalScore {
    if (!(penalty >= 0 && penalty < Double.POSITIVE_INFINITY) || freeClasses < 0) {
      throw new IllegalArgumentException(
          "penalty is "
              + penalty
              + " and freeClasses "
              + freeClasses
              + "; both must be at least 0, and finite");
    }
    if (method != Method.RAPS && (penalty != 0 || freeClasses != 0)) {
      throw new IllegalArgumentException(
          method + " has no penalty and no free classes; give 0 for both, or choose RAPS");
    }
    if (method == Method.THR && seed.isPresent()) {
      throw new IllegalArgumentException("THR is not randomised; choose APS or RAPS");
    }
  }

  /**
   * THR, 1 − p_y.
   *
   * @return the score
   */
  public static ConformalScore threshold() {
    return new ConformalScore(Method.THR, 0, 0, OptionalLong.empty());
  }

  /**
   * APS without randomness.
   *
   * @return the score
   */
  public static ConformalScore adaptive() {
    return new ConformalScore(Method.APS, 0, 0, OptionalLong.empty());
  }

  /**
   * RAPS without randomness.
   *
   * @param penalty λ ≥ 0, for each class beyond the free ones
   * @param freeClasses k ≥ 0
   * @return the score
   * @throws IllegalArgumentException if {@code penalty} is negative or not finite, or {@code
   *     freeClasses < 0}
   */
  public static ConformalScore regularized(double penalty, int freeClasses) {
    return new ConformalScore(Method.RAPS, penalty, freeClasses, OptionalLong.empty());
  }

  /**
   * The randomised score, whose sets are smaller: without randomness APS covers more than asked
   * for.
   *
   * @param newSeed the seed of u
   * @return the score
   * @throws IllegalArgumentException of THR
   */
  public ConformalScore randomized(long newSeed) {
    return new ConformalScore(method, penalty, freeClasses, OptionalLong.of(newSeed));
  }

  /** u of an input, or 1; inputs of different streams are different inputs. */
  double draw(int stream, long input) {
    return seed.isEmpty()
        ? 1
        : new SplittableRandom(seed.getAsLong() + (2 * input + stream) * GOLDEN_GAMMA).nextDouble();
  }

  /** The classes of a distribution, which is checked, in the order of their probabilities. */
  static int[] order(double... probabilities) {
    double sum = 0;
    for (int k = 0; k < probabilities.length; k++) {
      if (!(probabilities[k] >= 0)) {
        throw new IllegalArgumentException(
            "probabilities["
                + k
                + "] is "
                + probabilities[k]
                + "; it must be at least 0; logits must go through softmax first");
      }
      sum += probabilities[k];
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          "probabilities sum to "
              + sum
              + "; they must sum to 1, to within 0.01; logits must go through softmax first");
    }
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> -probabilities[k]))
        .mapToInt(k -> k)
        .toArray();
  }

  /** The score of every class, in the order given. */
  double[] of(double[] probabilities, int[] order, double u) {
    double sum = Arrays.stream(probabilities).sum();
    double[] scores = new double[order.length];
    double before = 0;
    for (int i = 0; i < order.length; i++) {
      double p = probabilities[order[i]] / sum;
      scores[i] =
          method == Method.THR
              ? 1 - p
              : before + u * p + penalty * Math.max(0, i + 1 - freeClasses);
      before += p;
    }
    return scores;
  }
}
