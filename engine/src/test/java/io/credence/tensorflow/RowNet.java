package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/** A small graph, op by op, with inputs whose first axis is the batch. */
final class RowNet implements AutoCloseable {

  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Set<String> inputs = new LinkedHashSet<>();
  private final SplittableRandom random = new SplittableRandom(11);

  Ops tf() {
    return tf;
  }

  Set<String> inputs() {
    return inputs;
  }

  Graph graph() {
    return graph;
  }

  /** A float32 input of shape [?, dims…]. */
  Operand<TFloat32> input(long... dims) {
    long[] shape = new long[dims.length + 1];
    shape[0] = -1;
    System.arraycopy(dims, 0, shape, 1, dims.length);
    Operand<TFloat32> input =
        attr("dtype", DataType.DT_FLOAT).attr("shape", Shape.of(shape)).op("Placeholder");
    inputs.add(input.op().name());
    return input;
  }

  Operand<TFloat32> x() {
    return input(4);
  }

  /** An int32 input of shape [?, dims…]. */
  Operand<TInt32> ids(long... dims) {
    Operand<TFloat32> values = scaled(input(dims));
    return attr("DstT", DataType.DT_INT32).op("Cast", values);
  }

  /** Values within 0–3, so that they may stand for classes. */
  private Operand<TFloat32> scaled(Operand<TFloat32> values) {
    return op("Mul", op("Abs", values), real(3.9f));
  }

  Operand<TFloat32> real(float value) {
    return tf.constant(value);
  }

  Operand<TInt32> number(int value) {
    return tf.constant(value);
  }

  Operand<TInt32> ints(int... values) {
    return tf.constant(values);
  }

  /** A constant of different numbers. */
  Operand<TFloat32> weights(long... dims) {
    Shape shape = Shape.of(dims);
    try (TFloat32 values =
        TFloat32.tensorOf(
            shape, t -> t.scalars().forEach(s -> s.setFloat((float) random.nextDouble(-1, 1))))) {
      return tf.constantOf(values);
    }
  }

  /** An op with an attribute. */
  Attributes attr(String name, Object value) {
    return new Attributes().attr(name, value);
  }

  /** Adds an op; operands are operands, or lists of them. */
  <T extends TType> Operand<T> op(String type, Object... operands) {
    return new Attributes().output(0, type, operands);
  }

  <T extends TType> Operand<T> output(int index, String type, Object... operands) {
    return new Attributes().output(index, type, operands);
  }

  /** The attributes of an op to come. */
  final class Attributes {
    private final Map<String, Object> values = new LinkedHashMap<>();

    Attributes attr(String name, Object value) {
      values.put(name, value);
      return this;
    }

    <T extends TType> Operand<T> op(String type, Object... operands) {
      return output(0, type, operands);
    }

    @SuppressWarnings("unchecked") // the caller knows what the op gives
    <T extends TType> Operand<T> output(int index, String type, Object... operands) {
      OperationBuilder builder = graph.opBuilder(type, tf.scope().makeOpName(type), tf.scope());
      for (Object operand : operands) {
        if (operand instanceof List<?> list) {
          builder.addInputList(
              list.stream().map(each -> ((Operand<?>) each).asOutput()).toArray(Output<?>[]::new));
        } else {
          builder.addInput(((Operand<?>) operand).asOutput());
        }
      }
      values.forEach((name, value) -> set(builder, name, value));
      return (Operand<T>) builder.build().output(index);
    }
  }

  private static void set(OperationBuilder builder, String name, Object value) {
    if (value instanceof DataType type) {
      builder.setAttr(name, type);
    } else if (value instanceof Shape shape) {
      builder.setAttr(name, shape);
    } else if (value instanceof Boolean flag) {
      builder.setAttr(name, flag);
    } else if (value instanceof Integer number) {
      builder.setAttr(name, number.longValue());
    } else if (value instanceof long[] numbers) {
      builder.setAttr(name, numbers);
    } else if (value instanceof DataType[] types) {
      builder.setAttr(name, types);
    } else if (value instanceof ConcreteFunction function) {
      builder.setAttr(name, function);
    } else {
      builder.setAttr(name, (String) value);
    }
  }

  /** Seeded rows for every input; unknown dimensions are 3 long. */
  Function<Port, Shape> shapes(int rows) {
    return port -> {
      long[] dims = graph.operation(port.node()).output(0).shape().asArray();
      for (int i = 0; i < dims.length; i++) {
        dims[i] = i == 0 ? rows : dims[i] < 0 ? 3 : dims[i];
      }
      return Shape.of(dims);
    };
  }

  RowFlow flow(Operand<?> output) {
    return RowFlow.of(graph.toGraphDef(), inputs, List.of(output.op().name()));
  }

  static Port port(Operand<?> output) {
    return new Port(output.op().name(), output.asOutput().index());
  }

  /** The feeds of a batch of each size. */
  List<RowCheck.Batch> batches(int... rows) {
    List<RowCheck.Batch> batches = new ArrayList<>();
    for (int size : rows) {
      RowCheck.Batch batch = new RowCheck.Batch(size);
      for (String input : inputs) {
        Shape shape = shapes(size).apply(new Port(input, 0));
        batch.put(
            input,
            TFloat32.tensorOf(
                shape,
                t -> t.scalars().forEach(s -> s.setFloat((float) random.nextDouble(-1, 1)))));
      }
      batches.add(batch);
    }
    return batches;
  }

  /** A session that runs the graph as it is: Grappler loses outputs of the ops that it fuses. */
  Session session() {
    RewriterConfig plain = RewriterConfig.newBuilder().setDisableMetaOptimizer(true).build();
    GraphOptions options = GraphOptions.newBuilder().setRewriteOptions(plain).build();
    return new Session(graph, ConfigProto.newBuilder().setGraphOptions(options).build());
  }

  @Override
  public void close() {
    graph.close();
  }
}
