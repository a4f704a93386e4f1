package io.credence.app;

import io.credence.SamplingPlan;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the demo found.
 *
 * @param plan the plan of the passes
 * @param digits scores of pictures of a digit
 * @param others scores of pictures of no digit
 * @param threshold the predictive entropy, in nats, up to which an answer is given
 * @param warning what the engine found doubtful in the pictures, if anything
 */
record DemoResult(
    SamplingPlan plan,
    List<DemoScore> digits,
    List<DemoScore> others,
    double threshold,
    Optional<String> warning) {

  /** The share of scores of which something is so, in percent; of none, 0. */
  static double percent(List<DemoScore> scores, Predicate<DemoScore> predicate) {
    return scores.isEmpty() ? 0 : 100.0 * scores.stream().filter(predicate).count() / scores.size();
  }
}
