package io.credence.tensorflow;

/**
 * Holds the compiled graph against the model as it is served, and a row scored alone against the
 * same row in company, on a row of the first batch.
 */
final class RowProof {

  /** Matrix products of other sizes round otherwise; a mixed row is off by far more. */
  private static final double TOLERANCE = 1e-4;

  private RowProof() {}

  /**
   * Compares the output with every mask at one with the output as it is served.
   *
   * @throws ModelLoadException if they differ
   */
  static void served(float[] served, float[] masksAtOne) {
    int at = difference(served, masksAtOne);
    if (at >= 0) {
      throw new ModelLoadException(
          "with dropout off, the graph made for sampling gives "
              + masksAtOne[at]
              + " where the model gives "
              + served[at]
              + ": it was not taken apart rightly; please report the model's origin");
    }
  }

  /**
   * Compares a row alone with the same row in company, and passes run one by one with passes run
   * together.
   *
   * @throws ModelLoadException if they differ
   */
  static void rows(float[] alone, float[] company) {
    int at = difference(alone, company);
    if (at >= 0) {
      throw new ModelLoadException(
          "a row scored alone gives "
              + alone[at]
              + ", and "
              + company[at]
              + " in company, by the same network: the rows of a batch are mixed where that was not"
              + " seen; please report the model's origin");
    }
  }

  /** The first element that differs, or −1. NaN is like NaN only. */
  private static int difference(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new ModelLoadException(
          "the model gives "
              + expected.length
              + " numbers for a row, and "
              + actual.length
              + " in company; one row of outputs for each row of inputs is needed");
    }
    for (int k = 0; k < expected.length; k++) {
      double slack = TOLERANCE * Math.max(1, Math.abs(expected[k]));
      boolean same =
          Float.compare(expected[k], actual[k]) == 0 || Math.abs(expected[k] - actual[k]) <= slack;
      if (!same) {
        return k;
      }
    }
    return -1;
  }
}
