package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What moments refuse of members, and that they are then as they were before. */
class EnsembleRefusalContractTest extends RefusalContract {

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
}
