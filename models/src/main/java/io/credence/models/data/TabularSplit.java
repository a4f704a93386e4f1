package io.credence.models.data;

import java.util.Arrays;

/**
 * Which rows of a {@link TabularSet} a network learns from, and which it is tested on. Immutable.
 */
public final class TabularSplit {

  private static final double TRAINED_SHARE = 0.8;

  private final int number;
  private final int[] training;
  private final int[] test;

  /**
   * Copies the rows.
   *
   * @param number which split of its set it is, ≥ 0
   * @param training rows to learn from, in order, one at least
   * @param test rows to be tested on, one at least
   * @throws IllegalArgumentException if there is no row of either kind
   */
  public TabularSplit(int number, int[] training, int[] test) {
    if (training.length == 0 || test.length == 0) {
      throw new IllegalArgumentException(
          "split "
              + number
              + " has "
              + training.length
              + " rows to learn from and "
              + test.length
              + " to be tested on; one of each is needed");
    }
    this.number = number;
    this.training = training.clone();
    this.test = test.clone();
  }

  /**
   * Which split of its set it is.
   *
   * @return ≥ 0
   */
  public int number() {
    return number;
  }

  /**
   * The rows to learn from.
   *
   * @return a copy, one row at least
   */
  public int[] training() {
    return training.clone();
  }

  /**
   * The rows to be tested on.
   *
   * @return a copy, one row at least
   */
  public int[] test() {
    return test.clone();
  }

  /**
   * The split by which settings are chosen: it learns from the first 80 % of the training rows,
   * rounded down, and is tested on the others. No test row is in it.
   *
   * @return the split, of the same number
   * @throws IllegalArgumentException if there are fewer than two training rows
   */
  public TabularSplit validation() {
    int first = (int) (TRAINED_SHARE * training.length);
    return new TabularSplit(
        number,
        Arrays.copyOf(training, first),
        Arrays.copyOfRange(training, first, training.length));
  }
}
