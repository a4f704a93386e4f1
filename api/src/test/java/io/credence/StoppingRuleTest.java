package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.RegressionMeasure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoppingRuleTest {

  private static StoppingRule rule(int minPasses) {
    return new StoppingRule(ClassificationMeasure.MUTUAL_INFORMATION, .01, minPasses);
  }

  private static List<Integer> looks(StoppingRule rule, int maxPasses) {
    List<Integer> looks = new ArrayList<>();
    for (int taken = 0; taken < maxPasses; taken = looks.get(looks.size() - 1)) {
      looks.add(rule.nextLook(taken, maxPasses));
    }
    return looks;
  }

  @Test
  void nextLook_fromTwenty_isAQuarterLaterEachTime() {
    assertEquals(List.of(20, 25, 31, 38, 47, 58, 72, 90, 100), looks(rule(20), 100));
  }

  @Test
  void nextLook_fromThree_isOnePassLaterAtLeast() {
    assertEquals(List.of(3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 20), looks(rule(3), 20));
  }

  @Test
  void nextLook_leastThatIsTheMost_isTheOnlyOne() {
    assertEquals(List.of(20), looks(rule(20), 20));
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "3, 4", "3, 1000", "20, 21", "20, 24", "20, 25", "500, 2147483647"})
  void nextLook_ofAnyPlan_growsToTheMost(int minPasses, int maxPasses) {
    List<Integer> looks = looks(rule(minPasses), maxPasses);
    assertEquals(minPasses, looks.get(0));
    assertEquals(maxPasses, looks.get(looks.size() - 1));
    for (int i = 1; i < looks.size(); i++) {
      int before = looks.get(i - 1);
      int at = looks.get(i);
      assertTrue(at > before && at <= maxPasses, looks::toString);
      assertTrue(at - before <= Math.max(1, before / 4), looks::toString);
    }
  }

  @Test
  void nextLook_fromBetweenTwoLooks_isNotBeforeTheLeast() {
    assertEquals(20, rule(20).nextLook(0, 100));
    assertEquals(20, rule(20).nextLook(19, 100));
    assertEquals(26, rule(20).nextLook(21, 100));
    assertEquals(Integer.MAX_VALUE, rule(3).nextLook(Integer.MAX_VALUE - 1, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0., -1, Double.NaN, Double.POSITIVE_INFINITY})
  void of_toleranceOutsideItsRange_isRefused(double tolerance) {
    assertEquals(
        "tolerance is "
            + tolerance
            + "; it must be above 0 and finite, 0.01 nats is a good start for an entropy",
        assertThrows(
                IllegalArgumentException.class,
                () -> new StoppingRule(RegressionMeasure.MEAN, tolerance, 20))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 2})
  void of_fewerPassesThanTellAnError_isRefused(int minPasses) {
    assertEquals(
        "min passes is " + minPasses + "; at least 3 tell an error, 50 are better",
        assertThrows(IllegalArgumentException.class, () -> rule(minPasses)).getMessage());
    assertEquals(3, rule(StoppingRule.LEAST).minPasses());
  }
}
