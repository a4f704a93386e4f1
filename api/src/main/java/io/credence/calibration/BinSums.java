package io.credence.calibration;

/**
 * Streaming moments of the confidences and outcomes of one bin; centred sums, merged by Chan, Golub
 * and LeVeque 1983, as differences of squares would lose all digits in a narrow bin.
 */
final class BinSums {

  private long count;
  private long correct;
  private double meanConfidence;
  private double squares;
  private double products;

  void add(double confidence, boolean right) {
    double outcome = right ? 1 : 0;
    double outcomeBefore = outcome - accuracy();
    double before = confidence - meanConfidence;
    count++;
    correct += right ? 1 : 0;
    meanConfidence += before / count;
    squares += before * (confidence - meanConfidence);
    products += outcomeBefore * (confidence - meanConfidence);
  }

  void merge(BinSums other) {
    if (other.count == 0) {
      return;
    }
    double share = (double) other.count / (count + other.count);
    double delta = other.meanConfidence - meanConfidence;
    double ofOutcomes = other.accuracy() - accuracy();
    squares += other.squares + delta * delta * count * share;
    products += other.products + delta * ofOutcomes * count * share;
    meanConfidence += delta * share;
    count += other.count;
    correct += other.correct;
  }

  long count() {
    return count;
  }

  long correct() {
    return correct;
  }

  double meanConfidence() {
    return meanConfidence;
  }

  /** Share of right answers, 0 of none. */
  double accuracy() {
    return count == 0 ? 0 : (double) correct / count;
  }

  /** Σ (f − f̄)² over the bin. */
  double squares() {
    return squares;
  }

  /** Σ (f − f̄)(o − ō) over the bin. */
  double products() {
    return products;
  }
}
