package io.credence.app;

import io.credence.acquisition.Acquisition;
import io.credence.acquisition.Strategy;
import java.util.List;
import java.util.Optional;

/**
 * A way to choose labels, on a pool.
 *
 * @param pool the pool
 * @param strategy by what they are chosen
 * @param round how many are chosen in a round
 * @param most how many labels there are at last, the first 20 included
 * @param published labels that others needed to reach each of {@link #ERRORS}, as they print it
 */
record TrainActiveTrial(
    TrainActivePool pool, Strategy strategy, int round, int most, List<String> published) {

  /** The shares of wrong answers that are to be reached. */
  static final List<Double> ERRORS = List.of(.1, .05);

  /**
   * Gal, Islam, Ghahramani 2017, arXiv 1703.02910, table 1, and of the repeated pool the logs of
   * Kirsch, van Amersfoort, Gal 2019, arXiv 1906.08158. Chance learns little from one round to the
   * next, so that it takes more at a time.
   */
  static List<TrainActiveTrial> all() {
    return List.of(
        new TrainActiveTrial(
            TrainActivePool.REPEATED, Strategy.BATCHBALD, 10, 260, List.of("102-110")),
        new TrainActiveTrial(TrainActivePool.REPEATED, Strategy.BALD, 10, 300, List.of("185-247")),
        new TrainActiveTrial(TrainActivePool.REPEATED, Strategy.RANDOM, 20, 400, List.of("168")),
        new TrainActiveTrial(TrainActivePool.MNIST, Strategy.BALD, 10, 500, List.of("145", "335")),
        new TrainActiveTrial(
            TrainActivePool.MNIST, Strategy.VARIATION_RATIO, 10, 500, List.of("120", "295")),
        new TrainActiveTrial(
            TrainActivePool.MNIST, Strategy.ENTROPY, 10, 500, List.of("165", "355")),
        new TrainActiveTrial(
            TrainActivePool.MNIST, Strategy.RANDOM, 20, 1000, List.of("255", "835")));
  }

  Acquisition acquisition(long seed) {
    return Acquisition.of(strategy, round).withSeed(seed);
  }

  /** What it is called in files and on the screen. */
  String name() {
    return pool.key() + "/" + strategy.key();
  }

  /** The share of wrong answers at which it ends. */
  double leastError() {
    return ERRORS.get(Math.max(0, published.size() - 1));
  }

  /** What others needed to reach an error. */
  Optional<String> published(int error) {
    return error < published.size() ? Optional.of(published.get(error)) : Optional.empty();
  }
}
