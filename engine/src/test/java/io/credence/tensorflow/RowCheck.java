package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.tensorflow.GraphIndex.Port;
import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Rows;
import io.credence.tensorflow.Layout.Sizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/**
 * Runs a graph on two batches and on both stacked, and holds every tensor against the layout that
 * was found for it. Shares nothing with the analysis.
 */
final class RowCheck {

  /** Other sizes of matrices round otherwise. */
  private static final double TOLERANCE = 1e-4;

  private RowCheck() {}

  /** Tensors by the placeholder they are fed to; the owner closes them. */
  static final class Batch implements AutoCloseable {
    private final int rows;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    Batch(int rows) {
      this.rows = rows;
    }

    void put(String input, Tensor tensor) {
      tensors.put(input, tensor);
    }

    /** This batch with another stacked below it. */
    Batch with(Batch other) {
      Batch both = new Batch(rows + other.rows);
      tensors.forEach(
          (name, upper) -> {
            long[] dims = upper.shape().asArray();
            dims[0] = both.rows;
            Shape shape = Shape.of(dims);
            both.put(name, stack(upper, other.tensors.get(name), shape));
          });
      return both;
    }

    /** One of its rows. */
    Batch row(int row) {
      Batch one = new Batch(1);
      tensors.forEach(
          (name, tensor) -> {
            long[] dims = tensor.shape().asArray();
            dims[0] = 1;
            one.put(name, part(tensor, row, Shape.of(dims)));
          });
      return one;
    }

    @Override
    public void close() {
      tensors.values().forEach(Tensor::close);
    }
  }

  @SuppressWarnings("unchecked") // all tensors of TensorFlow Java are arrays of their type
  private static Tensor stack(Tensor upper, Tensor lower, Shape shape) {
    NdArray<Object> a = (NdArray<Object>) upper;
    NdArray<Object> b = (NdArray<Object>) lower;
    NdArray<Object> both = (NdArray<Object>) empty(upper, shape);
    long rows = a.shape().get(0);
    for (long i = 0; i < shape.get(0); i++) {
      (i < rows ? a.get(i) : b.get(i - rows)).copyTo(both.get(i));
    }
    return ElementTypes.toTensor(both);
  }

  @SuppressWarnings("unchecked") // as above
  private static Tensor part(Tensor tensor, int row, Shape shape) {
    NdArray<Object> one = (NdArray<Object>) empty(tensor, shape);
    ((NdArray<Object>) tensor).get(row).copyTo(one.get(0));
    return ElementTypes.toTensor(one);
  }

  private static NdArray<?> empty(Tensor like, Shape shape) {
    return switch (like.dataType()) {
      case DT_FLOAT -> NdArrays.ofFloats(shape);
      case DT_DOUBLE -> NdArrays.ofDoubles(shape);
      case DT_INT64 -> NdArrays.ofLongs(shape);
      case DT_INT32 -> NdArrays.ofInts(shape);
      case DT_STRING -> NdArrays.ofObjects(String.class, shape);
      default -> throw new IllegalArgumentException("no input of type " + like.dataType());
    };
  }

  /** A tensor's values, whatever its type. */
  private static final class Values {
    private final long[] shape;
    private final Object[] values;

    Values(long[] shape, Object[] values) {
      this.shape = shape;
      this.values = values;
    }

    static Values of(Tensor tensor) {
      long[] shape = tensor.shape().asArray();
      Object[] values = new Object[(int) tensor.shape().size()];
      int[] next = {0};
      if (tensor instanceof TFloat32 t) {
        t.scalars().forEach(s -> values[next[0]++] = (double) s.getFloat());
      } else if (tensor instanceof TFloat64 t) {
        t.scalars().forEach(s -> values[next[0]++] = s.getDouble());
      } else if (tensor instanceof TInt32 t) {
        t.scalars().forEach(s -> values[next[0]++] = (double) s.getInt());
      } else if (tensor instanceof TInt64 t) {
        t.scalars().forEach(s -> values[next[0]++] = (double) s.getLong());
      } else if (tensor instanceof TBool t) {
        t.scalars().forEach(s -> values[next[0]++] = s.getBoolean() ? 1. : 0.);
      } else {
        ((TString) tensor).scalars().forEach(s -> values[next[0]++] = s.getObject());
      }
      return new Values(shape, values);
    }

    /** This with another behind it along an axis. */
    Values with(Values other, int axis) {
      int outer = (int) Arrays.stream(shape, 0, axis).reduce(1, (a, b) -> a * b);
      int mine = outer == 0 ? 0 : values.length / outer;
      int theirs = outer == 0 ? 0 : other.values.length / outer;
      List<Object> joined = new ArrayList<>();
      for (int i = 0; i < outer; i++) {
        joined.addAll(Arrays.asList(values).subList(i * mine, (i + 1) * mine));
        joined.addAll(Arrays.asList(other.values).subList(i * theirs, (i + 1) * theirs));
      }
      long[] both = shape.clone();
      both[axis] += other.shape[axis];
      return new Values(both, joined.toArray());
    }

    void assertNear(Values actual, String what) {
      assertEquals(Arrays.toString(shape), Arrays.toString(actual.shape), what);
      for (int i = 0; i < values.length; i++) {
        if (values[i] instanceof Double expected) {
          double slack = TOLERANCE * Math.max(1, Math.abs(expected));
          assertEquals(expected, (Double) actual.values[i], slack, what + " at " + i);
        } else {
          assertEquals(values[i], actual.values[i], what + " at " + i);
        }
      }
    }
  }

  /** Holds every tensor that has a layout against it; returns how many there were. */
  static int verify(Session session, RowFlow flow, Batch upper, Batch lower) {
    List<Port> ports =
        flow.layouts().entrySet().stream()
            .filter(each -> isClaim(each.getValue()) && isReadable(flow.type(each.getKey())))
            .filter(each -> !upper.tensors.containsKey(each.getKey().node()))
            .map(Map.Entry::getKey)
            .filter(port -> !isReserved(port))
            .toList();
    if (ports.isEmpty()) {
      return 0;
    }
    try (Batch both = upper.with(lower);
        Batch alone = both.row(both.rows - 1)) {
      Map<Port, Values> a = run(session, ports, upper);
      Map<Port, Values> b = run(session, ports, lower);
      Map<Port, Values> ab = run(session, ports, both);
      Map<Port, Values> one = run(session, ports, alone);
      Map<Port, Values> more;
      try (Batch threefold = both.with(both)) {
        more = run(session, ports, threefold);
      }
      for (Port port : ports) {
        Layout layout = flow.of(port);
        String what = port + " " + layout;
        check(layout, a.get(port), b.get(port), ab.get(port), what, upper.rows, lower.rows);
        check(layout, ab.get(port), ab.get(port), more.get(port), what, both.rows, both.rows);
        checkLast(layout, one.get(port), ab.get(port), both.rows, what);
        assertTrue(fits(flow.shape(port), ab.get(port).shape), what);
      }
    }
    return ports.size();
  }

  private static boolean fits(Shape known, long[] actual) {
    if (known.isUnknown()) {
      return true;
    }
    boolean fits = known.numDimensions() == actual.length;
    for (int i = 0; fits && i < actual.length; i++) {
      fits = known.get(i) < 0 || known.get(i) == actual[i];
    }
    return fits;
  }

  private static boolean isClaim(Layout layout) {
    return layout instanceof Rows || layout instanceof Layout.Same || layout instanceof Sizes;
  }

  private static boolean isReadable(DataType type) {
    return ElementTypes.of(type).isPresent() && type != DataType.DT_UINT8;
  }

  /** Room for gradients, which batch normalisation leaves as it finds it but in training. */
  private static boolean isReserved(Port port) {
    return port.node().contains("FusedBatchNorm") && port.index() >= 3;
  }

  private static Map<Port, Values> run(Session session, List<Port> ports, Batch batch) {
    Session.Runner runner = session.runner();
    batch.tensors.forEach((name, tensor) -> runner.feed(name, 0, tensor));
    ports.forEach(port -> runner.fetch(port.node(), port.index()));
    Map<Port, Values> values = new LinkedHashMap<>();
    try (Result result = runner.run()) {
      for (int i = 0; i < ports.size(); i++) {
        values.put(ports.get(i), Values.of(result.get(i)));
      }
    }
    return values;
  }

  private static void check(
      Layout layout, Values a, Values b, Values both, String what, int upper, int lower) {
    if (layout instanceof Rows rows) {
      a.with(b, rows.axis()).assertNear(both, what);
      rows.each()
          .ifPresent(each -> assertEquals(each * (upper + lower), both.shape[rows.axis()], what));
    } else if (layout instanceof Sizes sizes) {
      checkSizes(sizes, a, b, both, what, upper, lower);
    } else {
      a.assertNear(b, what);
      a.assertNear(both, what);
    }
  }

  private static void checkSizes(
      Sizes sizes, Values a, Values b, Values both, String what, int upper, int lower) {
    assertEquals(sizes.elements().size(), both.values.length, what);
    assertEquals(sizes.scalar() ? 0 : 1, both.shape.length, what);
    for (int i = 0; i < both.values.length; i++) {
      Extent extent = sizes.elements().get(i);
      double sum = (Double) both.values[i];
      if (extent.scaled()) {
        assertEquals((Double) a.values[i] / upper, sum / (upper + lower), 1e-9, what);
        assertEquals((Double) b.values[i] / lower, sum / (upper + lower), 1e-9, what);
      } else {
        assertEquals((Double) a.values[i], sum, what);
        assertEquals((Double) b.values[i], sum, what);
      }
      int times = extent.scaled() ? upper + lower : 1;
      extent.factor().ifPresent(factor -> assertEquals((double) factor * times, sum, what));
    }
  }

  /** The last row alone is what it is in company. */
  private static void checkLast(Layout layout, Values alone, Values both, int rows, String what) {
    if (!(layout instanceof Rows lay)) {
      return;
    }
    int axis = lay.axis();
    int outer = (int) Arrays.stream(both.shape, 0, axis).reduce(1, (a, b) -> a * b);
    int block = outer == 0 ? 0 : both.values.length / outer;
    int mine = block / rows;
    List<Object> last = new ArrayList<>();
    for (int i = 0; i < outer; i++) {
      last.addAll(Arrays.asList(both.values).subList((i + 1) * block - mine, (i + 1) * block));
    }
    long[] shape = both.shape.clone();
    shape[axis] /= rows;
    new Values(shape, last.toArray()).assertNear(alone, what);
  }
}
