package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * Cuts a graph into the trunk, which no dropout site can reach, and the tail. The trunk is a
 * function of the inputs alone: the tensors that cross the cut are computed once a batch and fed to
 * every pass.
 */
final class TrunkCut {

  private TrunkCut() {}

  /**
   * The tensors that cross from trunk to tail and depend on the inputs; constants and weights are
   * left to the passes, which read them for nothing.
   *
   * @param graph the rewritten graph
   * @param output the node of the output
   * @param sites the nodes that draw random numbers
   * @param inputs the nodes that the signature feeds
   * @return the tensors, none twice; empty if the tail reads the inputs themselves only
   */
  static List<Port> crossing(
      GraphIndex graph, String output, Collection<String> sites, Set<String> inputs) {
    Set<String> reachable = graph.upstream(List.of(output));
    Set<String> roots = new LinkedHashSet<>(sites);
    // A branch not taken yields dead tensors, which can be neither fetched nor fed.
    reachable.stream().filter(name -> isControlFlow(graph.node(name))).forEach(roots::add);
    Set<String> tail = graph.downstream(roots, node -> false);
    Set<String> ofInputs = graph.downstream(inputs, node -> false);
    Set<Port> crossing = new LinkedHashSet<>();
    for (String name : reachable) {
      if (!tail.contains(name)) {
        continue;
      }
      for (String input : graph.node(name).getInputList()) {
        String producer = GraphIndex.producer(input);
        if (!GraphIndex.isControl(input)
            && !tail.contains(producer)
            && !inputs.contains(producer)
            && ofInputs.contains(producer)) {
          crossing.add(Port.parse(input));
        }
      }
    }
    return new ArrayList<>(crossing);
  }

  private static boolean isControlFlow(NodeDef node) {
    return switch (node.getOp()) {
      case "Switch",
          "RefSwitch",
          "Merge",
          "RefMerge",
          "Enter",
          "RefEnter",
          "Exit",
          "NextIteration" ->
          true;
      default -> false;
    };
  }
}
