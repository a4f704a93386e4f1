package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.statistics.RegressionMoments;
import io.credence.statistics.RegressionSummary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegressionPredictionTest {

  private static final SamplingPlan PLAN = SamplingPlan.of(1);

  @Test
  void of_noSummaries_isRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new RegressionPrediction(List.of(), PLAN, List.of()))
            .getMessage();
    assertEquals("a prediction needs at least one summary, got none", message);
  }

  @Test
  void of_listsChangedAfterwards_areCopied() {
    List<RegressionSummary> summaries = new ArrayList<>(summaries());
    List<String> warnings = new ArrayList<>(List.of("dark"));
    RegressionPrediction prediction = new RegressionPrediction(summaries, PLAN, warnings);
    summaries.clear();
    warnings.clear();
    assertEquals(2, prediction.size());
    assertEquals(List.of("dark"), prediction.warnings());
  }

  @Test
  void get_eachIndex_isThatInput() {
    RegressionPrediction prediction = new RegressionPrediction(summaries(), PLAN, List.of());
    assertEquals(-1, prediction.get(0).mean(0));
    assertEquals(1, prediction.get(1).mean(0));
    assertThrows(IndexOutOfBoundsException.class, () -> prediction.get(2));
  }

  private static List<RegressionSummary> summaries() {
    RegressionMoments moments = RegressionMoments.of(2, 1);
    moments.add(new float[] {-1, 1});
    return moments.summaries();
  }
}
