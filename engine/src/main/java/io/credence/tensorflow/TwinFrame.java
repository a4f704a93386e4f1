package io.credence.tensorflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * A function of the training twin at one place where it is called. Names are paths: those of the
 * calls that lead here, then the node's own, as they would be if the calls were inlined.
 */
final class TwinFrame {

  private static final int MAX_DEPTH = 50;

  private final Map<String, FunctionDef> functions;
  private final @Nullable TwinFrame caller;
  private final @Nullable NodeDef call;
  private final FunctionDef function;
  private final String path;
  private final int depth;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Map<String, List<NodeDef>> readers = new HashMap<>();
  private final List<String> arguments;

  /**
   * A node that reads a tensor.
   *
   * @param path the node
   * @param op its op
   * @param operand which of its inputs it is
   */
  record Reader(String path, String op, int operand) {}

  private TwinFrame(
      Map<String, FunctionDef> functions,
      @Nullable TwinFrame caller,
      @Nullable NodeDef call,
      FunctionDef function,
      String path) {
    this.functions = functions;
    this.caller = caller;
    this.call = call;
    this.function = function;
    this.path = path;
    this.depth = caller == null ? 0 : caller.depth + 1;
    this.arguments =
        function.getSignature().getInputArgList().stream().map(OpDef.ArgDef::getName).toList();
    for (NodeDef node : function.getNodeDefList()) {
      nodes.put(node.getName(), node);
      for (String input : new LinkedHashSet<>(node.getInputList())) {
        if (!GraphIndex.isControl(input)) {
          readers.computeIfAbsent(nodeOf(input), i -> new ArrayList<>()).add(node);
        }
      }
    }
  }

  static TwinFrame of(Map<String, FunctionDef> functions, FunctionDef function) {
    return new TwinFrame(functions, null, null, function, "");
  }

  /** The functions that nodes of this one run: calls, at their scope, and bodies of loops. */
  List<TwinFrame> inner() {
    List<TwinFrame> inner = new ArrayList<>();
    for (NodeDef node : function.getNodeDefList()) {
      callee(node).ifPresent(inner::add);
      // The nodes of a loop's body are named from where the loop stands.
      FunctionDef body = function(node, "body");
      if (body != null) {
        inner.add(new TwinFrame(functions, this, node, body, path));
      }
    }
    return inner;
  }

  boolean isTooDeep() {
    return depth > MAX_DEPTH;
  }

  String path() {
    return path;
  }

  List<NodeDef> allNodes() {
    return function.getNodeDefList();
  }

  @Nullable NodeDef node(String name) {
    return nodes.get(name);
  }

  /** The node that gives an input, if it stands in this function. */
  @Nullable NodeDef producer(String input) {
    return nodes.get(nodeOf(input));
  }

  /** The nodes of this function that read a node. */
  List<NodeDef> readersHere(String name) {
    return readers.getOrDefault(name, List.of());
  }

  /** All that reads a node, also in functions that it is handed to, or returned to. */
  Set<Reader> readers(String name) {
    Set<Reader> all = new LinkedHashSet<>();
    collect(name, all);
    return all;
  }

  private void collect(String name, Set<Reader> all) {
    if (isTooDeep() || all.size() > 1000) {
      return;
    }
    if (isReturned(name)) {
      collectReturned(all);
    }
    for (NodeDef reader : readersHere(name)) {
      Optional<TwinFrame> callee = callee(reader);
      if (reader.getOp().equals("Identity") && isReturned(reader.getName())) {
        collectReturned(all);
        continue;
      }
      List<String> inputs = GraphIndex.dataInputs(reader);
      for (int i = 0; i < inputs.size(); i++) {
        if (nodeOf(inputs.get(i)).equals(name)) {
          if (callee.isPresent() && i < callee.get().arguments.size()) {
            callee.get().collect(callee.get().arguments.get(i), all);
          } else {
            all.add(new Reader(path + reader.getName(), reader.getOp(), i));
          }
        }
      }
    }
  }

  private void collectReturned(Set<Reader> all) {
    if (caller != null && call != null && !call.getOp().endsWith("While")) {
      caller.collect(call.getName(), all);
    }
  }

  private boolean isReturned(String node) {
    return function.getRetMap().values().stream().anyMatch(value -> nodeOf(value).equals(node));
  }

  /**
   * The paths of all that depends on a node, also in functions that it is handed to, or returned
   * to; among them the empty path, if the only output of the whole does.
   */
  Set<String> downstream(String name) {
    Set<String> seen = new LinkedHashSet<>();
    ArrayDeque<At> open = new ArrayDeque<>(List.of(new At(this, name)));
    while (!open.isEmpty()) {
      At at = open.remove();
      if (at.frame().isReturned(at.node())) {
        at.frame().leave(seen).ifPresent(open::add);
      }
      for (NodeDef reader : at.frame().readersHere(at.node())) {
        if (!at.frame().isTooDeep() && seen.add(at.frame().path + reader.getName())) {
          open.addAll(at.frame().next(at.node(), reader));
        }
      }
    }
    return seen;
  }

  /** A node of a function at one of its calls. */
  private record At(TwinFrame frame, String node) {}

  private Optional<At> leave(Set<String> seen) {
    if (caller != null && call != null) {
      return seen.add(path + call.getName() + "/return")
          ? Optional.of(new At(caller, call.getName()))
          : Optional.empty();
    }
    if (function.getRetCount() == 1) {
      seen.add("");
    }
    return Optional.empty();
  }

  private List<At> next(String read, NodeDef reader) {
    Optional<TwinFrame> callee = callee(reader);
    if (callee.isEmpty()) {
      return List.of(new At(this, reader.getName()));
    }
    List<At> next = new ArrayList<>();
    List<String> inputs = GraphIndex.dataInputs(reader);
    for (int i = 0; i < inputs.size() && i < callee.get().arguments.size(); i++) {
      if (nodeOf(inputs.get(i)).equals(read)) {
        next.add(new At(callee.get(), callee.get().arguments.get(i)));
      }
    }
    return next;
  }

  /** The path of the node that gives an input, up through the calls that hand it down. */
  String input(String read) {
    TwinFrame frame = this;
    String input = read;
    while (true) {
      String name = nodeOf(input);
      int argument = frame.arguments.indexOf(name);
      if (argument < 0) {
        return frame.path + name;
      }
      if (frame.caller == null || frame.call == null) {
        return "";
      }
      List<String> given = GraphIndex.dataInputs(frame.call);
      if (argument >= given.size()) {
        throw new ModelLoadException(
            "the graph is damaged: argument \""
                + name
                + "\" is not given by the call of "
                + frame.path);
      }
      input = given.get(argument);
      frame = frame.caller;
    }
  }

  /** A called function, unless it is a kernel that stays a call in serving too. */
  private Optional<TwinFrame> callee(NodeDef node) {
    FunctionDef called = function(node, "f");
    return called == null
            || !node.getOp().endsWith("PartitionedCall")
            || called.getAttrMap().containsKey("api_implements")
        ? Optional.empty()
        : Optional.of(new TwinFrame(functions, this, node, called, path + parent(node.getName())));
  }

  private @Nullable FunctionDef function(NodeDef node, String attribute) {
    return functions.get(
        node.getAttrOrDefault(attribute, AttrValue.getDefaultInstance()).getFunc().getName());
  }

  /** The node of an input {@code node:output:index}. */
  static String nodeOf(String input) {
    int colon = input.indexOf(':');
    return colon < 0 ? input : input.substring(0, colon);
  }

  /** The scope of a node, with a slash at its end, or nothing. */
  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }
}
