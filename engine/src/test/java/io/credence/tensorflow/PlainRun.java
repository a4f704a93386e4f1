package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Masks;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * Holds an engine against TensorFlow's own session, which runs a network as it trains, by stateful
 * random ops, one call a pass.
 *
 * <p>Means and variances agree within five standard errors. The session's seeds are free: a test
 * fails falsely in fewer than one of 100,000 runs.
 */
final class PlainRun {

  private static final int PASSES = 3000;
  private static final float[] ROW = {1f, .5f, 2f, 1.5f};

  private PlainRun() {}

  /** A function of the input. */
  interface Network extends BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> {}

  /**
   * Checks the moments of a model, that a row alone is what it is in company, also by masks of its
   * own, and that passes depend neither on how they are packed into calls nor on kept masks.
   *
   * @param training the network with its dropout on, whatever is or is not fed
   */
  static void check(Path model, UnaryOperator<SavedModelEngine.Builder> options, Network training) {
    try (SavedModelEngine engine = options.apply(logits(model)).load();
        SavedModelEngine single = options.apply(logits(model).maxChunk(1)).load()) {
      SamplingPlan plan = new SamplingPlan(8, 1);
      FloatNdArray company = engine.sample(Rows.random(5, 3), plan);
      FloatNdArray alone = engine.sample(Rows.row(3, 5, 3), plan);
      for (int pass = 0; pass < 8; pass++) {
        for (int k = 0; k < company.shape().get(2); k++) {
          assertEquals(alone.getFloat(pass, 0, k), company.getFloat(pass, 3, k), 1e-5);
        }
      }
      float[] together = Rows.floats(company);
      checkKept(engine, plan, together);
      float[] apart = Rows.floats(single.sample(Rows.random(5, 3), plan));
      for (int i = 0; i < apart.length; i++) {
        assertEquals(apart[i], together[i], 1e-5);
      }
      engine.sample(Rows.random(5, 3), plan.withMasks(Masks.PER_ROW));
      compare(training, engine.sample(Map.of("x", Rows.array(ROW)), new SamplingPlan(PASSES, 11)));
      compare(training, perRow(engine));
    }
  }

  /** Asked for again, the masks of a seed are kept, where they depend on the plan alone. */
  private static void checkKept(SavedModelEngine engine, SamplingPlan plan, float[] samples) {
    for (int again = 0; again < 2; again++) {
      assertArrayEquals(samples, Rows.floats(engine.sample(Rows.random(5, 3), plan)), 1e-6f);
    }
    SamplingPlan longer = new SamplingPlan(3 * plan.passes(), plan.seed());
    float[] more = Rows.floats(engine.sample(Rows.random(5, 3), longer));
    assertArrayEquals(samples, Arrays.copyOf(more, samples.length), 1e-5f);
    assertArrayEquals(more, Rows.floats(engine.sample(Rows.random(5, 3), longer)), 1e-6f);
  }

  private static SavedModelEngine.Builder logits(Path model) {
    return SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS);
  }

  /** Row 2 of three equal ones. */
  private static FloatNdArray perRow(SavedModelEngine engine) {
    FloatNdArray samples =
        engine.sample(Rows.same(3, ROW), new SamplingPlan(PASSES, 5, Masks.PER_ROW));
    return samples.slice(
        org.tensorflow.ndarray.index.Indices.all(),
        org.tensorflow.ndarray.index.Indices.range(2, 3));
  }

  private static void compare(Network training, FloatNdArray samples) {
    int width = (int) samples.shape().get(2);
    double[][] plain = plain(training, width);
    boolean differ = false;
    for (int k = 0; k < width; k++) {
      int column = k;
      double[] ours =
          IntStream.range(0, PASSES).mapToDouble(t -> samples.getFloat(t, 0, column)).toArray();
      double ourVariance = moment(ours, 2);
      double variance = moment(plain[k], 2);
      double fourth =
          Math.max(0, moment(ours, 4) - ourVariance * ourVariance)
              + Math.max(0, moment(plain[k], 4) - variance * variance);
      assertEquals(
          mean(plain[k]), mean(ours), 5 * Math.sqrt((variance + ourVariance) / PASSES) + 1e-4);
      assertEquals(
          variance, ourVariance, 5 * Math.sqrt(fourth / PASSES) + 1e-3 * Math.max(1, variance));
      differ |= ourVariance > 0;
    }
    assertTrue(differ, "every pass is the same");
  }

  private static double[][] plain(Network training, int width) {
    double[][] columns = new double[width][PASSES];
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.withName("x").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
      Operand<TFloat32> y = training.apply(tf, x);
      try (Session session = new Session(graph);
          Tensor row = ElementTypes.toTensor(Rows.array(ROW))) {
        for (int t = 0; t < PASSES; t++) {
          try (Result result = session.runner().feed(x, row).fetch(y).run()) {
            float[] output = ElementTypes.toFloats(result.get(0));
            for (int k = 0; k < width; k++) {
              columns[k][t] = output[k];
            }
          }
        }
      }
    }
    return columns;
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static double moment(double[] x, int order) {
    double mean = mean(x);
    return Arrays.stream(x).map(v -> Math.pow(v - mean, order)).average().orElseThrow();
  }

  /** A matrix product of four by four, in a scope. */
  static Operand<TFloat32> dense(Ops tf, String scope, Operand<TFloat32> x) {
    float[][] kernel = {{1, .5f, 0, .25f}, {.25f, 1, .5f, 0}, {0, .25f, 1, .5f}, {.5f, 0, .25f, 1}};
    return KerasModels.scope(tf, scope).withName("MatMul").linalg.matMul(x, tf.constant(kernel));
  }

  static Operand<TFloat32> relu(Ops tf, String scope, Operand<TFloat32> x) {
    return KerasModels.scope(tf, scope).withName("Relu").nn.relu(x);
  }
}
