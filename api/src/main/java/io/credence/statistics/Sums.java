package io.credence.statistics;

/**
 * Weighted sums over samples, for N inputs at once, kept so that no square of a mean is ever
 * subtracted. What samples of one member of an ensemble differ by, and what the members differ by,
 * is kept apart.
 *
 * @param <S> the sums themselves
 */
abstract class Sums<S extends Sums<S>> {

  private long samples;
  private int members;
  private double weight;
  private double pairWeights;

  /** Number of samples. */
  final long samples() {
    return samples;
  }

  /** Number of members that the samples are of; 0 without a sample. */
  final int members() {
    return members;
  }

  /** Sum of the samples' weights; their number, unless members were merged. */
  final double weight() {
    return weight;
  }

  /** Sum over pairs of different samples, in either order, of the product of their weights. */
  final double pairWeights() {
    return pairWeights;
  }

  /** Counts in samples of weight 1 and of the only member, whose values were added. */
  final void count(int added) {
    pairWeights += added * (2 * weight + added - 1);
    samples += added;
    weight += added;
    members = 1;
  }

  /** Counts so many samples of weight 1, and no others. */
  final void recount(int only) {
    samples = 0;
    weight = 0;
    pairWeights = 0;
    count(only);
  }

  /** Adds the samples of other sums of the same one member. */
  final void merge(S other) {
    merge(other, 1, false);
    members = Math.max(members, other.members());
  }

  /** Adds the samples of another one member, each of them with a factor to its weight. */
  final void mergeMember(S other, double factor) {
    merge(other, factor, true);
    members += other.members();
  }

  private void merge(S other, double factor, boolean member) {
    if (other.samples() == 0) {
      return;
    }
    double theirs = other.weight() * factor;
    mergeValues(other, factor, member);
    samples += other.samples();
    pairWeights += other.pairWeights() * factor * factor + 2 * weight * theirs;
    weight += theirs;
  }

  /**
   * Adds the values of other sums; the counts are still as they were before.
   *
   * @param factor what the weights of the others are multiplied by
   * @param member whether the others are of another member
   */
  abstract void mergeValues(S other, double factor, boolean member);

  /** A copy of the sums of some inputs. */
  final S keep(int... inputs) {
    S kept = keepValues(inputs);
    Sums<?> counts = kept;
    counts.countAs(this);
    return kept;
  }

  abstract S keepValues(int... inputs);

  /** Sums of as many inputs, without a sample. */
  abstract S empty();

  /** Number of inputs. */
  abstract int inputs();

  private void countAs(Sums<?> that) {
    samples = that.samples;
    members = that.members;
    weight = that.weight;
    pairWeights = that.pairWeights;
  }

  /** Whole rows of a table, in the order of the inputs asked for; an empty table stays empty. */
  static double[] rows(double[] table, int width, int... inputs) {
    if (table.length == 0) {
      return table;
    }
    double[] rows = new double[inputs.length * width];
    for (int i = 0; i < inputs.length; i++) {
      System.arraycopy(table, inputs[i] * width, rows, i * width, width);
    }
    return rows;
  }

  final boolean sameCounts(Sums<?> that) {
    return samples == that.samples
        && members == that.members
        && Double.compare(weight, that.weight) == 0
        && Double.compare(pairWeights, that.pairWeights) == 0;
  }
}
