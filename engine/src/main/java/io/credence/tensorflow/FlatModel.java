package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * A model flattened to the output that is sampled, for those who look for dropout in it.
 *
 * @param meta the meta graph
 * @param flat the flat graph
 * @param graph the same, indexed
 * @param innerNames the name of each inlined node in the function it comes from; only nodes that
 *     the output depends on
 * @param output the tensor sampled
 * @param inputs the nodes that each call feeds
 * @param reachable the nodes that the output depends on
 * @param named tensors that the caller names as dropout, each with its rate
 */
record FlatModel(
    MetaGraphDef meta,
    GraphDef flat,
    GraphIndex graph,
    Map<String, String> innerNames,
    Port output,
    Set<String> inputs,
    Set<String> reachable,
    Map<String, Double> named) {

  /** The name that people know a node by: that in the function which holds it. */
  String knownName(String node) {
    return innerNames.getOrDefault(node, node);
  }

  /** Of the graph, what runs when the model is started and when its output is asked for. */
  GraphDef runs(Startup startup) {
    List<String> roots = new ArrayList<>(startup.roots());
    roots.add(output.node());
    return GraphPruner.prune(flat, roots);
  }

  /** The loops that the output depends on. */
  List<NodeDef> loops() {
    return reachable.stream()
        .map(graph::node)
        .filter(node -> node.getOp().equals("While") || node.getOp().equals("StatelessWhile"))
        .toList();
  }

  /** The body of a loop. */
  static String bodyOf(NodeDef loop) {
    return loop.getAttrOrThrow("body").getFunc().getName();
  }

  /** A loop's body, if its nodes are known. */
  Optional<Site.Loop> loop(NodeDef loop) {
    String body = bodyOf(loop);
    return graph.function(body).map(f -> new Site.Loop(loop.getName(), body));
  }
}
