package io.credence.tensorflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The nodes of a graph by name, with the way from each to what it reads and to what reads it. */
final class GraphIndex {

  /**
   * One output of a node.
   *
   * @param node the node's name
   * @param index which of its outputs, ≥ 0
   */
  record Port(String node, int index) {

    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

    /**
     * Parses {@code node} or {@code node:index}.
     *
     * @throws ModelLoadException if it is neither
     */
    static Port parse(String tensor) {
      int colon = tensor.lastIndexOf(':');
      String node = colon < 0 ? tensor : tensor.substring(0, colon);
      String index = colon < 0 ? "0" : tensor.substring(colon + 1);
      if (node.isEmpty() || !INDEX.matcher(index).matches()) {
        throw new ModelLoadException(
            "the graph is damaged: \""
                + tensor
                + "\" names no tensor; node or node:index is needed, as in \"dense/Softmax:0\"");
      }
      return new Port(node, Integer.parseInt(index));
    }

    @Override
    public String toString() {
      return index == 0 ? node : node + ":" + index;
    }
  }

  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, Set<String>> consumers = new HashMap<>();
  private final Map<String, FunctionDef> functions = new HashMap<>();

  private GraphIndex() {}

  /**
   * Indexes a graph.
   *
   * @throws ModelLoadException if two nodes share a name, or an input is not there
   */
  static GraphIndex of(GraphDef graph) {
    GraphIndex index = new GraphIndex();
    graph
        .getLibrary()
        .getFunctionList()
        .forEach(function -> index.functions.put(function.getSignature().getName(), function));
    for (NodeDef node : graph.getNodeList()) {
      if (index.nodes.put(node.getName(), node) != null) {
        throw new ModelLoadException(
            "the graph is damaged: two nodes are named \"" + node.getName() + "\"");
      }
    }
    for (NodeDef node : graph.getNodeList()) {
      for (String input : node.getInputList()) {
        String producer = producer(input);
        if (!index.nodes.containsKey(producer)) {
          throw new ModelLoadException(
              "the graph is damaged: node \""
                  + node.getName()
                  + "\" reads \""
                  + input
                  + "\", which is not there");
        }
        index.consumers.computeIfAbsent(producer, p -> new LinkedHashSet<>()).add(node.getName());
      }
    }
    return index;
  }

  /** The name of the node an input comes from; {@code ^node} is a control input. */
  static String producer(String input) {
    return isControl(input) ? input.substring(1) : Port.parse(input).node();
  }

  static boolean isControl(String input) {
    return input.startsWith("^");
  }

  /** What a node reads, without what it waits for. */
  static List<String> dataInputs(NodeDef node) {
    return node.getInputList().stream().filter(input -> !isControl(input)).toList();
  }

  /** The function of that name. */
  Optional<FunctionDef> function(String name) {
    return Optional.ofNullable(functions.get(name));
  }

  boolean has(String node) {
    return nodes.containsKey(node);
  }

  /** All nodes, in the order of the graph. */
  Collection<NodeDef> nodes() {
    return nodes.values();
  }

  NodeDef node(String name) {
    NodeDef node = nodes.get(name);
    if (node == null) {
      throw new ModelLoadException("the graph has no node \"" + name + "\"");
    }
    return node;
  }

  /** The nodes that read an output of this one, or wait for it; each once. */
  List<NodeDef> consumers(String name) {
    return consumers.getOrDefault(name, Set.of()).stream().map(this::node).toList();
  }

  /** The roots and all they depend on, by data or control. */
  Set<String> upstream(Collection<String> roots) {
    Set<String> seen = new LinkedHashSet<>(roots);
    ArrayDeque<String> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      for (String input : node(queue.remove()).getInputList()) {
        String producer = producer(input);
        if (seen.add(producer)) {
          queue.add(producer);
        }
      }
    }
    return seen;
  }

  /**
   * The roots and all that depends on them, nearest first, without going past a node for which
   * {@code last} holds.
   */
  Set<String> downstream(Collection<String> roots, Predicate<NodeDef> last) {
    Set<String> seen = new LinkedHashSet<>(roots);
    ArrayDeque<String> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      NodeDef node = node(queue.remove());
      if (last.test(node)) {
        continue;
      }
      for (String consumer : consumers.getOrDefault(node.getName(), Set.of())) {
        if (seen.add(consumer)) {
          queue.add(consumer);
        }
      }
    }
    return seen;
  }

  /** The functions that a node calls: its own op, a body, a condition, branches. */
  List<String> functionsOf(NodeDef node) {
    List<String> names = new ArrayList<>();
    if (functions.containsKey(node.getOp())) {
      names.add(node.getOp());
    }
    for (AttrValue attr : node.getAttrMap().values()) {
      if (attr.hasFunc()) {
        names.add(attr.getFunc().getName());
      }
      attr.getList().getFuncList().forEach(each -> names.add(each.getName()));
    }
    names.retainAll(functions.keySet());
    return names;
  }

  /** The nodes of a function and of all that it calls. */
  Stream<NodeDef> bodiesOf(String function) {
    Set<String> seen = new LinkedHashSet<>(List.of(function));
    ArrayDeque<String> queue = new ArrayDeque<>(seen);
    while (!queue.isEmpty()) {
      for (NodeDef node : functions.get(queue.remove()).getNodeDefList()) {
        for (String called : functionsOf(node)) {
          if (seen.add(called)) {
            queue.add(called);
          }
        }
      }
    }
    return seen.stream().flatMap(name -> functions.get(name).getNodeDefList().stream());
  }
}
