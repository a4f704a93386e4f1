package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the placeholders that decide whether a draw counts. A placeholder governs a draw if the
 * draw stands in just one of two branches that the placeholder chooses between: through Select,
 * where one of the two values depends on the draw, or through Switch (TensorFlow 1 cond), where the
 * draw depends on one of the two outputs. A placeholder that chooses between anything else is left
 * alone.
 */
final class GateFinder {

  private static final Set<String> PLACEHOLDERS = Set.of("Placeholder", "PlaceholderWithDefault");

  private final GraphIndex graph;
  private final Set<String> reachable;
  private final Set<String> fed;

  /**
   * A placeholder that governs draws.
   *
   * @param on the value that turns them on
   * @param hasDefault whether it may be left unfed
   */
  record Gate(boolean on, boolean hasDefault) {}

  /** A placeholder, or the opposite of one. */
  private record Condition(String placeholder, boolean negated) {}

  GateFinder(GraphIndex graph, Set<String> reachable, Set<String> fed) {
    this.graph = graph;
    this.reachable = reachable;
    this.fed = fed;
  }

  /** The gates of a draw, by placeholder; empty if it always counts. */
  Map<String, Gate> of(String draw) {
    Map<String, Gate> gates = new LinkedHashMap<>();
    for (String name : reachable) {
      NodeDef node = graph.node(name);
      List<String> data =
          node.getInputList().stream().filter(input -> !GraphIndex.isControl(input)).toList();
      switch (node.getOp()) {
        case "Select", "SelectV2" ->
            put(
                gates,
                data.get(0),
                upstream(data.get(1)).contains(draw),
                upstream(data.get(2)).contains(draw));
        case "Switch" ->
            put(gates, data.get(1), branch(node, 1).contains(draw), branch(node, 0).contains(draw));
        default -> {}
      }
    }
    return gates;
  }

  private void put(Map<String, Gate> gates, String condition, boolean ifTrue, boolean ifFalse) {
    if (ifTrue == ifFalse) {
      return;
    }
    trace(condition)
        .ifPresent(
            found -> {
              boolean on = ifTrue != found.negated();
              boolean hasDefault =
                  graph.node(found.placeholder()).getOp().equals("PlaceholderWithDefault");
              merge(gates, found.placeholder(), new Gate(on, hasDefault));
            });
  }

  /**
   * Adds a gate to others.
   *
   * @throws ModelLoadException if the same placeholder turns one draw on and another off
   */
  static void merge(Map<String, Gate> gates, String placeholder, Gate gate) {
    Gate known = gates.putIfAbsent(placeholder, gate);
    if (known != null && !known.equals(gate)) {
      throw new ModelLoadException(
          "placeholder \""
              + placeholder
              + "\" turns some of the dropout on when it is true, and some when it is false; give"
              + " each a placeholder of its own");
    }
  }

  private Set<String> upstream(String input) {
    return graph.upstream(List.of(GraphIndex.producer(input)));
  }

  /** What depends on one output of a Switch, up to where the branches join. */
  private Set<String> branch(NodeDef choice, int output) {
    List<String> first = new ArrayList<>();
    for (NodeDef reader : graph.consumers(choice.getName())) {
      boolean reads =
          reader.getInputList().stream()
              .filter(input -> !GraphIndex.isControl(input))
              .map(Port::parse)
              .anyMatch(new Port(choice.getName(), output)::equals);
      if (reads) {
        first.add(reader.getName());
      }
    }
    return graph.downstream(new LinkedHashSet<>(first), node -> node.getOp().equals("Merge"));
  }

  /** The placeholder that a condition passes on, or turns round. */
  private Optional<Condition> trace(String condition) {
    NodeDef node = graph.node(GraphIndex.producer(condition));
    boolean negated = false;
    while (node.getOp().equals("Identity") || node.getOp().equals("LogicalNot")) {
      negated ^= node.getOp().equals("LogicalNot");
      node = graph.node(GraphIndex.producer(node.getInput(0)));
    }
    boolean gate =
        PLACEHOLDERS.contains(node.getOp())
            && !fed.contains(node.getName())
            && node.getAttrOrThrow("dtype").getType() == DataType.DT_BOOL;
    return gate ? Optional.of(new Condition(node.getName(), negated)) : Optional.empty();
  }
}
