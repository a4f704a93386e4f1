package io.credence.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The map that never falls and is nearest to given points (x_i, y_i) by least squares, found by
 * pooling adjacent violators: neighbours whose means fall are joined into a block of one value,
 * their mean, until none do. Points of equal x count as one, of their mean. Between blocks it is a
 * straight line, beyond the first and last point it is constant. Immutable.
 *
 * <p>Of a classifier's confidences and outcomes (0 or 1) it is the calibration of Zadrozny and
 * Elkan 2002, "Transforming Classifier Scores into Accurate Multiclass Probability Estimates", doi
 * 10.1145/775047.775151. Source of the method: Barlow, Bartholomew, Bremner, Brunk 1972,
 * "Statistical Inference under Order Restrictions"; de Leeuw, Hornik, Mair 2009, doi
 * 10.18637/jss.v032.i05.
 */
public final class IsotonicMap {

  private final double[] xs;
  private final double[] ys;

  private IsotonicMap(double[] xs, double[] ys) {
    this.xs = xs;
    this.ys = ys;
  }

  /** A block of points of one value. */
  private record Block(double first, double last, double mean, int points) {

    Block and(Block next) {
      double sum = (double) points + next.points;
      double joined = mean + (next.mean - mean) * (next.points / sum);
      return new Block(first, next.last, joined, points + next.points);
    }
  }

  /**
   * Fits the map.
   *
   * @param x n ≥ 1 finite numbers, in any order
   * @param y as many, finite
   * @return the map
   * @throws IllegalArgumentException if there is no point, lengths differ, or a number is not
   *     finite
   */
  public static IsotonicMap fit(double[] x, double[] y) {
    if (x.length == 0 || x.length != y.length) {
      throw new IllegalArgumentException(
          x.length
              + " x and "
              + y.length
              + " y are given; as many of both are needed, and one at least");
    }
    for (int i = 0; i < x.length; i++) {
      Finite.check("x[" + i + "]", x[i]);
      Finite.check("y[" + i + "]", y[i]);
    }
    int[] order =
        IntStream.range(0, x.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> x[i]))
            .mapToInt(i -> i)
            .toArray();
    List<Block> blocks = new ArrayList<>();
    for (int i : order) {
      Block block = new Block(x[i], x[i], y[i], 1);
      int last = blocks.size() - 1;
      // Points of equal x join first, whatever their y.
      if (last >= 0 && blocks.get(last).first == x[i] && blocks.get(last).last == x[i]) {
        block = blocks.remove(last).and(block);
      }
      blocks.add(block);
    }
    return ofBlocks(pooled(blocks));
  }

  private static List<Block> pooled(List<Block> points) {
    List<Block> blocks = new ArrayList<>();
    for (Block point : points) {
      Block block = point;
      while (!blocks.isEmpty() && blocks.get(blocks.size() - 1).mean >= block.mean) {
        block = blocks.remove(blocks.size() - 1).and(block);
      }
      blocks.add(block);
    }
    return blocks;
  }

  private static IsotonicMap ofBlocks(List<Block> blocks) {
    double[] xs = new double[2 * blocks.size()];
    double[] ys = new double[2 * blocks.size()];
    int knots = 0;
    for (Block block : blocks) {
      xs[knots] = block.first;
      ys[knots++] = block.mean;
      if (block.last > block.first) {
        xs[knots] = block.last;
        ys[knots++] = block.mean;
      }
    }
    return new IsotonicMap(Arrays.copyOf(xs, knots), Arrays.copyOf(ys, knots));
  }

  /**
   * The map's value.
   *
   * @param x any finite number
   * @return within the range of the points' y, never lower for a higher x
   * @throws IllegalArgumentException if x is not finite
   */
  public double value(double x) {
    Finite.check("x", x);
    return interpolate(xs, ys, x);
  }

  /**
   * The least x whose value is at least y.
   *
   * @param y any finite number
   * @return that x, within the range of the points; beyond the map's values the first or the last
   * @throws IllegalArgumentException if y is not finite
   */
  double least(double y) {
    Finite.check("y", y);
    int above = 0;
    while (above < ys.length && ys[above] < y) {
      above++;
    }
    if (above == 0 || above == ys.length) {
      return xs[above == 0 ? 0 : xs.length - 1];
    }
    double share = (y - ys[above - 1]) / (ys[above] - ys[above - 1]);
    return xs[above - 1] + share * (xs[above] - xs[above - 1]);
  }

  private static double interpolate(double[] from, double[] to, double x) {
    int at = Arrays.binarySearch(from, x + 0.0);
    if (at >= 0) {
      return to[at];
    }
    int above = -at - 1;
    if (above == 0 || above == from.length) {
      return to[above == 0 ? 0 : to.length - 1];
    }
    double share = (x - from[above - 1]) / (from[above] - from[above - 1]);
    return to[above - 1] + share * (to[above] - to[above - 1]);
  }
}
