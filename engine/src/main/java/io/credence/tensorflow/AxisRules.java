package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Ops that work along some axes: reductions, joins, splits. The batch must not be among them. */
final class AxisRules {

  private static final List<String> REDUCTIONS =
      List.of("Sum", "Mean", "Max", "Min", "Prod", "All", "Any", "EuclideanNorm");

  private AxisRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    REDUCTIONS.forEach(op -> rules.put(op, AxisRules::reduce));
    for (String op : List.of("ArgMax", "ArgMin")) {
      rules.put(op, AxisRules::arg);
    }
    for (String op : List.of("Cumsum", "Cumprod", "CumulativeLogsumexp")) {
      rules.put(op, node -> along(node, node.axis(1, node.rank(0))));
    }
    for (String op : List.of("Softmax", "LogSoftmax", "TopK", "TopKV2")) {
      rules.put(op, node -> last(node, 1));
    }
    rules.put("MatrixBandPart", node -> last(node, 2));
    rules.put("ReverseV2", AxisRules::reverse);
    rules.put("ReverseSequence", AxisRules::reverseSequence);
    rules.put("ConcatV2", node -> concat(node, 0, node.count() - 1, node.count() - 1));
    rules.put("Concat", node -> concat(node, 1, node.count(), 0));
    rules.put("Pack", AxisRules::pack);
    rules.put("Unpack", AxisRules::unpack);
    rules.put("Split", node -> split(node, 1, 0));
    rules.put("SplitV", node -> split(node, 0, 2));
    for (String op : List.of("Pad", "PadV2", "MirrorPad")) {
      rules.put(op, AxisRules::pad);
    }
  }

  private static Layout reduce(FlowNode node) {
    Optional<List<Integer>> axes =
        node.constants(1).flatMap(each -> FlowNode.axes(each, node.rank(0)));
    if (node.rows(0).isEmpty() || axes.isEmpty()) {
      return node.mixed("reduces over axes that are not known");
    }
    Rows rows = node.rows(0).get();
    if (axes.get().contains(rows.axis())) {
      return node.mixed(verb(node.op()) + " over the batch");
    }
    long dropped = axes.get().stream().distinct().filter(axis -> axis < rows.axis()).count();
    return node.flag("keep_dims") ? rows : rows.at(rows.axis() - (int) dropped);
  }

  private static String verb(String op) {
    return switch (op) {
      case "Sum" -> "sums";
      case "Mean" -> "averages";
      default -> "reduces";
    };
  }

  private static Layout arg(FlowNode node) {
    OptionalInt axis = node.axis(1, node.rank(0));
    if (!(along(node, axis) instanceof Rows rows) || axis.isEmpty()) {
      return along(node, axis);
    }
    return axis.getAsInt() < rows.axis() ? rows.at(rows.axis() - 1) : rows;
  }

  /** Work along one axis, which stays. */
  private static Layout along(FlowNode node, OptionalInt axis) {
    if (node.rows(0).isEmpty() || axis.isEmpty() || !node.sameFrom(1)) {
      return node.mixed("works along an axis that is not known");
    }
    return axis.getAsInt() == node.rows(0).get().axis()
        ? node.mixed("works along the batch")
        : node.rows(0).get();
  }

  /** Work within the last dimensions. */
  private static Layout last(FlowNode node, int dimensions) {
    if (node.rows(0).isEmpty() || !node.sameFrom(1) || node.rank(0) < 0) {
      return node.mixed("works along axes that are not known");
    }
    return node.rows(0).get().axis() >= node.rank(0) - dimensions
        ? node.mixed("works along the batch")
        : node.rows(0).get();
  }

  private static Layout reverse(FlowNode node) {
    Optional<List<Integer>> axes =
        node.constants(1).flatMap(each -> FlowNode.axes(each, node.rank(0)));
    if (node.rows(0).isEmpty() || axes.isEmpty()) {
      return node.mixed("reverses axes that are not known");
    }
    return axes.get().contains(node.rows(0).get().axis())
        ? node.mixed("reverses the batch")
        : node.rows(0).get();
  }

  private static Layout reverseSequence(FlowNode node) {
    OptionalInt along = FlowNode.axis(node.attr("seq_dim").getI(), node.rank(0));
    OptionalInt batch = FlowNode.axis(node.attr("batch_dim").getI(), node.rank(0));
    if (node.rows(0).isEmpty() || along.isEmpty() || batch.isEmpty()) {
      return node.mixed("reverses an axis that is not known");
    }
    Rows rows = node.rows(0).get();
    boolean lengths =
        batch.getAsInt() == rows.axis()
            ? node.rows(1).filter(each -> Broadcast.each(each, rows).isPresent()).isPresent()
            : node.isSame(1);
    return lengths && along.getAsInt() != rows.axis()
        ? rows
        : node.mixed("reverses rows by something else than their own lengths");
  }

  private static Layout concat(FlowNode node, int from, int to, int axisOperand) {
    int rank = IntStream.range(from, to).map(node::rank).max().orElse(-1);
    OptionalInt axis = node.axis(axisOperand, rank);
    Layout joined = alike(node, from, to);
    if (!(joined instanceof Rows rows)) {
      return joined;
    }
    if (axis.isEmpty()) {
      return node.mixed("joins along an axis that is not known");
    }
    return axis.getAsInt() == rows.axis() ? node.mixed("joins along the batch") : rows;
  }

  /** The layout that operands of one rank share. */
  private static Layout alike(FlowNode node, int from, int to) {
    Optional<Rows> shared = Optional.empty();
    for (int i = from; i < to; i++) {
      Optional<Rows> rows = node.rows(i);
      if (rows.isEmpty()) {
        return node.isSame(i)
            ? node.mixed("joins rows with operand " + i + ", which does not grow with the batch")
            : Broadcast.refusal(node, i);
      }
      if (shared.isPresent()
          && (shared.get().axis() != rows.get().axis()
              || Broadcast.each(shared.get(), rows.get()).isEmpty())) {
        return node.mixed("joins tensors whose rows lie otherwise");
      }
      Rows before = shared.orElse(rows.get());
      shared = Broadcast.each(before, rows.get()).map(each -> new Rows(before.axis(), each));
    }
    return shared.isPresent() ? shared.get() : Layout.same();
  }

  private static Layout pack(FlowNode node) {
    int rank = node.rank(0) < 0 ? -1 : node.rank(0) + 1;
    OptionalInt axis = FlowNode.axis(node.attr("axis").getI(), rank);
    Layout joined = alike(node, 0, node.count());
    if (!(joined instanceof Rows rows)) {
      return joined;
    }
    if (axis.isEmpty()) {
      return node.mixed("stacks along an axis that is not known");
    }
    return axis.getAsInt() <= rows.axis() ? rows.at(rows.axis() + 1) : rows;
  }

  private static Layout unpack(FlowNode node) {
    OptionalInt axis = FlowNode.axis(node.attr("axis").getI(), node.rank(0));
    Layout layout = along(node, axis);
    return layout instanceof Rows rows && axis.getAsInt() < rows.axis()
        ? rows.at(rows.axis() - 1)
        : layout;
  }

  private static Layout split(FlowNode node, int value, int axisOperand) {
    OptionalInt axis = node.axis(axisOperand, node.rank(value));
    boolean same = IntStream.range(0, node.count()).allMatch(i -> i == value || node.isSame(i));
    if (node.rows(value).isEmpty() || axis.isEmpty() || !same) {
      return node.mixed("splits along an axis that is not known");
    }
    return axis.getAsInt() == node.rows(value).get().axis()
        ? node.mixed("splits the batch")
        : node.rows(value).get();
  }

  /** Paddings are pairs, before and after each dimension. */
  private static Layout pad(FlowNode node) {
    Optional<List<Long>> pads = Constants.integers(node.operands().get(1).source());
    if (node.rows(0).isEmpty() || !node.sameFrom(1) || pads.isEmpty()) {
      return node.mixed("pads by amounts that are not known");
    }
    int axis = node.rows(0).get().axis();
    boolean none =
        pads.get().size() > 2 * axis + 1
            && pads.get().get(2 * axis) == 0
            && pads.get().get(2 * axis + 1) == 0;
    return none ? node.rows(0).get() : node.mixed("pads the batch");
  }
}
