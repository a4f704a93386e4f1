package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegressionHeadTest {

  private static final RegressionHead THIRDS = new RegressionHead.Quantiles(List.of(.3, .6, .9));

  static Stream<Arguments> widths() {
    return Stream.of(
        arguments(RegressionHead.of(OutputKind.MEAN), 4, 4),
        arguments(RegressionHead.Mean.withObservationVariance(2), 1, 1),
        arguments(new RegressionHead.MeanAndVariance(), 6, 3),
        arguments(new RegressionHead.MeanAndLogVariance(), 2, 1),
        arguments(THIRDS, 6, 2),
        arguments(new RegressionHead.MixtureDensity(5), 5 * (1 + 2 * 3), 3),
        arguments(new RegressionHead.MixtureDensity(1), 3, 1));
  }

  @ParameterizedTest
  @MethodSource("widths")
  void targets_ofAWidthThatSuits_areCounted(RegressionHead head, int width, int targets) {
    assertEquals(targets, head.targets(width));
    assertEquals(width, head.shared() + targets * head.perTarget());
  }

  static Stream<Arguments> wrongWidths() {
    return Stream.of(
        arguments(RegressionHead.of(OutputKind.MEAN), 0, "MEAN gives 1 for each target"),
        arguments(
            new RegressionHead.MeanAndVariance(), 5, "MEAN_AND_VARIANCE gives 2 for each target"),
        arguments(
            new RegressionHead.MeanAndLogVariance(),
            1,
            "MEAN_AND_LOG_VARIANCE gives 2 for each target"),
        arguments(THIRDS, 4, "QUANTILES gives 3 for each target"),
        arguments(
            new RegressionHead.MixtureDensity(2),
            2,
            "MIXTURE_DENSITY gives 2 numbers, and 4 for each target"),
        arguments(
            new RegressionHead.MixtureDensity(2),
            8,
            "MIXTURE_DENSITY gives 2 numbers, and 4 for each target"));
  }

  @ParameterizedTest
  @MethodSource("wrongWidths")
  void targets_ofAnotherWidth_areRefused(RegressionHead head, int width, String start) {
    assertEquals(
        start
            + ", got "
            + width
            + " numbers an input; declare another kind, or the head that the model has",
        assertThrows(IllegalArgumentException.class, () -> head.targets(width)).getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"MEAN", "MEAN_AND_VARIANCE", "MEAN_AND_LOG_VARIANCE"})
  void of_kindThatLeavesNothingOpen_isItsHead(OutputKind kind) {
    assertEquals(kind, RegressionHead.of(kind).kind());
  }

  @Test
  void of_mean_hasNoObservationVariance() {
    assertEquals(
        new RegressionHead.Mean(OptionalDouble.empty()), RegressionHead.of(OutputKind.MEAN));
  }

  static Stream<Arguments> open() {
    return Stream.of(
        arguments(
            OutputKind.QUANTILES,
            "QUANTILES does not say the levels; use a RegressionHead.Quantiles, in credence.json"
                + " quantileLevels"),
        arguments(
            OutputKind.MIXTURE_DENSITY,
            "MIXTURE_DENSITY does not say how many components; use a"
                + " RegressionHead.MixtureDensity, in credence.json mixtureComponents"),
        arguments(OutputKind.LOGITS, "LOGITS is a distribution over classes"),
        arguments(OutputKind.BINARY_LOGIT, "BINARY_LOGIT is a distribution over classes"));
  }

  @ParameterizedTest
  @MethodSource("open")
  void of_kindThatLeavesSomethingOpen_isRefused(OutputKind kind, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> RegressionHead.of(kind)).getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void mean_impossibleVariance_isRefused(double variance) {
    assertEquals(
        "observationVariance is " + variance + "; it must be above 0 and finite",
        assertThrows(
                IllegalArgumentException.class,
                () -> RegressionHead.Mean.withObservationVariance(variance))
            .getMessage());
  }

  static Stream<List<Double>> badLevels() {
    return Stream.of(
        List.of(0.0, .5), List.of(.5, 1.0), List.of(.5, .5), List.of(.5, .4), List.of(Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("badLevels")
  void quantiles_levelsThatDoNotAscend_areRefused(List<Double> levels) {
    assertEquals(
        "levels are " + levels + "; they must ascend, between 0 and 1, both exclusive",
        assertThrows(IllegalArgumentException.class, () -> new RegressionHead.Quantiles(levels))
            .getMessage());
  }

  @Test
  void quantiles_noLevels_areRefused() {
    List<Double> none = List.of();
    assertEquals(
        "levels are empty; at least one is needed, such as 0.5",
        assertThrows(IllegalArgumentException.class, () -> new RegressionHead.Quantiles(none))
            .getMessage());
  }

  @Test
  void quantiles_listChangedAfterwards_isCopied() {
    List<Double> levels = new ArrayList<>(List.of(.1, .9));
    RegressionHead.Quantiles head = new RegressionHead.Quantiles(levels);
    levels.clear();
    assertEquals(List.of(.1, .9), head.levels());
  }

  @Test
  void mixtureDensity_noComponents_isRefused() {
    assertEquals(
        "components is 0; it must be at least 1",
        assertThrows(IllegalArgumentException.class, () -> new RegressionHead.MixtureDensity(0))
            .getMessage());
  }
}
