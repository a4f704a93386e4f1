package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Draws have the moments of dropout. Seeds are fixed, so a failure repeats; with free seeds each
 * assertion would fail in fewer than one run in 10,000 (five standard errors, or fewer comparisons
 * at four).
 */
class DropoutSamplingTest {

  private static final int PASSES = 4000;

  @TempDir Path folder;

  @Test
  void sample_dropoutOnTheInput_hasTheMomentsOfBernoulli() {
    // y = Σ_i m_i x_i w_i / (1 − p), m_i ~ Bernoulli(1 − p): mean Σ x_i w_i and variance
    // p / (1 − p) · Σ (x_i w_i)².
    float[] x = {1f, -2f, .5f, 3f};
    try (SavedModelEngine engine = logits()) {
      FloatNdArray samples = engine.sample(Map.of("x", Rows.array(x)), new SamplingPlan(PASSES, 1));
      for (int k = 0; k < TestModels.CLASSES; k++) {
        double mean = 0;
        double variance = 0;
        for (int i = 0; i < x.length; i++) {
          double term = x[i] * TestModels.KERNEL[i][k];
          mean += term;
          variance += term * term; // p / (1 − p) is 1 at p = .5
        }
        assertMoments(column(samples, 0, k), mean, variance);
      }
    }
  }

  @Test
  void sample_masks_areIndependentAcrossPassesAndUnits() {
    // With one unit fed at a time, y shows that unit's mask alone.
    float[] one = {1f, 0, 0, 0, 0, 1f, 0, 0, 0, 0, 1f, 0, 0, 0, 0, 1f};
    try (SavedModelEngine engine = logits()) {
      FloatNdArray samples =
          engine.sample(Map.of("x", Rows.array(one)), new SamplingPlan(PASSES, 3));
      double[][] mask = new double[4][];
      for (int unit = 0; unit < 4; unit++) {
        mask[unit] = column(samples, unit, 0);
        double size = 2 * TestModels.KERNEL[unit][0];
        for (int t = 0; t < PASSES; t++) {
          mask[unit][t] = mask[unit][t] / size - 0.5; // ±1/2
        }
        assertEquals(0, 4 * correlation(mask[unit], mask[unit], 1), 5 / Math.sqrt(PASSES));
      }
      for (int a = 0; a < 4; a++) {
        for (int b = 0; b < a; b++) {
          assertEquals(0, 4 * correlation(mask[a], mask[b], 0), 5 / Math.sqrt(PASSES));
        }
      }
    }
  }

  @Test
  void sample_twoSites_drawApartFromEachOther() {
    // Two sites of the same shape on inputs of one: were their masks equal, the product of the two
    // would have mean 2 · 2 · 1/2 = 2 instead of 1.
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> tf.math.mul(TestModels.dropout(tf, x, .5f), TestModels.dropout(tf, x, .5f)));
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
      FloatNdArray samples =
          engine.sample(Map.of("x", Rows.array(1f, 1f, 1f, 1f)), new SamplingPlan(PASSES, 5));
      for (int k = 0; k < 4; k++) {
        assertMoments(column(samples, 0, k), 1, 3); // 4 with probability 1/4, else 0
      }
    }
  }

  @Test
  void sample_gateThatAlsoSwitchesTheTrunk_leavesTheTrunkAsItIsServed() {
    // The model doubles its input in training, which is no dropout.
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              var gate = TestModels.gate(tf);
              var trunk = tf.select(gate, tf.math.mul(x, tf.constant(2f)), x);
              return TestModels.gatedDropout(tf, trunk, gate, .5f);
            });
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
      var x = Map.of("x", Rows.array(1f, 1f, 1f, 1f));
      assertMoments(column(engine.sample(x, new SamplingPlan(PASSES, 5)), 0, 0), 1, 1);
      assertEquals(1f, engine.singlePass(x).getFloat(0, 0));
    }
  }

  @Test
  void sample_noiseOnWeights_keepsEveryRowOfThem() {
    // Its shape is read from a tensor at run time too, but not from the inputs: four weights, four
    // draws. Were they shared along the first dimension, all columns of y would be equal.
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              var weights = tf.constant(new float[] {1, 1, 1, 1});
              return tf.math.mul(x, TestModels.dropout(tf, tf.identity(weights), .5f));
            });
    try (SavedModelEngine engine =
        SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS).load()) {
      FloatNdArray samples =
          engine.sample(Map.of("x", Rows.array(1f, 1f, 1f, 1f)), new SamplingPlan(PASSES, 5));
      double[] first = column(samples, 0, 0);
      double[] second = column(samples, 0, 1);
      assertMoments(first, 1, 1);
      for (int t = 0; t < PASSES; t++) {
        first[t] -= 1;
        second[t] -= 1;
      }
      assertEquals(0, correlation(first, second, 0), 5 / Math.sqrt(PASSES));
    }
  }

  @Test
  void sample_agreesWithTheModelsOwnRandomOps() {
    // The naive way: the SavedModel as it is, its gate fed, one session call a pass.
    Path model = TestModels.gated(folder);
    FloatNdArray x = Rows.array(Rows.values(3, 11));
    double[][][] naive = new double[3][TestModels.CLASSES][PASSES];
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString());
        TFloat32 input = TFloat32.tensorOf(x);
        TBool on = TBool.scalarOf(true)) {
      Session session = bundle.session();
      String output =
          bundle
              .metaGraphDef()
              .getSignatureDefOrThrow("serving_default")
              .getOutputsOrThrow("y")
              .getName();
      for (int t = 0; t < PASSES; t++) {
        try (Result result =
            session.runner().feed("x", input).feed("training", on).fetch(output).run()) {
          TFloat32 y = (TFloat32) result.get(0);
          for (int n = 0; n < 3; n++) {
            for (int k = 0; k < TestModels.CLASSES; k++) {
              naive[n][k][t] = y.getFloat(n, k);
            }
          }
        }
      }
    }
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      FloatNdArray samples = engine.sample(Map.of("x", x), new SamplingPlan(PASSES, 9));
      for (int n = 0; n < 3; n++) {
        for (int k = 0; k < TestModels.CLASSES; k++) {
          double[] ours = column(samples, n, k);
          double error = Math.sqrt((variance(ours) + variance(naive[n][k])) / PASSES);
          assertEquals(mean(naive[n][k]), mean(ours), 5 * error);
          assertEquals(Math.sqrt(variance(naive[n][k])), Math.sqrt(variance(ours)), 5 * error);
        }
      }
    }
  }

  private SavedModelEngine logits() {
    return SavedModelEngine.builder(TestModels.gatedLogits(folder))
        .outputKind(OutputKind.LOGITS)
        .load();
  }

  private static void assertMoments(double[] sample, double mean, double variance) {
    double error = Math.sqrt(variance / sample.length);
    assertEquals(mean, mean(sample), 5 * error);
    // A bound on the error of the sample variance: fourth moments here are below 6 σ⁴.
    assertEquals(variance, variance(sample), 5 * variance * Math.sqrt(5.0 / sample.length));
  }

  private static double[] column(FloatNdArray samples, int row, int k) {
    double[] column = new double[PASSES];
    for (int t = 0; t < PASSES; t++) {
      column[t] = samples.getFloat(t, row, k);
    }
    return column;
  }

  private static double mean(double[] x) {
    return java.util.Arrays.stream(x).average().orElseThrow();
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  private static double correlation(double[] a, double[] b, int lag) {
    double sum = 0;
    for (int t = 0; t + lag < a.length; t++) {
      sum += a[t] * b[t + lag];
    }
    return sum / (a.length - lag);
  }
}
