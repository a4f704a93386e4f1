package io.credence.models.data;

/**
 * The random numbers of one picture: SplitMix64 (Steele, Lea and Flood, 2014, "Fast splittable
 * pseudorandom number generators", OOPSLA, DOI 10.1145/2660193.2660195), started from a mix of
 * seed, stream and index.
 *
 * <p>Written out here, not taken from {@code java.util}, since a picture must be the same bytes on
 * every JVM and the bounded and Gaussian draws of the library have changed between releases.
 */
final class Draws {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private static final double ROOT_3 = 1.7320508075688772;

  private long state;

  Draws(long seed, long stream, long index) {
    state = mix(mix(mix(seed + GOLDEN) + stream + GOLDEN) + index);
  }

  /** The finaliser of SplitMix64, a bijection that scatters its argument. */
  static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  long bits() {
    state += GOLDEN;
    return mix(state);
  }

  /** Uniform in [low, high). */
  double uniform(double low, double high) {
    return low + (high - low) * ((bits() >>> 11) * 0x1.0p-53);
  }

  /** Uniform in 0 … bound − 1; off uniform by less than bound / 2³². */
  int below(int bound) {
    return (int) (((bits() >>> 32) * bound) >>> 32);
  }

  boolean chance(double probability) {
    return uniform(0, 1) < probability;
  }

  /**
   * Mean 0, variance 1, within ±3.5: the sum of four uniform numbers, near enough to a normal one
   * for noise.
   */
  double bell() {
    long z = bits();
    long sum = (z & 0xFFFF) + (z >>> 16 & 0xFFFF) + (z >>> 32 & 0xFFFF) + (z >>> 48);
    return (sum * 0x1.0p-16 - 2) * ROOT_3;
  }
}
