package io.credence.statistics;

import static io.credence.OutputKind.LOGITS;
import static io.credence.OutputKind.MEAN;
import static io.credence.OutputKind.MEAN_AND_VARIANCE;
import static io.credence.OutputKind.PROBABILITIES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.credence.RegressionHead;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What moments refuse of members, and that they are then as they were before. */
class EnsembleRefusalContractTest {

  private static final String MEAN_HEAD = "Mean[observationVariance=OptionalDouble.empty]";

  /** Two inputs of three numbers each. */
  private static Moments empty(boolean classifier) {
    return classifier ? ClassificationMoments.of(2, 3, LOGITS) : RegressionMoments.of(2, 3);
  }

  private static Moments model(boolean classifier, int groups, int passes) {
    return filled(empty(classifier).withErrorGroups(groups), 6, passes);
  }

  private static Moments filled(Moments moments, int numbers, int passes) {
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
  private static Moments ensemble(boolean classifier, int groups) {
    Moments ensemble = empty(classifier).withErrorGroups(groups);
    ensemble.addMember(model(classifier, groups, 7), 2);
    ensemble.addMember(model(classifier, groups, 1), 1);
    return ensemble;
  }

  private static List<?> summaries(Moments moments) {
    if (moments.samples() == 0) {
      return List.of();
    }
    return moments instanceof ClassificationMoments classes
        ? classes.summaries()
        : ((RegressionMoments) moments).summaries();
  }

  private static void assertRefused(
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

  @ParameterizedTest
  @MethodSource("strangers")
  void addMember_ofAnotherKindOrShape_isRefused(Moments moments, Moments member, String message) {
    assertRefused(
        IllegalArgumentException.class,
        message,
        () -> moments.addMember(member, 1),
        moments,
        member);
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

  @ParameterizedTest
  @MethodSource("badWeights")
  void addMember_weightOutsideItsRange_isRefused(boolean classifier, double weight) {
    Moments ensemble = ensemble(classifier, 3);
    Moments member = model(classifier, 3, 4);
    assertRefused(
        IllegalArgumentException.class,
        "weight is "
            + weight
            + "; it must be within [1e-9, 1e9], 1 for members of equal weight; only ratios"
            + " matter",
        () -> ensemble.addMember(member, weight),
        ensemble,
        member);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addMember_ofOtherErrorGroups_isRefused(boolean classifier) {
    for (int groups : new int[] {0, 4}) {
      Moments ensemble = ensemble(classifier, 3);
      Moments member = model(classifier, groups, 7);
      assertRefused(
          IllegalArgumentException.class,
          "moments of "
              + groups
              + " error groups do not merge into 3; make both with the same withErrorGroups(..)",
          () -> ensemble.addMember(member, 1),
          ensemble,
          member);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addMember_toPassesOfOneModel_isRefused(boolean classifier) {
    Moments moments = model(classifier, 3, 5);
    Moments member = model(classifier, 3, 4);
    assertRefused(
        IllegalStateException.class,
        "these moments hold passes of one model; begin empty ones for an ensemble",
        () -> moments.addMember(member, 1),
        moments,
        member);
    moments.add(5, new float[6]);
    assertEquals(6, moments.samples());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addMember_thatIsAnEnsemble_isRefused(boolean classifier) {
    Moments ensemble = ensemble(classifier, 3);
    Moments member = ensemble(classifier, 3);
    String message = "the member is an ensemble itself; add its members one by one";
    assertRefused(
        IllegalArgumentException.class,
        message,
        () -> ensemble.addMember(member, 1),
        ensemble,
        member);
    assertRefused(
        IllegalArgumentException.class, message, () -> ensemble.addMember(ensemble, 1), ensemble);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addMember_withoutASample_isRefused(boolean classifier) {
    Moments ensemble = ensemble(classifier, 0);
    Moments member = empty(classifier);
    String message = "the member has no sample; add at least one pass to its moments";
    assertRefused(
        IllegalArgumentException.class,
        message,
        () -> ensemble.addMember(member, 1),
        ensemble,
        member);
    assertRefused(
        IllegalArgumentException.class, message, () -> member.addMember(member, 1), member);
    member.add(0, new float[6]);
    assertEquals(1, member.samples(), "a refused member made an ensemble of it");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void add_afterAddMember_isRefused(boolean classifier) {
    Moments ensemble = ensemble(classifier, 3);
    String message =
        "these moments are of an ensemble, with 2 members; add passes to the moments of one"
            + " member, before addMember";
    assertRefused(
        IllegalStateException.class, message, () -> ensemble.add(3, new float[6]), ensemble);
    assertRefused(
        IllegalStateException.class,
        message,
        () -> {
          if (ensemble instanceof RegressionMoments regression) {
            regression.add(new double[6]);
          } else {
            ((ClassificationMoments) ensemble).add(new float[6]);
          }
        },
        ensemble);
    assertRefused(
        IllegalArgumentException.class,
        "pass is -1; it must be at least 0",
        () -> ensemble.add(-1, new float[6]),
        ensemble);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void merge_ofAnEnsemble_isRefused(boolean ensembleIsArgument) {
    String message =
        "moments of an ensemble do not merge; merge those of each member, then call addMember";
    ClassificationMoments classes = (ClassificationMoments) ensemble(true, 3);
    RegressionMoments targets = (RegressionMoments) ensemble(false, 3);
    for (int passes : new int[] {0, 4}) {
      ClassificationMoments otherClasses = (ClassificationMoments) model(true, 3, passes);
      RegressionMoments otherTargets = (RegressionMoments) model(false, 3, passes);
      assertRefused(
          IllegalStateException.class,
          message,
          () ->
              (ensembleIsArgument ? otherClasses : classes)
                  .merge(ensembleIsArgument ? classes : otherClasses),
          classes,
          otherClasses);
      assertRefused(
          IllegalStateException.class,
          message,
          () ->
              (ensembleIsArgument ? otherTargets : targets)
                  .merge(ensembleIsArgument ? targets : otherTargets),
          targets,
          otherTargets);
    }
  }

  @Test
  void merge_ofRegressorsOfOtherErrorGroups_isRefused() {
    RegressionMoments moments = (RegressionMoments) model(false, 3, 4);
    RegressionMoments other = (RegressionMoments) model(false, 2, 4);
    assertRefused(
        IllegalArgumentException.class,
        "moments of 2 error groups do not merge into 3; make both with the same"
            + " withErrorGroups(..)",
        () -> moments.merge(other),
        moments,
        other);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withErrorGroups_afterMembersOrPasses_isRefused(boolean classifier) {
    for (Moments moments : List.of(ensemble(classifier, 0), model(classifier, 0, 1))) {
      assertRefused(
          IllegalStateException.class,
          "samples were added already, and their groups are lost; call withErrorGroups first",
          () -> moments.withErrorGroups(20),
          moments);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void withErrorGroups_impossible_isRefusedOfRegressorsToo(int count) {
    Moments moments = empty(false);
    assertRefused(
        IllegalArgumentException.class,
        "error groups is "
            + count
            + "; it must be at least 2, 20 is a good choice, or 0 for no errors",
        () -> moments.withErrorGroups(count),
        moments);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withErrorGroups_ofEmptyMoments_leavesThemWithout(boolean classifier) {
    Moments moments = empty(classifier);
    Moments grouped = filled(moments.withErrorGroups(3), 6, 4);
    assertEquals(0, moments.samples());
    assertEquals(4, grouped.samples());
    Moments again = empty(classifier).withErrorGroups(3).withErrorGroups(0);
    again.addMember(model(classifier, 0, 2), 1);
    assertEquals(2, again.samples());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keep_ofAnEnsemble_isRefused(boolean classifier) {
    Moments ensemble = ensemble(classifier, 3);
    assertRefused(
        IllegalStateException.class,
        "moments of an ensemble do not part; part its members'",
        () -> ensemble.keep(0),
        ensemble);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keep_ofNoInputOrOneThatIsNot_isRefused(boolean classifier) {
    Moments moments = model(classifier, 3, 5);
    assertRefused(
        IllegalArgumentException.class,
        "no input is named; name at least one to keep",
        () -> moments.keep(),
        moments);
    for (int input : new int[] {-1, 2}) {
      assertRefused(
          IndexOutOfBoundsException.class,
          "Index " + input + " out of bounds for length 2",
          () -> moments.keep(0, input),
          moments);
    }
  }

  @Test
  void standardErrors_ofAMeasureOfOthers_isRefused() {
    Moments classes = model(true, 3, 5);
    assertRefused(
        IllegalArgumentException.class,
        "MEAN is no measure of a classifier",
        () -> classes.standardErrors(RegressionMeasure.MEAN),
        classes);
    Moments targets = model(false, 3, 5);
    assertRefused(
        IllegalArgumentException.class,
        "MARGIN is no measure of a regressor",
        () -> targets.standardErrors(ClassificationMeasure.MARGIN),
        targets);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALEATORIC_VARIANCE", "TOTAL_VARIANCE"})
  void standardErrors_ofAVarianceNotTold_isRefused(String name) {
    RegressionMeasure measure = RegressionMeasure.valueOf(name);
    Moments moments = model(false, 3, 5);
    assertRefused(
        IllegalArgumentException.class,
        name
            + " is not told by an output of MEAN without observation variance; choose a measure of"
            + " means, or declare that variance",
        () -> moments.standardErrors(measure),
        moments);
    Moments told =
        filled(RegressionMoments.of(1, 1, RegressionHead.Mean.withObservationVariance(2)), 1, 1);
    assertEquals(1, told.standardErrors(measure).length);
  }

  @Test
  void standardErrors_beforeAnySample_isRefused() {
    for (Moments moments :
        List.of(
            empty(true),
            empty(false),
            RegressionMoments.of(1, 2, RegressionHead.of(MEAN_AND_VARIANCE)),
            RegressionMoments.of(1, 2, RegressionHead.of(MEAN)))) {
      Measure measure =
          moments instanceof ClassificationMoments
              ? ClassificationMeasure.MARGIN
              : RegressionMeasure.MEAN;
      assertRefused(
          IllegalStateException.class,
          "no sample was added yet; call add first",
          () -> moments.standardErrors(measure),
          moments);
    }
  }
}
