package io.credence.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The sums of all passes without those of each group in turn, for the jackknife over groups.
 *
 * @param without the sums without each group; empty if there are fewer than two
 * @param sizes the number of passes in each group
 */
@SuppressWarnings("ArrayRecordComponent") // within this package, and never compared
record LeftOut<S extends Sums<S>>(List<S> without, long[] sizes) {

  /** Fewer samples than that have no spread. */
  private static final int LEAST_LEFT = 2;

  /** The same of one input. */
  LeftOut<S> of(int input) {
    return new LeftOut<>(without.stream().map(sums -> sums.keep(input)).toList(), sizes);
  }

  /**
   * The errors of some numbers that follow from sums.
   *
   * @param whole the numbers of all passes
   * @param estimates the numbers of given sums, in the same order
   */
  SamplingError errors(double[] whole, Function<S, double[]> estimates) {
    long passes = Arrays.stream(sizes).sum();
    boolean enough = Arrays.stream(sizes).allMatch(size -> passes - size >= LEAST_LEFT);
    if (without.isEmpty() || !enough) {
      return SamplingError.NONE;
    }
    double[][] left = without.stream().map(estimates).toArray(double[][]::new);
    Jackknife[] errors = new Jackknife[whole.length];
    for (int i = 0; i < whole.length; i++) {
      int at = i;
      errors[i] =
          Jackknife.of(
              whole[i], Arrays.stream(left).mapToDouble(each -> each[at]).toArray(), sizes);
    }
    return new SamplingError(sizes.length, List.of(errors));
  }
}
