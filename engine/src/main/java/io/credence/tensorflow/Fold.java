package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Folds a graph for choices whose way is known. A Switch is left out, the branch not taken dropped,
 * and a Merge becomes an Identity of the branch taken; a Select is given a constant condition. So a
 * graph of TensorFlow 1 conds becomes one without control flow.
 */
final class Fold {

  private final GraphIndex graph;
  private final Map<String, Boolean> choices;
  private final Set<Port> deadPorts = new HashSet<>();
  private final Set<String> dead = new LinkedHashSet<>();
  private final Map<Port, String> instead = new HashMap<>();

  private Fold(GraphIndex graph, Map<String, Boolean> choices) {
    this.graph = graph;
    this.choices = choices;
  }

  /**
   * Puts constants where placeholders stood.
   *
   * @param values the value of each, by node
   */
  static GraphDef constants(GraphDef graph, Map<String, TensorProto> values) {
    if (values.isEmpty()) {
      return graph;
    }
    GraphDef.Builder with = graph.toBuilder().clearNode();
    NodeWriter writer = NodeWriter.of(with);
    for (NodeDef node : graph.getNodeList()) {
      TensorProto value = values.get(node.getName());
      if (value == null) {
        with.addNode(node);
      } else {
        writer.constant(node.getName(), value);
      }
    }
    return with.build();
  }

  /**
   * Puts Identities in the place of nodes.
   *
   * @param inputs what each passes on, by node
   */
  static GraphDef identities(GraphDef graph, Map<String, Port> inputs) {
    if (inputs.isEmpty()) {
      return graph;
    }
    GraphDef.Builder with = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      Port input = inputs.get(node.getName());
      if (input == null) {
        with.addNode(node);
        continue;
      }
      NodeDef.Builder identity =
          NodeWriter.node(node.getName(), "Identity", input.toString())
              .putAttr("T", node.getAttrOrDefault("T", AttrValue.getDefaultInstance()));
      node.getInputList().stream().filter(GraphIndex::isControl).forEach(identity::addInput);
      with.addNode(identity);
    }
    return with.build();
  }

  /**
   * Folds choices.
   *
   * @param choices Switch and Select nodes with the value of their condition
   */
  static GraphDef choices(GraphDef graph, Map<String, Boolean> choices) {
    return choices.isEmpty() ? graph : new Fold(GraphIndex.of(graph), choices).fold(graph);
  }

  private GraphDef fold(GraphDef whole) {
    choices.forEach(
        (name, value) -> {
          NodeDef node = graph.node(name);
          if (node.getOp().equals("Switch")) {
            instead.put(new Port(name, value ? 1 : 0), node.getInput(0));
            deadPorts.add(new Port(name, value ? 0 : 1));
          }
        });
    bury();
    GraphDef.Builder folded = whole.toBuilder().clearNode();
    NodeWriter writer = NodeWriter.of(folded);
    for (NodeDef node : whole.getNodeList()) {
      Boolean choice = choices.get(node.getName());
      if (dead.contains(node.getName()) || (choice != null && node.getOp().equals("Switch"))) {
        continue;
      }
      if (choice != null) {
        String condition = node.getName() + "/credence_condition";
        writer.constant(condition, NodeWriter.bool(choice));
        folded.addNode(rewired(node).setInput(0, condition));
      } else {
        folded.addNode(isHalfDead(node) ? taken(node) : rewired(node));
      }
    }
    return folded.build();
  }

  /** Marks all that depends on a branch not taken. */
  private void bury() {
    ArrayDeque<String> open = new ArrayDeque<>();
    deadPorts.forEach(port -> open.add(port.node()));
    while (!open.isEmpty()) {
      for (NodeDef reader : graph.consumers(open.remove())) {
        if (!dead.contains(reader.getName()) && isDead(reader)) {
          dead.add(reader.getName());
          open.add(reader.getName());
        }
      }
    }
  }

  private boolean isDead(NodeDef node) {
    List<String> data = GraphIndex.dataInputs(node);
    boolean merge = node.getOp().equals("Merge");
    boolean waits =
        node.getInputList().stream()
            .anyMatch(i -> GraphIndex.isControl(i) && dead.contains(GraphIndex.producer(i)));
    return merge
        ? data.stream().allMatch(this::isDeadInput)
        : waits || data.stream().anyMatch(this::isDeadInput);
  }

  private boolean isDeadInput(String input) {
    return deadPorts.contains(Port.parse(input)) || dead.contains(GraphIndex.producer(input));
  }

  private boolean isHalfDead(NodeDef node) {
    return node.getOp().equals("Merge")
        && GraphIndex.dataInputs(node).stream().anyMatch(this::isDeadInput);
  }

  private NodeDef.Builder taken(NodeDef merge) {
    List<String> alive =
        GraphIndex.dataInputs(merge).stream().filter(input -> !isDeadInput(input)).toList();
    boolean readsIndex =
        graph.consumers(merge.getName()).stream()
            .flatMap(reader -> GraphIndex.dataInputs(reader).stream())
            .anyMatch(new Port(merge.getName(), 1).toString()::equals);
    if (alive.size() != 1 || readsIndex) {
      throw new ModelLoadException(
          "node \""
              + merge.getName()
              + "\" (Merge) joins branches in a way that is not understood; export the model with"
              + " dropout on instead");
    }
    return NodeWriter.node(merge.getName(), "Identity", actual(alive.get(0)))
        .putAttr("T", merge.getAttrOrDefault("T", AttrValue.getDefaultInstance()));
  }

  private NodeDef.Builder rewired(NodeDef node) {
    NodeDef.Builder copy = node.toBuilder().clearInput();
    for (String input : node.getInputList()) {
      if (!GraphIndex.isControl(input)) {
        copy.addInput(actual(input));
      } else if (!dead.contains(GraphIndex.producer(input))) {
        String producer = GraphIndex.producer(input);
        boolean folded =
            choices.containsKey(producer) && graph.node(producer).getOp().equals("Switch");
        copy.addInput(
            folded ? "^" + GraphIndex.producer(actual(graph.node(producer).getInput(0))) : input);
      }
    }
    return copy;
  }

  /** Where a tensor comes from when Switches are left out. */
  private String actual(String input) {
    String at = input;
    for (int step = 0; instead.containsKey(Port.parse(at)); step++) {
      if (step > instead.size()) {
        throw new ModelLoadException(
            "the graph is damaged: \"" + input + "\" leads back to itself");
      }
      at = instead.get(Port.parse(at));
    }
    return at;
  }
}
