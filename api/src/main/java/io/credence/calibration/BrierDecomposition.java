package io.credence.calibration;

/**
 * The Brier score of an event told with probability f and observed as o (0 or 1), (1/N) Σ (f − o)²,
 * in parts, with inputs in bins b of n_b inputs, mean probability f̄_b and observed share ō_b, and
 * ō the share of all:
 *
 * <pre>
 * reliability            Σ_b n_b/N (f̄_b − ō_b)²    lower is better: how far probabilities are off
 * resolution             Σ_b n_b/N (ō_b − ō)²      higher is better: how far the bins are apart
 * uncertainty            ō (1 − ō)                 of the labels alone
 * within-bin variance    (1/N) Σ_b Σ_i (f_i − f̄_b)²
 * within-bin covariance  (1/N) Σ_b Σ_i (f_i − f̄_b)(o_i − ō_b)
 *
 * Brier score = reliability − resolution + uncertainty + remainder
 * remainder   = within-bin variance − 2 · within-bin covariance
 * </pre>
 *
 * <p>The first three are Murphy's and make up the score alone where each bin holds one probability;
 * the remainder is what binning hides, and may be of either sign. Equal to rounding, a relative
 * 1e-13 of the score.
 *
 * <p>Sources: Murphy 1973, "A New Vector Partition of the Probability Score", doi
 * 10.1175/1520-0450(1973)012&lt;0595:ANVPOT&gt;2.0.CO;2; Stephenson, Coelho, Jolliffe 2008, "Two
 * Extra Components in the Brier Score Decomposition", doi 10.1175/2007WAF2006116.1.
 *
 * @param reliability within [0, 1]
 * @param resolution within [0, 1/4]
 * @param uncertainty within [0, 1/4]
 * @param withinBinVariance ≥ 0
 * @param withinBinCovariance of either sign
 */
public record BrierDecomposition(
    double reliability,
    double resolution,
    double uncertainty,
    double withinBinVariance,
    double withinBinCovariance) {

  /**
   * What binning leaves of the Brier score.
   *
   * @return within-bin variance − 2 · within-bin covariance
   */
  public double remainder() {
    return withinBinVariance - 2 * withinBinCovariance;
  }

  /**
   * The Brier score itself, of one event: half of Brier's own of two classes.
   *
   * @return within [0, 1] for one event
   */
  public double brierScore() {
    return reliability - resolution + uncertainty + remainder();
  }

  /** The parts of the sum of two scores. */
  BrierDecomposition plus(BrierDecomposition other) {
    return new BrierDecomposition(
        reliability + other.reliability,
        resolution + other.resolution,
        uncertainty + other.uncertainty,
        withinBinVariance + other.withinBinVariance,
        withinBinCovariance + other.withinBinCovariance);
  }
}
