package io.credence.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What answering only where doubt is low does to the risk: N answers in the order of their scores,
 * of which high ones mean doubt, each with a loss ≥ 0, 1 for a wrong answer and 0 for a right one.
 * Answering the i least doubtful:
 *
 * <pre>
 * coverage          i/N
 * selective risk    r_i = (1/i) Σ of their losses: what an answer that is given costs
 * generalized risk  g_i = (1/N) Σ of their losses: what an input costs, if silence is free
 *
 * AURC   = (1/N) Σ_i r_i
 * E-AURC = AURC less that of the same losses in the best order, the lowest first
 * AUGRC  = ∫ g d coverage, by trapezoids from (0, 0)
 * </pre>
 *
 * <p>Equal scores pass a threshold together, so the curve has a point for each distinct score
 * alone. The areas take the mean over all orders that equal scores might stand in, exactly. Of
 * wrong and right answers AUGRC = (1 − AUROC) a (1 − a) + (1 − a)²/2, with accuracy a and AUROC of
 * scores of wrong answers over those of right ones. Immutable.
 *
 * <p>Sources: Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks", arXiv
 * 1705.08500; Geifman, Uziel, El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural
 * Classifiers", arXiv 1805.08206 (E-AURC, there with the limit of the best order for large N, r +
 * (1 − r) ln(1 − r); here it is exact); Jaeger et al. 2023, "A Call to Reflect on Evaluation
 * Practices for Failure Detection in Image Classification", arXiv 2211.15259; Traub et al. 2024,
 * "Overcoming Common Flaws in the Evaluation of Selective Classification Systems", arXiv 2407.01032
 * (AUGRC).
 */
public final class RiskCoverage {

  private final List<Point> curve;
  private final double aurc;
  private final double bestAurc;
  private final double augrc;

  /**
   * One threshold: what is scored at most so high is answered.
   *
   * @param threshold the score, the highest that is answered
   * @param coverage share of inputs that are answered, within (0, 1]
   * @param selectiveRisk mean loss of what is answered
   * @param generalizedRisk sum of those losses over the number of all inputs
   */
  public record Point(
      double threshold, double coverage, double selectiveRisk, double generalizedRisk) {}

  private RiskCoverage(List<Point> curve, double aurc, double bestAurc, double augrc) {
    this.curve = List.copyOf(curve);
    this.aurc = aurc;
    this.bestAurc = bestAurc;
    this.augrc = augrc;
  }

  /**
   * The curve of answers that are right or wrong.
   *
   * @param scores how doubtful each answer is; high means doubt
   * @param correct whether it is right, as many
   * @return the curve
   * @throws IllegalArgumentException if there is no answer, lengths differ, or a score is NaN
   */
  public static RiskCoverage of(double[] scores, boolean[] correct) {
    double[] losses = new double[correct.length];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = correct[i] ? 0 : 1;
    }
    return of(scores, losses);
  }

  /**
   * The curve of answers with losses, such as squared errors.
   *
   * @param scores how doubtful each answer is; high means doubt
   * @param losses what each costs, finite, ≥ 0, as many
   * @return the curve
   * @throws IllegalArgumentException if there is no answer, lengths differ, a score is NaN, or a
   *     loss is negative or not finite
   */
  public static RiskCoverage of(double[] scores, double[] losses) {
    Scores.check("scores", scores);
    Scores.checkLosses("scores", scores.length, losses);
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(i -> i)
            .toArray();
    List<Point> curve = new ArrayList<>();
    double lost = 0;
    double aurc = 0;
    double augrc = 0;
    int inputs = scores.length;
    for (int from = 0; from < inputs; ) {
      int to = from;
      double ofTied = 0;
      while (to < inputs && scores[order[to]] == scores[order[from]]) {
        ofTied += losses[order[to++]];
      }
      // In the mean over all orders, each of the tied answers costs as much.
      for (int i = from + 1; i <= to; i++) {
        aurc += (lost + ofTied * (i - from) / (to - from)) / i / inputs;
      }
      augrc += (double) (to - from) / inputs * (lost + ofTied / 2) / inputs;
      lost += ofTied;
      curve.add(new Point(scores[order[from]], (double) to / inputs, lost / to, lost / inputs));
      from = to;
    }
    return new RiskCoverage(curve, aurc, best(losses), augrc);
  }

  private static double best(double... losses) {
    double[] sorted = losses.clone();
    Arrays.sort(sorted);
    double lost = 0;
    double best = 0;
    for (int i = 0; i < sorted.length; i++) {
      lost += sorted[i];
      best += lost / (i + 1) / sorted.length;
    }
    return best;
  }

  /**
   * A point for each distinct score, from the least coverage to that of 1.
   *
   * @return one at least
   */
  public List<Point> curve() {
    return curve;
  }

  /**
   * The area under the risk–coverage curve.
   *
   * @return ≥ 0, in the unit of the losses; lower is better, the mean loss is a coin
   */
  public double aurc() {
    return aurc;
  }

  /**
   * The excess of {@link #aurc} over the best order of the same losses, so that a model's accuracy
   * does not count.
   *
   * @return ≥ 0 but for rounding, in the unit of the losses; 0 is the best
   */
  public double excessAurc() {
    return aurc - bestAurc;
  }

  /**
   * The area under the generalized risk–coverage curve: the mean loss of a wrong answer that is not
   * caught, over all thresholds, each answer counting alike.
   *
   * @return ≥ 0, in the unit of the losses; within [0, 1/2] of wrong and right answers; lower is
   *     better, half the mean loss is a coin
   */
  public double augrc() {
    return augrc;
  }
}
