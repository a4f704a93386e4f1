package io.credence.models.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class PointsTest {

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "3, 2, 2", "4, 3, 2", "0, 2, 2", "2, 0, 2"})
  void of_lengthsThatDoNotAgree_areRefused(int inputs, int targets, int weights) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Points(new float[inputs], new float[targets], new float[weights]))
            .getMessage();
    assertTrue(
        message.startsWith(
            inputs + " coordinates and " + targets + " targets of " + weights + " points;"),
        message);
  }

  @Test
  void clusters_andOutliers_areWhereTheyShouldBe() {
    PlanePoints plane = PlanePoints.of(7);
    Points clusters = plane.clusters(500);
    assertEquals(Shape.of(1000, 2), clusters.inputs().shape());
    double[] means = new double[4];
    for (int i = 0; i < 1000; i++) {
      assertEquals(i < 500 ? 1 : 0, clusters.target(i, 0));
      assertEquals(1e-3, clusters.weights().getFloat(i), 1e-9);
      for (int j = 0; j < 2; j++) {
        means[i / 500 * 2 + j] += clusters.input(i, j) / 500;
      }
    }
    // Five standard errors of .6/√500.
    assertEquals(-2, means[0], .14);
    assertEquals(-.5, means[1], .14);
    assertEquals(2, means[2], .14);
    assertEquals(.5, means[3], .14);
  }

  @Test
  void exposed_outliersKeepAwayFromClustersAndFromTheGroups() {
    PlanePoints plane = PlanePoints.of(7);
    Points clusters = plane.clusters(20);
    Points outliers = plane.outliers(20);
    Points all = plane.exposed(clusters, 600, .5);
    assertEquals(640, all.size());
    double weight = 0;
    for (int i = 0; i < 640; i++) {
      weight += all.weights().getFloat(i);
      if (i < 40) {
        assertEquals(clusters.input(i, 0), all.input(i, 0));
        assertEquals(clusters.target(i, 1), all.target(i, 1));
      } else {
        assertEquals(.5, all.target(i, 0));
        for (int j = 0; j < 40; j++) {
          double apart =
              Math.hypot(
                  all.input(i, 0) - outliers.input(j, 0), all.input(i, 1) - outliers.input(j, 1));
          assertTrue(apart > .2, "apart by " + apart);
        }
      }
    }
    assertEquals(1.5, weight, 1e-4);
  }

  @Test
  void curves_sameSeed_areTheSamePoints_aboutTheCurve() {
    Points cube = CurvePoints.cube(3, 400);
    double squares = 0;
    for (int i = 0; i < 400; i++) {
      double x = cube.input(i, 0);
      assertTrue(Math.abs(x) <= CurvePoints.EDGE);
      squares += Math.pow(cube.target(i, 0) - x * x * x / 20, 2) / 400;
    }
    assertEquals(CurvePoints.NOISE, Math.sqrt(squares), 5 * CurvePoints.NOISE / Math.sqrt(800));
    assertEquals(cube.input(9, 0), CurvePoints.cube(3, 400).input(9, 0));
    Points inverse = CurvePoints.inverse(3, 400);
    for (int i = 0; i < 400; i++) {
      double t = inverse.target(i, 0);
      double x = t + .3 * Math.sin(2 * Math.PI * t);
      assertEquals(x, inverse.input(i, 0), .1001);
    }
  }
}
