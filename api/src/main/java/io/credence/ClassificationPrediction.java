package io.credence;

import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.SampleArray;
import java.util.List;
import java.util.Objects;
import org.tensorflow.ndarray.Shape;

/**
 * The predictions of a classifier for N inputs.
 *
 * @param summaries one summary an input, N ≥ 1; of maps one a place, input by input, the last
 *     dimension running fastest
 * @param places shape of the summaries of one input, every dimension ≥ 1; none for one summary
 * @param plan the plan that made them
 * @param warnings what is doubtful about this batch; empty if nothing is
 */
public record ClassificationPrediction(
    List<ClassificationSummary> summaries, Shape places, SamplingPlan plan, List<String> warnings)
    implements Prediction {

  /**
   * Copies the lists.
   *
   * @param summaries see the record
   * @param places see the record
   * @param plan see the record
   * @param warnings see the record
   * @throws IllegalArgumentException if {@code summaries} is empty, or no multiple of the places
   */
  public ClassificationPrediction {
    if (summaries.isEmpty()) {
      throw new IllegalArgumentException("a prediction needs at least one summary, got none");
    }
    if (places.size() < 1 || summaries.size() % places.size() != 0) {
      throw new IllegalArgumentException(
          "maps of shape "
              + TensorSpec.describe(places)
              + " do not share out "
              + summaries.size()
              + " summaries; give one for each place of each input");
    }
    summaries = List.copyOf(summaries);
    warnings = List.copyOf(warnings);
  }

  /**
   * A prediction of one summary an input.
   *
   * @param summaries one summary an input, N ≥ 1
   * @param plan the plan that made them
   * @param warnings what is doubtful about this batch; empty if nothing is
   * @throws IllegalArgumentException if {@code summaries} is empty
   */
  public ClassificationPrediction(
      List<ClassificationSummary> summaries, SamplingPlan plan, List<String> warnings) {
    this(summaries, Shape.scalar(), plan, warnings);
  }

  @Override
  public int size() {
    return summaries.size() / (int) places.size();
  }

  /**
   * The summary of one input, or of a place of its map.
   *
   * @param index the input, 0 ≤ index &lt; N
   * @param place one index for each dimension of {@link #places}; none where that has none
   * @return its summary
   * @throws IndexOutOfBoundsException if there is no such input or place
   * @throws IllegalArgumentException unless there is one index for each dimension
   */
  public ClassificationSummary get(int index, int... place) {
    int row = Objects.checkIndex(index, size()) * (int) places.size();
    return summaries.get(row + SampleArray.row(places, place));
  }

  /**
   * One measure of all inputs.
   *
   * @param measure the measure
   * @return the values, shape {@code [N]}, or {@code [N, places…]} of maps, the last dimension
   *     running fastest
   */
  public double[] values(ClassificationMeasure measure) {
    return summaries.stream().mapToDouble(measure::of).toArray();
  }
}
