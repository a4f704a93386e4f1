package io.credence.statistics;

import io.credence.OutputKind;
import io.credence.StoppingRule;
import java.util.Locale;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/** Prints what an error is worth that ended sampling; a part of {@link CoverageExperiment}. */
final class StoppingExperiment {

  private static final int REPETITIONS = 1000;

  private final int groups;

  private StoppingExperiment(int groups) {
    this.groups = groups;
  }

  static void print(int groups, double[] sure, double[] torn) {
    StoppingExperiment experiment = new StoppingExperiment(groups);
    System.out.printf("%nstopping: tolerance, mean passes, most, mean, corrected, sd, se, %%%n");
    for (double tolerance : new double[] {.02, .01, .005}) {
      experiment.stopping("sure", sure, ClassificationMeasure.MUTUAL_INFORMATION, tolerance);
      experiment.stopping("torn", torn, ClassificationMeasure.MUTUAL_INFORMATION, tolerance);
      experiment.stopping("torn", torn, ClassificationMeasure.PREDICTIVE_ENTROPY, tolerance);
    }
    experiment.rareEvent();
  }

  private ClassificationMoments moments(int classes) {
    return ClassificationMoments.of(1, classes, OutputKind.PROBABILITIES).withErrorGroups(groups);
  }

  /** Prints what becomes of an error that ends sampling. */
  private void stopping(String name, double[] alpha, ClassificationMeasure measure, double limit) {
    StoppingRule rule = new StoppingRule(measure, limit, 20);
    double truth = CoverageExperiment.truth(new double[][] {alpha}).get(measure);
    RandomGenerator random = new Well19937c(20261127);
    double[] sums = new double[6];
    int largest = 0;
    int hits = 0;
    for (int r = 0; r < REPETITIONS; r++) {
      ClassificationMoments moments = moments(alpha.length);
      int most = 100_000;
      for (int taken = 0; taken < most && (taken == 0 || error(moments, measure) > limit); ) {
        int look = rule.nextLook(taken, most);
        for (; taken < look; taken++) {
          moments.add(DirichletDraws.floats(alpha, random));
        }
      }
      ClassificationSummary summary = moments.summary(0);
      double value = measure.of(summary);
      largest = (int) Math.max(largest, summary.samples());
      sums[0] += (double) summary.samples() / REPETITIONS;
      sums[1] += value / REPETITIONS;
      sums[2] += value * value / REPETITIONS;
      sums[3] += summary.biasCorrected(measure).orElseThrow() / REPETITIONS;
      sums[4] += error(moments, measure) / REPETITIONS;
      hits += summary.interval(measure, .95).orElseThrow().contains(truth) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "%s %s, truth %.4f: %.3f  %.0f  %d  %.4f  %.4f  %.4f  %.4f  %.1f%n",
        name,
        measure,
        truth,
        limit,
        sums[0],
        largest,
        sums[1],
        sums[3],
        Math.sqrt(sums[2] - sums[1] * sums[1]),
        sums[4],
        100.0 * hits / REPETITIONS);
  }

  private static double error(ClassificationMoments moments, ClassificationMeasure measure) {
    return moments.standardErrors(measure)[0];
  }

  /**
   * Prints how often sampling ends before it has met one network of fifty, sure of another class.
   */
  private void rareEvent() {
    RandomGenerator random = new Well19937c(20261128);
    ClassificationMeasure measure = ClassificationMeasure.MUTUAL_INFORMATION;
    StoppingRule rule = new StoppingRule(measure, .01, 20);
    double[] mean = {.98 * .99 + .02 * .01, .98 * .01 + .02 * .99};
    double truth = Entropy.of(mean) - Entropy.of(new double[] {.99, .01});
    int blind = 0;
    int hits = 0;
    for (int r = 0; r < REPETITIONS; r++) {
      ClassificationMoments moments = moments(2);
      for (int taken = 0; taken == 0 || error(moments, measure) > .01; ) {
        int look = rule.nextLook(taken, 1_000_000);
        for (; taken < look; taken++) {
          boolean rare = random.nextDouble() < .02;
          moments.add(rare ? new float[] {.01f, .99f} : new float[] {.99f, .01f});
        }
      }
      blind += moments.summary(0).variationRatio() == 0 ? 1 : 0;
      hits += moments.summary(0).interval(measure, .95).orElseThrow().contains(truth) ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "rare event: truth %.4f, never met %.1f %%, coverage %.1f %%%n",
        truth,
        100.0 * blind / REPETITIONS,
        100.0 * hits / REPETITIONS);
  }
}
