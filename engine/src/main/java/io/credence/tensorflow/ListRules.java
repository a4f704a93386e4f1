package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Extent;
import io.credence.tensorflow.Layout.ListOf;
import io.credence.tensorflow.Layout.Rows;
import io.credence.tensorflow.Layout.Unset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * TensorLists, which hold the time steps of an RNN. Elements never written read as zeros, of the
 * shape that the list or the reader states, or else of the other elements' shape.
 */
final class ListRules {

  private ListRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    rules.put("EmptyTensorList", ListRules::create);
    rules.put("TensorListReserve", ListRules::create);
    rules.put("TensorListFromTensor", ListRules::fromTensor);
    rules.put("TensorListSetItem", node -> write(node, 2));
    rules.put("TensorListPushBack", node -> write(node, 1));
    rules.put("TensorListGetItem", node -> read(node, 2, 0));
    rules.put("TensorListStack", node -> read(node, 1, 1));
    rules.put(
        "TensorListLength",
        node -> node.layout(0) instanceof ListOf ? Layout.same() : node.mixed("measures no list"));
  }

  private static Layout create(FlowNode node) {
    if (!node.isSame(1)) {
      return node.mixed("makes a list whose length depends on the batch");
    }
    Optional<List<Extent>> shape = node.extents(0);
    if (shape.isEmpty()) {
      return node.mixed("makes a list of tensors of a shape that is not known");
    }
    // A shape that is left open is that of the elements to come; a full one is that of zeros.
    return shape.get().stream().anyMatch(each -> each.value().orElse(0) < 0)
        ? new ListOf(new Unset())
        : listOf(node, SizeRules.filled(node, 0));
  }

  private static Layout listOf(FlowNode node, Layout element) {
    return element instanceof Rows || element.isSame()
        ? new ListOf(element)
        : node.mixed("makes a list of tensors of a shape that is not known");
  }

  private static Layout fromTensor(FlowNode node) {
    if (node.isSame(0)) {
      return new ListOf(Layout.same());
    }
    if (node.rows(0).isEmpty()) {
      return node.mixed("makes a list of what is not known to lie in rows");
    }
    Rows rows = node.rows(0).get();
    return rows.axis() > 0
        ? new ListOf(rows.at(rows.axis() - 1))
        : node.mixed("makes a list of the rows");
  }

  private static Layout write(FlowNode node, int item) {
    boolean place = item == 1 || node.isSame(1);
    if (!(node.layout(0) instanceof ListOf list) || !place) {
      return node.mixed("writes to a list at a place that depends on the batch");
    }
    Layout value = node.layout(item);
    if (value.isSame()) {
      value = Layout.same();
    }
    Layout element =
        Layout.join(list.element(), value, node.mixed("writes what lies otherwise").why());
    return element instanceof Layout.Mixed ? element : listOf(node, element);
  }

  /** An element, or all of them along a new first axis. */
  private static Layout read(FlowNode node, int shapeOperand, int axes) {
    boolean place = axes == 1 || node.isSame(1);
    if (!(node.layout(0) instanceof ListOf list) || !place) {
      return node.mixed("reads a list at a place that depends on the batch");
    }
    if (list.element().isSame()) {
      return node.isSame(shapeOperand) ? Layout.same() : node.mixed("reads zeros for rows");
    }
    if (!(list.element() instanceof Rows rows)) {
      return node.mixed("reads a list that nothing was written to");
    }
    // Zeros for an element not written must be as many as there are rows.
    return grows(node, shapeOperand, rows)
        ? rows.at(rows.axis() + axes)
        : node.mixed("reads elements of a fixed shape: its shape bakes the batch in");
  }

  /** Whether a shape leaves the batch open, or states its size. */
  private static boolean grows(FlowNode node, int shapeOperand, Rows rows) {
    Optional<List<Extent>> shape = node.extents(shapeOperand);
    if (shape.isEmpty()) {
      return false;
    }
    if (node.isScalar(shapeOperand)) {
      return shape.get().get(0).is(-1);
    }
    long scaled = shape.get().stream().filter(Extent::scaled).count();
    return rows.axis() < shape.get().size()
        && (shape.get().get(rows.axis()).is(-1)
            || (scaled == 1 && shape.get().get(rows.axis()).scaled()));
  }
}
