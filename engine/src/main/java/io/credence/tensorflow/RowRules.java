package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Mixed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.OpDef;

/** The rule of each op: how rows lie in its outputs, given how they lie in its operands. */
final class RowRules {

  /** Ops with state that give the same for every batch all the same. */
  private static final Set<String> STEADY =
      Set.of(
          "Assert",
          "HashTable",
          "HashTableV2",
          "ImmutableConst",
          "IsVariableInitialized",
          "MutableDenseHashTable",
          "MutableDenseHashTableV2",
          "MutableHashTable",
          "MutableHashTableV2",
          "MutableHashTableOfTensors",
          "MutableHashTableOfTensorsV2",
          "Print",
          "PrintV2",
          "ReadVariableOp",
          "ResourceGather",
          "ResourceGatherNd",
          "VarHandleOp",
          "VarIsInitializedOp",
          "Variable",
          "VariableShape",
          "VariableV2");

  private static final Map<String, Function<FlowNode, Layout>> RULES = new HashMap<>();

  static {
    ElementRules.addTo(RULES);
    ShapeRules.addTo(RULES);
    SliceRules.addTo(RULES);
    AxisRules.addTo(RULES);
    ProductRules.addTo(RULES);
    LookupRules.addTo(RULES);
    ListRules.addTo(RULES);
  }

  private RowRules() {}

  /** The layouts of all outputs. */
  static List<Layout> apply(FlowNode node) {
    if (node.op().equals("IdentityN")) {
      return IntStream.range(0, node.count()).mapToObj(node::layout).toList();
    }
    Optional<Layout> mixed =
        node.operands().stream()
            .map(FlowNode.Operand::layout)
            .filter(Mixed.class::isInstance)
            .findFirst();
    if (mixed.isPresent()) {
      return node.all(mixed.get());
    }
    if (node.op().equals("Switch") || node.op().equals("RefSwitch")) {
      return FlowSwitch.split(node);
    }
    Optional<List<Layout>> sizes = SizeRules.apply(node);
    if (sizes.isPresent()) {
      return sizes.get();
    }
    if (node.op().startsWith("ParseExample")) {
      return LookupRules.parsed(node);
    }
    return node.op().startsWith("FusedBatchNorm")
        ? ElementRules.batchNorm(node)
        : node.all(single(node));
  }

  private static Layout single(FlowNode node) {
    Function<FlowNode, Layout> rule = RULES.get(node.op());
    boolean lists = node.op().startsWith("TensorList") || node.op().equals("EmptyTensorList");
    if (node.allSame() && !lists) {
      return unsteady(node) && rule == null
          ? node.mixed("may give something else each time it runs")
          : Layout.same();
    }
    if (rule == null) {
      return node.mixed("is not known to treat rows one by one");
    }
    return rule.apply(node);
  }

  private static boolean unsteady(FlowNode node) {
    return !STEADY.contains(node.op())
        && OpOutputs.definition(node.def()).map(OpDef::getIsStateful).orElse(true);
  }

  /** Whether a node without operands stands for a variable, a table or other state. */
  static boolean isState(FlowNode node) {
    return OpOutputs.definition(node.def()).map(OpDef::getIsStateful).orElse(true)
        || (node.outputs() > 0 && node.outputType(0) == DataType.DT_RESOURCE);
  }
}
