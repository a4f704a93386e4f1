package io.credence.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.statistics.ClassificationMeasure;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A chosen abstention says of its inputs what counting says. */
class AbstentionTest {

  @ParameterizedTest
  @EnumSource
  void choose_tellsCoverageAndRiskThatCountingGives(AbstentionTarget target) {
    SplittableRandom random = new SplittableRandom(3);
    double[] values = new double[200];
    double[] losses = new double[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(40) / 40.0; // with ties
      losses[i] = random.nextDouble() < values[i] ? 1 : 0;
    }
    Abstention chosen =
        Abstention.choose(target, .3, ClassificationMeasure.PREDICTIVE_ENTROPY, values, losses);
    int answered = 0;
    int wrong = 0;
    for (int i = 0; i < values.length; i++) {
      if (values[i] <= chosen.rule().threshold()) {
        answered++;
        wrong += losses[i] > 0 ? 1 : 0;
      }
    }
    assertEquals(answered / 200.0, chosen.coverage());
    assertEquals((double) wrong / answered, chosen.risk());
    switch (target) {
      case COVERAGE -> assertTrue(chosen.coverage() >= .3 && chosen.coverage() < .35);
      case RISK -> assertTrue(chosen.risk() <= .3 && chosen.risk() > .2);
      case FALSE_ALARM_RATE -> assertTrue(chosen.coverage() >= .7 && chosen.coverage() < .75);
    }
  }

  @Test
  void choose_fromListsOfOtherLengths_isRefused() {
    assertEquals(
        "2 values and 1 losses are given; as many of both are needed",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Abstention.choose(
                        AbstentionTarget.COVERAGE,
                        1,
                        ClassificationMeasure.MARGIN,
                        new double[2],
                        new double[1]))
            .getMessage());
  }

  @Test
  void choose_withALossThatIsNoNumber_isRefused() {
    for (double loss : new double[] {Double.NaN, -1, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "losses[1] is " + loss + "; it must be finite and at least 0",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      Abstention.choose(
                          AbstentionTarget.COVERAGE,
                          1,
                          ClassificationMeasure.MARGIN,
                          new double[2],
                          new double[] {3, loss}))
              .getMessage());
    }
  }
}
