package io.credence.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;

class SampleArrayTest {

  private static float[] numbers(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void classify_ofFlatArray_isThatOfItsPasses() {
    float[] values = numbers(4 * 2 * 3);
    ClassificationMoments expected = ClassificationMoments.of(2, 3, OutputKind.LOGITS);
    for (int s = 0; s < 4; s++) {
      expected.add(java.util.Arrays.copyOfRange(values, s * 6, s * 6 + 6));
    }
    SampleArray samples = SampleArray.of(values, Shape.of(4, 2, 3));
    assertEquals(4, samples.passes());
    assertEquals(Shape.of(2), samples.inputs());
    PassesContractTest.assertAlike(expected, samples.classify(OutputKind.LOGITS, 0));
    assertEquals(
        true,
        samples
            .classify(OutputKind.LOGITS, 4)
            .summary(0)
            .standardError(ClassificationMeasure.MARGIN)
            .isPresent());
  }

  @Test
  void classify_ofMaps_hasOneRowForEachPlace() {
    int[] shape = {5, 2, 3, 4, 6};
    float[] values = numbers(5 * 2 * 3 * 4 * 6);
    SampleArray samples = SampleArray.of(values, Shape.of(5, 2, 3, 4, 6));
    assertEquals(Shape.of(2, 3, 4), samples.inputs());
    ClassificationMoments moments = samples.classify(OutputKind.LOGITS, 0);
    double[] map = moments.values(ClassificationMeasure.MUTUAL_INFORMATION);
    assertEquals(24, map.length);
    for (int n = 0; n < shape[1]; n++) {
      for (int y = 0; y < shape[2]; y++) {
        for (int x = 0; x < shape[3]; x++) {
          ClassificationMoments one = ClassificationMoments.of(1, 6, OutputKind.LOGITS);
          for (int s = 0; s < shape[0]; s++) {
            int from = (((s * 2 + n) * 3 + y) * 4 + x) * 6;
            one.add(java.util.Arrays.copyOfRange(values, from, from + 6));
          }
          int row = samples.row(n, y, x);
          PassesContractTest.assertAlike(one, moments.keep(row));
          assertEquals(moments.summary(row).mutualInformation(), map[row]);
          assertEquals((n * 3 + y) * 4 + x, row);
        }
      }
    }
  }

  @Test
  void of_ndArray_isThatOfItsNumbers() {
    float[] values = numbers(3 * 2 * 2);
    FloatNdArray array = NdArrays.ofFloats(Shape.of(3, 2, 2));
    for (int i = 0; i < values.length; i++) {
      array.setFloat(values[i], i / 4, i / 2 % 2, i % 2);
    }
    assertEquals(
        SampleArray.of(values, Shape.of(3, 2, 2)).classify(OutputKind.LOGITS, 0).summaries(),
        SampleArray.of(array).classify(OutputKind.LOGITS, 0).summaries());
    // A part of a larger array lies scattered in its memory.
    FloatNdArray part =
        array.slice(
            org.tensorflow.ndarray.index.Indices.all(),
            org.tensorflow.ndarray.index.Indices.all(),
            org.tensorflow.ndarray.index.Indices.range(1, 2));
    RegressionMoments moments = SampleArray.of(part).regress(RegressionHead.of(OutputKind.MEAN), 0);
    assertEquals((values[1] + values[5] + values[9]) / 3, moments.summary(0).mean(0), 1e-6);
  }

  @Test
  void regressAndSamples_ofHead_areThoseOfItsPasses() {
    RegressionHead head = new RegressionHead.MeanAndLogVariance();
    SampleArray array = SampleArray.of(numbers(3 * 2 * 5 * 4), Shape.of(3, 2, 5, 4));
    RegressionMoments moments = array.regress(head, 0);
    assertEquals(10, moments.summaries().size());
    assertEquals(2, moments.summary(9).targets());
    assertEquals(moments.summaries(), array.samples(head).moments().summaries());
    assertEquals(3, moments.samples());
  }

  @Test
  void values_ofEachMeasure_areThoseOfTheSummaries() {
    ClassificationMoments moments = RandomSamples.of(4).moments();
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      assertArrayEquals(
          moments.summaries().stream().mapToDouble(measure::of).toArray(), moments.values(measure));
    }
    ClassificationMoments empty = RandomSamples.of(4).moments(0, 0);
    assertEquals(
        "no sample was added yet; call add first",
        assertThrows(IllegalStateException.class, () -> empty.values(ClassificationMeasure.MARGIN))
            .getMessage());
  }

  static Stream<Arguments> badShapes() {
    return Stream.of(
        arguments(
            Shape.of(4, 6),
            "shape is [4, 6]; [passes, inputs, numbers] is needed, or more dimensions before the"
                + " numbers"),
        arguments(
            Shape.unknown(),
            "shape is [...]; [passes, inputs, numbers] is needed, or more dimensions before the"
                + " numbers"),
        arguments(Shape.of(-1, 2, 3), "shape is [?, 2, 3]; every dimension must be at least 1"),
        arguments(Shape.of(4, 0, 6), "shape is [4, 0, 6]; every dimension must be at least 1"),
        arguments(
            Shape.of(4, 2, 4),
            "shape [4, 2, 4] does not hold 24 values; give one value for each place"),
        arguments(
            Shape.of(1L << 40, 1L << 40, 3),
            "shape [1099511627776, 1099511627776, 3] does not hold 24 values; give one value for"
                + " each place"));
  }

  @ParameterizedTest
  @MethodSource("badShapes")
  void of_shapeThatDoesNotFit_isRefused(Shape shape, String message) {
    float[] values = numbers(24);
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> SampleArray.of(values, shape))
            .getMessage());
  }

  @Test
  void row_outsideTheInputs_isRefused() {
    SampleArray samples = SampleArray.of(numbers(24), Shape.of(1, 2, 3, 4));
    assertEquals(
        "1 indices are given; inputs [2, 3] need 2",
        assertThrows(IllegalArgumentException.class, () -> samples.row(1)).getMessage());
    assertEquals(
        "index 1 is 3; inputs are [2, 3]",
        assertThrows(IndexOutOfBoundsException.class, () -> samples.row(1, 3)).getMessage());
    assertEquals(
        "index 0 is -1; inputs are [2, 3]",
        assertThrows(IndexOutOfBoundsException.class, () -> samples.row(-1, 0)).getMessage());
  }

  @Test
  void probabilities_ofEveryKind_areRowsOfPasses() {
    float[] logits = {0, (float) Math.log(3), 0, 0, 1000, 0, -1000, 0};
    double[][] rows = SampleArray.of(logits, Shape.of(2, 2, 2)).probabilities(OutputKind.LOGITS);
    assertEquals(4, rows.length);
    assertArrayEquals(new double[] {.25, .75}, rows[0], 1e-7);
    assertArrayEquals(new double[] {.5, .5}, rows[1]);
    assertArrayEquals(new double[] {1, 0}, rows[2]);
    assertArrayEquals(new double[] {0, 1}, rows[3]);
    double[][] binary =
        SampleArray.of(new float[] {.25f, 1}, Shape.of(1, 2, 1))
            .probabilities(OutputKind.BINARY_PROBABILITY);
    assertArrayEquals(new double[] {.75, .25}, binary[0]);
    assertArrayEquals(new double[] {0, 1}, binary[1]);
    assertEquals(
        "sample 1 holds NaN at input 1, position 0; outputs must be finite",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    SampleArray.of(new float[] {0, 0, 0, Float.NaN}, Shape.of(2, 2, 1))
                        .probabilities(OutputKind.BINARY_LOGIT))
            .getMessage());
    assertEquals(
        "MEAN is no distribution over classes; use RegressionMoments",
        assertThrows(
                IllegalArgumentException.class,
                () -> SampleArray.of(logits, Shape.of(2, 2, 2)).probabilities(OutputKind.MEAN))
            .getMessage());
  }
}
