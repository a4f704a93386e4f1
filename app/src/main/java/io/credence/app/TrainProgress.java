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

  /** As {@link #listener}, of one training of several that take as many steps each. */
  static TrainingListener part(Progress progress, int index, int parts) {
    TrainingListener listener = listener(progress);
    return (step, steps, loss) -> listener.onStep((long) index * steps + step, parts * steps, loss);
  }
}
