package io.credence.tensorflow;

import io.credence.DropoutSite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the places where a flat graph draws random numbers, and the placeholders that turn them on.
 *
 * <p>A gate is a boolean placeholder outside the signature that chooses between two branches, one
 * of them random: through Switch and Merge (TensorFlow 1 cond), or through Select. Its region is
 * all that depends on it up to the node that joins the branches again. A gate whose region also
 * holds batch normalisation in training form is refused: turning it on would change more than
 * dropout.
 */
final class SiteFinder {

  /** Random ops whose draws can be keyed, and their stateless forms of the same inputs. */
  static final Map<String, String> STATELESS =
      Map.of(
          "RandomUniform", "StatelessRandomUniform",
          "RandomStandardNormal", "StatelessRandomNormal",
          "TruncatedNormal", "StatelessTruncatedNormal");

  private static final Set<String> JOINS = Set.of("Merge", "Select", "SelectV2");

  private final GraphIndex graph;
  private final Set<String> reachable;

  /**
   * What was found.
   *
   * @param sites the sites, in the order of the graph
   * @param gates the placeholders that turn them on, by name
   */
  record Found(List<DropoutSite> sites, Map<String, GateFinder.Gate> gates) {}

  private SiteFinder(GraphIndex graph, Set<String> reachable) {
    this.graph = graph;
    this.reachable = reachable;
  }

  /**
   * Finds the sites that an output depends on.
   *
   * @param graph the graph
   * @param output the node of the output
   * @param fed the nodes that the signature feeds
   * @return what was found, which may be nothing
   * @throws ModelLoadException if a site cannot be turned on by itself
   */
  static Found find(GraphIndex graph, String output, Set<String> fed) {
    return new SiteFinder(graph, graph.upstream(List.of(output))).find(fed);
  }

  private Found find(Set<String> fed) {
    List<NodeDef> random =
        graph.nodes().stream()
            .filter(node -> reachable.contains(node.getName()) && isRandom(node))
            .toList();
    refuseRandomFunctions();
    refuseLoops(random);
    GateFinder finder = new GateFinder(graph, reachable, fed);
    Map<String, GateFinder.Gate> gates = new LinkedHashMap<>();
    List<DropoutSite> sites = new ArrayList<>();
    for (NodeDef node : random) {
      Map<String, GateFinder.Gate> governing = finder.of(node.getName());
      governing.forEach((name, gate) -> GateFinder.merge(gates, name, gate));
      Optional<String> first = governing.keySet().stream().findFirst();
      sites.add(new DropoutSite(node.getName(), rate(node), first));
    }
    gates.keySet().forEach(this::refuseBatchNormalisation);
    refuseUnfed(fed, gates.keySet());
    return new Found(sites, gates);
  }

  private static boolean isRandomOp(NodeDef node) {
    String op = node.getOp();
    return STATELESS.containsKey(op)
        || op.startsWith("Random")
        || op.startsWith("StatelessRandom")
        || op.startsWith("StatelessTruncated")
        || op.equals("Multinomial")
        || op.equals("ParameterizedTruncatedNormal");
  }

  private static boolean isRandom(NodeDef node) {
    String op = node.getOp();
    boolean random = isRandomOp(node);
    if (random && !STATELESS.containsKey(op)) {
      throw new ModelLoadException(
          "node \""
              + node.getName()
              + "\" draws random numbers by op "
              + op
              + ", which cannot be reseeded yet; known are "
              + STATELESS.keySet().stream().sorted().toList());
    }
    return random;
  }

  /** What to say of a model without any site. */
  static String noSite() {
    return "the model has no dropout to turn on: no random op stands between its inputs and its"
        + " output, so every pass would give the same answer, and no Keras training function is"
        + " saved beside it that says where dropout was. A model trained without dropout has none;"
        + " Keras 3 leaves no trace of it: export it with training=True, or with dropout gated by a"
        + " boolean placeholder";
  }

  /** A draw in a kernel or in the body of a loop or branch cannot be reached to key it. */
  private void refuseRandomFunctions() {
    for (String name : reachable) {
      for (String function : graph.functionsOf(graph.node(name))) {
        graph
            .bodiesOf(function)
            .filter(SiteFinder::isRandomOp)
            .findFirst()
            .ifPresent(
                node -> {
                  throw new ModelLoadException(
                      "node \""
                          + name
                          + "\" calls function \""
                          + function
                          + "\", in which node \""
                          + node.getName()
                          + "\" ("
                          + node.getOp()
                          + ") draws random numbers; draws inside loops, branches and RNN kernels"
                          + " cannot be keyed yet");
                });
      }
    }
  }

  private void refuseBatchNormalisation(String gate) {
    Set<String> region = graph.downstream(List.of(gate), n -> JOINS.contains(n.getOp()));
    region.retainAll(reachable);
    for (String name : region) {
      String op = graph.node(name).getOp();
      if (op.startsWith("FusedBatchNorm") || op.startsWith("Assign")) {
        throw new ModelLoadException(
            "placeholder \""
                + gate
                + "\" turns on dropout, but node \""
                + name
                + "\" ("
                + op
                + ") hangs on it too: batch normalisation would leave inference mode; export dropout with a gate of its own");
      }
    }
  }

  private void refuseLoops(List<NodeDef> random) {
    List<String> enters =
        reachable.stream().filter(name -> graph.node(name).getOp().endsWith("Enter")).toList();
    Set<String> inLoops = graph.downstream(enters, node -> node.getOp().endsWith("Exit"));
    for (NodeDef node : random) {
      if (inLoops.contains(node.getName())) {
        throw new ModelLoadException(
            "node \""
                + node.getName()
                + "\" draws random numbers inside a loop, which cannot be keyed by time step yet");
      }
    }
  }

  private void refuseUnfed(Set<String> fed, Set<String> gates) {
    for (String name : reachable) {
      if (graph.node(name).getOp().equals("Placeholder")
          && !fed.contains(name)
          && !gates.contains(name)) {
        throw new ModelLoadException(
            "the output depends on placeholder \""
                + name
                + "\", which the signature does not feed and which has no default; choose a signature that feeds it");
      }
    }
  }

  /** The rate, where it is a constant that the draw is compared with, or added to before Floor. */
  private OptionalDouble rate(NodeDef random) {
    NodeDef at = random;
    for (int step = 0; step < 4; step++) {
      List<NodeDef> readers = graph.consumers(at.getName());
      if (readers.size() != 1) {
        return OptionalDouble.empty();
      }
      NodeDef reader = readers.get(0);
      boolean add = reader.getOp().equals("Add") || reader.getOp().equals("AddV2");
      if (reader.getOp().equals("GreaterEqual")) {
        return Constants.number(other(reader, at));
      }
      if (add
          && graph.consumers(reader.getName()).stream().anyMatch(n -> n.getOp().equals("Floor"))) {
        OptionalDouble keep = Constants.number(other(reader, at));
        return keep.isPresent() ? OptionalDouble.of(1 - keep.getAsDouble()) : keep;
      }
      at = reader;
    }
    return OptionalDouble.empty();
  }

  private NodeDef other(NodeDef reader, NodeDef known) {
    for (String input : reader.getInputList()) {
      if (!GraphIndex.isControl(input) && !GraphIndex.producer(input).equals(known.getName())) {
        return graph.node(GraphIndex.producer(input));
      }
    }
    return known;
  }
}
