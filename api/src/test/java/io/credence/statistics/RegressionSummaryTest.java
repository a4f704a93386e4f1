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
        summary(2, new double[] {2.5, -1000}, new double[] {2.25, 0}).toString());
  }

  @Test
  void toString_manyTargets_isCutOff() {
    assertEquals(
        "mean ± epistemic standard deviation 1.000 ± 0.000, 1.000 ± 0.000, 1.000 ± 0.000,"
            + " 1.000 ± 0.000, 1.000 ± 0.000, …",
        summary(1, new double[] {1, 1, 1, 1, 1, 1}, new double[6]).toString());
  }

  @Test
  void equals_anyPartDiffers_isUnequal() {
    RegressionSummary one = summary(2, new double[] {1}, new double[] {3});
    assertEquals(one, summary(2, new double[] {1}, new double[] {3}));
    assertEquals(one.hashCode(), summary(2, new double[] {1}, new double[] {3}).hashCode());
    assertNotEquals(one, summary(3, new double[] {1}, new double[] {3}));
    assertNotEquals(one, summary(2, new double[] {2}, new double[] {3}));
    assertNotEquals(one, summary(2, new double[] {1}, new double[] {4}));
  }

  @Test
  void arrays_changedByTheCaller_areCopies() {
    RegressionSummary one = summary(2, new double[] {1}, new double[] {3});
    one.mean()[0] = 7;
    one.epistemicVariance()[0] = 7;
    assertArrayEquals(new double[] {1}, one.mean());
    assertArrayEquals(new double[] {3}, one.epistemicVariance());
  }

  @Test
  void ofATarget_thatIsNot_isRefused() {
    RegressionSummary one = summary(2, new double[] {1}, new double[] {3});
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> one.mean(1));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> one.epistemicVariance(1));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> one.epistemicStandardDeviation(-1));
  }

  private static RegressionSummary summary(long samples, double[] mean, double[] variance) {
    return new RegressionSummary(samples, mean, variance, java.util.Optional.empty());
  }
}
