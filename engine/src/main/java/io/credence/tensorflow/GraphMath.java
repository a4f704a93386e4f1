package io.credence.tensorflow;

import static io.credence.tensorflow.NodeWriter.node;
import static io.credence.tensorflow.NodeWriter.number;
import static io.credence.tensorflow.NodeWriter.type;

import java.util.List;
import java.util.Locale;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Arithmetic written into a graph: each method adds nodes under one scope and returns where its
 * result stands. Sizes and shapes are int64 throughout.
 */
final class GraphMath {

  private static final DataType LONG = DataType.DT_INT64;

  private final NodeWriter graph;
  private final String scope;
  private int count;

  GraphMath(NodeWriter graph, String scope) {
    this.graph = graph;
    this.scope = scope;
  }

  String integer(long value) {
    return graph.constant(next("Const"), NodeWriter.integer(LONG, value));
  }

  String int32(int value) {
    return graph.constant(next("Const"), NodeWriter.integer(DataType.DT_INT32, value));
  }

  String real(double value, DataType to) {
    return cast(graph.constant(next("Const"), NodeWriter.real(value)), DataType.DT_DOUBLE, to);
  }

  /** One element of an int64 vector, a scalar. */
  String element(String vector, long index) {
    return strided(vector, index, index + 1, false);
  }

  /** All elements of an int64 vector from one on. */
  String from(String vector, long index) {
    return strided(vector, index, 0, true);
  }

  private String strided(String vector, long begin, long end, boolean rest) {
    NodeDef.Builder slice =
        begin(
                "StridedSlice",
                vector,
                constant(List.of(begin)),
                constant(List.of(end)),
                constant(List.of(1L)))
            .putAttr("T", type(LONG))
            .putAttr("Index", type(LONG));
    return graph.add(
        rest ? slice.putAttr("end_mask", number(1)) : slice.putAttr("shrink_axis_mask", number(1)));
  }

  /** A binary op on int64: Mul, AddV2, Sub, FloorDiv. */
  String integers(String op, String a, String b) {
    return binary(op, a, b, LONG);
  }

  String binary(String op, String a, String b, DataType of) {
    return graph.add(begin(op, a, b).putAttr("T", type(of)));
  }

  String unary(String op, String a, DataType of) {
    return graph.add(begin(op, a).putAttr("T", type(of)));
  }

  /** One of two integers: the first if it divides another, else the second. */
  String ifDivides(String divisor, String number, String otherwise) {
    String left = integers("FloorMod", number, divisor);
    String divides = graph.add(begin("Equal", left, integer(0)).putAttr("T", type(LONG)));
    return graph.add(begin("SelectV2", divides, divisor, otherwise).putAttr("T", type(LONG)));
  }

  /** The product of the elements of an int64 vector, a scalar. */
  String product(String vector) {
    return graph.add(
        begin("Prod", vector, constant(List.of(0L)))
            .putAttr("T", type(LONG))
            .putAttr("Tidx", type(LONG)));
  }

  /** Scalars as an int64 vector. */
  String pack(String... scalars) {
    return graph.add(
        begin("Pack", scalars).putAttr("T", type(LONG)).putAttr("N", number(scalars.length)));
  }

  /** Two int64 vectors, one after the other. */
  String concat(String first, String second) {
    return graph.add(
        begin("ConcatV2", first, second, integer(0))
            .putAttr("T", type(LONG))
            .putAttr("N", number(2))
            .putAttr("Tidx", type(LONG)));
  }

  String shape(String x, DataType of) {
    return graph.add(begin("Shape", x).putAttr("T", type(of)).putAttr("out_type", type(LONG)));
  }

  String reshape(String x, String shape, DataType of) {
    return graph.add(
        begin("Reshape", x, shape).putAttr("T", type(of)).putAttr("Tshape", type(LONG)));
  }

  String broadcast(String x, String shape, DataType of) {
    return graph.add(
        begin("BroadcastTo", x, shape).putAttr("T", type(of)).putAttr("Tidx", type(LONG)));
  }

  String transpose(String x, List<Long> order, DataType of) {
    return graph.add(
        begin("Transpose", x, constant(order)).putAttr("T", type(of)).putAttr("Tperm", type(LONG)));
  }

  /** Some elements of an int64 vector. */
  String gather(String vector, List<Long> indices) {
    return graph.add(
        begin("GatherV2", vector, constant(indices), integer(0))
            .putAttr("Tparams", type(LONG))
            .putAttr("Tindices", type(LONG))
            .putAttr("Taxis", type(LONG)));
  }

  String tile(String x, String multiples, DataType of) {
    return graph.add(
        begin("Tile", x, multiples).putAttr("T", type(of)).putAttr("Tmultiples", type(LONG)));
  }

  /** The first columns of a matrix. */
  String columns(String matrix, String count, DataType of) {
    return slice(matrix, List.of(integer(0), integer(0)), List.of(integer(-1), count), of);
  }

  /** A part of a tensor, from where it begins, of some size; −1 for all of a dimension. */
  String slice(String x, List<String> begin, List<String> size, DataType of) {
    return graph.add(
        begin("Slice", x, pack(begin.toArray(String[]::new)), pack(size.toArray(String[]::new)))
            .putAttr("T", type(of))
            .putAttr("Index", type(LONG)));
  }

  String cast(String x, DataType from, DataType to) {
    return from == to
        ? x
        : graph.add(begin("Cast", x).putAttr("SrcT", type(from)).putAttr("DstT", type(to)));
  }

  /** The same bits as unsigned integers. */
  String unsigned(String x) {
    return graph.add(
        begin("Bitcast", x).putAttr("T", type(LONG)).putAttr("type", type(DataType.DT_UINT64)));
  }

  /** An op that this class does not know. */
  NodeDef.Builder begin(String op, String... inputs) {
    return node(next(op), op, inputs);
  }

  String add(NodeDef.Builder node) {
    return graph.add(node);
  }

  /** An int64 vector of constants. */
  String constant(List<Long> values) {
    return graph.constant(next("Const"), NodeWriter.vector(values));
  }

  private String next(String op) {
    return scope + op.toLowerCase(Locale.ROOT) + "_" + count++;
  }
}
