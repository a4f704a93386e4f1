package io.credence;

import java.util.List;
import org.tensorflow.ndarray.Shape;

/**
 * What an engine says of N inputs: one summary of T answers for each, or a map of them. Immutable.
 * Which one it is follows from the model's {@link OutputKind}.
 */
public sealed interface Prediction permits ClassificationPrediction, RegressionPrediction {

  /**
   * Number of inputs, N.
   *
   * @return N ≥ 1
   */
  int size();

  /**
   * The shape of what a model answers for one input, apart from classes or targets: {@code [H, W]}
   * where it answers for each pixel of a picture.
   *
   * @return the shape of the summaries of one input; no dimension where an input has one summary
   */
  Shape places();

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
