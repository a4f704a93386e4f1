package io.credence;

import io.credence.statistics.Measure;
import io.credence.statistics.Moments;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many networks to draw, and from which random seed. Pass t of a plan is one set of dropout
 * masks, a function of (seed, site, t) alone: the same plan shows the same networks to every input,
 * whatever the batch it comes in, unless masks per row are asked for.
 *
 * @param passes number of networks drawn, T ≥ 1; with a stopping rule the largest number
 * @param seed seed of the masks; any value
 * @param masks which inputs a mask is shown to
 * @param errorGroups groups of passes from which sampling errors are told, as {@link
 *     Moments#withErrorGroups}; empty for the default, {@value Moments#DEFAULT_ERROR_GROUPS}, or
 *     none where a model answers with a map of many places
 * @param stopping when an input has had enough passes; empty if each takes all
 */
public record SamplingPlan(
    int passes, long seed, Masks masks, OptionalInt errorGroups, Optional<StoppingRule> stopping) {

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
   * @param errorGroups see the record
   * @param stopping see the record
   * @throws IllegalArgumentException if {@code passes < 1}, {@code errorGroups} is below 0 or 1, or
   *     there is a stopping rule with more passes at least than {@code passes}, without error
   *     groups, or with masks per row
   */
  public SamplingPlan {
    if (passes < 1) {
      throw new IllegalArgumentException(
          "passes is " + passes + "; it must be at least 1, and 50 is a good start");
    }
    int groups = errorGroups.orElse(Moments.DEFAULT_ERROR_GROUPS);
    if (groups < 0 || groups == 1) {
      throw new IllegalArgumentException(
          "error groups is "
              + groups
              + "; it must be at least 2, "
              + Moments.DEFAULT_ERROR_GROUPS
              + " is a good choice, or 0 for no errors");
    }
    if (stopping.isPresent()) {
      checkStopping(stopping.get(), passes, groups, masks);
    }
  }

  private static void checkStopping(StoppingRule rule, int passes, int groups, Masks masks) {
    if (rule.minPasses() > passes) {
      throw new IllegalArgumentException(
          "at least "
              + rule.minPasses()
              + " passes, but at most "
              + passes
              + ", cannot be taken; raise the most, or lower the least");
    }
    if (groups == 0) {
      throw new IllegalArgumentException(
          "without error groups no error is told that could end sampling; ask for "
              + Moments.DEFAULT_ERROR_GROUPS);
    }
    if (masks == Masks.PER_ROW) {
      throw new IllegalArgumentException(
          "with masks per row the answer for an input depends on the others of its batch, and would"
              + " change when they leave it; use shared masks with a tolerance");
    }
  }

  /**
   * A plan without stopping rule, of the default error groups.
   *
   * @param passes number of networks drawn, T ≥ 1
   * @param seed seed of the masks; any value
   * @param masks which inputs a mask is shown to
   * @throws IllegalArgumentException if {@code passes < 1}
   */
  public SamplingPlan(int passes, long seed, Masks masks) {
    this(passes, seed, masks, OptionalInt.empty(), Optional.empty());
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
   * A plan that takes as many passes for each input as it needs: once the standard error of a
   * measure is at most the tolerance, the input leaves the batch. The result is a function of the
   * seed and the input, to the rounding of float32, and {@code samples()} of each summary says how
   * many passes it took. Seed {@value #DEFAULT_SEED}, shared masks.
   *
   * @param measure the measure, one of classifiers or of regressors as the model is
   * @param tolerance largest standard error that is good enough, &gt; 0, in the unit of the measure
   * @param minPasses passes that each input takes at least, ≥ 3; {@value #DEFAULT_PASSES} is a good
   *     choice, as an error told from few passes is itself uncertain
   * @param maxPasses passes that an input takes at most, whatever its error then, ≥ minPasses
   * @return the plan
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static SamplingPlan untilStandardError(
      Measure measure, double tolerance, int minPasses, int maxPasses) {
    return of(maxPasses).withStopping(new StoppingRule(measure, tolerance, minPasses));
  }

  /**
   * This plan with another seed.
   *
   * @param newSeed seed of the masks; any value
   * @return the plan
   */
  public SamplingPlan withSeed(long newSeed) {
    return new SamplingPlan(passes, newSeed, masks, errorGroups, stopping);
  }

  /**
   * This plan with other masks.
   *
   * @param newMasks which inputs a mask is shown to
   * @return the plan
   */
  public SamplingPlan withMasks(Masks newMasks) {
    return new SamplingPlan(passes, seed, newMasks, errorGroups, stopping);
  }

  /**
   * This plan with other error groups.
   *
   * @param count number of groups, G ≥ 2, or 0 for no errors
   * @return the plan
   * @throws IllegalArgumentException if {@code count < 0 || count == 1}, or it is 0 and there is a
   *     stopping rule
   */
  public SamplingPlan withErrorGroups(int count) {
    return new SamplingPlan(passes, seed, masks, OptionalInt.of(count), stopping);
  }

  /**
   * This plan with a stopping rule; its passes become the most that an input takes.
   *
   * @param rule when an input has had enough passes
   * @return the plan
   * @throws IllegalArgumentException if the rule does not go with the plan, as the record says
   */
  public SamplingPlan withStopping(StoppingRule rule) {
    return new SamplingPlan(passes, seed, masks, errorGroups, Optional.of(rule));
  }
}
