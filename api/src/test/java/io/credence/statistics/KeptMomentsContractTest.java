package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inputs that are kept go on as if they had been alone from the start. */
class KeptMomentsContractTest {

  private static final int INPUTS = 5;
  private static final int WIDTH = 4;
  private static final int PASSES = 24;

  private static Moments empty(boolean classifier, int inputs) {
    return classifier
        ? ClassificationMoments.of(inputs, WIDTH, OutputKind.LOGITS)
        : RegressionMoments.of(inputs, WIDTH, RegressionHead.of(OutputKind.MEAN_AND_LOG_VARIANCE));
  }

  private static float[] pass(int number) {
    Random random = new Random(number);
    float[] outputs = new float[INPUTS * WIDTH];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = 3 * (float) random.nextGaussian();
    }
    return outputs;
  }

  private static float[] rows(float[] outputs, int... inputs) {
    float[] rows = new float[inputs.length * WIDTH];
    for (int i = 0; i < inputs.length; i++) {
      System.arraycopy(outputs, inputs[i] * WIDTH, rows, i * WIDTH, WIDTH);
    }
    return rows;
  }

  private static Moments alone(boolean classifier, int groups, int passes, int... inputs) {
    Moments moments = empty(classifier, inputs.length).withErrorGroups(groups);
    for (int t = 0; t < passes; t++) {
      moments.add(t, rows(pass(t), inputs));
    }
    return moments;
  }

  private static List<?> summaries(Moments moments) {
    return moments instanceof ClassificationMoments classes
        ? classes.summaries()
        : ((RegressionMoments) moments).summaries();
  }

  @ParameterizedTest
  @CsvSource({"true,0", "true,2", "true,20", "false,0", "false,2", "false,20"})
  void keep_thenMorePasses_isAsAloneFromTheStart(boolean classifier, int groups) {
    int[][] kept = {{0}, {4}, {1, 3}, {4, 0, 2}, {2, 2, 1, 2}, {0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}};
    for (int[] inputs : kept) {
      for (int first : new int[] {0, 1, 7, PASSES}) {
        Moments whole = alone(classifier, groups, first, 0, 1, 2, 3, 4);
        Moments part = whole.keep(inputs);
        assertEquals(inputs.length, part.inputs());
        assertEquals(first, part.samples());
        for (int t = first; t < PASSES; t++) {
          part.add(t, rows(pass(t), inputs));
        }
        String what = Arrays.toString(inputs) + " kept after " + first;
        assertEquals(summaries(alone(classifier, groups, PASSES, inputs)), summaries(part), what);
        assertEquals(first, whole.samples(), "the whole changed");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keep_ofThoseKept_namesInputsAnew(boolean classifier) {
    Moments once = alone(classifier, 3, 6, 0, 1, 2, 3, 4).keep(4, 2, 0);
    assertEquals(summaries(alone(classifier, 3, 6, 0, 4)), summaries(once.keep(2, 0)));
    assertThrows(IndexOutOfBoundsException.class, () -> once.keep(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keep_thenMorePasses_leavesTheOtherAsItWas(boolean classifier) {
    Moments whole = alone(classifier, 3, 6, 0, 1, 2, 3, 4);
    List<?> before = summaries(whole);
    Moments part = whole.keep(0, 1, 2, 3, 4);
    part.add(6, pass(6));
    assertEquals(before, summaries(whole));
    List<?> ahead = summaries(part);
    whole.add(6, pass(60));
    assertEquals(ahead, summaries(part));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keep_thenMerge_isAsMergedAlone(boolean classifier) {
    int[] inputs = {3, 1};
    Moments part = alone(classifier, 3, 6, 0, 1, 2, 3, 4).keep(inputs);
    Moments expected = alone(classifier, 3, 6, inputs);
    Moments other = alone(classifier, 3, 4, inputs);
    merge(part, other);
    merge(expected, other);
    assertEquals(summaries(expected), summaries(part));

    Moments ensemble = empty(classifier, 2).withErrorGroups(3);
    ensemble.addMember(part, 2);
    Moments asAlone = empty(classifier, 2).withErrorGroups(3);
    asAlone.addMember(expected, 2);
    assertEquals(summaries(asAlone), summaries(ensemble));
  }

  private static void merge(Moments moments, Moments other) {
    if (moments instanceof ClassificationMoments classes) {
      classes.merge((ClassificationMoments) other);
    } else {
      ((RegressionMoments) moments).merge((RegressionMoments) other);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keep_indicesChangedAfterwards_areCopied(boolean classifier) {
    int[] inputs = {1, 3};
    Moments part = alone(classifier, 0, 6, 0, 1, 2, 3, 4).keep(inputs);
    inputs[0] = 0;
    assertEquals(summaries(alone(classifier, 0, 6, 1, 3)), summaries(part));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void standardErrors_ofKeptInputs_areTheirs(int passes) {
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      double[] all = alone(true, 4, passes, 0, 1, 2, 3, 4).standardErrors(measure);
      assertArrayEquals(
          new double[] {all[3], all[0]},
          alone(true, 4, passes, 0, 1, 2, 3, 4).keep(3, 0).standardErrors(measure));
    }
  }
}
