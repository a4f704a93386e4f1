package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassificationPredictionTest {

  private static final SamplingPlan PLAN = SamplingPlan.of(1);

  @Test
  void of_noSummaries_isRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClassificationPrediction(List.of(), PLAN, List.of()))
            .getMessage();
    assertEquals("a prediction needs at least one summary, got none", message);
  }

  @Test
  void of_listsChangedAfterwards_areCopied() {
    List<ClassificationSummary> summaries = new ArrayList<>(summaries());
    List<String> warnings = new ArrayList<>(List.of("dark"));
    ClassificationPrediction prediction = new ClassificationPrediction(summaries, PLAN, warnings);
    summaries.clear();
    warnings.clear();
    assertEquals(2, prediction.size());
    assertEquals(List.of("dark"), prediction.warnings());
  }

  @Test
  void get_eachIndex_isThatInput() {
    ClassificationPrediction prediction =
        new ClassificationPrediction(summaries(), PLAN, List.of());
    assertEquals(0, prediction.get(0).predictedClass());
    assertEquals(1, prediction.get(1).predictedClass());
    assertThrows(IndexOutOfBoundsException.class, () -> prediction.get(2));
  }

  private static List<ClassificationSummary> summaries() {
    ClassificationMoments moments = ClassificationMoments.of(2, 1, OutputKind.BINARY_LOGIT);
    moments.add(new float[] {-1, 1});
    return moments.summaries();
  }
}
