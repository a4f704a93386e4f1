package io.credence.tensorflow;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Leaves out of a graph what does not run. What stands beside a model, its savers and training
 * functions, may use ops that this TensorFlow lacks.
 */
final class GraphPruner {

  private static final String COLOCATION = "_class";
  private static final String LOCATION = "loc:@";

  private GraphPruner() {}

  /**
   * The nodes that these depend on, by data or control, in the order of the graph, and the
   * functions that these nodes lead to.
   *
   * @param roots names of nodes
   * @throws ModelLoadException if a root, or an input of a node that is kept, is not there
   */
  static GraphDef prune(GraphDef graph, Collection<String> roots) {
    Set<String> kept = upstream(graph, roots);
    List<NodeDef> nodes =
        graph.getNodeList().stream()
            .filter(node -> kept.contains(node.getName()))
            .map(node -> colocated(node, kept))
            .toList();
    FunctionLibrary library = FunctionLibrary.of(graph);
    FunctionDefLibrary.Builder functions = FunctionDefLibrary.newBuilder();
    Set<String> reached = library.reached(nodes);
    graph.getLibrary().getFunctionList().stream()
        .filter(function -> reached.contains(function.getSignature().getName()))
        .forEach(functions::addFunction);
    return graph.toBuilder().clearNode().addAllNode(nodes).setLibrary(functions).build();
  }

  private static Set<String> upstream(GraphDef graph, Collection<String> roots) {
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    Set<String> seen = new HashSet<>(roots);
    ArrayDeque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      String name = open.remove();
      NodeDef node = nodes.get(name);
      if (node == null) {
        throw new ModelLoadException("the graph is damaged: it has no node \"" + name + "\"");
      }
      for (String input : node.getInputList()) {
        String producer = GraphIndex.producer(input);
        if (seen.add(producer)) {
          open.add(producer);
        }
      }
    }
    return seen;
  }

  /** TensorFlow refuses a node that is to stand beside one that is not there. */
  private static NodeDef colocated(NodeDef node, Set<String> kept) {
    AttrValue beside = node.getAttrOrDefault(COLOCATION, AttrValue.getDefaultInstance());
    boolean all =
        beside.getList().getSList().stream()
            .map(each -> each.toStringUtf8())
            .allMatch(each -> !each.startsWith(LOCATION) || kept.contains(each.substring(5)));
    return all ? node : node.toBuilder().removeAttr(COLOCATION).build();
  }
}
