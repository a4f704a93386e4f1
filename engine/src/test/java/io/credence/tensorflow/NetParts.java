package io.credence.tensorflow;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Parts of small networks. */
final class NetParts {

  private NetParts() {}

  static Operand<TFloat32> dense(RowNet n, Operand<?> x) {
    return n.op("MatMul", x, n.weights(4, 3));
  }

  static Operand<TFloat32> twice(RowNet n, Operand<?> x) {
    return n.op("AddV2", x, n.op("Tanh", x));
  }

  static Operand<?> einsum(RowNet n, String equation, Operand<?>... operands) {
    return n.attr("equation", equation).op("Einsum", List.of(operands));
  }

  static Operand<?> layerNorm(RowNet n) {
    Operand<?> x = n.input(5, 4);
    Operand<?> mean = n.attr("keep_dims", true).op("Mean", x, n.ints(2));
    Operand<?> square = n.op("SquaredDifference", x, mean);
    Operand<?> variance = n.attr("keep_dims", true).op("Mean", square, n.ints(2));
    return n.op("Mul", n.op("Sub", x, mean), n.op("Rsqrt", n.op("AddV2", variance, n.real(.1f))));
  }

  /** The number of rows. */
  static Operand<TInt32> first(RowNet n, Operand<?> x) {
    return at(n, n.op("Shape", x), 0);
  }

  static Operand<TInt32> at(RowNet n, Operand<?> sizes, int index) {
    return n.attr("shrink_axis_mask", 1)
        .op("StridedSlice", sizes, n.ints(index), n.ints(index + 1), n.ints(1));
  }

  /** A shape [−1, T, 2] with T of another input. */
  static Operand<TInt32> at(RowNet n, RowNet same) {
    Operand<?> time = at(n, n.op("Shape", same.input(-1, 4)), 1);
    return pack(n, n.number(-1), time, n.number(2));
  }

  static Operand<TInt32> pack(RowNet n, Operand<?>... sizes) {
    return n.op("Pack", List.of(sizes));
  }

  static Operand<?> slice(
      RowNet n, Operand<?> x, int begin, int end, int shrink, Operand<?> from, Operand<?> to) {
    int size = (int) from.shape().get(0);
    return n.attr("begin_mask", begin)
        .attr("end_mask", end)
        .attr("shrink_axis_mask", shrink)
        .op("StridedSlice", x, from, to, size == 1 ? n.ints(1) : n.ints(1, 1));
  }

  static Operand<?> tensordot(RowNet n) {
    return tensordot(n, n.input(-1, 4));
  }

  /** A dense layer on the last axis, as Keras writes it. */
  static Operand<?> tensordot(RowNet n, Operand<?> x) {
    Operand<?> shape = n.op("Shape", x);
    Operand<?> free = n.op("GatherV2", shape, n.ints(0, 1), n.number(0));
    Operand<?> rows = n.op("Prod", free, n.ints(0));
    Operand<?> axes = n.op("GatherV2", shape, n.ints(2), n.number(0));
    Operand<?> columns = n.op("Prod", axes, n.ints(0));
    Operand<?> order = n.op("ConcatV2", List.of(n.ints(0, 1), n.ints(2)), n.number(0));
    Operand<?> turned = n.op("Transpose", x, order);
    Operand<?> product = dense(n, n.op("Reshape", turned, pack(n, rows, columns)));
    return n.op("Reshape", product, n.op("ConcatV2", List.of(free, n.ints(3)), n.number(0)));
  }
}
