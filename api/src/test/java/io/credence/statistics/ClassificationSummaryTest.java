package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.OutputKind;
import org.junit.jupiter.api.Test;

class ClassificationSummaryTest {

  @Test
  void toString_namesClassMeasuresAndUnit() {
    assertEquals(
        "class 1, max probability 0.5000, predictive entropy 1.0397 nats, mutual information"
            + " 0.3466 nats",
        summary(new float[] {.5f, .5f, 0}, new float[] {0, .5f, .5f}).toString());
  }

  @Test
  void equals_sameSamples_isEqualWithEqualHash() {
    ClassificationSummary one = summary(new float[] {.25f, .75f}, new float[] {.5f, .5f});
    ClassificationSummary same = summary(new float[] {.25f, .75f}, new float[] {.5f, .5f});
    assertEquals(one, same);
    assertEquals(one.hashCode(), same.hashCode());
  }

  @Test
  void equals_anyPartDiffers_isUnequal() {
    // Halves and quarters, so that sums are exact whatever their order.
    float[] sure = {1, 0};
    float[] torn = {.5f, .5f};
    ClassificationSummary one = summary(sure, torn, torn);
    assertEquals(one, summary(torn, sure, torn));
    assertNotEquals(one, summary(sure, torn), "samples, means");
    assertNotEquals(one, summary(sure, torn, new float[] {.25f, .75f}), "votes");
    assertNotEquals(summary(torn), summary(torn, torn), "samples");
    assertNotEquals(summary(torn, torn), summary(sure, new float[] {0, 1}), "variances");
    assertNotEquals(one, "class 0");
  }

  @Test
  void equals_membersDiffer_isUnequal() {
    // Halves and quarters, and weights whose shares are exact.
    float[] sure = {1, 0};
    float[] other = {0, 1};
    float[] mostly = {.75f, .25f};
    float[] rather = {.25f, .75f};
    ClassificationSummary pairs = ensemble(of(1, sure, other), of(1, mostly, rather));
    assertEquals(pairs, ensemble(of(1, sure, other), of(1, mostly, rather)));
    assertNotEquals(pairs, ensemble(of(1, sure, mostly), of(1, other, rather)), "who is whose");
    assertNotEquals(
        ensemble(of(2, sure, sure)), ensemble(of(1, sure), of(1, sure)), "number of members");
    ClassificationSummary even = ensemble(of(2, sure), of(2, sure), of(4, other));
    ClassificationSummary uneven = ensemble(of(1, sure), of(3, sure), of(4, other));
    assertNotEquals(even.disagreement(), uneven.disagreement());
    assertNotEquals(even, uneven, "weights of samples");
  }

  private record Member(double weight, ClassificationMoments moments) {}

  private static Member of(double weight, float[]... passes) {
    return new Member(weight, moments(passes));
  }

  private static ClassificationSummary ensemble(Member... members) {
    ClassificationMoments ensemble = ClassificationMoments.of(1, 2, OutputKind.PROBABILITIES);
    for (Member member : members) {
      ensemble.addMember(member.moments(), member.weight());
    }
    return ensemble.summary(0);
  }

  @Test
  void margin_ofThreeClasses_isLargestLessSecond() {
    assertEquals(.25, summary(new float[] {.25f, .5f, .25f}).margin());
    assertEquals(.5, summary(new float[] {.75f, 0, .25f}).margin());
    assertEquals(0, summary(new float[] {.375f, .25f, .375f}).margin());
    assertEquals(1, summary(new float[] {0, 0, 1}).margin());
  }

  @Test
  void meanStandardDeviation_ofCertainSamplesThatDisagree_isItsLargestValue() {
    ClassificationSummary s = summary(new float[] {1, 0}, new float[] {0, 1});
    assertEquals(.5, s.meanStandardDeviation());
    assertEquals(Math.sqrt(2 - 1) / 2, s.meanStandardDeviation());
  }

  @Test
  void voteMeasures_ofThreeVotesToOne_areAsCountedByHand() {
    float[] first = {.75f, .25f};
    ClassificationSummary s = summary(first, first, new float[] {.25f, .75f}, first);
    assertEquals(.25, s.variationRatio());
    assertEquals(.75 * Math.log(4.0 / 3) + .25 * Math.log(4), s.voteEntropy(), 1e-15);
    // 12 ordered pairs; the odd one out is in 3 + 3 of them.
    assertEquals(.5, s.disagreement());
  }

  @Test
  void disagreement_everyVoteDiffers_isOne() {
    ClassificationSummary s =
        summary(new float[] {1, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 1});
    assertEquals(1, s.disagreement());
    assertEquals(Math.log(3), s.voteEntropy(), 1e-15);
  }

  @Test
  void meanProbability_noSuchClass_isRefused() {
    ClassificationSummary s = summary(new float[] {.25f, .75f});
    assertThrows(IndexOutOfBoundsException.class, () -> s.meanProbability(2));
  }

  private static ClassificationSummary summary(float[]... passes) {
    return moments(passes).summary(0);
  }

  private static ClassificationMoments moments(float[]... passes) {
    ClassificationMoments moments =
        ClassificationMoments.of(1, passes[0].length, OutputKind.PROBABILITIES);
    for (float[] pass : passes) {
      moments.add(pass);
    }
    return moments;
  }
}
