package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Inlines the function calls that an output depends on, recursively, so that the whole model stands
 * in one flat graph. A node of a function is named by the calls that lead to it and its own name,
 * {@code call/inner}. What the output does not depend on stays as it is.
 *
 * <p>Calls stay calls where the function is a kernel that TensorFlow may swap for another (RNN
 * layers, marked {@code api_implements}), and so do the bodies of While and If. Side effects of a
 * function that its outputs do not depend on are left out.
 */
final class Flattener {

  private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
  private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");
  private static final int MAX_DEPTH = 100;
  private static final int MAX_NODES = 1_000_000;
  private static final int MAX_CALLS = 100_000;
  private static final int MAX_STEPS = 1_000_000;
  private static final int MAX_NAME = 10_000;

  private final Map<String, FunctionDef> functions = new HashMap<>();
  private final Map<String, NodeDef> flat = new LinkedHashMap<>();
  private int calls;

  /**
   * A flat graph.
   *
   * @param graph its nodes, with the functions that are still called
   * @param output where the output stands in it
   * @param innerNames the name of each inlined node that the output depends on, as the function
   *     that holds it has it
   */
  record Flat(GraphDef graph, Port output, Map<String, String> innerNames) {}

  /** The main graph, or the body of a function at one place where it is called. */
  private static final class Scope {
    private final @Nullable Scope caller;
    private final NodeDef call;
    private final FunctionDef function;
    private final List<String> given;
    private final String prefix;
    private final int depth;
    private final Map<String, NodeDef> nodes = new HashMap<>();
    private final Map<String, Integer> arguments = new HashMap<>();
    private final Map<String, Scope> calls = new HashMap<>();
    private final Map<String, Set<String>> waitedFor = new HashMap<>();

    Scope(GraphDef main) {
      this.caller = null;
      this.call = NodeDef.getDefaultInstance();
      this.function = FunctionDef.getDefaultInstance();
      this.given = List.of();
      this.prefix = "";
      this.depth = 0;
      main.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    }

    Scope(Scope caller, NodeDef call, FunctionDef function) {
      this.caller = caller;
      this.call = call;
      this.function = function;
      this.given = call.getInputList().stream().filter(i -> !GraphIndex.isControl(i)).toList();
      this.prefix = caller.prefix + call.getName() + "/";
      this.depth = caller.depth + 1;
      function.getNodeDefList().forEach(node -> nodes.put(node.getName(), node));
      List<OpDef.ArgDef> args = function.getSignature().getInputArgList();
      for (int i = 0; i < args.size(); i++) {
        arguments.put(args.get(i).getName(), i);
      }
    }

    NodeDef node(String name) {
      NodeDef node = nodes.get(name);
      if (node == null) {
        throw new ModelLoadException(
            "the graph is damaged: \"" + prefix + name + "\" is read but not there");
      }
      return node;
    }
  }

  /** A node at one place. */
  private record Place(Scope scope, NodeDef node) {}

  private Flattener(GraphDef graph) {
    graph
        .getLibrary()
        .getFunctionList()
        .forEach(function -> functions.put(function.getSignature().getName(), function));
  }

  /**
   * Flattens what an output depends on.
   *
   * @throws ModelLoadException if a function or node is missing, functions call each other without
   *     end, or the flat graph grows beyond a million nodes
   */
  static Flat flatten(GraphDef graph, Port output) {
    return new Flattener(graph).run(graph, output);
  }

  private Flat run(GraphDef graph, Port output) {
    Scope main = new Scope(graph);
    graph.getNodeList().forEach(node -> flat.put(node.getName(), node));
    ArrayDeque<Place> open = new ArrayDeque<>();
    Set<String> seen = new LinkedHashSet<>();
    Map<String, String> innerNames = new HashMap<>();
    Port root = resolve(main, output.toString(), open);
    while (!open.isEmpty()) {
      Place place = open.remove();
      String name = place.scope().prefix + place.node().getName();
      if (seen.add(name)) {
        flat.put(name, inlined(place, name, open));
        if (place.scope().caller != null) {
          innerNames.put(name, place.node().getName());
        }
        if (flat.size() > MAX_NODES) {
          throw new ModelLoadException(
              "the model grows beyond " + MAX_NODES + " nodes when its functions are inlined");
        }
      }
    }
    return new Flat(
        graph.toBuilder().clearNode().addAllNode(flat.values()).build(), root, innerNames);
  }

  private NodeDef inlined(Place place, String name, ArrayDeque<Place> open) {
    Scope scope = place.scope();
    NodeDef node = place.node();
    List<String> data = new ArrayList<>();
    Set<String> control = new LinkedHashSet<>();
    boolean readsBody = false;
    for (String input : node.getInputList()) {
      if (GraphIndex.isControl(input)) {
        control.addAll(controls(scope, input.substring(1), open));
      } else {
        readsBody = readsBody || !scope.arguments.containsKey(nodeOf(input));
        data.add(resolve(scope, input, open).toString());
      }
    }
    if (!readsBody) {
      // What the call waits for, its first nodes wait for.
      for (Scope each = scope; each.caller != null; each = each.caller) {
        for (String input : each.call.getInputList()) {
          if (GraphIndex.isControl(input)) {
            control.addAll(controls(each.caller, input.substring(1), open));
          }
        }
      }
    }
    NodeDef.Builder copy = node.toBuilder().setName(name).clearInput().addAllInput(data);
    control.forEach(producer -> copy.addInput("^" + producer));
    if (scope.caller != null) {
      copy.removeAttr("_class"); // colocation by names of the function's own
      substitute(copy, scope.call);
    }
    return copy.build();
  }

  /** Gives attributes that a function leaves to its caller the caller's value. */
  private static void substitute(NodeDef.Builder node, NodeDef call) {
    Map<String, AttrValue> given =
        call.getAttrOrDefault("f", AttrValue.getDefaultInstance()).getFunc().getAttrMap();
    Map.copyOf(node.getAttrMap())
        .forEach(
            (name, value) -> {
              AttrValue actual = given.get(value.getPlaceholder());
              if (actual != null) {
                node.putAttr(name, actual);
              }
            });
  }

  /**
   * Where a data input of a node of this scope stands in the flat graph: follows arguments up to
   * the caller and outputs of calls down to the callee, until a node stands there that stays.
   */
  private Port resolve(Scope start, String read, ArrayDeque<Place> open) {
    Scope scope = start;
    String input = read;
    for (int step = 0; step < MAX_STEPS; step++) {
      String name = nodeOf(input);
      Integer argument = scope.arguments.get(name);
      if (argument != null && scope.caller != null) {
        input = argument(scope, name, argument);
        scope = scope.caller;
        continue;
      }
      NodeDef node = scope.node(name);
      int index = scope.caller == null ? Port.parse(input).index() : functionIndex(node, input);
      if (!inlines(node)) {
        open.add(new Place(scope, node));
        return new Port(scope.prefix + name, index);
      }
      Scope callee = callee(scope, node);
      input = returned(callee, index);
      scope = callee;
    }
    throw new ModelLoadException(
        "the graph is damaged: \"" + start.prefix + read + "\" leads back to itself");
  }

  private static String returned(Scope callee, int index) {
    List<OpDef.ArgDef> outputs = callee.function.getSignature().getOutputArgList();
    if (index < 0 || index >= outputs.size()) {
      throw new ModelLoadException(
          "the graph is damaged: output "
              + index
              + " of call \""
              + callee.prefix
              + "\" is read, but its function has "
              + outputs.size());
    }
    return callee.function.getRetMap().getOrDefault(outputs.get(index).getName(), "");
  }

  /** The nodes that a control input of a node of this scope waits for. */
  private Set<String> controls(Scope scope, String name, ArrayDeque<Place> open) {
    // Remembered, or nested calls that each wait twice for the next would take for ever.
    Set<String> known = scope.waitedFor.get(name);
    if (known == null) {
      known = newControls(scope, name, open);
      scope.waitedFor.put(name, known);
    }
    return known;
  }

  private Set<String> newControls(Scope scope, String name, ArrayDeque<Place> open) {
    Integer argument = scope.arguments.get(name);
    if (argument != null && scope.caller != null) {
      return Set.of(resolve(scope.caller, argument(scope, name, argument), open).node());
    }
    NodeDef node = scope.node(name);
    if (OpPolicy.changesState(node.getOp())) {
      return Set.of(); // a pass must not change the model: what only waits for it does without
    }
    if (!inlines(node)) {
      open.add(new Place(scope, node));
      return Set.of(scope.prefix + name);
    }
    Scope callee = callee(scope, node);
    Set<String> all = new LinkedHashSet<>();
    callee.function.getControlRetMap().values().forEach(n -> all.addAll(controls(callee, n, open)));
    callee.function.getRetMap().values().forEach(n -> all.add(resolve(callee, n, open).node()));
    return all;
  }

  private static String argument(Scope scope, String name, int position) {
    if (position >= scope.given.size()) {
      throw new ModelLoadException(
          "the graph is damaged: \"" + scope.prefix + name + "\" is not given by the call");
    }
    return scope.given.get(position);
  }

  private boolean inlines(NodeDef node) {
    FunctionDef function = functions.get(functionName(node));
    if (function == null && CALLS.contains(node.getOp())) {
      throw new ModelLoadException(
          "the graph is damaged: \""
              + node.getName()
              + "\" calls function \""
              + functionName(node)
              + "\", which is not there");
    }
    return function != null && !function.getAttrMap().containsKey("api_implements");
  }

  /** The function that a node calls; an op of a function's own name calls it too. */
  private static String functionName(NodeDef node) {
    return CALLS.contains(node.getOp())
        ? node.getAttrOrDefault("f", AttrValue.getDefaultInstance()).getFunc().getName()
        : node.getOp();
  }

  private Scope callee(Scope scope, NodeDef call) {
    if (scope.depth >= MAX_DEPTH) {
      throw new ModelLoadException(
          "functions call each other without end, or more than "
              + MAX_DEPTH
              + " deep: "
              + functionName(scope.call)
              + " calls "
              + functionName(call));
    }
    Scope known = scope.calls.get(call.getName());
    if (known != null) {
      return known;
    }
    if (scope.prefix.length() + call.getName().length() > MAX_NAME) {
      throw new ModelLoadException(
          "the names of nested calls grow beyond " + MAX_NAME + " letters, at " + call.getName());
    }
    if (++calls > MAX_CALLS) {
      throw new ModelLoadException(
          "the model makes more than " + MAX_CALLS + " calls when its functions are inlined");
    }
    Scope callee = new Scope(scope, call, functions.get(functionName(call)));
    scope.calls.put(call.getName(), callee);
    return callee;
  }

  private int functionIndex(NodeDef node, String input) {
    String[] parts = input.split(":", -1);
    if (parts.length != 3 || !INDEX.matcher(parts[2]).matches()) {
      throw new ModelLoadException(
          "the graph is damaged: \"" + input + "\" is no output of a node of a function");
    }
    int element = Integer.parseInt(parts[2]);
    FunctionDef function = functions.get(node.getOp());
    if (function == null) {
      return OpOutputs.index(node, parts[1], element);
    }
    List<String> outputs =
        function.getSignature().getOutputArgList().stream().map(OpDef.ArgDef::getName).toList();
    return outputs.indexOf(parts[1]);
  }

  private static String nodeOf(String input) {
    int colon = input.indexOf(':');
    return colon < 0 ? input : input.substring(0, colon);
  }
}
