package io.credence.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often answers were right, by how sure they were: a reliability diagram as data, and the
 * calibration errors it sums up to. With n_b of the N answers in bin b, of accuracy acc_b and mean
 * confidence conf_b:
 *
 * <pre>
 * expected calibration error          Σ_b n_b/N |acc_b − conf_b|
 * maximum calibration error           max_b |acc_b − conf_b|, whatever the counts
 * root mean square calibration error  √(Σ_b n_b/N (acc_b − conf_b)²)
 * </pre>
 *
 * <p>Bins are (low, high], the lowest [low, high]; those without answers are left out. Equal
 * widths, 15 of them, are what the literature calls ECE; {@link CalibrationBins} streams them.
 * Immutable.
 *
 * <p>All three are biased upwards: with few answers a bin, acc_b scatters about conf_b even of a
 * perfectly calibrated model. Compare them only at equal N and bins.
 *
 * <p>Sources: Naeini, Cooper, Hauskrecht 2015, "Obtaining Well Calibrated Probabilities Using
 * Bayesian Binning", doi 10.1609/aaai.v29i1.9602; Guo et al. 2017, "On Calibration of Modern Neural
 * Networks", arXiv 1706.04599, section 2; Hendrycks, Mazeika, Dietterich 2019, "Deep Anomaly
 * Detection with Outlier Exposure", arXiv 1812.04606, appendix (root mean square); Nixon et al.
 * 2019, "Measuring Calibration in Deep Learning", arXiv 1904.01685 (equal mass).
 */
public final class ReliabilityDiagram {

  private final List<ReliabilityBin> bins;
  private final long inputs;
  private final BrierDecomposition brier;

  private ReliabilityDiagram(List<ReliabilityBin> bins, BrierDecomposition brier) {
    this.bins = List.copyOf(bins);
    this.inputs = bins.stream().mapToLong(ReliabilityBin::count).sum();
    this.brier = brier;
  }

  /** Of one more edge than there are sums, one answer at least in all. */
  static ReliabilityDiagram of(double[] edges, BinSums... sums) {
    long inputs = 0;
    long correct = 0;
    for (BinSums each : sums) {
      inputs += each.count();
      correct += each.correct();
    }
    double base = (double) correct / inputs;
    List<ReliabilityBin> bins = new ArrayList<>();
    double reliability = 0;
    double resolution = 0;
    double squares = 0;
    double products = 0;
    for (int b = 0; b < sums.length; b++) {
      if (sums[b].count() == 0) {
        continue;
      }
      ReliabilityBin bin =
          new ReliabilityBin(
              edges[b], edges[b + 1], sums[b].count(), sums[b].correct(), sums[b].meanConfidence());
      bins.add(bin);
      double share = (double) bin.count() / inputs;
      reliability += share * bin.gap() * bin.gap();
      resolution += share * (bin.accuracy() - base) * (bin.accuracy() - base);
      squares += sums[b].squares();
      products += sums[b].products();
    }
    return new ReliabilityDiagram(
        bins,
        new BrierDecomposition(
            reliability, resolution, base * (1 - base), squares / inputs, products / inputs));
  }

  /**
   * Bins of equal width, ((b − 1)/B, b/B].
   *
   * @param confidences how sure each answer was, within [0, 1]
   * @param correct whether it was right, as many
   * @param bins number of bins, B ≥ 1
   * @return the diagram
   * @throws IllegalArgumentException if there is no answer, lengths differ, a confidence is NaN or
   *     outside [0, 1], or {@code bins < 1}
   */
  public static ReliabilityDiagram equalWidth(double[] confidences, boolean[] correct, int bins) {
    checkLengths(confidences, correct);
    CalibrationBins sums = CalibrationBins.of(bins);
    for (int i = 0; i < confidences.length; i++) {
      sums.add(confidences[i], correct[i]);
    }
    return sums.diagram();
  }

  /**
   * Bins of equally many answers: inner edge b is the ⌈b N/B⌉-th smallest confidence. Equal
   * confidences stay in one bin, the lower one, so that their order does not matter; where there
   * are many, bins are fewer and of unequal mass.
   *
   * @param confidences how sure each answer was, within [0, 1]; not changed
   * @param correct whether it was right, as many
   * @param bins number of bins, B ≥ 1
   * @return the diagram, of at most B bins
   * @throws IllegalArgumentException as {@link #equalWidth}
   */
  public static ReliabilityDiagram equalMass(double[] confidences, boolean[] correct, int bins) {
    checkLengths(confidences, correct);
    CalibrationBins.checkBins(bins);
    double[] sorted = confidences.clone();
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = CalibrationBins.checked(sorted[i]);
    }
    Arrays.sort(sorted);
    double[] edges = new double[bins + 1];
    BinSums[] sums = new BinSums[bins];
    for (int b = 1; b <= bins; b++) {
      long rank = ((long) b * sorted.length + bins - 1) / bins;
      edges[b] = b == bins ? 1 : sorted[(int) rank - 1];
      sums[b - 1] = new BinSums();
    }
    for (int i = 0; i < confidences.length; i++) {
      double confidence = CalibrationBins.checked(confidences[i]);
      int bin = 0;
      while (confidence > edges[bin + 1]) {
        bin++;
      }
      sums[bin].add(confidence, correct[i]);
    }
    return of(edges, sums);
  }

  private static void checkLengths(double[] confidences, boolean[] correct) {
    if (confidences.length == 0 || confidences.length != correct.length) {
      throw new IllegalArgumentException(
          confidences.length
              + " confidences and "
              + correct.length
              + " outcomes are given; as many of both are needed, and one at least");
    }
  }

  /**
   * The bins that hold answers.
   *
   * @return one at least, in ascending order
   */
  public List<ReliabilityBin> bins() {
    return bins;
  }

  /**
   * Number of answers.
   *
   * @return N ≥ 1
   */
  public long inputs() {
    return inputs;
  }

  /**
   * The expected calibration error, weighted by counts.
   *
   * @return within [0, 1], no unit; 0 if every bin is as accurate as it is sure
   */
  public double expectedCalibrationError() {
    double sum = 0;
    for (ReliabilityBin bin : bins) {
      sum += (double) bin.count() / inputs * Math.abs(bin.gap());
    }
    return sum;
  }

  /**
   * The largest gap of any bin that holds answers, however few.
   *
   * @return within [0, 1], no unit
   */
  public double maximumCalibrationError() {
    double largest = 0;
    for (ReliabilityBin bin : bins) {
      largest = Math.max(largest, Math.abs(bin.gap()));
    }
    return largest;
  }

  /**
   * The root mean square calibration error, weighted by counts.
   *
   * @return within [0, 1], no unit; at least the {@linkplain #expectedCalibrationError expected},
   *     at most the {@linkplain #maximumCalibrationError maximum} one
   */
  public double rootMeanSquareCalibrationError() {
    return Math.sqrt(brier.reliability());
  }

  /**
   * The Brier score of "the answer is right", told with the confidence, in parts.
   *
   * @return its parts by these bins
   */
  public BrierDecomposition brierDecomposition() {
    return brier;
  }
}
