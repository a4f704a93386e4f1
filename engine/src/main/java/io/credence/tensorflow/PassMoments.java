package io.credence.tensorflow;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.RegressionHead;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.RegressionMoments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes in pass after pass of a batch, and makes the prediction of them. */
final class PassMoments {

  private final OutputKind kind;
  private final Optional<RegressionHead> head;
  private final int rows;
  private float @Nullable [] first;
  private boolean differ;
  private @Nullable ClassificationMoments classes;
  private @Nullable RegressionMoments targets;

  /** Of a regressor, {@code head} is what its kind leaves open. */
  PassMoments(OutputKind kind, Optional<RegressionHead> head, int rows) {
    this.kind = kind;
    this.head = head;
    this.rows = rows;
  }

  /** Adds the output of a pass, row by row. */
  void add(float[] outputs) {
    if (first == null) {
      first = outputs;
      int width = outputs.length / rows;
      if (kind.isClassification()) {
        classes = ClassificationMoments.of(rows, width, kind);
      } else {
        targets = RegressionMoments.of(rows, width, head.orElseGet(() -> RegressionHead.of(kind)));
      }
    } else {
      differ = differ || !Arrays.equals(first, outputs);
    }
    if (classes != null) {
      classes.add(outputs);
    }
    if (targets != null) {
      targets.add(outputs);
    }
  }

  /**
   * The prediction of the passes added so far, one at least.
   *
   * @param doubts what was doubtful about the inputs
   */
  Prediction prediction(SamplingPlan plan, List<String> doubts) {
    List<String> warnings = new ArrayList<>(doubts);
    if (!differ && plan.passes() > 1) {
      warnings.add(
          "all "
              + plan.passes()
              + " passes gave the very same output for this batch: dropout may be off in this"
              + " model, or the output saturated");
    }
    if (classes != null) {
      return new ClassificationPrediction(classes.summaries(), plan, warnings);
    }
    if (targets != null) {
      return new RegressionPrediction(targets.summaries(), plan, warnings);
    }
    throw new IllegalStateException("no pass was added");
  }
}
