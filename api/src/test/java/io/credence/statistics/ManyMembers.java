package io.credence.statistics;

import io.credence.OutputKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Merges many members, made on the fly, in as little memory as the JVM is given, and prints how far
 * the mean is from one summed up beside it. A program: {@link EnsembleMemoryTest} runs it.
 */
final class ManyMembers {

  /** Classes that a sample gives a probability above 0, so that samples are quickly made. */
  private static final int LIKELY = 3;

  private ManyMembers() {}

  /**
   * Prints members, samples and the largest difference of a mean probability, and whether an error
   * is told.
   *
   * @param arguments members, passes of each, inputs, classes, error groups, and whether the
   *     members are kept all the same
   */
  public static void main(String[] arguments) {
    int members = Integer.parseInt(arguments[0]);
    int passes = Integer.parseInt(arguments[1]);
    int inputs = Integer.parseInt(arguments[2]);
    int classes = Integer.parseInt(arguments[3]);
    int groups = Integer.parseInt(arguments[4]);
    boolean keeps = Boolean.parseBoolean(arguments[5]);
    List<Moments> kept = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(20261127);
    ClassificationMoments ensemble = empty(inputs, classes, groups);
    float[] outputs = new float[inputs * classes];
    double[] sums = new double[outputs.length];
    double weights = 0;
    for (int m = 0; m < members; m++) {
      double weight = .5 + random.nextDouble();
      weights += weight;
      ClassificationMoments member = empty(inputs, classes, groups);
      for (int t = 0; t < passes; t++) {
        Arrays.fill(outputs, 0);
        for (int from = 0; from < outputs.length; from += classes) {
          for (int likely = 0; likely < LIKELY; likely++) {
            int at = from + random.nextInt(classes);
            float share = likely == 0 ? .5f : .25f;
            outputs[at] += share;
            sums[at] += weight / passes * share;
          }
        }
        member.add(outputs);
      }
      ensemble.addMember(member, weight);
      if (keeps) {
        kept.add(member);
      }
    }
    double furthest = 0;
    for (int n = 0; n < inputs; n++) {
      double[] means = ensemble.summary(n).meanProbabilities();
      for (int k = 0; k < classes; k++) {
        furthest = Math.max(furthest, Math.abs(means[k] - sums[n * classes + k] / weights));
      }
    }
    ClassificationSummary first = ensemble.summary(0);
    System.out.println(
        first.members()
            + " members, "
            + first.samples()
            + " samples, right: "
            + (furthest < 1e-12)
            + ", error told: "
            + first.standardError(ClassificationMeasure.PREDICTIVE_ENTROPY).isPresent()
            + ", kept: "
            + kept.size());
  }

  private static ClassificationMoments empty(int inputs, int classes, int groups) {
    return ClassificationMoments.of(inputs, classes, OutputKind.PROBABILITIES)
        .withErrorGroups(groups);
  }
}
