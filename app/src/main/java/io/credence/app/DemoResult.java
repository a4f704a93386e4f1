package io.credence.app;

import io.credence.SamplingPlan;
import io.credence.decision.OutOfDistribution;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the demo found.
 *
 * @param plan the plan of the passes
 * @param digits scores of pictures of a digit
 * @param others scores of pictures of no digit
 * @param threshold the predictive entropy, in nats, up to which an answer is given
 */
record DemoResult(
    SamplingPlan plan, List<DemoScore> digits, List<DemoScore> others, double threshold) {

  /** AUROC of "has a digit" by the largest softmax output of one ordinary pass. */
  double softmaxAuroc() {
    return auroc(score -> -score.softmax());
  }

  /** AUROC of "has a digit" by the largest mean probability of the passes. */
  double meanProbabilityAuroc() {
    return auroc(score -> -score.summary().maxProbability());
  }

  /** AUROC of "has a digit" by predictive entropy. */
  double entropyAuroc() {
    return auroc(score -> score.summary().predictiveEntropy());
  }

  private double auroc(ToDoubleFunction<DemoScore> score) {
    return OutOfDistribution.auroc(
        digits.stream().mapToDouble(score).toArray(), others.stream().mapToDouble(score).toArray());
  }
}
