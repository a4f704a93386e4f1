package io.credence.statistics;

import static io.credence.OutputKind.MEAN;
import static io.credence.OutputKind.MEAN_AND_VARIANCE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.RegressionHead;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What moments refuse apart from members, with the whole message, and unchanged afterwards. */
class MomentsRefusalContractTest extends RefusalContract {

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
