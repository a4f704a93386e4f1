package io.credence;

import java.util.List;

/**
 * What an engine says of N inputs: one summary of T answers for each. Immutable. Which one it is
 * follows from the model's {@link OutputKind}.
 */
public sealed interface Prediction permits ClassificationPrediction, RegressionPrediction {

  /**
   * Number of inputs, N.
   *
   * @return N ≥ 1
   */
  int size();

  /**
   * The plan that made this prediction.
   *
   * @return the plan
   */
  SamplingPlan plan();

  /**
   * What the engine found doubtful about this batch, such as inputs outside the training range.
   *
   * @return sentences for people; empty if nothing is doubtful
   */
  List<String> warnings();
}
