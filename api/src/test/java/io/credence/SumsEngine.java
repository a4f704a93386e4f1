package io.credence;

import io.credence.statistics.RegressionMoments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;

/** Answers each row with the sum of its numbers, or of the lengths of its texts. */
class SumsEngine implements UncertaintyEngine {

  private final List<Integer> batches = new CopyOnWriteArrayList<>();
  private final CountDownLatch gate;
  private final CountDownLatch begun = new CountDownLatch(1);
  private boolean closed;

  SumsEngine() {
    this(new CountDownLatch(0));
  }

  /** Answers nothing before the gate is open. */
  SumsEngine(CountDownLatch gate) {
    this.gate = gate;
  }

  @Override
  public ModelDescription describe() {
    return new ModelDescription(
        "sums",
        "s",
        List.of(new TensorSpec("x", ElementType.FLOAT32, Shape.of(-1, -1))),
        new TensorSpec("y", ElementType.FLOAT32, Shape.of(-1, 1)),
        OutputKind.MEAN,
        List.of(),
        List.of(),
        new SamplingCost(1, 1, .5, Optional.empty()));
  }

  @Override
  public Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    begun.countDown();
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    int rows = (int) inputs.values().iterator().next().shape().get(0);
    batches.add(rows);
    float[] sums = new float[rows];
    inputs.forEach(
        (name, array) ->
            array
                .scalars()
                .forEachIndexed((at, cell) -> sums[(int) at[0]] += value(cell.getObject())));
    RegressionMoments moments = RegressionMoments.of(rows, 1);
    moments.add(sums);
    return new RegressionPrediction(moments.summaries(), plan, List.of("of " + rows));
  }

  private static float value(Object cell) {
    if (cell instanceof String text) {
      return text.length();
    }
    if (cell instanceof Boolean truth) {
      return truth ? 1 : 0;
    }
    float value = ((Number) cell).floatValue();
    if (Float.isNaN(value)) {
      throw new IllegalArgumentException("a number is NaN");
    }
    return value;
  }

  @Override
  public Prediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, SampleSink sink) {
    return predict(inputs, plan);
  }

  @Override
  public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    return NdArrays.ofFloats(Shape.of(1, 1, 1));
  }

  @Override
  public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
    return NdArrays.ofFloats(Shape.of(2, 1));
  }

  @Override
  public void close() {
    closed = true;
  }

  /** Rows of each batch so far. */
  List<Integer> batches() {
    return batches;
  }

  /** Down once the first batch has come. */
  CountDownLatch begun() {
    return begun;
  }

  boolean isClosed() {
    return closed;
  }
}
