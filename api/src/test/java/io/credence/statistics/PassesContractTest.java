package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Passes that are added at once are as added in turn, however they are cut. */
class PassesContractTest {

  private static final double RELATIVE = 1e-11;

  /** Every measure, and its error, of every input. */
  static void assertAlike(ClassificationMoments expected, ClassificationMoments actual) {
    assertEquals(expected.samples(), actual.samples());
    assertEquals(expected.inputs(), actual.inputs());
    for (int n = 0; n < expected.inputs(); n++) {
      ClassificationSummary one = expected.summary(n);
      ClassificationSummary other = actual.summary(n);
      assertEquals(one.predictedClass(), other.predictedClass());
      for (int k = 0; k < one.classes(); k++) {
        assertClose(one.meanProbability(k), other.meanProbability(k), 0, "mean");
        assertClose(one.variances()[k], other.variances()[k], 1e-30, "variance");
      }
      for (ClassificationMeasure measure : ClassificationMeasure.values()) {
        assertClose(measure.of(one), measure.of(other), 1e-15, measure.toString());
        assertClose(
            one.standardError(measure).orElse(-1),
            other.standardError(measure).orElse(-1),
            1e-12,
            "error of " + measure);
      }
    }
  }

  private static void assertClose(double expected, double actual, double absolute, String what) {
    assertTrue(
        Math.abs(expected - actual) <= RELATIVE * Math.abs(expected) + absolute,
        () -> what + " is " + actual + ", not " + expected);
  }

  private static float[] part(float[][] passes, int from, int to) {
    float[] part = new float[(to - from) * passes[0].length];
    for (int t = from; t < to; t++) {
      System.arraycopy(passes[t], 0, part, (t - from) * passes[0].length, passes[0].length);
    }
    return part;
  }

  private static void addInParts(Moments moments, float[][] passes, Random random) {
    int from = 0;
    while (from < passes.length) {
      int to = from + 1 + random.nextInt(passes.length - from);
      moments.addPasses(from, DataBuffers.of(part(passes, from, to)));
      from = to;
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.statistics.RandomSamples#cases")
  void addPasses_ofRandomSamples_isAsAddedInTurn(RandomSamples random) {
    for (int groups : new int[] {0, 2, 3, 20}) {
      ClassificationMoments empty =
          ClassificationMoments.of(random.inputs(), random.width(), random.kind());
      ClassificationMoments inTurn = empty.withErrorGroups(groups);
      for (float[] pass : random.outputs()) {
        inTurn.add(pass);
      }
      ClassificationMoments inParts = empty.withErrorGroups(groups);
      addInParts(inParts, random.outputs(), new Random(random.seed()));
      assertAlike(inTurn, inParts);
    }
  }

  /** A tile holds some of the inputs, or of the passes, or of the classes of one pass only. */
  @ParameterizedTest
  @CsvSource({"3000, 3, 7", "1, 5000, 9", "2, 20000, 3", "70, 41, 61", "1, 2, 20000"})
  void addPasses_moreThanATile_isAsAddedInTurn(int inputs, int classes, int passes) {
    Random random = new Random(inputs);
    float[][] outputs = new float[passes][inputs * classes];
    for (float[] pass : outputs) {
      for (int i = 0; i < pass.length; i++) {
        pass[i] = 2 * (float) random.nextGaussian();
      }
    }
    ClassificationMoments empty = ClassificationMoments.of(inputs, classes, OutputKind.LOGITS);
    ClassificationMoments inTurn = empty.withErrorGroups(3);
    for (float[] pass : outputs) {
      inTurn.add(pass);
    }
    ClassificationMoments atOnce = empty.withErrorGroups(3);
    atOnce.addPasses(0, DataBuffers.of(part(outputs, 0, passes)));
    int[] some = {0, inputs / 2, inputs - 1};
    assertAlike(inTurn.keep(some), atOnce.keep(some));
  }

  /** Regression moments take passes in turn, so that nothing is rounded otherwise. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void addPasses_ofTargets_isAsAddedInTurn(int seed) {
    Random random = new Random(seed);
    float[][] outputs = new float[17][3 * 4];
    for (float[] pass : outputs) {
      for (int i = 0; i < pass.length; i++) {
        pass[i] = (float) random.nextGaussian();
      }
    }
    RegressionMoments empty =
        RegressionMoments.of(3, 4, RegressionHead.of(OutputKind.MEAN_AND_LOG_VARIANCE));
    RegressionMoments inTurn = empty.withErrorGroups(5);
    for (float[] pass : outputs) {
      inTurn.add(pass);
    }
    RegressionMoments inParts = empty.withErrorGroups(5);
    addInParts(inParts, outputs, random);
    assertEquals(inTurn.summaries(), inParts.summaries());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addPasses_oneValueThatIsNone_leavesAllAsItWas(boolean classifier) {
    Moments moments =
        classifier
            ? ClassificationMoments.of(2, 2, OutputKind.LOGITS)
            : RegressionMoments.of(2, 2, RegressionHead.of(OutputKind.MEAN));
    moments.addPasses(0, DataBuffers.of(1f, 2, 3, 4, 5, 6, 7, 8));
    List<?> before = summaries(moments);
    float[] bad = {1, 2, 3, 4, 5, 6, 7, Float.NaN};
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> moments.addPasses(2, DataBuffers.of(bad)));
    assertTrue(e.getMessage().startsWith("sample 3 holds NaN at input 1, position 1;"), "" + e);
    for (int length : new int[] {0, 1, 3, 5, 7}) {
      IllegalArgumentException wrong =
          assertThrows(
              IllegalArgumentException.class,
              () -> moments.addPasses(2, DataBuffers.of(new float[length])));
      assertEquals(
          "a sample of 2 inputs × 2 numbers has 4 values, got " + length, wrong.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class, () -> moments.addPasses(-1, DataBuffers.of(1f, 2, 3, 4)));
    assertThrows(
        IllegalArgumentException.class, () -> moments.add(0, new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
    assertEquals(2, moments.samples());
    assertEquals(before, summaries(moments));
  }

  private static List<?> summaries(Moments moments) {
    return moments instanceof ClassificationMoments classes
        ? classes.summaries()
        : ((RegressionMoments) moments).summaries();
  }

  /** Summaries share the numbers of their moments, which must not change under them. */
  @Test
  void summaries_thenMoreOfAnything_stayAsTheyWere() {
    for (boolean ofMembers : new boolean[] {false, true}) {
      ClassificationMoments member = member(1);
      ClassificationMoments moments =
          ofMembers ? member.empty() : ClassificationMoments.of(2, 3, OutputKind.LOGITS);
      if (ofMembers) {
        moments.addMember(member, 1);
        moments.addMember(member(2), 2);
      } else {
        moments = member;
      }
      List<ClassificationSummary> early = moments.summaries();
      List<String> told = early.stream().map(PassesContractTest::all).toList();
      List<ClassificationSummary> unread = moments.summaries();
      if (ofMembers) {
        moments.addMember(member(3), 1);
      } else {
        moments.add(new float[] {9, 0, 0, 0, 9, 0});
        moments.merge(member(4));
      }
      assertEquals(told, early.stream().map(PassesContractTest::all).toList());
      assertEquals(told, unread.stream().map(PassesContractTest::all).toList());
      assertNotEquals(told.get(0), all(moments.summary(0)));
    }
  }

  private static ClassificationMoments member(int seed) {
    ClassificationMoments moments =
        ClassificationMoments.of(2, 3, OutputKind.LOGITS).withErrorGroups(2);
    Random random = new Random(seed);
    for (int t = 0; t < 6; t++) {
      float[] pass = new float[6];
      for (int i = 0; i < pass.length; i++) {
        pass[i] = (float) random.nextGaussian();
      }
      moments.add(pass);
    }
    return moments;
  }

  /** Every measure and its error, as text. */
  private static String all(ClassificationSummary summary) {
    StringBuilder text = new StringBuilder();
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      text.append(measure.of(summary))
          .append(' ')
          .append(summary.standardError(measure))
          .append(' ');
    }
    return text.toString();
  }

  @Test
  void keep_ofAnEnsemble_isAsOfItsMembers() {
    ClassificationMoments ensemble = member(1).empty();
    ClassificationMoments ofKept = member(1).keep(1).empty();
    for (int seed = 1; seed <= 3; seed++) {
      ensemble.addMember(member(seed), seed);
      ofKept.addMember(member(seed).keep(1), seed);
    }
    assertEquals(all(ofKept.summary(0)), all(ensemble.keep(1).summary(0)));
    assertEquals(all(ofKept.summary(0)), all(ensemble.summary(1)));
    ClassificationMoments kept = ensemble.keep(1);
    kept.addMember(member(4).keep(1), 1);
    assertEquals(all(ofKept.summary(0)), all(ensemble.summary(1)), "the ensemble changed");
    ofKept.addMember(member(4).keep(1), 1);
    assertEquals(all(ofKept.summary(0)), all(kept.summary(0)));
  }
}
