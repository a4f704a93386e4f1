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
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** The functions of a graph by name, and which of them a node leads to. */
final class FunctionLibrary {

  private static final String IMPLEMENTS = "api_implements";

  private final Map<String, FunctionDef> functions = new LinkedHashMap<>();
  private final Map<String, List<String>> implementations = new HashMap<>();

  private FunctionLibrary() {}

  static FunctionLibrary of(GraphDef graph) {
    FunctionLibrary library = new FunctionLibrary();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      String name = function.getSignature().getName();
      library.functions.put(name, function);
      library
          .implementations
          .computeIfAbsent(implemented(function), i -> new ArrayList<>())
          .add(name);
    }
    return library;
  }

  Optional<FunctionDef> get(String name) {
    return Optional.ofNullable(functions.get(name));
  }

  /**
   * The functions that a node names itself: its own op, a callee, bodies, conditions, branches, and
   * what it hands these for a placeholder.
   */
  Set<String> named(NodeDef node) {
    Set<String> names = new TreeSet<>();
    names.add(node.getOp());
    ArrayDeque<AttrValue> open = new ArrayDeque<>(node.getAttrMap().values());
    while (!open.isEmpty()) {
      AttrValue attr = open.remove();
      if (attr.hasFunc()) {
        names.add(attr.getFunc().getName());
        open.addAll(attr.getFunc().getAttrMap().values());
      }
      attr.getList()
          .getFuncList()
          .forEach(
              each -> {
                names.add(each.getName());
                open.addAll(each.getAttrMap().values());
              });
    }
    names.retainAll(functions.keySet());
    return names;
  }

  /**
   * The functions that may run when these nodes do: those they name, those that these name in turn,
   * and other implementations of the same, which TensorFlow may put in their place.
   */
  Set<String> reached(Collection<NodeDef> nodes) {
    Set<String> seen = new LinkedHashSet<>();
    ArrayDeque<String> open = new ArrayDeque<>();
    nodes.forEach(node -> open.addAll(named(node)));
    while (!open.isEmpty()) {
      String name = open.remove();
      if (!seen.add(name)) {
        continue;
      }
      FunctionDef function = functions.get(name);
      function.getNodeDefList().forEach(node -> open.addAll(named(node)));
      String implemented = implemented(function);
      if (!implemented.isEmpty()) {
        open.addAll(implementations.get(implemented));
      }
    }
    return seen;
  }

  private static String implemented(FunctionDef function) {
    return function
        .getAttrOrDefault(IMPLEMENTS, AttrValue.getDefaultInstance())
        .getS()
        .toStringUtf8();
  }
}
