package io.credence.tensorflow;

import static io.credence.tensorflow.NodeWriter.node;
import static io.credence.tensorflow.NodeWriter.type;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Dropout as a training loop writes it, put by hand into a flat graph: a stateful random op, a mask
 * a row, after each of some nodes, in the graph or in functions.
 */
final class NaiveDropout {

  private NaiveDropout() {}

  /**
   * The graph with dropout after some nodes.
   *
   * @param innerNames names that nodes of the graph are known by
   * @param rates the rate after each node, by the name it is known by
   */
  static GraphDef in(GraphDef graph, Map<String, String> innerNames, Map<String, Double> rates) {
    GraphDef.Builder naive = graph.toBuilder().clearNode().clearLibrary();
    NodeWriter writer = NodeWriter.of(naive);
    for (NodeDef node : graph.getNodeList()) {
      Double rate = rates.get(innerNames.getOrDefault(node.getName(), node.getName()));
      if (rate == null) {
        naive.addNode(node);
      } else {
        // The node moves away, and what drops its output takes its name.
        naive.addNode(node.toBuilder().setName(node.getName() + "/whole"));
        drop(writer, node.getName() + "/whole", node.getName(), rate);
      }
    }
    Set<String> inGraph = new HashSet<>(innerNames.values());
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      FunctionDef.Builder body = function.toBuilder().clearNodeDef();
      NodeWriter inside = NodeWriter.of(body);
      for (NodeDef node : function.getNodeDefList()) {
        Double rate = rates.get(node.getName());
        if (rate == null || inGraph.contains(node.getName())) {
          body.addNodeDef(node);
        } else {
          body.addNodeDef(node.toBuilder().setName(node.getName() + "/whole"));
          drop(inside, node.getName() + "/whole:z:0", node.getName(), rate);
        }
      }
      naive.getLibraryBuilder().addFunction(body);
    }
    return naive.build();
  }

  private static void drop(NodeWriter writer, String x, String name, double rate) {
    String at = name + "/plain_";
    var real = type(DataType.DT_FLOAT);
    String shape =
        writer.add(
            node(at + "shape", "Shape", x)
                .putAttr("T", real)
                .putAttr("out_type", type(DataType.DT_INT32)));
    String uniform =
        writer.add(
            node(at + "uniform", "RandomUniform", shape)
                .putAttr("dtype", real)
                .putAttr("T", type(DataType.DT_INT32)));
    String keep =
        writer.add(
            node(at + "keep", "GreaterEqual", uniform, real(writer, at + "rate", rate))
                .putAttr("T", real));
    String ones =
        writer.add(
            node(at + "ones", "Cast", keep)
                .putAttr("SrcT", type(DataType.DT_BOOL))
                .putAttr("DstT", real));
    String scaled =
        writer.add(
            node(at + "scaled", "Mul", x, real(writer, at + "scale", 1 / (1 - rate)))
                .putAttr("T", real));
    writer.add(node(name, "Mul", scaled, ones).putAttr("T", real));
  }

  private static String real(NodeWriter writer, String name, double value) {
    String wide = writer.constant(name + "_64", NodeWriter.real(value));
    return writer.add(
        node(name, "Cast", wide)
            .putAttr("SrcT", type(DataType.DT_DOUBLE))
            .putAttr("DstT", type(DataType.DT_FLOAT)));
  }
}
