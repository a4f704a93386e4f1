package io.credence.app;

import io.credence.Masks;
import io.credence.SamplingPlan;
import picocli.CommandLine.Option;

/** The options of a sampling plan, the same for every command that samples. */
final class PlanOptions {

  @Option(
      names = "--passes",
      defaultValue = "" + SamplingPlan.DEFAULT_PASSES,
      paramLabel = "T",
      description = "networks drawn, at least 1 (default: ${DEFAULT-VALUE})")
  private int passes;

  @Option(
      names = "--seed",
      defaultValue = "" + SamplingPlan.DEFAULT_SEED,
      paramLabel = "S",
      description = "seed of the dropout masks (default: ${DEFAULT-VALUE})")
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
    return new SamplingPlan(passes, seed, Masks.parse(masks));
  }
}
