package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Mixed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/** The nodes of a graph, each after what it reads or waits for; loops of TensorFlow 1 apart. */
final class FlowOrder {

  private final List<NodeDef> nodes = new ArrayList<>();
  private final Map<String, Mixed> looping = new HashMap<>();
  private final Set<String> sorted = new HashSet<>();

  private FlowOrder() {}

  static FlowOrder of(GraphIndex graph) {
    FlowOrder order = new FlowOrder();
    List<String> enters =
        graph.nodes().stream()
            .filter(node -> node.getOp().endsWith("Enter"))
            .map(NodeDef::getName)
            .toList();
    if (!enters.isEmpty()) {
      Mixed why =
          FlowNode.mixed(graph.node(enters.get(0)), "enters a loop of TensorFlow 1's control flow");
      graph.downstream(enters, node -> false).forEach(name -> order.looping.put(name, why));
    }
    order.sort(graph);
    for (NodeDef node : graph.nodes()) {
      if (!order.looping.containsKey(node.getName()) && !order.sorted.contains(node.getName())) {
        order.looping.put(node.getName(), FlowNode.mixed(node, "reads what depends on itself"));
      }
    }
    return order;
  }

  private void sort(GraphIndex graph) {
    Map<String, Integer> waiting = new HashMap<>();
    ArrayDeque<NodeDef> ready = new ArrayDeque<>();
    for (NodeDef node : graph.nodes()) {
      int producers = producers(node).size();
      waiting.put(node.getName(), producers);
      if (producers == 0) {
        ready.add(node);
      }
    }
    while (!ready.isEmpty()) {
      NodeDef node = ready.remove();
      if (looping.containsKey(node.getName())) {
        continue;
      }
      nodes.add(node);
      sorted.add(node.getName());
      graph.consumers(node.getName()).stream()
          .map(NodeDef::getName)
          .distinct()
          .filter(consumer -> waiting.merge(consumer, -1, Integer::sum) == 0)
          .forEach(consumer -> ready.add(graph.node(consumer)));
    }
  }

  private static Set<String> producers(NodeDef node) {
    Set<String> producers = new LinkedHashSet<>();
    node.getInputList().forEach(input -> producers.add(GraphIndex.producer(input)));
    return producers;
  }

  List<NodeDef> nodes() {
    return nodes;
  }

  /** Why a node stands in no order; empty if it does. */
  Optional<Mixed> looping(String node) {
    return Optional.ofNullable(looping.get(node));
  }
}
