package io.credence.app;

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

  /** Made by picocli. */
  PlanOptions() {}

  /**
   * The plan asked for.
   *
   * @throws IllegalArgumentException if {@code passes < 1}
   */
  SamplingPlan plan() {
    return new SamplingPlan(passes, seed);
  }
}
