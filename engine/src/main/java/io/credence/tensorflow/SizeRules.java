package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.Rows;
import io.credence.tensorflow.Layout.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;

/** Arithmetic with the sizes of tensors, from Shape to the tensor that is filled to a size. */
final class SizeRules {

  private static final int MAX_ELEMENTS = 256;

  private SizeRules() {}

  /** The layouts of the outputs of a node that computes sizes; empty if it does something else. */
  static Optional<List<Layout>> apply(FlowNode node) {
    return switch (node.op()) {
      case "ShapeN" ->
          Optional.of(IntStream.range(0, node.count()).mapToObj(i -> shape(node, i)).toList());
      case "Unpack" ->
          operand(node, 0)
              .filter(sizes -> !sizes.scalar() && sizes.elements().size() == node.outputs())
              .map(sizes -> sizes.elements().stream().<Layout>map(Sizes::scalar).toList());
      default -> single(node).map(node::all);
    };
  }

  private static Optional<Layout> single(FlowNode node) {
    return switch (node.op()) {
      case "Const" -> constant(node);
      case "Shape" -> Optional.of(shape(node, 0));
      case "Size" -> Optional.of(size(node));
      case "Rank" -> Optional.of(rank(node));
      case "Pack" -> pack(node);
      case "ConcatV2" -> concat(node, 0, node.count() - 1, node.count() - 1);
      case "Concat" -> concat(node, 1, node.count(), 0);
      case "Prod" -> product(node);
      case "Mul", "Add", "AddV2", "Sub" -> arithmetic(node);
      case "Cast" -> cast(node);
      case "Identity", "StopGradient", "EnsureShape", "Snapshot", "PreventGradient" ->
          operand(node, 0).map(sizes -> sizes);
      case "ExpandDims", "Reshape", "Squeeze" -> reshaped(node);
      case "StridedSlice" -> SliceRules.ofSizes(node);
      case "Slice" -> SliceRules.plainOfSizes(node);
      case "GatherV2", "Gather" -> gather(node);
      default -> Optional.empty();
    };
  }

  static Optional<Sizes> operand(FlowNode node, int operand) {
    return node.layout(operand) instanceof Sizes sizes ? Optional.of(sizes) : Optional.empty();
  }

  private static Optional<Layout> constant(FlowNode node) {
    int rank = node.output(0).numDimensions();
    return rank != 0 && rank != 1
        ? Optional.empty()
        : Constants.integers(node.def())
            .filter(values -> values.size() <= MAX_ELEMENTS)
            .map(values -> new Sizes(values.stream().map(Extent::fixed).toList(), rank == 0));
  }

  private static Layout shape(FlowNode node, int operand) {
    Shape shape = node.shape(operand);
    Optional<Rows> rows = node.rows(operand);
    if (rows.isEmpty() && !node.isSame(operand) && !(node.layout(operand) instanceof Sizes)) {
      return node.mixed("measures what is not known to lie in rows");
    }
    if (shape.isUnknown()) {
      return rows.isEmpty() ? Layout.same() : node.mixed("measures a tensor of unknown rank");
    }
    List<Extent> elements = new ArrayList<>();
    for (int i = 0; i < shape.numDimensions(); i++) {
      boolean batch = rows.isPresent() && rows.get().axis() == i;
      elements.add(batch ? Extent.scaled(rows.get().each()) : extent(shape.get(i)));
    }
    return Sizes.vector(elements);
  }

  private static Extent extent(long size) {
    return size < 0 ? Extent.UNKNOWN : Extent.fixed(size);
  }

  private static Layout size(FlowNode node) {
    return shape(node, 0) instanceof Sizes sizes
        ? productOf(sizes.elements())
            .<Layout>map(Sizes::scalar)
            .orElseGet(() -> node.mixed("measures what grows with the batch twice"))
        : shape(node, 0);
  }

  private static Layout rank(FlowNode node) {
    return node.shape(0).isUnknown() ? Layout.same() : Sizes.scalar(Extent.fixed(node.rank(0)));
  }

  /** The product; empty if more than one factor grows with the batch. */
  static Optional<Extent> productOf(List<Extent> factors) {
    boolean scaled = false;
    OptionalLong product = OptionalLong.of(1);
    for (Extent each : factors) {
      if (scaled && each.scaled()) {
        return Optional.empty();
      }
      scaled = scaled || each.scaled();
      product = times(product, each.factor());
    }
    return Optional.of(new Extent(scaled, product));
  }

  static OptionalLong times(OptionalLong a, OptionalLong b) {
    if (a.isEmpty() || b.isEmpty()) {
      return OptionalLong.empty();
    }
    long product = a.getAsLong() * b.getAsLong();
    boolean fits =
        Math.multiplyHigh(a.getAsLong(), b.getAsLong()) == product >> 63
            && Math.abs(product) <= Integer.MAX_VALUE;
    return fits ? OptionalLong.of(product) : OptionalLong.empty();
  }

  private static Optional<Layout> pack(FlowNode node) {
    List<Extent> elements = new ArrayList<>();
    for (int i = 0; i < node.count(); i++) {
      Optional<List<Extent>> each = node.extents(i).filter(e -> e.size() == 1);
      if (each.isEmpty() || !node.isScalar(i) || !isInteger(node.outputType(0))) {
        return Optional.empty();
      }
      elements.add(each.get().get(0));
    }
    return Optional.of(Sizes.vector(elements));
  }

  private static Optional<Layout> concat(FlowNode node, int from, int to, int axis) {
    if (node.axis(axis, 1).isEmpty() || !isInteger(node.outputType(0))) {
      return Optional.empty();
    }
    List<Extent> elements = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Optional<List<Extent>> each = node.extents(i);
      if (each.isEmpty() || node.isScalar(i)) {
        return Optional.empty();
      }
      elements.addAll(each.get());
    }
    return elements.size() > MAX_ELEMENTS ? Optional.empty() : Optional.of(Sizes.vector(elements));
  }

  private static boolean isInteger(DataType type) {
    return type == DataType.DT_INT32 || type == DataType.DT_INT64;
  }

  /** Over all of a vector; over no axis nothing happens. */
  private static Optional<Layout> product(FlowNode node) {
    Optional<Sizes> sizes = operand(node, 0);
    Optional<List<Long>> axes = node.constants(1);
    if (sizes.isEmpty() || axes.isEmpty()) {
      return Optional.empty();
    }
    if (sizes.get().scalar() || axes.get().isEmpty()) {
      return Optional.of(sizes.get());
    }
    boolean scalar = !node.flag("keep_dims");
    return Optional.of(
        productOf(sizes.get().elements())
            .<Layout>map(product -> new Sizes(List.of(product), scalar))
            .orElseGet(() -> node.mixed("multiplies the number of rows with itself")));
  }

  private static Optional<Layout> arithmetic(FlowNode node) {
    Optional<List<Extent>> left = node.extents(0);
    Optional<List<Extent>> right = node.extents(1);
    if (left.isEmpty() || right.isEmpty() || !isInteger(node.outputType(0))) {
      return Optional.empty();
    }
    int size = Math.max(left.get().size(), right.get().size());
    if (Math.min(left.get().size(), right.get().size()) != 1
        && left.get().size() != right.get().size()) {
      return Optional.empty();
    }
    List<Extent> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Extent a = left.get().get(left.get().size() == 1 ? 0 : i);
      Extent b = right.get().get(right.get().size() == 1 ? 0 : i);
      Optional<Extent> result = compute(node.op(), a, b);
      if (result.isEmpty()) {
        return Optional.of(node.mixed("computes with the number of rows"));
      }
      elements.add(result.get());
    }
    boolean scalar = node.isScalar(0) && node.isScalar(1);
    return Optional.of(new Sizes(List.copyOf(elements), scalar));
  }

  private static Optional<Extent> compute(String op, Extent a, Extent b) {
    if (op.equals("Mul")) {
      return productOf(List.of(a, b));
    }
    if (a.scaled() || b.scaled()) {
      return Optional.empty();
    }
    if (a.factor().isEmpty() || b.factor().isEmpty()) {
      return Optional.of(Extent.UNKNOWN);
    }
    long sign = op.equals("Sub") ? -1 : 1;
    long x = a.factor().getAsLong();
    long y = b.factor().getAsLong();
    boolean fits = Math.max(Math.abs(x), Math.abs(y)) < Integer.MAX_VALUE / 2;
    return Optional.of(fits ? Extent.fixed(x + sign * y) : Extent.UNKNOWN);
  }

  private static Optional<Layout> cast(FlowNode node) {
    Optional<Sizes> sizes = operand(node, 0);
    if (sizes.isEmpty() || isInteger(node.outputType(0))) {
      return sizes.map(s -> s);
    }
    return Optional.of(
        node.isSame(0) ? Layout.same() : node.mixed("computes with the number of rows"));
  }

  /** Between a scalar, a vector of one, and a vector. */
  private static Optional<Layout> reshaped(FlowNode node) {
    Optional<Sizes> sizes = operand(node, 0);
    int rank = node.output(0).numDimensions();
    return sizes.isEmpty() || rank < 0 || rank > 1
        ? Optional.empty()
        : Optional.of(new Sizes(sizes.get().elements(), rank == 0));
  }

  private static Optional<Layout> gather(FlowNode node) {
    Optional<Sizes> sizes = operand(node, 0).filter(s -> !s.scalar());
    Optional<List<Long>> indices = node.constants(1);
    if (sizes.isEmpty() || indices.isEmpty()) {
      return Optional.empty();
    }
    List<Extent> elements = new ArrayList<>();
    for (long index : indices.get()) {
      OptionalInt at = FlowNode.axis(index, sizes.get().elements().size());
      if (at.isEmpty() || index < 0) {
        return Optional.empty();
      }
      elements.add(sizes.get().elements().get(at.getAsInt()));
    }
    return Optional.of(new Sizes(List.copyOf(elements), node.isScalar(1)));
  }

  /**
   * The layout of a tensor filled to a size, where each element is drawn or set without regard to
   * its place.
   */
  static Layout filled(FlowNode node, int size) {
    Optional<List<Extent>> extents = node.extents(size);
    if (extents.isEmpty()) {
      return node.isSame(size) ? Layout.same() : node.mixed("has a shape that depends on the rows");
    }
    Layout layout = Layout.same();
    for (int i = 0; i < extents.get().size(); i++) {
      Extent each = extents.get().get(i);
      if (each.scaled() && layout instanceof Rows) {
        return node.mixed("has two dimensions that grow with the batch");
      }
      layout = each.scaled() ? new Rows(i, each.factor()) : layout;
    }
    return layout;
  }
}
