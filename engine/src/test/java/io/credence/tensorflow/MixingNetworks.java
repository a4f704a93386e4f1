package io.credence.tensorflow;

import static io.credence.tensorflow.NetParts.at;
import static io.credence.tensorflow.NetParts.einsum;
import static io.credence.tensorflow.NetParts.first;
import static io.credence.tensorflow.NetParts.pack;
import static io.credence.tensorflow.NetParts.slice;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Small networks that mix rows, by construction, each with what tells so. */
final class MixingNetworks {

  private MixingNetworks() {}

  private static Arguments mixed(String why, String name, Function<RowNet, Operand<?>> network) {
    return Arguments.of(why, Named.of(name, network));
  }

  static Stream<Arguments> all() {
    return Stream.of(mixingByPlace(), mixingByShape(), mixingBySize()).flatMap(each -> each);
  }

  private static Stream<Arguments> mixingByPlace() {
    return Stream.of(
        mixed("sums over the batch", "sum of rows", n -> n.op("Sum", n.x(), n.number(0))),
        mixed(
            "averages over the batch",
            "batch norm by hand",
            n -> {
              Operand<?> x = n.x();
              return n.op("Sub", x, n.op("Mean", x, n.ints(0)));
            }),
        mixed("reduces over the batch", "max of all", n -> n.op("Max", n.x(), n.ints(0, 1))),
        mixed(
            "sums over the batch",
            "gram matrix",
            n -> n.attr("transpose_a", true).op("MatMul", n.x(), n.weights(2, 4))),
        mixed(
            "both depend on the batch",
            "kernel matrix",
            n -> {
              Operand<?> x = n.x();
              return n.attr("transpose_b", true).op("MatMul", x, x);
            }),
        mixed(
            "another dimension",
            "distances",
            n -> {
              Operand<?> x = n.op("Sum", n.x(), n.number(1));
              return n.op("Sub", n.op("ExpandDims", x, n.number(1)), x);
            }),
        mixed("does not grow", "weights by place", n -> n.op("Add", n.x(), n.weights(3, 4))),
        mixed(
            "sums over the batch",
            "einsum over the batch",
            n -> einsum(n, "bi,ij->j", n.x(), n.weights(4, 2))),
        mixed(
            "does not grow",
            "einsum by place",
            n -> einsum(n, "bi,bj->bij", n.x(), n.weights(3, 2))),
        mixed(
            "another dimension",
            "einsum kernel",
            n -> {
              Operand<?> x = n.x();
              return einsum(n, "ai,bi->ab", x, x);
            }),
        mixed(
            "statistics of the batch",
            "batch norm in training",
            n ->
                n.op(
                    "FusedBatchNormV3",
                    n.input(4, 4, 2),
                    n.weights(2),
                    n.weights(2),
                    n.weights(0),
                    n.weights(0))),
        mixed(
            "along the batch",
            "softmax over rows",
            n -> n.op("Softmax", n.op("Transpose", n.x(), n.ints(1, 0)))),
        mixed("along the batch", "running sum of rows", n -> n.op("Cumsum", n.x(), n.number(0))),
        mixed("along the batch", "best row", n -> n.op("ArgMax", n.x(), n.number(0))),
        mixed("reverses the batch", "backwards", n -> n.op("ReverseV2", n.x(), n.ints(0))),
        mixed(
            "part of the batch", "first row", n -> slice(n, n.x(), 0, 0, 1, n.ints(0), n.ints(0))),
        mixed(
            "part of the batch",
            "rows from the second",
            n -> slice(n, n.x(), 0, 1, 0, n.ints(1), n.ints(0))),
        mixed(
            "part of the batch",
            "every other row",
            n ->
                n.attr("begin_mask", 1)
                    .attr("end_mask", 1)
                    .op("StridedSlice", n.x(), n.ints(0), n.ints(0), n.ints(2))),
        mixed(
            "part of the batch",
            "some rows, by dots",
            n -> {
              Operand<?> turned = n.op("Transpose", n.input(5, 4), n.ints(1, 0, 2));
              return n.attr("ellipsis_mask", 1)
                  .attr("shrink_axis_mask", 4)
                  .op("StridedSlice", turned, n.ints(0, 0, 1), n.ints(0, 1, 2), n.ints(1, 1, 1));
            }),
        mixed(
            "by their place",
            "select of rows",
            n -> {
              Operand<?> x = n.x();
              return n.op("Select", n.tf().constant(new boolean[] {true, false}), x, x);
            }),
        mixed(
            "bias along the batch",
            "bias by place",
            n -> n.op("BiasAdd", n.op("Transpose", n.x(), n.ints(1, 0)), n.weights(3))),
        mixed(
            "scalar where shapes do not fit",
            "lenient equality",
            n -> n.attr("incompatible_shape_error", false).op("Equal", n.x(), n.weights(3))),
        mixed(
            "part of the batch",
            "slice of rows",
            n -> n.op("Slice", n.x(), n.ints(1, 0), n.ints(-1, 4))),
        mixed(
            "along the batch",
            "joined rows",
            n -> {
              Operand<?> x = n.x();
              return n.op("ConcatV2", List.of(x, x), n.number(0));
            }),
        mixed(
            "pads the batch",
            "padded rows",
            n -> n.op("Pad", n.x(), n.tf().constant(new int[][] {{1, 0}, {0, 0}}))),
        mixed("repeats the batch", "tiled rows", n -> n.op("Tile", n.x(), n.ints(2, 1))),
        mixed("by place", "row by place", n -> n.op("GatherV2", n.x(), n.ints(0), n.number(0))),
        mixed(
            "what another asks for",
            "row by row",
            n -> n.op("GatherV2", n.x(), n.ids(2), n.number(0))),
        mixed(
            "other numbers of entries",
            "rows against steps",
            n -> {
              Operand<?> x = n.input(5, 4);
              Operand<?> steps = n.op("Reshape", x, n.ints(-1, 4));
              return n.op("Mul", steps, n.op("Sum", x, n.number(1)));
            }),
        mixed(
            "list of the rows",
            "rows as steps",
            n -> {
              Operand<?> list = n.op("TensorListFromTensor", n.x(), n.ints(4));
              return n.attr("element_dtype", DataType.DT_FLOAT)
                  .op("TensorListGetItem", list, n.number(0), n.ints(4));
            }),
        mixed("not known to treat rows", "unknown op", n -> n.op("L2Loss", n.x())));
  }

  private static Stream<Arguments> mixingByShape() {
    return Stream.of(
        mixed(
            "bakes the batch in",
            "fixed shape",
            n -> n.op("Reshape", n.input(5, 4), n.ints(6, -1))),
        mixed("bakes the batch in", "all of it fixed", n -> n.op("Reshape", n.x(), n.ints(2, 4))),
        mixed(
            "several rows into one", "two rows in one", n -> n.op("Reshape", n.x(), n.ints(-1, 8))),
        mixed("too little is known", "half open", n -> n.op("Reshape", n.input(-1, 4), at(n, n))),
        mixed(
            "before the batch",
            "time and rows merged",
            n -> n.op("Reshape", n.op("Transpose", n.input(5, 4), n.ints(1, 0, 2)), n.ints(-1, 4))),
        mixed("where there is one row", "squeeze of all", n -> n.op("Squeeze", n.input(1))),
        mixed(
            "where there is one row",
            "squeeze of the batch",
            n -> n.attr("squeeze_dims", new long[] {0}).op("Squeeze", n.x())),
        mixed(
            "however many rows",
            "ensured shape",
            n -> {
              return n.attr("shape", Shape.of(2, 4)).op("EnsureShape", n.x());
            }));
  }

  private static Stream<Arguments> mixingBySize() {
    return Stream.of(
        mixed(
            "number of rows",
            "divided by the batch",
            n -> {
              Operand<?> x = n.x();
              Operand<?> count = n.attr("DstT", DataType.DT_FLOAT).op("Cast", first(n, x));
              return n.op("RealDiv", x, count);
            }),
        mixed(
            "number of rows",
            "one more than the batch",
            n ->
                n.op(
                    "Fill",
                    pack(n, n.op("AddV2", first(n, n.x()), n.number(1)), n.number(2)),
                    n.real(1))),
        mixed(
            "counts the rows",
            "numbered rows",
            n -> n.op("Range", n.number(0), first(n, n.x()), n.number(1))),
        mixed(
            "two dimensions",
            "square of the batch",
            n -> {
              Operand<?> rows = first(n, n.x());
              return n.op("Fill", pack(n, rows, rows), n.real(1));
            }),
        mixed(
            "with itself",
            "number of pairs",
            n -> {
              Operand<?> rows = first(n, n.x());
              return n.op("Prod", pack(n, rows, rows), n.number(0));
            }));
  }
}
