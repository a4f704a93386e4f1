package io.credence.statistics;

/**
 * The delete-m jackknife over G groups of sizes m_g of n samples, which need not be equal.
 *
 * <p>With θ the estimate from all samples, θ₋g that without group g, and h_g = n / m_g: the
 * corrected estimate is θ_J = G θ − Σ (1 − m_g/n) θ₋g, and its variance (1/G) Σ (h_g θ − (h_g − 1)
 * θ₋g − θ_J)² / (h_g − 1). For equal groups these are Quenouille's and Tukey's. Source: Busing,
 * Meijer, van der Leeden 1999, "Delete-m Jackknife for Unequal m", doi 10.1023/A:1008800423698.
 *
 * @param corrected the estimate less its bias of order 1/n
 * @param standardError the standard error of the estimate
 */
record Jackknife(double corrected, double standardError) {

  /**
   * The jackknife of one estimate.
   *
   * @param whole θ
   * @param left θ₋g for each group
   * @param sizes m_g for each group, each within [1, n)
   */
  static Jackknife of(double whole, double[] left, long[] sizes) {
    double n = 0;
    for (long size : sizes) {
      n += size;
    }
    int groups = left.length;
    // Differences from the whole, so that equal estimates give exactly no bias and no error.
    double bias = 0;
    for (int g = 0; g < groups; g++) {
      bias += (1 - sizes[g] / n) * (left[g] - whole);
    }
    double variance = 0;
    for (int g = 0; g < groups; g++) {
      double ratio = n / sizes[g] - 1;
      double pseudo = -ratio * (left[g] - whole);
      variance += (pseudo + bias) * (pseudo + bias) / ratio;
    }
    return new Jackknife(whole - bias, Math.sqrt(variance / groups));
  }
}
