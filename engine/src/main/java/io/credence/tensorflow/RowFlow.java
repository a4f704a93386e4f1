package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import io.credence.tensorflow.Layout.Mixed;
import io.credence.tensorflow.Layout.Rows;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * How the rows of a batch lie in every tensor of an inference graph, found without running it.
 * Where the output is {@link Rows}, the graph treats rows one by one: it may be run once on batches
 * stacked on each other instead of once on each.
 *
 * <p>What is not known to keep rows apart counts as {@link Mixed}: an op without a rule, or a shape
 * that cannot be told before the run.
 */
final class RowFlow {

  private final FlowScope scope;

  private RowFlow(FlowScope scope) {
    this.scope = scope;
  }

  /**
   * Analyses all that some nodes depend on.
   *
   * @param graph a flat graph; functions that are still called are in its library
   * @param inputs the placeholders that are fed a batch, along axis 0
   * @param outputs the nodes of interest
   * @throws ModelLoadException if the graph is damaged
   */
  static RowFlow of(GraphDef graph, Set<String> inputs, Collection<String> outputs) {
    GraphIndex index = GraphIndex.of(graph);
    Set<String> upstream = index.upstream(outputs);
    GraphDef.Builder pruned = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      if (upstream.contains(node.getName())) {
        pruned.addNode(node);
      }
    }
    Map<String, Layout> given = new HashMap<>();
    for (String input : inputs) {
      if (upstream.contains(input)) {
        given.put(input, Rows.of(0));
      }
    }
    FlowLibrary library = FlowLibrary.of(graph, pruned.getNodeList());
    return new RowFlow(FlowScope.analyse(library, pruned.clearLibrary().build(), given, 0));
  }

  /**
   * The layout of a tensor.
   *
   * @throws IllegalArgumentException if no output depends on it
   */
  Layout of(Port port) {
    return scope.layout(port);
  }

  /**
   * The layout of a tensor in the body of a function, for all the times that it runs.
   *
   * @param call the node of the flat graph that calls the function, or calls what calls it
   * @param function its name
   * @param tensor {@code node:output:index}, or the name of an argument
   * @throws IllegalArgumentException if that node does not call it, or it has no such tensor
   */
  Layout inFunction(String call, String function, String tensor) {
    Optional<Layout> layout =
        scope.bodies(call).stream()
            .flatMap(body -> body.find(function))
            .map(body -> body.layout(tensor))
            .reduce((a, b) -> Layout.join(a, b, tensor + " lies in two ways"));
    return layout.orElseThrow(
        () ->
            new IllegalArgumentException(
                "node \"" + call + "\" was not seen to call function \"" + function + "\""));
  }

  /** The shape of a tensor as far as it is known without running, unknown dimensions −1. */
  Shape shape(Port port) {
    return scope.shape(port);
  }

  DataType type(Port port) {
    return scope.type(port);
  }

  /** Whether a tensor was analysed: it exists, and an output depends on it. */
  boolean has(Port port) {
    return scope.layouts().containsKey(port);
  }

  /** The layouts of all tensors of the flat graph that were analysed. */
  Map<Port, Layout> layouts() {
    return new LinkedHashMap<>(scope.layouts());
  }
}
