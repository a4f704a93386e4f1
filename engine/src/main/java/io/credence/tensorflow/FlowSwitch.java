package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.proto.NodeDef;

/** TensorFlow 1's conds: Switch sends a tensor down one of two branches, Merge takes what comes. */
final class FlowSwitch {

  private FlowSwitch() {}

  /** Both branches have what is sent, if the batch has no say in which is taken. */
  static List<Layout> split(FlowNode node) {
    return node.all(
        node.isSame(1) ? node.layout(0) : node.mixed("takes a branch that depends on the batch"));
  }

  static List<Layout> merge(FlowNode node, GraphIndex graph, Function<Port, Layout> layouts) {
    // A branch may also die by a control input, so every Switch above counts.
    for (String name : graph.upstream(List.of(node.name()))) {
      NodeDef above = graph.node(name);
      if (!above.getOp().endsWith("Switch")) {
        continue;
      }
      Layout chosen = layouts.apply(Port.parse(above.getInput(1)));
      if (!chosen.isSame()) {
        return node.all(node.mixed("takes a branch that depends on the batch" + chosen.because()));
      }
    }
    Layout joined = new Layout.Unset();
    for (int i = 0; i < node.count(); i++) {
      joined =
          Layout.join(
              joined, node.layout(i), node.mixed("merges tensors that lie otherwise").why());
    }
    List<Layout> outputs = new ArrayList<>(Collections.nCopies(node.outputs(), Layout.same()));
    outputs.set(0, joined);
    return outputs;
  }
}
