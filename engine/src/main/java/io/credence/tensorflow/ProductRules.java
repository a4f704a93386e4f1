package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Matrix products, convolutions and other ops on pictures. */
final class ProductRules {

  /** Ops on pictures, their batch along axis 0, whose other operands are weights or sizes. */
  private static final List<String> PICTURES =
      List.of(
          "AvgPool",
          "AvgPool3D",
          "Conv2D",
          "Conv3D",
          "DepthToSpace",
          "DepthwiseConv2dNative",
          "LRN",
          "MaxPool",
          "MaxPool3D",
          "MaxPoolV2",
          "ResizeArea",
          "ResizeBicubic",
          "ResizeBilinear",
          "ResizeNearestNeighbor",
          "SpaceToDepth");

  private ProductRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    rules.put("MatMul", ProductRules::matMul);
    rules.put("BatchMatMul", node -> batchMatMul(node, false));
    rules.put("BatchMatMulV2", node -> batchMatMul(node, true));
    rules.put("BatchMatMulV3", node -> batchMatMul(node, true));
    rules.put("Einsum", EinsumRule::apply);
    PICTURES.forEach(op -> rules.put(op, ProductRules::picture));
    for (String op : List.of("Conv2DBackpropInput", "Conv3DBackpropInputV2")) {
      rules.put(op, ProductRules::transposedConvolution);
    }
  }

  private static Layout matMul(FlowNode node) {
    Optional<Rows> a = node.rows(0);
    Optional<Rows> b = node.rows(1);
    if (a.isPresent() == b.isPresent() || !node.isSame(a.isPresent() ? 1 : 0)) {
      return node.mixed("multiplies matrices that both depend on the batch");
    }
    boolean left = a.isPresent();
    int axis = a.or(() -> b).orElseThrow().axis();
    int kept = left == node.flag(left ? "transpose_a" : "transpose_b") ? 1 : 0;
    return axis == kept
        ? a.or(() -> b).orElseThrow().at(left ? 0 : 1)
        : node.mixed("sums over the batch");
  }

  private static Layout batchMatMul(FlowNode node, boolean broadcasts) {
    if (node.rank(0) < 2 || node.rank(1) < 2) {
      return node.mixed("multiplies matrices of unknown rank");
    }
    Optional<Rows> x = node.rows(0);
    Optional<Rows> y = node.rows(1);
    boolean stackX = x.isPresent() && node.rank(0) - x.get().axis() > 2;
    boolean stackY = y.isPresent() && node.rank(1) - y.get().axis() > 2;
    boolean fits = (stackX || node.isSame(0)) && (stackY || node.isSame(1));
    if (fits && (broadcasts || (stackX && stackY))) {
      return Broadcast.all(node);
    }
    int rank = Math.max(node.rank(0), node.rank(1));
    if (x.isPresent() && node.isSame(1)) {
      int kept = node.rank(0) - (node.flag("adj_x") ? 1 : 2);
      return x.get().axis() == kept ? x.get().at(rank - 2) : node.mixed("sums over the batch");
    }
    if (y.isPresent() && node.isSame(0)) {
      int kept = node.rank(1) - (node.flag("adj_y") ? 2 : 1);
      return y.get().axis() == kept ? y.get().at(rank - 1) : node.mixed("sums over the batch");
    }
    return node.mixed("multiplies matrices whose rows lie otherwise");
  }

  private static Layout picture(FlowNode node) {
    if (node.rows(0).isEmpty() || !node.sameFrom(1)) {
      return node.mixed("has weights or sizes that depend on the batch");
    }
    boolean single =
        List.of("ksize", "strides", "dilations").stream()
            .map(node::numbers)
            .allMatch(each -> each.isEmpty() || each.get(0) == 1);
    return single && node.rows(0).get().axis() == 0
        ? node.rows(0).get()
        : node.mixed("works along the batch");
  }

  private static Layout transposedConvolution(FlowNode node) {
    Optional<List<Extent>> sizes = node.extents(0);
    Optional<Rows> rows = node.rows(2);
    if (rows.isEmpty() || rows.get().axis() != 0 || !node.isSame(1)) {
      return node.mixed("has weights or sizes that depend on the batch");
    }
    if (sizes.isEmpty() || sizes.get().isEmpty() || !sizes.get().get(0).scaled()) {
      return node.mixed("gives rows a fixed shape: its shape bakes the batch in");
    }
    OptionalLong each = sizes.get().get(0).factor();
    boolean others = sizes.get().stream().skip(1).noneMatch(Extent::scaled);
    return others && Broadcast.each(rows.get(), new Rows(0, each)).isPresent()
        ? rows.get()
        : node.mixed("has a picture size that grows with the batch");
  }
}
