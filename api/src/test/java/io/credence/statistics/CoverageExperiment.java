package io.credence.statistics;

import io.credence.OutputKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.apache.commons.math3.special.Gamma;

/**
 * Prints how often 95 % intervals hold the true measure, and how far the measures are off, for
 * samples of known Dirichlet distributions. A program, not a test: {@code
 * docs/methods/sampling-error.md} has its command and output.
 */
final class CoverageExperiment {

  private static final int REPETITIONS = 1000;
  private static final int TRUTH_DRAWS = 4_000_000;
  private static final int GROUPS = ClassificationMoments.DEFAULT_ERROR_GROUPS;

  private CoverageExperiment() {}

  /** Prints the tables. */
  public static void main(String[] arguments) {
    int groups = arguments.length > 0 ? Integer.parseInt(arguments[0]) : GROUPS;
    world(
        "sure: one class of mean 0.9, the rest alike, α sums to 20", alpha(20, .9, .1 / 9), groups);
    world("torn: means 0.4, 0.3, the rest alike, α sums to 10", alpha(10, .4, .3), groups);
    world("flat: all ten alike, α sums to 5", alpha(5, .1, .1), groups);
  }

  private static void world(String name, double[] alpha, int groups) {
    Map<ClassificationMeasure, Double> truth = truth(alpha);
    System.out.printf(Locale.ROOT, "%n%s; G = %d%n", name, groups);
    System.out.println(
        "measure                  true       T  mean    corrected  sd      se      coverage %");
    for (int passes : new int[] {20, 50, 200}) {
      report(alpha, passes, groups, truth);
    }
  }

  private static void report(
      double[] alpha, int passes, int groups, Map<ClassificationMeasure, Double> truth) {
    RandomGenerator random = new Well19937c(20261123 + passes);
    Map<ClassificationMeasure, Tally> tallies = new EnumMap<>(ClassificationMeasure.class);
    for (int r = 0; r < REPETITIONS; r++) {
      ClassificationMoments moments =
          ClassificationMoments.of(1, alpha.length, OutputKind.PROBABILITIES)
              .withErrorGroups(groups);
      for (int t = 0; t < passes; t++) {
        moments.add(floats(dirichlet(alpha, random)));
      }
      ClassificationSummary summary = moments.summary(0);
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        tallies
            .computeIfAbsent(measure, m -> new Tally())
            .count(measure, summary, truth.get(measure));
      }
    }
    tallies.forEach(
        (measure, tally) ->
            System.out.printf(
                Locale.ROOT,
                "%-24s %.4f  %4d  %.4f  %.4f     %.4f  %.4f  %.1f%n",
                measure,
                truth.get(measure),
                passes,
                tally.sum / REPETITIONS,
                tally.corrected / REPETITIONS,
                tally.deviation(),
                tally.error / REPETITIONS,
                100.0 * tally.hits / REPETITIONS));
  }

  private static final class Tally {
    private int hits;
    private double sum;
    private double squares;
    private double corrected;
    private double error;

    void count(ClassificationMeasure measure, ClassificationSummary summary, double truth) {
      double value = measure.of(summary);
      sum += value;
      squares += value * value;
      corrected += measure.isSmooth() ? summary.biasCorrected(measure).orElseThrow() : value;
      error += summary.standardError(measure).orElseThrow();
      // To rounding: a world's truth may lie on the end of a range, where intervals are cut off.
      Interval interval = summary.interval(measure, .95).orElseThrow();
      hits += interval.low() - 1e-12 <= truth && truth <= interval.high() + 1e-12 ? 1 : 0;
    }

    double deviation() {
      double mean = sum / REPETITIONS;
      return Math.sqrt(squares / REPETITIONS - mean * mean);
    }
  }

  private static Map<ClassificationMeasure, Double> truth(double[] alpha) {
    double total = Arrays.stream(alpha).sum();
    double[] mean = Arrays.stream(alpha).map(a -> a / total).toArray();
    double[] sorted = mean.clone();
    Arrays.sort(sorted);
    double expected = Gamma.digamma(total + 1);
    double deviations = 0;
    for (double a : alpha) {
      expected -= a / total * Gamma.digamma(a + 1);
      deviations += Math.sqrt(a * (total - a) / (total * total * (total + 1)));
    }
    double[] votes = votes(alpha);
    double entropy = Entropy.of(mean);
    Map<ClassificationMeasure, Double> truth = new EnumMap<>(ClassificationMeasure.class);
    truth.put(ClassificationMeasure.PREDICTIVE_ENTROPY, entropy);
    truth.put(ClassificationMeasure.EXPECTED_ENTROPY, expected);
    truth.put(ClassificationMeasure.MUTUAL_INFORMATION, entropy - expected);
    truth.put(ClassificationMeasure.MEAN_KULLBACK_LEIBLER, entropy - expected);
    truth.put(ClassificationMeasure.VARIATION_RATIO, 1 - Arrays.stream(votes).max().orElseThrow());
    truth.put(ClassificationMeasure.MAX_PROBABILITY, sorted[sorted.length - 1]);
    truth.put(ClassificationMeasure.MARGIN, sorted[sorted.length - 1] - sorted[sorted.length - 2]);
    truth.put(ClassificationMeasure.MEAN_STANDARD_DEVIATION, deviations / alpha.length);
    truth.put(ClassificationMeasure.VOTE_ENTROPY, Entropy.of(votes));
    truth.put(ClassificationMeasure.DISAGREEMENT, 1 - Arrays.stream(votes).map(v -> v * v).sum());
    return truth;
  }

  /** The chance that each class wins; classes of one α share their votes. */
  private static double[] votes(double[] alpha) {
    RandomGenerator random = new Well19937c(1);
    double[] votes = new double[alpha.length];
    for (int i = 0; i < TRUTH_DRAWS; i++) {
      votes[ArgMax.of(dirichlet(alpha, random))] += 1.0 / TRUTH_DRAWS;
    }
    return Arrays.stream(alpha)
        .map(
            a -> {
              double sum = 0;
              int alike = 0;
              for (int k = 0; k < alpha.length; k++) {
                if (alpha[k] == a) {
                  sum += votes[k];
                  alike++;
                }
              }
              return sum / alike;
            })
        .toArray();
  }

  private static double[] alpha(double total, double first, double second) {
    double[] alpha = new double[10];
    Arrays.fill(alpha, total * ((1 - first - second) / 8));
    alpha[0] = total * first;
    alpha[1] = total * second;
    if (Math.abs(first - .1) < 1e-9) {
      Arrays.fill(alpha, total * first);
    } else if (first > .5) {
      Arrays.fill(alpha, 1, 10, total * second);
    }
    return alpha;
  }

  private static double[] dirichlet(double[] alpha, RandomGenerator random) {
    double[] p = new double[alpha.length];
    double sum = 0;
    for (int k = 0; k < p.length; k++) {
      p[k] = gamma(alpha[k], random);
      sum += p[k];
    }
    for (int k = 0; k < p.length; k++) {
      p[k] /= sum;
    }
    return p;
  }

  /** Marsaglia and Tsang 2000, doi 10.1145/358407.358414; below 1 by the power of a uniform. */
  private static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  private static float[] floats(double[] row) {
    float[] narrow = new float[row.length];
    for (int k = 0; k < row.length; k++) {
      narrow[k] = (float) row[k];
    }
    return narrow;
  }
}
