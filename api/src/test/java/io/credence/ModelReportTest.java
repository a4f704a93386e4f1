package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

/** What a report tells beyond its parts. */
class ModelReportTest {

  private static List<OutputKind> possible(Optional<OutputKind> known, Shape shape) {
    ModelReport.Tensor output = new ModelReport.Tensor("y", "y:0", "DT_FLOAT", shape);
    ModelReport report =
        new ModelReport(
            "m",
            List.of(List.of("serve")),
            List.of("serve"),
            List.of(new ModelReport.Signature("main", List.of(), List.of(output))),
            Optional.of("main"),
            Optional.of("y"),
            known,
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty());
    return report.possibleOutputKinds();
  }

  @Test
  void possibleOutputKinds_ofAKnownKind_isThat() {
    assertEquals(
        List.of(OutputKind.LOGITS), possible(Optional.of(OutputKind.LOGITS), Shape.of(-1, 1)));
  }

  @Test
  void possibleOutputKinds_oneNumber_isOfTwoClassesOrRegression() {
    assertEquals(
        List.of(OutputKind.BINARY_PROBABILITY, OutputKind.BINARY_LOGIT, OutputKind.MEAN),
        possible(Optional.empty(), Shape.of(-1, 1)));
  }

  @Test
  void possibleOutputKinds_severalNumbers_areOfAsManyClassesOrRegression() {
    assertEquals(
        List.of(
            OutputKind.PROBABILITIES,
            OutputKind.LOGITS,
            OutputKind.MEAN,
            OutputKind.QUANTILES,
            OutputKind.MIXTURE_DENSITY),
        possible(Optional.empty(), Shape.of(-1, 3)));
  }

  @Test
  void possibleOutputKinds_evenNumber_mayBeMeansAndVariances() {
    List<OutputKind> kinds = possible(Optional.empty(), Shape.of(-1, 2));
    assertTrue(kinds.contains(OutputKind.MEAN_AND_VARIANCE), kinds::toString);
    assertTrue(kinds.contains(OutputKind.MEAN_AND_LOG_VARIANCE), kinds::toString);
    assertFalse(kinds.contains(OutputKind.MIXTURE_DENSITY), kinds::toString);
  }

  @Test
  void possibleOutputKinds_openOrUnknownShape_areAll() {
    assertEquals(List.of(OutputKind.values()), possible(Optional.empty(), Shape.of(-1, -1)));
    assertEquals(List.of(OutputKind.values()), possible(Optional.empty(), Shape.unknown()));
    assertEquals(List.of(OutputKind.values()), possible(Optional.empty(), Shape.of()));
  }
}
