package io.credence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.tensorflow.ndarray.BooleanNdArray;
import org.tensorflow.ndarray.ByteNdArray;
import org.tensorflow.ndarray.DoubleNdArray;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.IntNdArray;
import org.tensorflow.ndarray.LongNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;

/** A call that waits for others to be run with it in one batch. */
final class BatchedCall {

  private final Map<String, ? extends NdArray<?>> inputs;
  private final SamplingPlan plan;
  private final Map<String, List<Object>> form = new LinkedHashMap<>();
  private final int rows;
  private final boolean equalRows;
  private final long born = System.nanoTime();
  private final CompletableFuture<Prediction> result = new CompletableFuture<>();

  BatchedCall(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    this.inputs = inputs;
    this.plan = plan;
    long common = -1;
    boolean equal = !inputs.isEmpty();
    for (Map.Entry<String, ? extends NdArray<?>> input : inputs.entrySet()) {
      Shape shape = input.getValue().shape();
      boolean hasRows = shape.numDimensions() > 0 && shape.size() > 0;
      equal = equal && hasRows && (common < 0 || common == shape.get(0));
      common = hasRows ? shape.get(0) : 0;
      if (hasRows) {
        form.put(
            input.getKey(),
            List.of(carrier(input.getValue()), shape.subShape(1, shape.numDimensions())));
      }
    }
    this.rows = (int) Math.max(common, 0);
    this.equalRows = equal;
  }

  /** Whether all inputs have the same number of rows, one at least. */
  boolean hasEqualRows() {
    return equalRows;
  }

  int rows() {
    return rows;
  }

  /** Nanoseconds since the call was made. */
  long age() {
    return System.nanoTime() - born;
  }

  CompletableFuture<Prediction> result() {
    return result;
  }

  /** Whether the rows of both calls make one batch. */
  boolean goesWith(BatchedCall other) {
    return plan.equals(other.plan) && form.equals(other.form);
  }

  /** Runs calls that go with each other, and completes each of them. */
  static void run(UncertaintyEngine engine, List<BatchedCall> calls) {
    if (calls.size() == 1) {
      calls.get(0).runAlone(engine);
      return;
    }
    try {
      Prediction all = engine.predict(joined(calls), calls.get(0).plan);
      List<Prediction> parts = new ArrayList<>();
      int from = 0;
      for (BatchedCall call : calls) {
        parts.add(part(all, from, from + call.rows));
        from += call.rows;
      }
      for (int i = 0; i < parts.size(); i++) {
        calls.get(i).result.complete(parts.get(i));
      }
    } catch (RuntimeException e) {
      calls.forEach(call -> call.runAlone(engine)); // only one of them may be to blame
    } catch (Throwable e) {
      calls.forEach(call -> call.result.completeExceptionally(e));
    }
  }

  private void runAlone(UncertaintyEngine engine) {
    try {
      result.complete(engine.predict(inputs, plan));
    } catch (Throwable e) { // whoever waits must hear of it
      result.completeExceptionally(e);
    }
  }

  private static Prediction part(Prediction all, int from, int to) {
    int places = (int) all.places().size();
    if (all instanceof ClassificationPrediction classes) {
      return new ClassificationPrediction(
          classes.summaries().subList(from * places, to * places),
          all.places(),
          all.plan(),
          all.warnings());
    }
    RegressionPrediction targets = (RegressionPrediction) all;
    return new RegressionPrediction(
        targets.summaries().subList(from * places, to * places),
        all.places(),
        all.plan(),
        all.warnings());
  }

  private static Map<String, NdArray<?>> joined(List<BatchedCall> calls) {
    Map<String, NdArray<?>> joined = new LinkedHashMap<>();
    for (String name : calls.get(0).inputs.keySet()) {
      List<NdArray<?>> parts = new ArrayList<>();
      calls.forEach(call -> parts.add(call.inputs.get(name)));
      joined.put(name, below(parts));
    }
    return joined;
  }

  /** One array of the rows of several of one type. */
  @SuppressWarnings("unchecked") // all parts are of one carrier, which says the type of elements
  private static NdArray<?> below(List<NdArray<?>> parts) {
    long rows = parts.stream().mapToLong(part -> part.shape().get(0)).sum();
    Shape one = parts.get(0).shape();
    NdArray<Object> all =
        (NdArray<Object>)
            empty(
                carrier(parts.get(0)), Shape.of(rows).append(one.subShape(1, one.numDimensions())));
    long from = 0;
    for (NdArray<?> part : parts) {
      long to = from + part.shape().get(0);
      ((NdArray<Object>) part).copyTo(all.slice(Indices.range(from, to)));
      from = to;
    }
    return all;
  }

  private static Class<?> carrier(NdArray<?> array) {
    for (ElementType type : ElementType.values()) {
      if (type != ElementType.STRING && type.carrier().isInstance(array)) {
        return type.carrier();
      }
    }
    return ElementType.STRING.carrier();
  }

  private static NdArray<?> empty(Class<?> carrier, Shape shape) {
    if (carrier == FloatNdArray.class) {
      return NdArrays.ofFloats(shape);
    }
    if (carrier == DoubleNdArray.class) {
      return NdArrays.ofDoubles(shape);
    }
    if (carrier == IntNdArray.class) {
      return NdArrays.ofInts(shape);
    }
    if (carrier == LongNdArray.class) {
      return NdArrays.ofLongs(shape);
    }
    if (carrier == ByteNdArray.class) {
      return NdArrays.ofBytes(shape);
    }
    return carrier == BooleanNdArray.class
        ? NdArrays.ofBooleans(shape)
        : NdArrays.ofObjects(String.class, shape);
  }
}
