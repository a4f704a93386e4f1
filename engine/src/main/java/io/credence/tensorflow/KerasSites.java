package io.credence.tensorflow;

import io.credence.tensorflow.KerasTwin.Draw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the Dropout and SpatialDropout layers of a Keras 2 model saved for serving. Serving keeps
 * of such a layer one node {@code <model>/<layer>/Identity}; the training function holds its draw.
 * Names alone would mistake the reading of an RNN's weights for dropout: both layers must read the
 * same.
 */
final class KerasSites {

  private static final Pattern IDENTITY = Pattern.compile("[^/]+/(.+)/Identity(?:_(\\d+))?");

  private KerasSites() {}

  /**
   * A layer whose dropout can be turned on.
   *
   * @param node the Identity node in the flat graph
   * @param name its name in the function that holds it
   * @param draw what the training function says of it
   */
  record Site(String node, String name, Draw draw) {}

  /**
   * Matches the draws of the training function with the nodes of the serving graph.
   *
   * @param graph the flat graph
   * @param innerNames the name of each inlined node in the function it comes from; only nodes that
   *     the output depends on
   * @param draws the draws of the training function
   * @return the sites, in the order of their names: that of nodes may differ between exports
   * @throws ModelLoadException if a layer that the output depends on draws in training, but cannot
   *     be found in serving
   */
  static List<Site> match(GraphIndex graph, Map<String, String> innerNames, List<Draw> draws) {
    Map<String, Draw> open = new LinkedHashMap<>();
    draws.forEach(draw -> open.put(draw.layer() + "#" + draw.ordinal(), draw));
    List<Site> sites = new ArrayList<>();
    for (NodeDef node : graph.nodes()) {
      String name = innerNames.getOrDefault(node.getName(), "");
      Matcher identity = IDENTITY.matcher(name);
      if (!node.getOp().equals("Identity") || !identity.matches()) {
        continue;
      }
      String key = identity.group(1) + "#" + (identity.group(2) == null ? "0" : identity.group(2));
      Draw draw = open.get(key);
      if (draw != null && sameInput(draw, graph, node, innerNames)) {
        refuseOtherTypes(node, name);
        sites.add(new Site(node.getName(), name, draw));
        open.remove(key);
      }
    }
    open.values().forEach(draw -> refuseIfServed(draw, innerNames));
    sites.sort(Comparator.comparing(Site::name));
    return sites;
  }

  private static boolean sameInput(
      Draw draw, GraphIndex graph, NodeDef node, Map<String, String> innerNames) {
    NodeDef producer = graph.node(GraphIndex.producer(node.getInput(0)));
    String served = innerNames.get(producer.getName());
    if (served == null) {
      return draw.input().isEmpty();
    }
    String relative = served.substring(served.indexOf('/') + 1);
    String scope = draw.input().substring(0, draw.input().lastIndexOf('/') + 1);
    // What a layer's function returns may be named otherwise inside it than where it is inlined.
    return relative.equals(draw.input())
        || (!draw.inlined() && !scope.isEmpty() && relative.startsWith(scope));
  }

  private static void refuseOtherTypes(NodeDef node, String name) {
    DataType type = node.getAttrOrThrow("T").getType();
    if (type != DataType.DT_FLOAT) {
      throw new ModelLoadException(
          "dropout layer \"" + name + "\" works on " + type + "; only DT_FLOAT is turned on yet");
    }
  }

  private static void refuseIfServed(Draw draw, Map<String, String> innerNames) {
    boolean served =
        innerNames.values().stream()
            .map(name -> name.substring(name.indexOf('/') + 1))
            .anyMatch(name -> name.startsWith(draw.layer() + "/"));
    if (served) {
      throw new ModelLoadException(
          "layer \""
              + draw.layer()
              + "\" drops "
              + draw.rate()
              + " of its units in training, but where it does so in serving is not found yet, as in"
              + " RNN layers; with some of the dropout off, the passes would agree too much");
    }
  }
}
