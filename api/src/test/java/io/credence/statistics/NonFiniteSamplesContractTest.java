package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * NaN and infinities are refused wherever they stand, in a message that names sample, input and
 * position, and nothing of their sample is kept.
 */
class NonFiniteSamplesContractTest {

  private static final int INPUTS = 3;
  private static final int SAMPLES = 5;
  private static final List<Float> BAD =
      List.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);

  static Stream<Arguments> classifiers() {
    return Stream.of(
            OutputKind.PROBABILITIES,
            OutputKind.LOGITS,
            OutputKind.BINARY_PROBABILITY,
            OutputKind.BINARY_LOGIT)
        .flatMap(
            kind ->
                places(kind.isBinary() ? 1 : 4)
                    .map(place -> Arguments.of(kind, place.value(), place.at())));
  }

  @ParameterizedTest(name = "{0}, {1} at {2}")
  @MethodSource("classifiers")
  void add_toClassificationMoments_isRefusedByPlaceAndLeavesNoTrace(
      OutputKind kind, float value, int at) {
    int width = kind.isBinary() ? 1 : 4;
    ClassificationMoments moments =
        ClassificationMoments.of(INPUTS, width, kind).withErrorGroups(2);
    for (int s = 0; s < SAMPLES; s++) {
      moments.add(good(width, s));
    }
    List<ClassificationSummary> before = moments.summaries();
    assertRefused(() -> moments.add(bad(width, value, at)), value, at, width);
    assertEquals(SAMPLES, moments.samples());
    assertEquals(before, moments.summaries());

    // As if it had never been: the groups of later passes are not moved.
    ClassificationMoments never = ClassificationMoments.of(INPUTS, width, kind).withErrorGroups(2);
    for (int s = 0; s <= SAMPLES; s++) {
      never.add(good(width, s));
    }
    moments.add(good(width, SAMPLES));
    assertEquals(never.summaries(), moments.summaries());
  }

  static Stream<Arguments> regressors() {
    return Stream.of(
            RegressionHead.of(OutputKind.MEAN),
            RegressionHead.Mean.withObservationVariance(0.25),
            RegressionHead.of(OutputKind.MEAN_AND_VARIANCE),
            RegressionHead.of(OutputKind.MEAN_AND_LOG_VARIANCE),
            new RegressionHead.Quantiles(List.of(0.25, 0.75)),
            new RegressionHead.MixtureDensity(2))
        .flatMap(
            head ->
                places(width(head)).map(place -> Arguments.of(head, place.value(), place.at())));
  }

  @ParameterizedTest(name = "{0}, {1} at {2}")
  @MethodSource("regressors")
  void add_toRegressionMoments_isRefusedByPlaceAndLeavesNoTrace(
      RegressionHead head, float value, int at) {
    int width = width(head);
    RegressionMoments moments = RegressionMoments.of(INPUTS, width, head);
    for (int s = 0; s < SAMPLES; s++) {
      moments.add(good(width, s));
    }
    List<RegressionSummary> before = moments.summaries();
    assertRefused(() -> moments.add(bad(width, value, at)), value, at, width);
    assertRefused(() -> moments.add(Head.widen(bad(width, value, at))), value, at, width);
    assertEquals(SAMPLES, moments.samples());
    assertEquals(before, moments.summaries());
  }

  @ParameterizedTest(name = "{0}, {1} at {2}")
  @MethodSource("regressors")
  void add_toRegressionSamples_isRefusedByPlaceAndLeavesNoTrace(
      RegressionHead head, float value, int at) {
    int width = width(head);
    RegressionSamples samples = RegressionSamples.of(INPUTS, width, head);
    for (int s = 0; s < SAMPLES; s++) {
      samples.add(good(width, s));
    }
    double[] before = medians(samples);
    assertRefused(() -> samples.add(bad(width, value, at)), value, at, width);
    assertRefused(() -> samples.add(Head.widen(bad(width, value, at))), value, at, width);
    assertEquals(SAMPLES, samples.samples());
    assertArrayEquals(before, medians(samples));
  }

  static Stream<Arguments> densities() {
    return regressors()
        .filter(
            a ->
                !(a.get()[0] instanceof RegressionHead.Quantiles)
                    && !a.get()[0].equals(RegressionHead.of(OutputKind.MEAN)));
  }

  @ParameterizedTest(name = "{0}, {1} at {2}")
  @MethodSource("densities")
  void add_toRegressionLogLikelihood_isRefusedByPlaceAndLeavesNoTrace(
      RegressionHead head, float value, int at) {
    int width = width(head);
    double[] targets = new double[INPUTS * head.targets(width)];
    RegressionLogLikelihood likelihood = RegressionLogLikelihood.of(targets, width, head);
    for (int s = 0; s < SAMPLES; s++) {
      likelihood.add(good(width, s));
    }
    double before = likelihood.mean();
    assertRefused(() -> likelihood.add(bad(width, value, at)), value, at, width);
    assertRefused(() -> likelihood.add(Head.widen(bad(width, value, at))), value, at, width);
    assertEquals(SAMPLES, likelihood.samples());
    assertEquals(before, likelihood.mean());
  }

  private static double[] medians(RegressionSamples samples) {
    double[] medians = new double[INPUTS];
    Arrays.setAll(medians, n -> samples.quantile(n, 0, 0.5));
    return medians;
  }

  private static void assertRefused(Executable add, float value, int at, int width) {
    String message = assertThrows(IllegalArgumentException.class, add).getMessage();
    String place =
        String.format(
            "sample %d holds %s at input %d, position %d; outputs must be finite",
            SAMPLES, value, at / width, at % width);
    assertTrue(message.startsWith(place), message);
  }

  /** Two targets. */
  private static int width(RegressionHead head) {
    return head.shared() + 2 * head.perTarget();
  }

  private static Stream<Place> places(int width) {
    return Stream.iterate(0, at -> at < INPUTS * width, at -> at + 1)
        .flatMap(at -> BAD.stream().map(value -> new Place(value, at)));
  }

  private record Place(float value, int at) {}

  private static float[] bad(int width, float value, int at) {
    float[] sample = good(width, SAMPLES);
    sample[at] = value;
    return sample;
  }

  /** Of every input a row that sums to 1, other in every sample. */
  private static float[] good(int width, int sample) {
    float[] values = new float[INPUTS * width];
    for (int i = 0; i < values.length; i++) {
      boolean chosen = i % width == (sample + i / width) % width;
      values[i] = chosen ? (width + 1f) / (2 * width) : 1f / (2 * width);
    }
    return values;
  }
}
