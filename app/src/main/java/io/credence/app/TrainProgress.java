package io.credence.app;

import io.credence.models.TrainingListener;
import java.util.Locale;

/** Shows how a training goes on. */
final class TrainProgress {

  private TrainProgress() {}

  /** Tells a progress bar of steps, and of the loss, smoothed. */
  static TrainingListener listener(Progress progress) {
    double[] smoothed = {Double.NaN};
    return (step, steps, loss) -> {
      smoothed[0] = Double.isNaN(smoothed[0]) ? loss : 0.98 * smoothed[0] + 0.02 * loss;
      progress.total(steps);
      progress.stepTo(step);
      progress.message(String.format(Locale.ROOT, " loss %.3f", smoothed[0]));
    };
  }
}
