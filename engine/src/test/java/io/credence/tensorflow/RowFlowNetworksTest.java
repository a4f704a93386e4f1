package io.credence.tensorflow;

import static io.credence.tensorflow.NetParts.at;
import static io.credence.tensorflow.NetParts.dense;
import static io.credence.tensorflow.NetParts.einsum;
import static io.credence.tensorflow.NetParts.first;
import static io.credence.tensorflow.NetParts.pack;
import static io.credence.tensorflow.NetParts.slice;
import static io.credence.tensorflow.NetParts.tensordot;
import static io.credence.tensorflow.NetParts.twice;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.tensorflow.Layout.Mixed;
import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TInt32;

/**
 * Small networks that treat rows one by one, or mix them, by construction. Every tensor of both is
 * also run and held against its layout.
 */
class RowFlowNetworksTest {

  private static Arguments rows(int axis, String name, Function<RowNet, Operand<?>> network) {
    return Arguments.of(axis, Named.of(name, network));
  }

  private static Arguments rows(String name, Function<RowNet, Operand<?>> network) {
    return rows(0, name, network);
  }

  static Stream<Arguments> rowWise() {
    return Stream.of(products(), shapes(), sizes(), pictures(), lookups(), axes())
        .flatMap(each -> each);
  }

  private static Stream<Arguments> products() {
    return Stream.of(
        rows("dense", n -> n.op("Relu", n.op("BiasAdd", dense(n, n.x()), n.weights(3)))),
        rows("two dense", n -> n.op("Softmax", n.op("MatMul", dense(n, n.x()), n.weights(3, 2)))),
        rows(
            "transposed dense",
            n -> n.attr("transpose_b", true).op("MatMul", n.x(), n.weights(3, 4))),
        rows(
            1,
            "features first",
            n -> n.attr("transpose_b", true).op("MatMul", n.weights(3, 4), n.x())),
        rows(
            "features first and back",
            n -> {
              Operand<?> turned = n.op("Transpose", n.x(), n.ints(1, 0));
              return n.attr("transpose_a", true).op("MatMul", turned, n.weights(4, 2));
            }),
        rows(
            "attention scores",
            n -> {
              Operand<?> x = n.input(5, 4);
              Operand<?> scores = n.attr("adj_y", true).op("BatchMatMulV2", x, x);
              return n.op("BatchMatMulV2", n.op("Softmax", scores), x);
            }),
        rows(
            "batch product with weights",
            n -> n.op("BatchMatMulV2", n.input(5, 4), n.weights(4, 3))),
        rows(
            1,
            "weights of heads",
            n -> n.op("BatchMatMulV2", n.weights(2, 1, 4, 4), n.input(4, 3))),
        rows(
            "einsum attention",
            n -> {
              Operand<?> q = einsum(n, "abc,cde->abde", n.input(5, 4), n.weights(4, 2, 3));
              Operand<?> scores = einsum(n, "aecd,abcd->acbe", q, q);
              return einsum(n, "acbe,aecd->abcd", n.op("Softmax", scores), q);
            }),
        rows("einsum dots", n -> einsum(n, "...x,xy->...y", n.input(5, 4), n.weights(4, 2))),
        rows(1, "einsum turned", n -> einsum(n, "bi,ij->jb", n.x(), n.weights(4, 2))),
        rows("norm by moments", NetParts::layerNorm),
        rows("add to itself", n -> twice(n, n.x())),
        rows("weights of one row", n -> n.op("Mul", n.x(), n.weights(1, 4))),
        rows(1, "weights of more dimensions", n -> n.op("Mul", n.x(), n.weights(2, 1, 4))),
        rows(
            "select by row",
            n -> {
              Operand<?> x = n.x();
              return n.op("SelectV2", n.op("Greater", x, n.real(0)), x, n.weights(4));
            }),
        rows(
            "select, the first",
            n -> {
              Operand<?> x = n.x();
              Operand<?> sum = n.op("Sum", x, n.number(1));
              return n.op("Select", n.op("Greater", sum, n.real(0)), x, n.op("Neg", x));
            }));
  }

  private static Stream<Arguments> shapes() {
    return Stream.of(
        rows("flatten", n -> n.op("Reshape", n.input(5, 4), n.ints(-1, 20))),
        rows(
            "flatten to a vector and back",
            n -> n.op("Reshape", n.op("Reshape", n.x(), n.ints(-1)), n.ints(-1, 4))),
        rows(
            "merge time and part it",
            n -> {
              Operand<?> x = n.input(5, 4);
              Operand<?> merged = dense(n, n.op("Reshape", x, n.ints(-1, 4)));
              return n.op("Reshape", merged, n.ints(-1, 5, 3));
            }),
        rows("unknown time, by its shape", NetParts::tensordot),
        rows(
            "tensordot, then flatten",
            n -> n.op("Reshape", tensordot(n, n.input(5, 4)), n.ints(-1, 15))),
        rows(
            "reshape with the rest open",
            n -> {
              Operand<?> x = n.input(5, 4);
              return n.op("Reshape", x, pack(n, first(n, x), n.number(-1)));
            }),
        rows(
            1,
            "reshape behind the batch",
            n ->
                n.op(
                    "Reshape",
                    n.op("Transpose", n.input(3, 4), n.ints(1, 0, 2)),
                    n.ints(3, -1, 2, 2))),
        rows(1, "time first", n -> n.op("Transpose", n.input(5, 4), n.ints(1, 0, 2))),
        rows("last step", n -> slice(n, n.input(5, 4), 1, 1, 2, n.ints(0, -1), n.ints(0, 0))),
        rows(
            "last of all steps, by dots",
            n -> {
              return n.attr("ellipsis_mask", 1)
                  .attr("shrink_axis_mask", 2)
                  .op("StridedSlice", n.input(5, 4), n.ints(0, -1), n.ints(0, 0), n.ints(1, 1));
            }),
        rows(
            1,
            "new axis in front",
            n -> {
              return n.attr("new_axis_mask", 1)
                  .op("StridedSlice", n.x(), n.ints(0), n.ints(0), n.ints(1));
            }),
        rows("slice of features", n -> n.op("Slice", n.x(), n.ints(0, 1), n.ints(-1, 2))),
        rows(
            "add and drop a dimension",
            n -> {
              Operand<?> wide = n.op("ExpandDims", n.x(), n.number(1));
              return n.attr("squeeze_dims", new long[] {1}).op("Squeeze", wide);
            }),
        rows(1, "add a dimension in front", n -> n.op("ExpandDims", n.x(), n.number(0))),
        rows("tile features", n -> n.op("Tile", n.x(), n.ints(1, 3))),
        rows(
            "pad features", n -> n.op("Pad", n.x(), n.tf().constant(new int[][] {{0, 0}, {1, 2}}))),
        rows(
            "broadcast",
            n -> {
              Operand<?> x = n.x();
              Operand<?> mean = n.attr("keep_dims", true).op("Mean", x, n.ints(1));
              return n.op("BroadcastTo", mean, n.op("Shape", x));
            }));
  }

  private static Stream<Arguments> sizes() {
    return Stream.of(
        rows(
            "zeros for the batch",
            n -> n.op("Fill", pack(n, first(n, n.x()), n.number(6)), n.real(0))),
        rows(
            "ones like",
            n -> {
              Operand<?> x = n.x();
              return n.op("Mul", x, n.op("OnesLike", x));
            }),
        rows(
            "token for every row",
            n -> n.op("Tile", n.weights(1, 3), pack(n, first(n, n.x()), n.number(1)))),
        rows(
            "token broadcast to rows",
            n -> {
              Operand<?> x = n.input(5, 3);
              return n.op(
                  "BroadcastTo",
                  n.weights(1, 1, 3),
                  pack(n, first(n, x), n.number(1), n.number(3)));
            }),
        rows(
            "twice the batch, then parted",
            n -> {
              Operand<?> x = n.input(6);
              Operand<?> half = pack(n, n.op("Mul", first(n, x), n.number(2)), n.number(3));
              return n.op("Reshape", n.op("Reshape", x, half), n.ints(-1, 6));
            }),
        rows(
            "share of features",
            n -> {
              Operand<?> x = n.x();
              Operand<?> features = at(n, n.op("Shape", x), 1);
              Operand<?> count = n.attr("DstT", DataType.DT_FLOAT).op("Cast", features);
              return n.op("RealDiv", x, count);
            }),
        rows(
            "whole batch by its size",
            n -> {
              Operand<?> x = n.x();
              return n.op("Slice", x, n.ints(0, 1), pack(n, first(n, x), n.number(2)));
            }),
        rows(
            "unpacked shape",
            n -> {
              Operand<?> x = n.input(5, 4);
              Operand<TInt32> rows = n.attr("num", 3).output(0, "Unpack", n.op("Shape", x));
              return n.op(
                  "Reshape", x, n.op("ConcatV2", List.of(pack(n, rows), n.ints(20)), n.number(0)));
            }));
  }

  private static Stream<Arguments> pictures() {
    long[] ones = {1, 1, 1, 1};
    long[] twos = {1, 2, 2, 1};
    return Stream.of(
        rows(
            "convolution and pool",
            n -> {
              Operand<?> seen =
                  n.attr("strides", ones)
                      .attr("padding", "SAME")
                      .op("Conv2D", n.input(4, 4, 2), n.weights(3, 3, 2, 5));
              Operand<?> pool =
                  n.attr("ksize", twos)
                      .attr("strides", twos)
                      .attr("padding", "VALID")
                      .op("MaxPool", seen);
              return n.op("Reshape", pool, n.ints(-1, 20));
            }),
        rows(
            "depthwise and norm",
            n -> {
              Operand<?> seen =
                  n.attr("strides", ones)
                      .attr("padding", "SAME")
                      .op("DepthwiseConv2dNative", n.input(4, 4, 2), n.weights(3, 3, 2, 1));
              Operand<?> spread = n.op("Square", n.weights(2));
              return n.attr("is_training", false)
                  .op("FusedBatchNormV3", seen, n.weights(2), n.weights(2), n.weights(2), spread);
            }),
        rows(
            "transposed convolution",
            n -> {
              Operand<?> x = n.input(2, 2, 3);
              Operand<?> size = pack(n, first(n, x), n.number(4), n.number(4), n.number(2));
              return n.attr("strides", twos)
                  .attr("padding", "SAME")
                  .op("Conv2DBackpropInput", size, n.weights(3, 3, 2, 3), x);
            }),
        rows("resize", n -> n.op("ResizeBilinear", n.input(2, 2, 3), n.ints(4, 4))));
  }

  private static Stream<Arguments> lookups() {
    return Stream.of(
        rows("embedding", n -> n.op("GatherV2", n.weights(4, 3), n.ids(5), n.number(0))),
        rows("feature by place", n -> n.op("GatherV2", n.x(), n.ints(2, 0), n.number(1))),
        rows(
            2,
            "embedding along axis 1",
            n ->
                n.op(
                    "GatherV2",
                    n.weights(2, 4),
                    n.op("Transpose", n.ids(5), n.ints(1, 0)),
                    n.number(1))),
        rows(
            "own feature",
            n -> {
              return n.attr("batch_dims", 1).op("GatherV2", n.x(), n.ids(2), n.number(1));
            }),
        rows("one-hot", n -> n.op("OneHot", n.ids(5), n.number(4), n.real(1), n.real(0))),
        rows(
            1,
            "one-hot in front",
            n -> n.attr("axis", 0).op("OneHot", n.ids(), n.number(4), n.real(1), n.real(0))),
        rows(
            "sparse and back",
            n -> {
              Operand<?> x = n.x();
              Operand<?> places = n.op("Where", n.op("Greater", x, n.real(0)));
              Operand<?> picked = n.op("Exp", n.op("GatherNd", x, places));
              Operand<?> shape = n.attr("out_type", DataType.DT_INT64).op("Shape", x);
              return n.op("SparseToDense", places, shape, picked, n.tf().constant(-1f));
            }));
  }

  private static Stream<Arguments> axes() {
    return Stream.of(
        rows("sum of features", n -> n.op("Sum", n.input(5, 4), n.ints(-1, 1))),
        rows(
            "mean over time, time first",
            n -> n.op("Mean", n.op("Transpose", n.input(5, 4), n.ints(1, 0, 2)), n.number(0))),
        rows("class", n -> n.op("ArgMax", n.x(), n.number(-1))),
        rows("running sum", n -> n.op("Cumsum", n.x(), n.number(1))),
        rows("backwards", n -> n.op("ReverseV2", n.input(5, 4), n.ints(1))),
        rows(
            "backwards by length",
            n -> {
              return n.attr("seq_dim", 1).op("ReverseSequence", n.input(5, 4), n.ids());
            }),
        rows("best two", n -> n.op("TopKV2", n.x(), n.number(2))),
        rows(
            "joined features",
            n -> {
              Operand<?> x = n.x();
              return n.op("ConcatV2", List.of(x, dense(n, x)), n.number(-1));
            }),
        rows(
            1,
            "stacked in front",
            n -> {
              Operand<?> x = n.x();
              return n.op("Pack", List.of(x, x));
            }),
        rows(
            "stacked behind",
            n -> {
              Operand<?> x = n.x();
              return n.attr("axis", 1).op("Pack", List.of(x, x));
            }),
        rows(
            "a step of many",
            n -> n.attr("num", 5).attr("axis", 1).output(3, "Unpack", n.input(5, 4))),
        rows("halves", n -> n.attr("num_split", 2).output(1, "Split", n.number(1), n.x())),
        rows(
            "parts",
            n -> n.attr("num_split", 2).output(1, "SplitV", n.x(), n.ints(1, 3), n.number(1))),
        rows(
            "list of steps",
            n -> {
              Operand<?> turned = n.op("Transpose", n.input(5, 4), n.ints(1, 0, 2));
              Operand<?> list = n.op("TensorListFromTensor", turned, n.ints(-1, 4));
              return n.attr("element_dtype", DataType.DT_FLOAT)
                  .op("TensorListGetItem", list, n.number(2), n.ints(-1, 4));
            }));
  }

  @ParameterizedTest
  @MethodSource("rowWise")
  void of_networkThatTreatsRowsOneByOne_isRows(int axis, Function<RowNet, Operand<?>> network) {
    try (RowNet net = new RowNet()) {
      Operand<?> output = network.apply(net);
      RowFlow flow = net.flow(output);
      Layout layout = flow.of(RowNet.port(output));
      assertEquals(axis, assertInstanceOf(Rows.class, layout, layout::toString).axis());
      verify(net, flow);
    }
  }

  @ParameterizedTest
  @MethodSource("io.credence.tensorflow.MixingNetworks#all")
  void of_networkThatMixesRows_isMixed(String why, Function<RowNet, Operand<?>> network) {
    try (RowNet net = new RowNet()) {
      Operand<?> output = network.apply(net);
      RowFlow flow = net.flow(output);
      Layout layout = flow.of(RowNet.port(output));
      Mixed mixed = assertInstanceOf(Mixed.class, layout, layout::toString);
      assertTrue(mixed.why().matches("node \".*\" \\(\\w+\\) .*" + why + ".*"), mixed.why());
      verify(net, flow);
    }
  }

  private static void verify(RowNet net, RowFlow flow) {
    try (Session session = net.session()) {
      List<RowCheck.Batch> batches = net.batches(2, 3);
      try (RowCheck.Batch upper = batches.get(0);
          RowCheck.Batch lower = batches.get(1)) {
        RowCheck.verify(session, flow, upper, lower);
      }
    }
  }
}
