package io.credence.statistics;

import static io.credence.OutputKind.BINARY_LOGIT;
import static io.credence.OutputKind.BINARY_PROBABILITY;
import static io.credence.OutputKind.LOGITS;
import static io.credence.OutputKind.MEAN;
import static io.credence.OutputKind.PROBABILITIES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.credence.OutputKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What moments refuse, in which words, and that a refusal leaves no trace. */
class ClassificationMomentsRefusalContractTest {

  /** Each fault is in the last of two inputs, so that a half-done add would show. */
  static Stream<Arguments> badSamples() {
    return Stream.of(
        arguments(
            PROBABILITIES,
            new float[] {.5f, .5f, 1},
            "a sample of 2 inputs × 2 numbers has 4 values, got 3"),
        arguments(
            BINARY_LOGIT,
            new float[] {.5f, .5f, 1},
            "a sample of 2 inputs × 1 numbers has 2 values, got 3"),
        arguments(
            PROBABILITIES,
            new float[] {.5f, .5f, Float.NaN, 1},
            "sample 1 holds NaN at input 1, position 0; outputs must be finite"),
        arguments(
            LOGITS,
            new float[] {.5f, .5f, 0, Float.NaN},
            "sample 1 holds NaN at input 1, position 1; outputs must be finite"),
        arguments(
            BINARY_PROBABILITY,
            new float[] {.5f, Float.NaN},
            "sample 1 holds NaN at input 1, position 0; outputs must be finite"),
        arguments(
            BINARY_LOGIT,
            new float[] {.5f, Float.NEGATIVE_INFINITY},
            "sample 1 holds -Infinity at input 1, position 0; outputs must be finite"),
        arguments(
            LOGITS,
            new float[] {.5f, .5f, 0, Float.POSITIVE_INFINITY},
            "sample 1 holds Infinity at input 1, position 1; outputs must be finite"),
        arguments(
            PROBABILITIES,
            new float[] {.5f, .5f, -.5f, 1.5f},
            "sample 1 holds -0.5 at input 1, position 0, which is no probability though"
                + " PROBABILITIES was declared; declare LOGITS if these are unnormalised scores"),
        arguments(
            BINARY_PROBABILITY,
            new float[] {.5f, -.25f},
            "sample 1 holds -0.25 at input 1, position 0, which is no probability though"
                + " BINARY_PROBABILITY was declared; declare BINARY_LOGIT if these are unnormalised"
                + " scores"),
        arguments(
            BINARY_PROBABILITY,
            new float[] {.5f, 1.5f},
            "sample 1 holds 1.5 at input 1, position 0, which is no probability though"
                + " BINARY_PROBABILITY was declared; declare BINARY_LOGIT if these are unnormalised"
                + " scores"),
        arguments(
            PROBABILITIES,
            new float[] {.5f, .5f, .25f, .5f},
            "sample 1 sums to 0.75 at input 1, not to 1, though PROBABILITIES was declared; declare"
                + " LOGITS if these are unnormalised scores"),
        arguments(
            PROBABILITIES,
            new float[] {.5f, .5f, .75f, .5f},
            "sample 1 sums to 1.25 at input 1, not to 1, though PROBABILITIES was declared; declare"
                + " LOGITS if these are unnormalised scores"));
  }

  @ParameterizedTest
  @MethodSource("badSamples")
  void add_badSample_isRefusedAndLeavesNoTrace(OutputKind kind, float[] bad, String message) {
    int width = kind.isBinary() ? 1 : 2;
    float[] first = kind.isBinary() ? new float[] {.25f, .75f} : new float[] {.25f, .75f, 1, 0};
    float[] second = kind.isBinary() ? new float[] {.5f, 1} : new float[] {.5f, .5f, .75f, .25f};
    ClassificationMoments untried = ClassificationMoments.of(2, width, kind);
    untried.add(first);
    untried.add(second);

    ClassificationMoments tried = ClassificationMoments.of(2, width, kind);
    tried.add(first);
    assertEquals(
        message, assertThrows(IllegalArgumentException.class, () -> tried.add(bad)).getMessage());
    assertEquals(1, tried.samples());
    tried.add(second);
    assertEquals(untried.summaries(), tried.summaries());
  }

  @ParameterizedTest
  @ValueSource(floats = {.992f, 1.008f})
  void add_probabilitiesThatSumToNearlyOne_areTakenAndNormalised(float sum) {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, PROBABILITIES);
    moments.add(new float[] {.25f * sum, .75f * sum});
    assertArrayEquals(new double[] {.25, .75}, moments.summary(0).meanProbabilities(), 1e-7);
  }

  @ParameterizedTest
  @ValueSource(floats = {.988f, 1.012f})
  void add_probabilitiesJustPastTheTolerance_areRefused(float sum) {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, PROBABILITIES);
    float[] row = {.25f * sum, .75f * sum};
    assertThrows(IllegalArgumentException.class, () -> moments.add(row));
  }

  @ParameterizedTest
  @ValueSource(floats = {-.012f, 1.012f})
  void add_valueJustPastTheTolerance_isRefused(float value) {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, PROBABILITIES);
    float[] row = {value, 1 - value};
    assertThrows(IllegalArgumentException.class, () -> moments.add(row));
    ClassificationMoments binary = ClassificationMoments.of(1, 1, BINARY_PROBABILITY);
    float[] number = {value};
    assertThrows(IllegalArgumentException.class, () -> binary.add(number));
  }

  @Test
  void add_probabilitiesPastTheirBoundsByRounding_areCutOff() {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, PROBABILITIES);
    moments.add(new float[] {-.005f, 1.005f});
    assertArrayEquals(new double[] {0, 1}, moments.summary(0).meanProbabilities());

    ClassificationMoments binary = ClassificationMoments.of(2, 1, BINARY_PROBABILITY);
    binary.add(new float[] {-.005f, 1.005f});
    assertArrayEquals(new double[] {1, 0}, binary.summary(0).meanProbabilities());
    assertArrayEquals(new double[] {0, 1}, binary.summary(1).meanProbabilities());
  }

  @Test
  void add_arrayChangedAfterwards_doesNotMatter() {
    ClassificationMoments moments = ClassificationMoments.of(1, 2, PROBABILITIES);
    float[] outputs = {.25f, .75f};
    moments.add(outputs);
    outputs[0] = 9;
    assertArrayEquals(new double[] {.25, .75}, moments.summary(0).meanProbabilities());
  }

  static Stream<Arguments> badSizes() {
    return Stream.of(
        arguments(0, 3, LOGITS, "inputs is 0; it must be at least 1"),
        arguments(1, 3, MEAN, "MEAN is no distribution over classes; use RegressionMoments"),
        arguments(-4, 1, BINARY_LOGIT, "inputs is -4; it must be at least 1"),
        arguments(
            1,
            1,
            PROBABILITIES,
            "PROBABILITIES needs at least 2 numbers an input, got 1; for one number declare"
                + " BINARY_PROBABILITY or BINARY_LOGIT"),
        arguments(
            1,
            0,
            LOGITS,
            "LOGITS needs at least 2 numbers an input, got 0; for one number declare"
                + " BINARY_PROBABILITY or BINARY_LOGIT"),
        arguments(
            1,
            2,
            BINARY_PROBABILITY,
            "BINARY_PROBABILITY needs one number an input, got 2; for several classes declare"
                + " PROBABILITIES or LOGITS"),
        arguments(
            1,
            0,
            BINARY_LOGIT,
            "BINARY_LOGIT needs one number an input, got 0; for several classes declare"
                + " PROBABILITIES or LOGITS"));
  }

  @ParameterizedTest
  @MethodSource("badSizes")
  void of_badSizes_isRefused(int inputs, int width, OutputKind kind, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> ClassificationMoments.of(inputs, width, kind))
            .getMessage());
  }

  static Stream<Arguments> strangers() {
    return Stream.of(
        arguments(
            ClassificationMoments.of(1, 3, LOGITS),
            "moments of 1 inputs × 3 classes (LOGITS) do not merge into 2 × 3 (LOGITS)"),
        arguments(
            ClassificationMoments.of(2, 4, LOGITS),
            "moments of 2 inputs × 4 classes (LOGITS) do not merge into 2 × 3 (LOGITS)"),
        arguments(
            ClassificationMoments.of(2, 3, PROBABILITIES),
            "moments of 2 inputs × 3 classes (PROBABILITIES) do not merge into 2 × 3 (LOGITS)"));
  }

  @ParameterizedTest
  @MethodSource("strangers")
  void merge_ofOtherMoments_isRefused(ClassificationMoments other, String message) {
    ClassificationMoments moments = ClassificationMoments.of(2, 3, LOGITS);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> moments.merge(other)).getMessage());
  }
}
