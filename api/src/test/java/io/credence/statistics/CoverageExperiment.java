package io.credence.statistics;

import io.credence.OutputKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Prints how often 95 % intervals hold the true measure, and how far the measures are off, for
 * samples of known distributions. A program, not a test: {@code docs/methods/sampling-error.md} has
 * its command and output.
 */
final class CoverageExperiment {

  private static final int REPETITIONS = 1000;
  private static final int TRUTH_DRAWS = 4_000_000;
  private static final int[] PASSES = {20, 50, 200};
  private static final int MEMBERS = 5;
  private static final double[] TORN = means(.4, .3, .3 / 8);

  private final int groups;

  private CoverageExperiment(int groups) {
    this.groups = groups;
  }

  /**
   * Prints the tables.
   *
   * @param arguments the number of error groups; none for the default
   */
  public static void main(String[] arguments) {
    CoverageExperiment experiment =
        new CoverageExperiment(
            arguments.length > 0 ? Integer.parseInt(arguments[0]) : Moments.DEFAULT_ERROR_GROUPS);
    double[] sure = DirichletDraws.alpha(20, means(.9, .1 / 9, .1 / 9));
    double[] torn = DirichletDraws.alpha(10, TORN);
    experiment.world("Sure: one class of mean 0.9, the rest alike, α sums to 20", sure);
    experiment.world("Torn: means 0.4, 0.3, the rest alike, α sums to 10", torn);
    experiment.world(
        "Flat: all ten alike, α sums to 5", DirichletDraws.alpha(5, means(.1, .1, .1)));
    experiment.regressor();
    experiment.ensemble("Five members apart: means of α that sums to 10", 10);
    experiment.ensemble("Five members alike: means of α that sums to 1000", 1000);
    experiment.regressors();
    StoppingExperiment.print(experiment.groups, sure, torn);
  }

  private static double[] means(double first, double second, double others) {
    double[] means = new double[10];
    Arrays.fill(means, others);
    means[0] = first;
    means[1] = second;
    return means;
  }

  private ClassificationMoments classes(int count) {
    return ClassificationMoments.of(1, count, OutputKind.PROBABILITIES).withErrorGroups(groups);
  }

  private RegressionMoments target() {
    return RegressionMoments.of(1, 1).withErrorGroups(groups);
  }

  private void world(String title, double[] alpha) {
    Map<ClassificationMeasure, Double> truth = truth(alpha);
    CoverageTable table = new CoverageTable();
    for (int passes : PASSES) {
      RandomGenerator random = new Well19937c(20261123 + passes);
      for (int r = 0; r < REPETITIONS; r++) {
        ClassificationMoments moments = classes(alpha.length);
        for (int t = 0; t < passes; t++) {
          moments.add(DirichletDraws.floats(alpha, random));
        }
        table.count(moments.summary(0), passes, truth);
      }
    }
    table.print(title);
  }

  private void regressor() {
    Map<RegressionMeasure, Double> truth = new EnumMap<>(RegressionMeasure.class);
    truth.put(RegressionMeasure.MEAN, 3.0);
    truth.put(RegressionMeasure.EPISTEMIC_VARIANCE, 4.0);
    truth.put(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION, 2.0);
    CoverageTable table = new CoverageTable();
    for (int passes : PASSES) {
      RandomGenerator random = new Well19937c(20261124 + passes);
      for (int r = 0; r < REPETITIONS; r++) {
        RegressionMoments moments = target();
        for (int t = 0; t < passes; t++) {
          moments.add(new double[] {3 + 2 * random.nextGaussian()});
        }
        table.count(moments.summary(0), passes, truth);
      }
    }
    table.print("Regressor: normal samples, mean 3, variance 4");
  }

  /** Members of means drawn about the torn world's; the same ones for each number of passes. */
  private void ensemble(String title, double total) {
    CoverageTable table = new CoverageTable();
    for (int passes : PASSES) {
      RandomGenerator random = new Well19937c(20261125 + passes);
      RandomGenerator trained = new Well19937c(1);
      for (int r = 0; r < REPETITIONS; r++) {
        double[][] alphas = new double[MEMBERS][];
        ClassificationMoments ensemble = classes(TORN.length);
        for (int m = 0; m < MEMBERS; m++) {
          alphas[m] =
              DirichletDraws.alpha(
                  20, DirichletDraws.draw(DirichletDraws.alpha(total, TORN), trained));
          ClassificationMoments member = classes(TORN.length);
          for (int t = 0; t < passes; t++) {
            member.add(DirichletDraws.floats(alphas[m], random));
          }
          ensemble.addMember(member, 1);
        }
        table.count(ensemble.summary(0), passes, truth(alphas));
      }
    }
    table.print(title + "; passes of each sum to 20");
  }

  private void regressors() {
    CoverageTable table = new CoverageTable();
    for (int passes : PASSES) {
      RandomGenerator random = new Well19937c(20261126 + passes);
      RandomGenerator trained = new Well19937c(1);
      for (int r = 0; r < REPETITIONS; r++) {
        double[] means = new double[MEMBERS];
        RegressionMoments ensemble = target();
        for (int m = 0; m < MEMBERS; m++) {
          means[m] = trained.nextGaussian();
          RegressionMoments member = target();
          for (int t = 0; t < passes; t++) {
            member.add(new double[] {means[m] + random.nextGaussian()});
          }
          ensemble.addMember(member, 1);
        }
        double mean = Arrays.stream(means).average().orElseThrow();
        double between = Arrays.stream(means).map(m -> (m - mean) * (m - mean)).sum() / MEMBERS;
        Map<RegressionMeasure, Double> truth = new EnumMap<>(RegressionMeasure.class);
        truth.put(RegressionMeasure.MEAN, mean);
        truth.put(RegressionMeasure.EPISTEMIC_VARIANCE, between + 1);
        truth.put(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION, Math.sqrt(between + 1));
        truth.put(RegressionMeasure.BETWEEN_MEMBERS_VARIANCE, between);
        truth.put(RegressionMeasure.WITHIN_MEMBERS_VARIANCE, 1.0);
        table.count(ensemble.summary(0), passes, truth);
      }
    }
    table.print("Five regressors: means of variance 1, passes of variance 1");
  }

  /** The truth of an ensemble of members of one weight, of all measures but those of votes. */
  static Map<ClassificationMeasure, Double> truth(double[]... alphas) {
    int classes = alphas[0].length;
    double[] mean = new double[classes];
    double ofMembers = 0;
    double expected = 0;
    for (double[] alpha : alphas) {
      double[] own = DirichletDraws.mean(alpha);
      for (int k = 0; k < classes; k++) {
        mean[k] += own[k] / alphas.length;
      }
      ofMembers += Entropy.of(own) / alphas.length;
      expected += DirichletDraws.expectedEntropy(alpha) / alphas.length;
    }
    double deviations = 0;
    for (int k = 0; k < classes; k++) {
      double variance = 0;
      for (double[] alpha : alphas) {
        double gap = DirichletDraws.mean(alpha)[k] - mean[k];
        variance += (DirichletDraws.variances(alpha)[k] + gap * gap) / alphas.length;
      }
      deviations += Math.sqrt(variance);
    }
    double[] sorted = mean.clone();
    Arrays.sort(sorted);
    double entropy = Entropy.of(mean);
    Map<ClassificationMeasure, Double> truth = new EnumMap<>(ClassificationMeasure.class);
    truth.put(ClassificationMeasure.PREDICTIVE_ENTROPY, entropy);
    truth.put(ClassificationMeasure.EXPECTED_ENTROPY, expected);
    truth.put(ClassificationMeasure.MUTUAL_INFORMATION, entropy - expected);
    if (alphas.length > 1) {
      truth.put(ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION, entropy - ofMembers);
      truth.put(ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION, ofMembers - expected);
    }
    truth.put(ClassificationMeasure.MAX_PROBABILITY, sorted[classes - 1]);
    truth.put(ClassificationMeasure.MARGIN, sorted[classes - 1] - sorted[classes - 2]);
    truth.put(ClassificationMeasure.MEAN_STANDARD_DEVIATION, deviations / classes);
    return truth;
  }

  /** The truth of one model. */
  private static Map<ClassificationMeasure, Double> truth(double[] alpha) {
    Map<ClassificationMeasure, Double> truth = truth(new double[][] {alpha});
    double[] votes = votes(alpha);
    truth.put(ClassificationMeasure.VARIATION_RATIO, 1 - Arrays.stream(votes).max().orElseThrow());
    truth.put(ClassificationMeasure.VOTE_ENTROPY, Entropy.of(votes));
    truth.put(ClassificationMeasure.DISAGREEMENT, 1 - Arrays.stream(votes).map(v -> v * v).sum());
    return truth;
  }

  /** The chance that each class wins; classes of one α share their votes. */
  private static double[] votes(double[] alpha) {
    RandomGenerator random = new Well19937c(1);
    double[] votes = new double[alpha.length];
    for (int i = 0; i < TRUTH_DRAWS; i++) {
      votes[ArgMax.of(DirichletDraws.draw(alpha, random))] += 1.0 / TRUTH_DRAWS;
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
}
