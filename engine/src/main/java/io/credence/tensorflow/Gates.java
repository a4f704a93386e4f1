package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * The gates that decide whether a draw counts, and which way each choice of a graph goes when draws
 * are to count. A gate is a boolean that no input of the model can change: a placeholder, a
 * constant that a placeholder was frozen to, or what is computed of such. It governs a draw if the
 * draw stands in just one of two branches that it chooses between: through Select, where one of the
 * two values depends on the draw, or through Switch (TensorFlow 1 cond), where the draw depends on
 * one of the two outputs. Only the choices that govern draws are turned; another choice by the same
 * gate, of batch normalisation say, goes as it is served.
 */
final class Gates {

  private static final Set<String> PLACEHOLDERS = Set.of("Placeholder", "PlaceholderWithDefault");

  private final FlatModel model;
  private final Map<String, Boolean> on = new TreeMap<>();
  private final Map<String, Set<String>> gatesOfDraw = new HashMap<>();

  /** What each draw reaches before branches join: constants of its branch hang there only. */
  private final Map<String, Set<String>> regions = new HashMap<>();

  private final Set<String> turnedSelects = new HashSet<>();
  private final Set<String> turnedConditions = new HashSet<>();
  private final Map<String, List<NodeDef>> choices = new LinkedHashMap<>();

  /** A gate, or the opposite of one. */
  private record Condition(String gate, boolean negated) {}

  private Gates(FlatModel model) {
    this.model = model;
  }

  /**
   * Looks for the gates of draws.
   *
   * @param draws nodes of the flat graph
   * @throws ModelLoadException if the same placeholder turns one draw on and another off
   */
  static Gates of(FlatModel model, List<String> draws) {
    Gates gates = new Gates(model);
    draws.forEach(draw -> gates.regions.put(draw, toMerge(model, Set.of(draw))));
    for (String name : model.reachable()) {
      NodeDef node = model.graph().node(name);
      switch (node.getOp()) {
        case "Select", "SelectV2", "Switch" -> gates.look(node, draws);
        default -> {}
      }
    }
    return gates;
  }

  /** The gate of a draw; the first of several, by name. */
  Optional<String> gateOf(String draw) {
    return gatesOfDraw.getOrDefault(draw, Set.of()).stream().sorted().findFirst();
  }

  /**
   * Which way each choice goes in a pass, as far as it is known: by node, Switch or Select, the
   * value of its condition.
   */
  Map<String, Boolean> choices() {
    return choices(true);
  }

  /** Which way each choice goes when the model is served, as far as it is known. */
  Map<String, Boolean> servedChoices() {
    return choices(false);
  }

  private Map<String, Boolean> choices(boolean passes) {
    Map<String, Boolean> values = new LinkedHashMap<>();
    choices.forEach(
        (condition, nodes) ->
            trace(condition)
                .ifPresent(
                    found ->
                        nodes.forEach(
                            node ->
                                value(node, condition, found, passes)
                                    .ifPresent(v -> values.put(node.getName(), v)))));
    return values;
  }

  private Optional<Boolean> value(NodeDef node, String condition, Condition found, boolean passes) {
    boolean governs =
        node.getOp().equals("Switch")
            ? turnedConditions.contains(condition)
            : turnedSelects.contains(node.getName());
    Optional<Boolean> placeholder =
        governs && passes ? Optional.of(on.get(found.gate())) : served(found.gate());
    return placeholder.map(v -> v != found.negated());
  }

  /** What a gate is when the model is served, if that can be told. */
  private Optional<Boolean> served(String gate) {
    NodeDef node = model.graph().node(gate);
    if (node.getOp().equals("Placeholder")) {
      return Optional.ofNullable(on.get(gate)).map(v -> !v);
    }
    NodeDef value =
        node.getOp().equals("PlaceholderWithDefault")
            ? model.graph().node(GraphIndex.producer(node.getInput(0)))
            : node;
    TensorProto constant =
        value.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
    if (!value.getOp().equals("Const") || constant.getDtype() != DataType.DT_BOOL) {
      return Optional.empty();
    }
    return constant.getBoolValCount() > 0
        ? Optional.of(constant.getBoolVal(0))
        : Optional.of(
            !constant.getTensorContent().isEmpty() && constant.getTensorContent().byteAt(0) != 0);
  }

  /** Values for gates that have no default: off, as the model is served. */
  Map<String, TensorProto> defaults() {
    Map<String, TensorProto> values = new LinkedHashMap<>();
    on.forEach(
        (name, value) -> {
          if (model.graph().node(name).getOp().equals("Placeholder")) {
            values.put(name, NodeWriter.bool(!value));
          }
        });
    return values;
  }

  private void look(NodeDef node, List<String> draws) {
    List<String> data = GraphIndex.dataInputs(node);
    boolean choice = node.getOp().equals("Switch");
    if (data.size() != (choice ? 2 : 3)) {
      throw new ModelLoadException(
          "the graph is damaged: node \""
              + node.getName()
              + "\" ("
              + node.getOp()
              + ") reads "
              + data);
    }
    String condition = data.get(choice ? 1 : 0);
    choices.computeIfAbsent(condition, c -> new ArrayList<>()).add(node);
    Optional<Condition> found = draws.isEmpty() ? Optional.empty() : trace(condition);
    if (found.isEmpty()) {
      return;
    }
    Set<String> ifTrue = choice ? branch(node, 1) : upstream(data.get(1));
    Set<String> ifFalse = choice ? branch(node, 0) : upstream(data.get(2));
    for (String draw : draws) {
      Set<String> with = choice ? regions.get(draw) : Set.of(draw);
      boolean inTrue = !Collections.disjoint(ifTrue, with);
      if (inTrue != !Collections.disjoint(ifFalse, with) && !with.contains(node.getName())) {
        turn(found.get(), inTrue != found.get().negated());
        gatesOfDraw.computeIfAbsent(draw, d -> new HashSet<>()).add(found.get().gate());
        (choice ? turnedConditions : turnedSelects).add(choice ? condition : node.getName());
      }
    }
  }

  private void turn(Condition condition, boolean value) {
    Boolean known = on.putIfAbsent(condition.gate(), value);
    if (known != null && known != value) {
      String gate = condition.gate();
      throw new ModelLoadException(
          (PLACEHOLDERS.contains(model.graph().node(gate).getOp()) ? "placeholder \"" : "gate \"")
              + gate
              + "\" turns some of the dropout on when it is true, and some when it is false; give"
              + " each a placeholder of its own");
    }
  }

  private Set<String> upstream(String input) {
    return model.graph().upstream(List.of(GraphIndex.producer(input)));
  }

  /** What depends on one output of a Switch, up to where the branches join. */
  private Set<String> branch(NodeDef choice, int output) {
    Port port = new Port(choice.getName(), output);
    Set<String> first = new LinkedHashSet<>();
    for (NodeDef reader : model.graph().consumers(choice.getName())) {
      if (GraphIndex.dataInputs(reader).stream().map(Port::parse).anyMatch(port::equals)) {
        first.add(reader.getName());
      }
    }
    return toMerge(model, first);
  }

  /** The nodes and what depends on them, up to where branches join. */
  private static Set<String> toMerge(FlatModel model, Set<String> roots) {
    Set<String> all = model.graph().downstream(roots, Gates::isMerge);
    all.removeIf(name -> isMerge(model.graph().node(name)));
    return all;
  }

  private static boolean isMerge(NodeDef node) {
    return node.getOp().equals("Merge");
  }

  /** The gate that a condition passes on, or turns round. */
  private Optional<Condition> trace(String condition) {
    NodeDef node = model.graph().node(GraphIndex.producer(condition));
    boolean negated = false;
    Set<String> seen = new HashSet<>();
    while (node.getInputCount() > 0
        && seen.add(node.getName())
        && (node.getOp().equals("Identity") || node.getOp().equals("LogicalNot"))) {
      negated ^= node.getOp().equals("LogicalNot");
      node = model.graph().node(GraphIndex.producer(node.getInput(0)));
    }
    return isGate(node) ? Optional.of(new Condition(node.getName(), negated)) : Optional.empty();
  }

  /** Whether no input can change a boolean, nor a step of a loop. */
  private boolean isGate(NodeDef node) {
    for (String name : model.graph().upstream(List.of(node.getName()))) {
      String op = model.graph().node(name).getOp();
      boolean loop = op.endsWith("Enter") || op.endsWith("While") || op.equals("LoopCond");
      if (loop || model.inputs().contains(name)) {
        return false;
      }
    }
    return true;
  }
}
