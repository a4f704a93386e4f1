package io.credence.tensorflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Refuses a graph whose damage would make what comes later run for ever, fill the memory or end the
 * process. What TensorFlow itself refuses with a message is left to it.
 */
final class GraphCheck {

  private static final int MAX_NAME = 2_000;
  private static final int MAX_OUTPUTS = 100_000;
  private static final Set<String> LOOP_ENDS = Set.of("NextIteration", "RefNextIteration");

  private final TensorCheck tensors = new TensorCheck();

  private GraphCheck() {}

  /**
   * Checks the main graph and all functions.
   *
   * @throws ModelLoadException if names are doubled, nodes depend on themselves, or tensors are of
   *     absurd sizes; the message names the node
   */
  static void check(GraphDef graph) {
    GraphCheck check = new GraphCheck();
    check.nodes(graph.getNodeList(), new HashSet<>(), "the graph");
    Set<String> functions = new HashSet<>();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      String name = function.getSignature().getName();
      if (!functions.add(name) || OpOutputs.knows(name)) {
        throw damaged("there are two functions, or a function and an op, named \"" + name + "\"");
      }
      Set<String> names = new HashSet<>();
      for (OpDef.ArgDef arg : function.getSignature().getInputArgList()) {
        if (!names.add(arg.getName())) {
          throw damaged("function " + name + " has two arguments \"" + arg.getName() + "\"");
        }
      }
      check.nodes(function.getNodeDefList(), names, "function " + name);
      function.getAttrMap().values().forEach(attr -> check.tensors.check("function " + name, attr));
    }
  }

  private void nodes(List<NodeDef> nodes, Set<String> names, String where) {
    for (NodeDef node : nodes) {
      String name = node.getName();
      if (name.isEmpty() || name.length() > MAX_NAME) {
        throw damaged(
            "in "
                + where
                + " a node's name is "
                + name.length()
                + " letters long; 1 to "
                + MAX_NAME
                + " are allowed");
      }
      if (!names.add(name)) {
        throw damaged("in " + where + " two nodes are named \"" + name + "\"");
      }
      for (AttrValue attr : node.getAttrMap().values()) {
        tensors.check("node \"" + name + "\" in " + where, attr);
      }
      constant(node, where);
      lists(node, where);
    }
    refuseCycles(nodes, where);
  }

  /** TensorFlow ends the process where a shape function reads a constant of another type. */
  private static void constant(NodeDef node, String where) {
    AttrValue value = node.getAttrOrDefault("value", AttrValue.getDefaultInstance());
    AttrValue type = node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance());
    if (value.hasTensor() && value.getTensor().getDtype() != type.getType()) {
      throw damaged(
          "in "
              + where
              + " node \""
              + node.getName()
              + "\" is of type "
              + type.getType()
              + ", but holds a constant of type "
              + value.getTensor().getDtype());
    }
  }

  /** TensorFlow writes down the type of every input and output that a node claims to have. */
  private static void lists(NodeDef node, String where) {
    for (Map.Entry<String, Boolean> each : OpOutputs.lists(node.getOp()).entrySet()) {
      AttrValue value = node.getAttrOrDefault(each.getKey(), AttrValue.getDefaultInstance());
      long most = each.getValue() ? node.getInputCount() : MAX_OUTPUTS;
      if (value.getI() > most) {
        throw damaged(
            "in "
                + where
                + " node \""
                + node.getName()
                + "\" ("
                + node.getOp()
                + ") claims "
                + value.getI()
                + (each.getValue() ? " inputs, but has " : " outputs; at most ")
                + most);
      }
    }
  }

  /** Counts inputs down (Kahn 1962); a loop of TensorFlow 1 closes at its NextIteration. */
  private static void refuseCycles(List<NodeDef> nodes, String where) {
    Map<String, List<NodeDef>> readers = new HashMap<>();
    Map<String, Integer> waiting = new HashMap<>();
    Set<String> ends = new HashSet<>();
    for (NodeDef node : nodes) {
      waiting.put(node.getName(), 0);
      if (LOOP_ENDS.contains(node.getOp())) {
        ends.add(node.getName());
      }
    }
    for (NodeDef node : nodes) {
      for (String input : node.getInputList()) {
        String producer = producer(input);
        if (waiting.containsKey(producer) && !ends.contains(producer)) {
          readers.computeIfAbsent(producer, p -> new ArrayList<>()).add(node);
          waiting.merge(node.getName(), 1, Integer::sum);
        }
      }
    }
    ArrayDeque<String> ready = new ArrayDeque<>();
    waiting.forEach(
        (name, count) -> {
          if (count == 0) {
            ready.add(name);
          }
        });
    while (!ready.isEmpty()) {
      String name = ready.remove();
      waiting.remove(name);
      for (NodeDef reader : readers.getOrDefault(name, List.of())) {
        if (waiting.merge(reader.getName(), -1, Integer::sum) == 0) {
          ready.add(reader.getName());
        }
      }
    }
    if (!waiting.isEmpty()) {
      throw damaged(
          "in "
              + where
              + " node \""
              + waiting.keySet().stream().sorted().findFirst().orElseThrow()
              + "\" depends on itself");
    }
  }

  /** Of {@code node}, {@code node:index}, {@code node:output:index} or {@code ^node}. */
  private static String producer(String input) {
    String data = GraphIndex.isControl(input) ? input.substring(1) : input;
    int colon = data.indexOf(':');
    return colon < 0 ? data : data.substring(0, colon);
  }

  static ModelLoadException damaged(String what) {
    return new ModelLoadException("the graph is damaged: " + what);
  }
}
