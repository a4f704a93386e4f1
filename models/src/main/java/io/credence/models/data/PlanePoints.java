package io.credence.models.data;

import java.util.SplittableRandom;

/**
 * Points of a plane: two large clusters, each a class, and two small groups of neither, which no
 * training sees. Outliers for Outlier Exposure are drawn elsewhere: anywhere in the plane but near
 * the clusters and near the small groups.
 */
public final class PlanePoints {

  /** The plane reaches from −{@value} to {@value} across. */
  public static final double ACROSS = 8;

  /** The plane reaches from −{@value} to {@value} upwards. */
  public static final double UP = 6;

  private static final double[][] CLUSTERS = {{-2, -0.5}, {2, 0.5}};
  private static final double CLUSTER_DEVIATION = 0.6;
  private static final double[][] GROUPS = {{5.5, -3.5}, {-3, 4.7}};
  private static final double GROUP_DEVIATION = 0.25;
  private static final double CLUSTER_DISTANCE = 2.4;
  private static final double GROUP_DISTANCE = 1.2;

  private final long seed;

  private PlanePoints(long seed) {
    this.seed = seed;
  }

  /**
   * The points of a seed.
   *
   * @param seed any number
   * @return the points
   */
  public static PlanePoints of(long seed) {
    return new PlanePoints(seed);
  }

  /**
   * Draws points of the clusters.
   *
   * @param each points of each cluster, ≥ 1
   * @return the points, class 0 first, with one-hot targets and weights that sum to 1
   */
  public Points clusters(int each) {
    return groups(CLUSTERS, CLUSTER_DEVIATION, each, true, seed);
  }

  /**
   * Draws points of the small groups that are of no class.
   *
   * @param each points of each group, ≥ 1
   * @return the points, with uniform targets
   */
  public Points outliers(int each) {
    return groups(GROUPS, GROUP_DEVIATION, each, false, seed + 1);
  }

  /**
   * Joins points of the clusters with outliers drawn elsewhere.
   *
   * @param clusters points of the clusters
   * @param count number of outliers, ≥ 1
   * @param lambda the sum of their weights
   * @return the points of the clusters, then the outliers with uniform targets
   */
  public Points exposed(Points clusters, int count, double lambda) {
    SplittableRandom random = new SplittableRandom(seed + 2);
    int inside = clusters.size();
    float[] inputs = new float[2 * (inside + count)];
    float[] targets = new float[2 * (inside + count)];
    float[] weights = new float[inside + count];
    for (int i = 0; i < inside; i++) {
      for (int j = 0; j < 2; j++) {
        inputs[2 * i + j] = clusters.input(i, j);
        targets[2 * i + j] = clusters.target(i, j);
      }
      weights[i] = 1f / inside;
    }
    for (int i = inside; i < inside + count; i++) {
      double x;
      double y;
      do {
        x = random.nextDouble(-ACROSS, ACROSS);
        y = random.nextDouble(-UP, UP);
      } while (near(CLUSTERS, x, y, CLUSTER_DISTANCE) || near(GROUPS, x, y, GROUP_DISTANCE));
      inputs[2 * i] = (float) x;
      inputs[2 * i + 1] = (float) y;
      targets[2 * i] = 0.5f;
      targets[2 * i + 1] = 0.5f;
      weights[i] = (float) (lambda / count);
    }
    return new Points(inputs, targets, weights);
  }

  private static boolean near(double[][] centres, double x, double y, double distance) {
    for (double[] centre : centres) {
      if (Math.hypot(x - centre[0], y - centre[1]) < distance) {
        return true;
      }
    }
    return false;
  }

  private static Points groups(
      double[][] centres, double deviation, int each, boolean classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int size = each * centres.length;
    float[] inputs = new float[2 * size];
    float[] targets = new float[2 * size];
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      int group = i / each;
      for (int j = 0; j < 2; j++) {
        inputs[2 * i + j] = (float) random.nextGaussian(centres[group][j], deviation);
        targets[2 * i + j] = classes ? (group == j ? 1 : 0) : 0.5f;
      }
      weights[i] = 1f / size;
    }
    return new Points(inputs, targets, weights);
  }
}
