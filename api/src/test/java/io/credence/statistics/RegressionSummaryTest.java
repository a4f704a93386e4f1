package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RegressionSummaryTest {

  @Test
  void toString_isMeanAndStandardDeviationOfEachTarget() {
    assertEquals(
        "mean ± epistemic standard deviation 2.500 ± 1.500, -1000 ± 0.000",
        summary(new double[] {1, -1000}, new double[] {4, -1000}).toString());
  }

  @Test
  void toString_manyTargets_isCutOff() {
    assertEquals(
        "mean ± epistemic standard deviation 1.000 ± 0.000, 1.000 ± 0.000, 1.000 ± 0.000,"
            + " 1.000 ± 0.000, 1.000 ± 0.000, …",
        summary(new double[] {1, 1, 1, 1, 1, 1}).toString());
  }

  @Test
  void equals_anyPartDiffers_isUnequal() {
    RegressionSummary one = summary(new double[] {-1}, new double[] {3});
    assertEquals(one, summary(new double[] {-1}, new double[] {3}));
    assertEquals(one.hashCode(), summary(new double[] {-1}, new double[] {3}).hashCode());
    assertNotEquals(one, summary(new double[] {-1}, new double[] {3}, new double[] {1}));
    assertNotEquals(one, summary(new double[] {0}, new double[] {4}));
    assertNotEquals(one, summary(new double[] {-2}, new double[] {4}));
  }

  @Test
  void arrays_changedByTheCaller_areCopies() {
    RegressionSummary one = summary(new double[] {-1}, new double[] {3});
    one.mean()[0] = 7;
    one.epistemicVariance()[0] = 7;
    assertArrayEquals(new double[] {1}, one.mean());
    assertArrayEquals(new double[] {4}, one.epistemicVariance());
  }

  @Test
  void ofATarget_thatIsNot_isRefused() {
    RegressionSummary one = summary(new double[] {-1}, new double[] {3});
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> one.mean(1));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> one.epistemicVariance(1));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> one.epistemicStandardDeviation(-1));
  }

  private static RegressionSummary summary(double[]... passes) {
    RegressionMoments moments = RegressionMoments.of(1, passes[0].length);
    for (double[] pass : passes) {
      moments.add(pass);
    }
    return moments.summary(0);
  }
}
