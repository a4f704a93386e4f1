package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.tensorflow.ndarray.Shape;

/** Ops that give elements another shape, or fill a shape. */
final class ShapeRules {

  /** Ops whose first operand is the shape of a tensor that is drawn or filled. */
  private static final Set<String> FILLED =
      Set.of(
          "Fill",
          "RandomStandardNormal",
          "RandomUniform",
          "RandomUniformInt",
          "StatelessRandomNormal",
          "StatelessRandomNormalV2",
          "StatelessRandomUniform",
          "StatelessRandomUniformFullInt",
          "StatelessRandomUniformFullIntV2",
          "StatelessRandomUniformInt",
          "StatelessRandomUniformIntV2",
          "StatelessRandomUniformV2",
          "StatelessTruncatedNormal",
          "StatelessTruncatedNormalV2",
          "TruncatedNormal");

  private ShapeRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    FILLED.forEach(op -> rules.put(op, ShapeRules::filled));
    rules.put("Reshape", ShapeRules::reshape);
    rules.put("BroadcastTo", ShapeRules::broadcastTo);
    rules.put("Range", node -> node.mixed("counts the rows"));
    rules.put("ExpandDims", ShapeRules::expandDims);
    rules.put("Squeeze", ShapeRules::squeeze);
    rules.put("Transpose", ShapeRules::transpose);
    rules.put("Tile", ShapeRules::tile);
  }

  private static Layout filled(FlowNode node) {
    return node.sameFrom(1)
        ? SizeRules.filled(node, 0)
        : node.mixed("is filled with what depends on the rows");
  }

  /**
   * The shape of an output that the sizes tell better than TensorFlow does, which follows them
   * through fewer ops.
   */
  static Optional<Shape> refined(FlowNode node) {
    boolean second = node.op().equals("Reshape") || node.op().equals("BroadcastTo");
    if (!second && !FILLED.contains(node.op())) {
      return Optional.empty();
    }
    Optional<List<Extent>> extents = node.extents(second ? 1 : 0);
    if (extents.isEmpty()) {
      return Optional.empty();
    }
    long[] sizes =
        extents.get().stream().mapToLong(e -> Math.max(-1, e.value().orElse(-1))).toArray();
    Shape inferred = node.output(0);
    boolean finer = inferred.isUnknown();
    if (!finer && inferred.numDimensions() != sizes.length) {
      return Optional.empty();
    }
    for (int i = 0; i < sizes.length && !inferred.isUnknown(); i++) {
      finer = finer || (sizes[i] >= 0 && inferred.get(i) < 0);
      sizes[i] = Math.max(sizes[i], inferred.get(i));
    }
    return finer ? Optional.of(Shape.of(sizes)) : Optional.empty();
  }

  /** Rows stay apart if what stands before the batch stays, and a row's entries fill whole rows. */
  private static Layout reshape(FlowNode node) {
    Optional<List<Extent>> target = node.extents(1);
    if (node.rows(0).isEmpty()) {
      return node.mixed("gives what does not grow with the batch a shape that does");
    }
    Rows rows = node.rows(0).get();
    int axis = rows.axis();
    if (target.isEmpty() || node.rank(0) < 0) {
      return node.mixed("has a shape that is not known");
    }
    List<Extent> sizes = target.get();
    for (int i = 0; i < axis; i++) {
      long size = node.shape(0).get(i);
      if (i >= sizes.size() || size < 0 || !sizes.get(i).is(size)) {
        return node.mixed("reshapes what stands before the batch");
      }
    }
    if (axis >= sizes.size()) {
      return node.mixed("has a shape without the batch");
    }
    long scaled = sizes.stream().filter(Extent::scaled).count();
    if (sizes.get(axis).scaled()) {
      return scaled == 1
          ? new Rows(axis, sizes.get(axis).factor())
          : node.mixed("has a shape that grows with the batch twice");
    }
    return scaled > 0 || !sizes.get(axis).is(-1)
        ? node.mixed("gives rows a fixed shape: its shape bakes the batch in")
        : inferredRows(node, rows, sizes.subList(axis + 1, sizes.size()));
  }

  /**
   * The −1 of a shape takes whole rows if a row's entries fill the rest a whole number of times.
   */
  private static Layout inferredRows(FlowNode node, Rows rows, List<Extent> rest) {
    OptionalLong filled =
        SizeRules.productOf(rest).map(Extent::factor).orElse(OptionalLong.empty());
    boolean negative = rest.stream().anyMatch(e -> e.factor().orElse(-1) < 0);
    if (filled.isEmpty() || negative || filled.getAsLong() == 0) {
      return node.mixed("has a shape of which too little is known to tell the rows");
    }
    OptionalLong whole = rows.each();
    long known = rows.each().orElse(1);
    for (int i = rows.axis() + 1; i < node.rank(0); i++) {
      long size = node.shape(0).get(i);
      whole = size < 0 ? OptionalLong.empty() : SizeRules.times(whole, OptionalLong.of(size));
      known = size <= 0 ? known : times(known, size);
    }
    if (known % filled.getAsLong() != 0) {
      return node.mixed("may put entries of several rows into one");
    }
    OptionalLong each =
        whole.isPresent()
            ? OptionalLong.of(whole.getAsLong() / filled.getAsLong())
            : OptionalLong.empty();
    return new Rows(rows.axis(), each);
  }

  /** The product; where it is absurdly large, a divisor of it, which proves as much. */
  private static long times(long a, long b) {
    return SizeRules.times(OptionalLong.of(a), OptionalLong.of(b)).orElse(a);
  }

  private static Layout broadcastTo(FlowNode node) {
    Layout filled = SizeRules.filled(node, 1);
    Optional<List<Extent>> target = node.extents(1);
    if (!(filled instanceof Rows rows) || target.isEmpty()) {
      return filled instanceof Layout.Mixed
          ? filled
          : node.mixed("gives rows a fixed shape: its shape bakes the batch in");
    }
    int fromRight = target.get().size() - rows.axis();
    if (node.rows(0).isEmpty()) {
      return node.isSame(0) && Broadcast.isOne(node.shape(0), fromRight)
          ? rows
          : node.mixed("repeats what does not grow with the batch along it");
    }
    Rows from = node.rows(0).get();
    Optional<OptionalLong> each = Broadcast.each(from, rows);
    return node.rank(0) - from.axis() == fromRight && node.rank(0) > 0 && each.isPresent()
        ? new Rows(rows.axis(), each.get())
        : node.mixed("repeats rows along the batch");
  }

  private static Layout expandDims(FlowNode node) {
    int rank = node.rank(0) < 0 ? -1 : node.rank(0) + 1;
    OptionalInt axis = node.axis(1, rank);
    if (node.rows(0).isEmpty() || axis.isEmpty()) {
      return node.mixed("adds a dimension, where is not known");
    }
    Rows rows = node.rows(0).get();
    return axis.getAsInt() <= rows.axis() ? rows.at(rows.axis() + 1) : rows;
  }

  private static Layout squeeze(FlowNode node) {
    Optional<List<Integer>> axes = FlowNode.axes(node.numbers("squeeze_dims"), node.rank(0));
    if (node.rows(0).isEmpty() || axes.isEmpty()) {
      return node.mixed("drops dimensions, which ones is not known");
    }
    Rows rows = node.rows(0).get();
    if (axes.get().isEmpty() || axes.get().contains(rows.axis())) {
      return node.mixed("drops the batch where there is one row");
    }
    return rows.at(
        rows.axis() - (int) axes.get().stream().distinct().filter(a -> a < rows.axis()).count());
  }

  private static Layout transpose(FlowNode node) {
    Optional<List<Integer>> order =
        node.constants(1).flatMap(axes -> FlowNode.axes(axes, axes.size()));
    if (node.rows(0).isEmpty() || order.isEmpty()) {
      return node.mixed("permutes dimensions in an order that is not known");
    }
    Rows rows = node.rows(0).get();
    int axis = order.get().indexOf(rows.axis());
    return axis < 0 ? node.mixed("permutes dimensions without the batch") : rows.at(axis);
  }

  private static Layout tile(FlowNode node) {
    Optional<List<Extent>> multiples = node.extents(1);
    if (multiples.isEmpty()) {
      return node.mixed("repeats how often is not known");
    }
    List<Integer> scaled = new ArrayList<>();
    for (int i = 0; i < multiples.get().size(); i++) {
      if (multiples.get().get(i).scaled()) {
        scaled.add(i);
      }
    }
    Optional<Rows> rows = node.rows(0);
    if (rows.isPresent()) {
      int axis = rows.get().axis();
      return scaled.isEmpty() && axis < multiples.get().size() && multiples.get().get(axis).is(1)
          ? rows.get()
          : node.mixed("repeats the batch");
    }
    if (!node.isSame(0) || scaled.size() != 1 || node.rank(0) < 0) {
      return node.mixed("repeats along the batch what is not the same for every row");
    }
    int axis = scaled.get(0);
    long size = axis < node.rank(0) ? node.shape(0).get(axis) : -1;
    OptionalLong each =
        size < 0
            ? OptionalLong.empty()
            : SizeRules.times(multiples.get().get(axis).factor(), OptionalLong.of(size));
    return new Rows(axis, each);
  }
}
