package io.credence.app;

import io.credence.SamplingPlan;
import io.credence.StoppingRule;
import io.credence.app.input.BadInputException;
import io.credence.statistics.Measure;
import io.credence.statistics.Moments;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that let an input take as many passes as it needs, and say how errors are told. */
final class ToleranceOptions {

  /** Passes that an input takes at most, unless {@code --passes} says it. */
  static final int MAX_PASSES = 1000;

  @Option(
      names = "--tolerance",
      paramLabel = "X",
      description =
          "sample each input until the standard error of a measure is at most X; --passes is then"
              + " the most it takes (default: "
              + MAX_PASSES
              + ")")
  private @Nullable Double tolerance;

  @Option(
      names = "--tolerance-measure",
      paramLabel = "MEASURE",
      description =
          "whose error --tolerance is about (default: mutualInformation; of a regressor"
              + " epistemicStandardDeviation, of every target)")
  private @Nullable String measure;

  @Option(
      names = "--min-passes",
      paramLabel = "T",
      description =
          "passes that each input takes at least with --tolerance, 3 or more (default: "
              + SamplingPlan.DEFAULT_PASSES
              + ", or --passes if that is less)")
  private @Nullable Integer minPasses;

  @Option(
      names = "--error-groups",
      paramLabel = "G",
      description =
          "groups of passes from which standard errors are told, 2 or more, or 0 for none (default:"
              + " "
              + Moments.DEFAULT_ERROR_GROUPS
              + ", and none for maps)")
  private @Nullable Integer errorGroups;

  /** Made by picocli. */
  ToleranceOptions() {}

  /** Whether inputs may take different numbers of passes. */
  boolean isSet() {
    return tolerance != null;
  }

  /**
   * A plan with what is asked for here, for a kind of model.
   *
   * @throws BadInputException if options are given that need {@code --tolerance}
   * @throws IllegalArgumentException if a value is out of its range, or the measure unknown
   */
  SamplingPlan in(SamplingPlan plan, boolean classification) {
    SamplingPlan told = errorGroups == null ? plan : plan.withErrorGroups(errorGroups);
    if (tolerance == null) {
      if (measure != null || minPasses != null) {
        throw new BadInputException(
            (measure != null ? "--tolerance-measure" : "--min-passes")
                + " is given without --tolerance, and would have no effect; give the largest"
                + " standard error that is good enough");
      }
      return told;
    }
    String usual = classification ? "mutualInformation" : "epistemicStandardDeviation";
    Measure asked = Measure.parse(measure == null ? usual : measure, classification);
    int usualLeast = Math.min(SamplingPlan.DEFAULT_PASSES, plan.passes());
    int least = minPasses == null ? usualLeast : minPasses;
    return told.withStopping(new StoppingRule(asked, tolerance, least));
  }
}
