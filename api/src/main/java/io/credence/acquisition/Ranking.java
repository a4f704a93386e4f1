package io.credence.acquisition;

import java.util.Locale;

/**
 * What candidates are ranked by, a function of id and score alone, so that neither the order of
 * arrival nor the shard counts. Noise is keyed by (seed, id).
 *
 * @param kind how the key is made
 * @param seed the seed of the noise
 * @param coldness β &gt; 0, by which the noise is divided
 */
record Ranking(Kind kind, long seed, double coldness) {

  /** How a key is made of score s, uniform noise u and Gumbel noise g = −ln(−ln u). */
  enum Kind {
    /** s. */
    SCORE,
    /** u. */
    RANDOM,
    /** ln s + g/β: the first k are drawn without replacement, each with p ∝ s^β. */
    POWER,
    /** s + g/β: the same with p ∝ exp(β s). */
    SOFTMAX
  }

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final int MANTISSA = 53;

  static final Ranking BY_SCORE = new Ranking(Kind.SCORE, 0, 1);

  /** The key; −∞ for a score of 0 by {@link Kind#POWER}. */
  double key(String id, double score) {
    if (!Double.isFinite(score)) {
      throw new IllegalArgumentException(
          "the score of id \""
              + id
              + "\" is "
              + score
              + "; it must be finite; see whether the model gives NaN for this input, and leave it"
              + " out");
    }
    return switch (kind) {
      case SCORE -> score + 0.0; // −0.0 is ranked below 0.0
      case RANDOM -> uniform(seed, id);
      case POWER -> logOf(id, score) + gumbel(seed, id) / coldness;
      case SOFTMAX -> score + gumbel(seed, id) / coldness;
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case SCORE -> "score";
      case RANDOM -> "chance, seed " + seed;
      case POWER, SOFTMAX ->
          kind.name().toLowerCase(Locale.ROOT) + ", seed " + seed + ", coldness " + coldness;
    };
  }

  private static double logOf(String id, double score) {
    if (score < 0) {
      throw new IllegalArgumentException(
          "the score of id \""
              + id
              + "\" is "
              + score
              + "; a power of it needs at least 0; choose a measure that is never negative");
    }
    return Math.log(score + 0.0);
  }

  /** A draw of the standard Gumbel distribution that belongs to the id. */
  static double gumbel(long seed, String id) {
    return -Math.log(-Math.log(uniform(seed, id)));
  }

  /** A number between 0 and 1, both exclusive, that belongs to the id. */
  static double uniform(long seed, String id) {
    long hash = mix(seed + GOLDEN_GAMMA);
    for (int i = 0; i < id.length(); i++) {
      hash = mix((hash + GOLDEN_GAMMA) ^ id.charAt(i));
    }
    return ((hash >>> (Long.SIZE - MANTISSA)) + 0.5) * 0x1p-53;
  }

  /**
   * The finaliser of SplittableRandom (Stafford's variant 13): a bijection in which bits scatter.
   */
  private static long mix(long bits) {
    long z = bits;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
