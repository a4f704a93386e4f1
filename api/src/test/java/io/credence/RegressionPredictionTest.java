package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionMoments;
import io.credence.statistics.RegressionSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.Shape;

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

  @Test
  void places_notGiven_areNone() {
    RegressionPrediction prediction = new RegressionPrediction(summaries(), PLAN, List.of());
    assertEquals(Shape.scalar(), prediction.places());
    assertEquals(0, prediction.places().numDimensions());
    assertEquals(2, prediction.size());
    assertEquals(2, prediction.values(RegressionMeasure.MEAN, 0).length);
    assertEquals(
        "1 indices are given; inputs [] need 0",
        assertThrows(IllegalArgumentException.class, () -> prediction.get(0, 0)).getMessage());
  }

  @Test
  void get_eachPlaceOfAMap_isThatPlace() {
    RegressionPrediction prediction = maps(Shape.of(2, 3));
    assertEquals(2, prediction.size());
    for (int n = 0; n < 2; n++) {
      for (int y = 0; y < 2; y++) {
        for (int x = 0; x < 3; x++) {
          assertEquals((6 * n + 3 * y + x) / 16., prediction.get(n, y, x).mean(0), 1e-15);
        }
      }
    }
    assertEquals(11 / 16., maps(Shape.of(4)).get(2, 3).mean(0), 1e-15);
    assertEquals(7 / 16., maps(Shape.of(1, 1)).get(7, 0, 0).mean(0), 1e-15);
  }

  @Test
  void get_placeThatIsNot_isRefused() {
    RegressionPrediction prediction = maps(Shape.of(2, 3));
    assertEquals(
        "1 indices are given; inputs [2, 3] need 2",
        assertThrows(IllegalArgumentException.class, () -> prediction.get(0, 1)).getMessage());
    assertEquals(
        "0 indices are given; inputs [2, 3] need 2",
        assertThrows(IllegalArgumentException.class, () -> prediction.get(0)).getMessage());
    assertEquals(
        "index 1 is 3; inputs are [2, 3]",
        assertThrows(IndexOutOfBoundsException.class, () -> prediction.get(0, 1, 3)).getMessage());
    assertEquals(
        "index 0 is -1; inputs are [2, 3]",
        assertThrows(IndexOutOfBoundsException.class, () -> prediction.get(0, -1, 0)).getMessage());
    for (int index : new int[] {-1, 2}) {
      assertEquals(
          "Index " + index + " out of bounds for length 2",
          assertThrows(IndexOutOfBoundsException.class, () -> prediction.get(index, 0, 0))
              .getMessage());
    }
  }

  @Test
  void values_ofMaps_areInputByInputTheLastDimensionFastest() {
    RegressionPrediction prediction = maps(Shape.of(2, 3));
    double[] values = prediction.values(RegressionMeasure.MEAN, 1);
    assertEquals(12, values.length);
    for (int n = 0; n < 12; n++) {
      assertEquals(-n, values[n], 1e-15);
    }
  }

  static Stream<Arguments> badPlaces() {
    return Stream.of(
        arguments(Shape.of(5), "[5]"),
        arguments(Shape.of(4, 6), "[4, 6]"),
        arguments(Shape.of(0), "[0]"),
        arguments(Shape.of(2, -1), "[2, ?]"),
        arguments(Shape.unknown(), "[...]"));
  }

  @ParameterizedTest
  @MethodSource("badPlaces")
  void of_placesThatDoNotShareOutTheSummaries_isRefused(Shape places, String shape) {
    assertEquals(
        "maps of shape "
            + shape
            + " do not share out 12 summaries; give one for each place of each input",
        assertThrows(IllegalArgumentException.class, () -> maps(places)).getMessage());
  }

  private static RegressionPrediction maps(Shape places) {
    return new RegressionPrediction(twelve(), places, PLAN, List.of());
  }

  private static List<RegressionSummary> twelve() {
    RegressionMoments moments = RegressionMoments.of(12, 2);
    float[] outputs = new float[24];
    for (int n = 0; n < 12; n++) {
      outputs[2 * n] = n / 16f;
      outputs[2 * n + 1] = -n;
    }
    moments.add(outputs);
    return moments.summaries();
  }

  @ParameterizedTest
  @EnumSource(names = {"ALEATORIC_VARIANCE", "TOTAL_VARIANCE"})
  void values_thatTheModelDoesNotTell_areRefused(RegressionMeasure measure) {
    RegressionPrediction prediction = maps(Shape.scalar());
    assertEquals(
        measure + " is not told by this model; it predicts means alone",
        assertThrows(IllegalStateException.class, () -> prediction.values(measure, 0))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void values_ofATargetThatIsNot_areRefused(RegressionMeasure measure) {
    RegressionPrediction prediction = maps(Shape.scalar());
    assertThrows(IndexOutOfBoundsException.class, () -> prediction.values(measure, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> prediction.values(measure, -1));
  }

  private static List<RegressionSummary> summaries() {
    RegressionMoments moments = RegressionMoments.of(2, 1);
    moments.add(new float[] {-1, 1});
    return moments.summaries();
  }
}
