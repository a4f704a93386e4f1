package io.credence;

import io.credence.statistics.RegressionSummary;
import java.util.List;

/**
 * The predictions of a regressor for N inputs.
 *
 * @param summaries one summary an input, N ≥ 1
 * @param plan the plan that made them
 * @param warnings what is doubtful about this batch; empty if nothing is
 */
public record RegressionPrediction(
    List<RegressionSummary> summaries, SamplingPlan plan, List<String> warnings)
    implements Prediction {

  /**
   * Copies the lists.
   *
   * @param summaries see the record
   * @param plan see the record
   * @param warnings see the record
   * @throws IllegalArgumentException if {@code summaries} is empty
   */
  public RegressionPrediction {
    if (summaries.isEmpty()) {
      throw new IllegalArgumentException("a prediction needs at least one summary, got none");
    }
    summaries = List.copyOf(summaries);
    warnings = List.copyOf(warnings);
  }

  @Override
  public int size() {
    return summaries.size();
  }

  /**
   * The summary of one input.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @return its summary
   * @throws IndexOutOfBoundsException if there is no such input
   */
  public RegressionSummary get(int index) {
    return summaries.get(index);
  }
}
