package io.credence.app;

import io.credence.Masks;
import io.credence.SamplingPlan;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a sampling plan, the same for every command that samples. */
final class PlanOptions {

  @Option(
      names = "--passes",
      paramLabel = "T",
      description =
          "networks drawn, of each member of an ensemble, at least 1 (default: "
              + SamplingPlan.DEFAULT_PASSES
              + ")")
  private @Nullable Integer passes;

  @Option(
      names = "--seed",
      defaultValue = "" + SamplingPlan.DEFAULT_SEED,
      paramLabel = "S",
      description =
          "seed of the dropout masks, and of all else that is drawn (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--masks",
      defaultValue = "shared",
      paramLabel = "KIND",
      description =
          "shared: every input sees the same networks; per-row: each row has masks of its own, as"
              + " in training (default: ${DEFAULT-VALUE})")
  private String masks;

  /** Made by picocli. */
  PlanOptions() {}

  /**
   * The plan asked for.
   *
   * @throws IllegalArgumentException if {@code passes < 1}, or the masks are unknown
   */
  SamplingPlan plan() {
    return plan(SamplingPlan.DEFAULT_PASSES);
  }

  /**
   * The plan asked for.
   *
   * @param usual its passes, unless they are given
   * @throws IllegalArgumentException if {@code passes < 1}, or the masks are unknown
   */
  SamplingPlan plan(int usual) {
    return new SamplingPlan(passes == null ? usual : passes, seed, Masks.parse(masks));
  }
}
