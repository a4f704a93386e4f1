package io.credence.decision;

import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/** How well a score tells inputs of the training distribution from others. */
public final class OutOfDistribution {

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
    check("inDistribution", inDistribution);
    check("outOfDistribution", outOfDistribution);
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

  private static void check(String name, double[] scores) {
    if (scores.length == 0) {
      throw new IllegalArgumentException(name + " is empty; at least one score is needed");
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new IllegalArgumentException(name + "[" + i + "] is NaN; scores must be numbers");
      }
    }
  }
}
