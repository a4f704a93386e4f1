package io.credence.models;

/** Hears how training goes on, for progress bars and logs. Called from the training thread. */
@FunctionalInterface
public interface TrainingListener {

  /**
   * A step of gradient descent is done.
   *
   * @param step steps done so far, ≥ 1
   * @param steps steps in all
   * @param loss the loss of this step's batch, in nats
   */
  void onStep(long step, long steps, double loss);

  /**
   * A listener that does nothing.
   *
   * @return the listener
   */
  static TrainingListener silent() {
    return (step, steps, loss) -> {};
  }
}
