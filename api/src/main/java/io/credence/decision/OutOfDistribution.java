package io.credence.decision;

import java.util.Arrays;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * How well a score tells inputs of the training distribution from others. High scores mean
 * suspicious, and the inputs to be found, the positives, are those out of distribution; of a
 * measure whose high values mean trust, such as max probability, give the negative. Equal scores
 * are told apart by no threshold: they pass it together.
 *
 * <p>The same metrics tell how well doubt finds wrong answers: scores of right answers first, those
 * of wrong ones second.
 */
public final class OutOfDistribution {

  private static final double USUAL_RECALL = 0.95;

  private OutOfDistribution() {}

  /**
   * The area under the receiver operating characteristic: the probability that a score of an input
   * out of distribution is higher than one of an input in distribution, a tie counting half.
   *
   * <p>AUROC = (R − m(m + 1)/2) / (n m), with n inputs in distribution, m out of it, and R the sum
   * of the mid-ranks of the latter among all scores (the Mann–Whitney U statistic). Source: Hanley
   * and McNeil 1982, "The Meaning and Use of the Area under a ROC Curve", doi
   * 10.1148/radiology.143.1.7063747.
   *
   * @param inDistribution scores of inputs in distribution, n ≥ 1; high means suspicious
   * @param outOfDistribution scores of inputs out of distribution, m ≥ 1
   * @return within [0, 1]; 1 is perfect, 0.5 is a coin
   * @throws IllegalArgumentException if either is empty or holds NaN
   */
  public static double auroc(double[] inDistribution, double[] outOfDistribution) {
    check(inDistribution, outOfDistribution);
    int n = inDistribution.length;
    int m = outOfDistribution.length;
    double[] all = new double[n + m];
    System.arraycopy(inDistribution, 0, all, 0, n);
    System.arraycopy(outOfDistribution, 0, all, n, m);
    for (int i = 0; i < all.length; i++) {
      all[i] += 0.0; // the ranking takes -0.0 for less than 0.0
    }
    double[] ranks = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE).rank(all);
    double rankSum = 0;
    for (int i = n; i < n + m; i++) {
      rankSum += ranks[i];
    }
    return (rankSum - 0.5 * m * (m + 1.0)) / ((double) n * m);
  }

  /**
   * The area under the precision–recall curve as average precision, Σ_t (R_t − R_(t−1)) P_t over
   * the distinct scores t from the highest down, with R_t the share of outliers that score at least
   * t, and P_t the share of outliers among all that do. No line is drawn between points, which
   * would promise precisions that no threshold has.
   *
   * <p>Source: Davis and Goadrich 2006, "The Relationship between Precision-Recall and ROC Curves",
   * doi 10.1145/1143844.1143874; Hendrycks, Mazeika, Dietterich 2019, arXiv 1812.04606, section
   * 4.2.
   *
   * @param inDistribution scores of inputs in distribution, n ≥ 1; high means suspicious
   * @param outOfDistribution scores of inputs out of distribution, m ≥ 1
   * @return within (0, 1]; 1 is perfect, m/(n + m) is a coin, so compare it at equal shares only
   * @throws IllegalArgumentException if either is empty or holds NaN
   */
  public static double averagePrecision(double[] inDistribution, double[] outOfDistribution) {
    double[] sum = {0, 0};
    descend(
        inDistribution,
        outOfDistribution,
        (found, alarms) -> {
          sum[0] += (found - sum[1]) * found / (found + (double) alarms);
          sum[1] = found;
        });
    return sum[0] / outOfDistribution.length;
  }

  /**
   * FPR95: {@link #falsePositiveRate} at the recall of 0.95.
   *
   * @param inDistribution scores of inputs in distribution, n ≥ 1; high means suspicious
   * @param outOfDistribution scores of inputs out of distribution, m ≥ 1
   * @return within [0, 1]; 0 is perfect
   * @throws IllegalArgumentException if either is empty or holds NaN
   */
  public static double falsePositiveRate95(double[] inDistribution, double[] outOfDistribution) {
    return falsePositiveRate(inDistribution, outOfDistribution, USUAL_RECALL);
  }

  /**
   * The share of inputs in distribution that a threshold takes for outliers, where it finds a given
   * share of the outliers: of all distinct scores the one whose recall is nearest to the level, by
   * float64; of two as near the lower one, which has the higher recall or more false alarms.
   *
   * <p>This is the convention of the published logs of Hendrycks, Mazeika, Dietterich 2019, arXiv
   * 1812.04606, to the last digit. The recall may be below the level: with m = 10 outliers that of
   * 0.95 is 0.9 or 1.
   *
   * @param inDistribution scores of inputs in distribution, n ≥ 1; high means suspicious
   * @param outOfDistribution scores of inputs out of distribution, m ≥ 1
   * @param recall share of outliers to be found, such as 0.95
   * @return within [0, 1]; 0 is perfect
   * @throws IllegalArgumentException if either is empty or holds NaN, or unless {@code 0 < recall
   *     && recall <= 1}
   */
  public static double falsePositiveRate(
      double[] inDistribution, double[] outOfDistribution, double recall) {
    if (!(recall > 0 && recall <= 1)) {
      throw new IllegalArgumentException(
          "recall is " + recall + "; it must be above 0 and at most 1");
    }
    double[] nearest = {Double.POSITIVE_INFINITY, 0, 0};
    int m = outOfDistribution.length;
    descend(
        inDistribution,
        outOfDistribution,
        (found, alarms) -> {
          double distance = Math.abs((double) found / m - recall);
          // Lower thresholds that find no more outliers than all are worse for nothing.
          if (nearest[2] < m && distance <= nearest[0]) {
            nearest[0] = distance;
            nearest[1] = alarms;
          }
          nearest[2] = found;
        });
    return nearest[1] / inDistribution.length;
  }

  /** Takes in how many of either kind score at least as high as a threshold. */
  private interface Threshold {
    void at(long found, long alarms);
  }

  /** Visits every distinct score from the highest down. */
  private static void descend(double[] in, double[] out, Threshold threshold) {
    check(in, out);
    double[] alarms = in.clone();
    double[] outliers = out.clone();
    Arrays.sort(alarms);
    Arrays.sort(outliers);
    int i = in.length;
    int o = out.length;
    while (i > 0 || o > 0) {
      double score =
          Math.max(
              i > 0 ? alarms[i - 1] : Double.NEGATIVE_INFINITY,
              o > 0 ? outliers[o - 1] : Double.NEGATIVE_INFINITY);
      while (i > 0 && alarms[i - 1] == score) {
        i--;
      }
      while (o > 0 && outliers[o - 1] == score) {
        o--;
      }
      threshold.at(out.length - o, in.length - i);
    }
  }

  private static void check(double[] inDistribution, double[] outOfDistribution) {
    Scores.check("inDistribution", inDistribution);
    Scores.check("outOfDistribution", outOfDistribution);
  }
}
