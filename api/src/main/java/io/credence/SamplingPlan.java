package io.credence;

/**
 * How many networks to draw, and from which random seed. Pass t of a plan is one set of dropout
 * masks, a function of (seed, site, t) alone: the same plan shows the same networks to every input,
 * whatever the batch it comes in, unless masks per row are asked for.
 *
 * @param passes number of networks drawn, T ≥ 1
 * @param seed seed of the masks; any value
 * @param masks which inputs a mask is shown to
 */
public record SamplingPlan(int passes, long seed, Masks masks) {

  /** Passes of {@link #standard()}: {@value}. */
  public static final int DEFAULT_PASSES = 50;

  /** Seed of {@link #standard()} and {@link #of(int)}: {@value}. */
  public static final long DEFAULT_SEED = 42;

  /**
   * Checks the plan.
   *
   * @param passes see the record
   * @param seed see the record
   * @param masks see the record
   * @throws IllegalArgumentException if {@code passes < 1}
   */
  public SamplingPlan {
    if (passes < 1) {
      throw new IllegalArgumentException(
          "passes is " + passes + "; it must be at least 1, and 50 is a good start");
    }
  }

  /**
   * A plan with shared masks.
   *
   * @param passes number of networks drawn, T ≥ 1
   * @param seed seed of the masks; any value
   * @throws IllegalArgumentException if {@code passes < 1}
   */
  public SamplingPlan(int passes, long seed) {
    this(passes, seed, Masks.SHARED);
  }

  /**
   * The default plan: {@value #DEFAULT_PASSES} passes, seed {@value #DEFAULT_SEED}, shared masks.
   *
   * @return the plan
   */
  public static SamplingPlan standard() {
    return of(DEFAULT_PASSES);
  }

  /**
   * A plan with seed {@value #DEFAULT_SEED} and shared masks.
   *
   * @param passes number of networks drawn, T ≥ 1
   * @return the plan
   * @throws IllegalArgumentException if {@code passes < 1}
   */
  public static SamplingPlan of(int passes) {
    return new SamplingPlan(passes, DEFAULT_SEED);
  }

  /**
   * This plan with another seed.
   *
   * @param newSeed seed of the masks; any value
   * @return the plan
   */
  public SamplingPlan withSeed(long newSeed) {
    return new SamplingPlan(passes, newSeed, masks);
  }

  /**
   * This plan with other masks.
   *
   * @param newMasks which inputs a mask is shown to
   * @return the plan
   */
  public SamplingPlan withMasks(Masks newMasks) {
    return new SamplingPlan(passes, seed, newMasks);
  }
}
