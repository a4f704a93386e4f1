package io.credence.statistics;

import static io.credence.OutputKind.LOGITS;
import static io.credence.OutputKind.PROBABILITIES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.credence.RegressionHead;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.provider.Arguments;

/** Moments of each family, and what a refusal must leave as it was. */
abstract class RefusalContract {

  static final String MEAN_HEAD = "Mean[observationVariance=OptionalDouble.empty]";

  /** Two inputs of three numbers each. */
  static Moments empty(boolean classifier) {
    return classifier ? ClassificationMoments.of(2, 3, LOGITS) : RegressionMoments.of(2, 3);
  }

  static Moments model(boolean classifier, int groups, int passes) {
    return filled(empty(classifier).withErrorGroups(groups), 6, passes);
  }

  static Moments filled(Moments moments, int numbers, int passes) {
    for (int t = 0; t < passes; t++) {
      float[] outputs = new float[numbers];
      for (int i = 0; i < numbers; i++) {
        outputs[i] = (float) Math.sin(i + numbers * t);
      }
      moments.add(t, outputs);
    }
    return moments;
  }

  /** Two members, of seven passes and of one. */
  static Moments ensemble(boolean classifier, int groups) {
    Moments ensemble = empty(classifier).withErrorGroups(groups);
    ensemble.addMember(model(classifier, groups, 7), 2);
    ensemble.addMember(model(classifier, groups, 1), 1);
    return ensemble;
  }

  static List<?> summaries(Moments moments) {
    if (moments.samples() == 0) {
      return List.of();
    }
    return moments instanceof ClassificationMoments classes
        ? classes.summaries()
        : ((RegressionMoments) moments).summaries();
  }

  static void assertRefused(
      Class<? extends Exception> type, String message, Executable call, Moments... unchanged) {
    List<List<?>> before = Stream.of(unchanged).<List<?>>map(m -> summaries(m)).toList();
    List<Long> samples = Stream.of(unchanged).map(Moments::samples).toList();
    assertEquals(message, assertThrows(type, call).getMessage());
    for (int i = 0; i < unchanged.length; i++) {
      assertEquals(samples.get(i), unchanged[i].samples());
      assertEquals(before.get(i), summaries(unchanged[i]));
    }
  }

  static Stream<Arguments> strangers() {
    RegressionHead noise = RegressionHead.Mean.withObservationVariance(.5);
    return Stream.of(
        arguments(
            empty(true),
            model(false, 0, 1),
            "the member is a regressor; the members of an ensemble must be of one kind"),
        arguments(
            empty(false),
            model(true, 0, 1),
            "the member is a classifier; the members of an ensemble must be of one kind"),
        arguments(
            empty(true),
            filled(ClassificationMoments.of(1, 3, LOGITS), 3, 1),
            "moments of 1 inputs × 3 classes (LOGITS) do not merge into 2 × 3 (LOGITS)"),
        arguments(
            empty(true),
            filled(ClassificationMoments.of(2, 4, LOGITS), 8, 1),
            "moments of 2 inputs × 4 classes (LOGITS) do not merge into 2 × 3 (LOGITS)"),
        arguments(
            empty(true),
            ClassificationMoments.of(2, 3, PROBABILITIES),
            "moments of 2 inputs × 3 classes (PROBABILITIES) do not merge into 2 × 3 (LOGITS)"),
        arguments(
            empty(false),
            filled(RegressionMoments.of(1, 3), 3, 1),
            "moments of 1 inputs × 3 targets ("
                + MEAN_HEAD
                + ") do not merge into 2 × 3 ("
                + MEAN_HEAD
                + ")"),
        arguments(
            empty(false),
            filled(RegressionMoments.of(2, 2), 4, 1),
            "moments of 2 inputs × 2 targets ("
                + MEAN_HEAD
                + ") do not merge into 2 × 3 ("
                + MEAN_HEAD
                + ")"),
        arguments(
            empty(false),
            filled(RegressionMoments.of(2, 3, noise), 6, 1),
            "moments of 2 inputs × 3 targets (Mean[observationVariance=OptionalDouble[0.5]]) do"
                + " not merge into 2 × 3 ("
                + MEAN_HEAD
                + ")"));
  }

  static Stream<Arguments> badWeights() {
    return Stream.of(
            0.,
            -0.,
            -1.,
            9e-10,
            1.1e9,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY)
        .flatMap(weight -> Stream.of(arguments(true, weight), arguments(false, weight)));
  }
}
