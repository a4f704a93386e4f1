package io.credence.models.data;

import java.util.SplittableRandom;

/** Points about curves: a function with noise, and one that turns back on itself. */
public final class CurvePoints {

  /** Standard deviation of the noise of {@link #cube(long, int)}: {@value}. */
  public static final double NOISE = 0.15;

  /** Inputs of {@link #cube(long, int)} are within ±{@value}. */
  public static final double EDGE = 4;

  private CurvePoints() {}

  /**
   * Points about y = x³/20, x within ±{@value #EDGE}: the toy of Hernández-Lobato and Adams 2015,
   * "Probabilistic Backpropagation", arXiv 1502.05336, section 5, with y in units of 20.
   *
   * @param seed any number
   * @param count number of points, ≥ 1
   * @return the points, input x and target y with normal noise of standard deviation {@value
   *     #NOISE}, of equal weight
   */
  public static Points cube(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[count];
    float[] y = new float[count];
    for (int i = 0; i < count; i++) {
      x[i] = (float) random.nextDouble(-EDGE, EDGE);
      y[i] = (float) (cube(x[i]) + random.nextGaussian(0, NOISE));
    }
    return new Points(x, y, equal(count));
  }

  /**
   * The curve of {@link #cube(long, int)} without noise.
   *
   * @param x where
   * @return y
   */
  public static double cube(double x) {
    return x * x * x / 20;
  }

  /**
   * Points about x = t + 0.3 sin 2πt, t within 0 … 1: of an x in the middle there are three t. The
   * inverse problem of Bishop 1994, "Mixture Density Networks", NCRG/94/004, section 5.
   *
   * @param seed any number
   * @param count number of points, ≥ 1
   * @return the points, input x with uniform noise of ±0.1 and target t, of equal weight
   */
  public static Points inverse(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[count];
    float[] t = new float[count];
    for (int i = 0; i < count; i++) {
      t[i] = (float) random.nextDouble();
      x[i] = (float) (t[i] + 0.3 * Math.sin(2 * Math.PI * t[i]) + random.nextDouble(-0.1, 0.1));
    }
    return new Points(x, t, equal(count));
  }

  private static float[] equal(int count) {
    float[] weights = new float[count];
    java.util.Arrays.fill(weights, 1f / count);
    return weights;
  }
}
