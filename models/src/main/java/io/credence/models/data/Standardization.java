package io.credence.models.data;

import org.apache.commons.math3.stat.StatUtils;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Means and standard deviations of features and target over the training rows of a split: (value −
 * mean) / deviation is what a network learns from. Population deviation (ddof 0); of a column that
 * does not vary it counts as 1. Immutable.
 */
public final class Standardization {

  private final int features;
  private final double[] means;
  private final double[] deviations;
  private final double[] ranges;

  private Standardization(int features, double[] means, double[] deviations, double[] ranges) {
    this.features = features;
    this.means = means;
    this.deviations = deviations;
    this.ranges = ranges;
  }

  /**
   * Measures the training rows of a split.
   *
   * @param set the set
   * @param split a split of it
   * @return how they are standardised
   */
  public static Standardization of(TabularSet set, TabularSplit split) {
    int[] rows = split.training();
    int columns = set.features() + 1;
    double[] means = new double[columns];
    double[] deviations = new double[columns];
    double[] ranges = new double[columns];
    for (int c = 0; c < columns; c++) {
      double[] values = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        values[i] = c < set.features() ? set.feature(rows[i], c) : set.target(rows[i]);
      }
      means[c] = StatUtils.mean(values);
      ranges[c] = StatUtils.max(values) - StatUtils.min(values);
      // Rounding would give a constant column a tiny deviation, and others' values of it a huge
      // one.
      deviations[c] = ranges[c] == 0 ? 1 : Math.sqrt(StatUtils.populationVariance(values));
    }
    return new Standardization(set.features(), means, deviations, ranges);
  }

  /**
   * The standardised features of rows.
   *
   * @param set the set
   * @param rows its rows
   * @return row by row, shape {@code [rows, features]}
   */
  public float[] inputs(TabularSet set, int... rows) {
    float[] values = new float[rows.length * features];
    for (int i = 0; i < values.length; i++) {
      int c = i % features;
      values[i] = (float) ((set.feature(rows[i / features], c) - means[c]) / deviations[c]);
    }
    return values;
  }

  /**
   * The standardised targets of rows.
   *
   * @param set the set
   * @param rows its rows
   * @return shape {@code [rows]}
   */
  public float[] targets(TabularSet set, int... rows) {
    float[] values = new float[rows.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((set.target(rows[i]) - targetMean()) / targetDeviation());
    }
    return values;
  }

  /**
   * The means of the features.
   *
   * @return in their units, shape {@code [1, features]}
   */
  public FloatNdArray means() {
    return array(means);
  }

  /**
   * The standard deviations of the features.
   *
   * @return &gt; 0, in their units, shape {@code [1, features]}
   */
  public FloatNdArray deviations() {
    return array(deviations);
  }

  private FloatNdArray array(double[] columns) {
    float[] values = new float[features];
    for (int c = 0; c < features; c++) {
      values[c] = (float) columns[c];
    }
    return NdArrays.wrap(Shape.of(1, features), DataBuffers.of(values));
  }

  /**
   * The mean of the target.
   *
   * @return in its unit
   */
  public double targetMean() {
    return means[features];
  }

  /**
   * The standard deviation of the target.
   *
   * @return &gt; 0, in its unit
   */
  public double targetDeviation() {
    return deviations[features];
  }

  /**
   * The distance from the least to the largest value of a feature among the training rows.
   *
   * @param feature the feature
   * @return ≥ 0, in standard deviations
   */
  public double range(int feature) {
    return ranges[feature] / deviations[feature];
  }
}
