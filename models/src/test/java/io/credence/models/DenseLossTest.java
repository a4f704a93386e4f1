package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.RegressionHead;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Losses against their definitions, in float64 and without logarithms kept apart. */
class DenseLossTest {

  private static final int ROWS = 5;

  private static float[] losses(
      Optional<RegressionHead> head, float[] output, float[] targets, int width) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> losses =
          DenseLoss.of(tf, head, constant(tf, output), constant(tf, targets), width);
      try (Result result = session.runner().fetch(losses).run()) {
        TFloat32 values = (TFloat32) result.get(0);
        assertEquals(Shape.of(ROWS), values.shape());
        float[] copy = new float[ROWS];
        values.copyTo(DataBuffers.of(copy));
        return copy;
      }
    }
  }

  private static Operand<TFloat32> constant(Ops tf, float[] values) {
    return tf.constant(NdArrays.wrap(Shape.of(ROWS, values.length / ROWS), DataBuffers.of(values)));
  }

  private static float[] random(int size, double scale, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-scale, scale);
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 1", "3, 2", "2, 3"})
  void mixture_isTheNegativeLogarithmOfTheDensity(int components, int width) {
    int numbers = components * (1 + 2 * width);
    float[] output = random(ROWS * numbers, 1.5, 1);
    float[] targets = random(ROWS * width, 1.5, 2);
    float[] losses =
        losses(Optional.of(new RegressionHead.MixtureDensity(components)), output, targets, width);
    for (int row = 0; row < ROWS; row++) {
      double all = 0;
      double density = 0;
      for (int c = 0; c < components; c++) {
        double weight = Math.exp(output[row * numbers + c]);
        all += weight;
        for (int d = 0; d < width; d++) {
          int at = row * numbers + components + c * width + d;
          double deviation = Math.exp(output[at + components * width]);
          double z = (targets[row * width + d] - output[at]) / deviation;
          weight *= Math.exp(-z * z / 2) / (deviation * Math.sqrt(2 * Math.PI));
        }
        density += weight;
      }
      assertEquals(-Math.log(density / all), losses[row], 1e-5, "row " + row);
    }
  }

  @Test
  void mixture_logitsAndDistancesFarOut_stayFinite() {
    float[] output = new float[ROWS * 6];
    for (int row = 0; row < ROWS; row++) {
      output[row * 6] = 200;
      output[row * 6 + 1] = -200;
      output[row * 6 + 2] = 100;
    }
    float[] losses =
        losses(Optional.of(new RegressionHead.MixtureDensity(2)), output, new float[ROWS], 1);
    // The sure component lies 100 deviations off: 5000 + ln √2π; the other weighs e^-400 more.
    assertEquals(400 + Math.log(Math.sqrt(2 * Math.PI)), losses[0], 1e-3);
  }

  @Test
  void mean_isTheSquaredError() {
    float[] output = random(ROWS * 2, 2, 3);
    float[] targets = random(ROWS * 2, 2, 4);
    float[] losses =
        losses(Optional.of(RegressionHead.Mean.withObservationVariance(1)), output, targets, 2);
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      for (int i = 2 * row; i < 2 * row + 2; i++) {
        sum += Math.pow((double) output[i] - targets[i], 2);
      }
      assertEquals(sum, losses[row], 1e-5);
    }
  }

  @Test
  void classifier_uniformTarget_isTheMeanLogarithm() {
    float[] output = random(ROWS * 3, 3, 5);
    float[] targets = new float[ROWS * 3];
    java.util.Arrays.fill(targets, 1f / 3);
    float[] losses = losses(Optional.empty(), output, targets, 3);
    for (int row = 0; row < ROWS; row++) {
      double sum = 0;
      double mean = 0;
      for (int k = 0; k < 3; k++) {
        sum += Math.exp(output[3 * row + k]);
        mean += output[3 * row + k] / 3.0;
      }
      // hendrycks/outlier-exposure: −(mean of the logits − their logarithm of the sum of e^x).
      assertEquals(Math.log(sum) - mean, losses[row], 1e-5);
    }
  }

  @Test
  void check_headThatIsNotTrained_isRefused() {
    RegressionHead head = new RegressionHead.MeanAndVariance();
    String message =
        assertThrows(IllegalArgumentException.class, () -> DenseLoss.check(head)).getMessage();
    assertTrue(message.endsWith("choose RegressionHead.Mean or RegressionHead.MixtureDensity"));
  }
}
