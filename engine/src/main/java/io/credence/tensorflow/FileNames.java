package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Follows the name of the file that an op reads back to the tensor it comes from: through Identity,
 * out of functions to their callers, and through a variable that is assigned from such a tensor, as
 * TensorFlow 2 saves assets.
 */
final class FileNames {

  private static final Set<String> CALLS = Set.of("PartitionedCall", "StatefulPartitionedCall");
  private static final int MAX_DEPTH = 100;
  private static final int MAX_SCOPES = 10_000;
  private static final int MAX_STEPS = 10_000;

  /** The main graph, or a function where it is called, or (no caller) somewhere it may be. */
  private static final class Scope {
    private final @Nullable Scope caller;
    private final List<String> given;
    private final int depth;
    private final Map<String, NodeDef> nodes = new HashMap<>();
    private final Map<String, Integer> arguments = new HashMap<>();

    Scope(List<NodeDef> main) {
      this.caller = null;
      this.given = List.of();
      this.depth = 0;
      main.forEach(node -> nodes.put(node.getName(), node));
    }

    Scope(@Nullable Scope caller, int depth, NodeDef call, FunctionDef function) {
      this.caller = caller;
      this.given = call.getInputList().stream().filter(i -> !GraphIndex.isControl(i)).toList();
      this.depth = depth;
      function.getNodeDefList().forEach(node -> nodes.put(node.getName(), node));
      List<OpDef.ArgDef> args = function.getSignature().getInputArgList();
      for (int i = 0; i < args.size(); i++) {
        arguments.put(args.get(i).getName(), i);
      }
    }

    boolean isMain() {
      return depth == 0;
    }
  }

  /** A node where it runs. */
  private record Place(Scope scope, NodeDef node) {}

  private final FunctionLibrary library;
  private final List<Place> places = new ArrayList<>();

  /**
   * Goes through all that runs.
   *
   * @param graph a graph of which every node may run
   * @throws ModelLoadException if functions are nested too deep or called too often
   */
  FileNames(GraphDef graph) {
    library = FunctionLibrary.of(graph);
    Set<String> relevant = relevant(graph);
    ArrayDeque<Scope> open = new ArrayDeque<>();
    open.add(new Scope(graph.getNodeList()));
    int scopes = 0;
    while (!open.isEmpty()) {
      Scope scope = open.remove();
      if (++scopes > MAX_SCOPES || scope.depth > MAX_DEPTH) {
        throw new ModelLoadException(
            "the functions that restore the model call each other without end, or more than "
                + MAX_SCOPES
                + " times");
      }
      for (NodeDef node : scope.nodes.values()) {
        if (OpPolicy.loads(node.getOp())) {
          places.add(new Place(scope, node));
        }
        for (String name : library.named(node)) {
          boolean call = CALLS.contains(node.getOp()) || name.equals(node.getOp());
          if (relevant.contains(name)) {
            open.add(
                new Scope(call ? scope : null, scope.depth + 1, node, library.get(name).get()));
          }
        }
      }
    }
  }

  /** The functions through which an op that loads something is reached; the rest are not walked. */
  private Set<String> relevant(GraphDef graph) {
    Set<String> relevant = new HashSet<>();
    int before = -1;
    while (relevant.size() > before) {
      before = relevant.size();
      for (FunctionDef function : graph.getLibrary().getFunctionList()) {
        boolean leads =
            function.getNodeDefList().stream()
                .anyMatch(
                    node ->
                        OpPolicy.loads(node.getOp())
                            || library.named(node).stream().anyMatch(relevant::contains));
        if (leads) {
          relevant.add(function.getSignature().getName());
        }
      }
    }
    return relevant;
  }

  /**
   * Looks for an op that takes the name of a file from elsewhere than it may.
   *
   * @param ops the ops that read files, and which of their inputs is the name
   * @param allowed the tensors of the main graph that it may come from
   * @return a node of such an op, if there is one
   */
  Optional<NodeDef> stray(Map<String, Integer> ops, Set<Port> allowed) {
    return places.stream()
        .filter(place -> ops.containsKey(place.node.getOp()))
        .filter(place -> !namesFile(place, ops.get(place.node.getOp()), allowed))
        .map(Place::node)
        .findFirst();
  }

  private boolean namesFile(Place reader, int input, Set<Port> allowed) {
    Optional<Place> origin = origin(reader, input, allowed);
    if (origin.isPresent() && origin.get().node.getOp().equals("ReadVariableOp")) {
      Optional<String> variable = origin(origin.get(), 0, Set.of()).flatMap(FileNames::variable);
      return variable.isPresent() && assignedOnly(variable.get(), allowed);
    }
    return isAllowed(origin, allowed);
  }

  /** Whether nothing else than these tensors is ever assigned to a variable. */
  private boolean assignedOnly(String variable, Set<Port> allowed) {
    int assigned = 0;
    for (Place place : places) {
      String op = place.node.getOp();
      if (!op.startsWith("Resource") && !op.endsWith("VariableOp")) {
        continue;
      }
      Optional<String> other = origin(place, 0, Set.of()).flatMap(FileNames::variable);
      if (other.isPresent() && !other.get().equals(variable)) {
        continue;
      }
      boolean well = op.equals("AssignVariableOp") && isAllowed(origin(place, 1, allowed), allowed);
      if (other.isEmpty() || !well) {
        return false;
      }
      assigned++;
    }
    return assigned > 0;
  }

  private static boolean isAllowed(Optional<Place> origin, Set<Port> allowed) {
    return origin.isPresent()
        && origin.get().scope.isMain()
        && allowed.contains(new Port(origin.get().node.getName(), 0));
  }

  /** Variables of one shared name are one variable. */
  private static Optional<String> variable(Place place) {
    NodeDef node = place.node;
    if (!node.getOp().equals("VarHandleOp")) {
      return Optional.empty();
    }
    String shared = text(node, "shared_name");
    return Optional.of(
        text(node, "container") + "/" + (shared.isEmpty() ? node.getName() : shared));
  }

  private static String text(NodeDef node, String attr) {
    return node.getAttrOrDefault(attr, AttrValue.getDefaultInstance()).getS().toStringUtf8();
  }

  /** The node that an input comes from, past Identity and out to callers; empty if it is lost. */
  private static Optional<Place> origin(Place reader, int position, Set<Port> last) {
    Scope scope = reader.scope;
    if (position >= reader.node.getInputCount()) {
      return Optional.empty();
    }
    String input = reader.node.getInput(position);
    for (int step = 0; step < MAX_STEPS; step++) {
      String name = input.split(":", 2)[0];
      Integer argument = scope.arguments.get(name);
      if (argument != null) {
        if (scope.caller == null || argument >= scope.given.size()) {
          return Optional.empty();
        }
        input = scope.given.get(argument);
        scope = scope.caller;
        continue;
      }
      NodeDef node = scope.nodes.get(name);
      boolean further =
          node != null
              && node.getOp().equals("Identity")
              && node.getInputCount() > 0
              && !(scope.isMain() && last.contains(new Port(name, 0)));
      if (!further) {
        return node == null ? Optional.empty() : Optional.of(new Place(scope, node));
      }
      input = node.getInput(0);
    }
    return Optional.empty();
  }
}
