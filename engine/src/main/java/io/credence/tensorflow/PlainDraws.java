package io.credence.tensorflow;

import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Writes random draws whose seeds the model keeps itself as plain random ops of the same shape and
 * type: those of {@code tf.random.Generator}, and stateless ones, as Keras 3 writes dropout that is
 * always on. Passes key them anew, so that where the seeds came from, and the op that steps them
 * on, is no longer part of the model.
 */
final class PlainDraws {

  /** An op in another form, and which of its inputs and attributes tell the shape. */
  private record Form(String op, int shape, String shapeType) {}

  private static final Map<String, Form> FORMS =
      Map.of(
          "StatelessRandomUniform", new Form("RandomUniform", 0, "T"),
          "StatelessRandomUniformV2", new Form("RandomUniform", 0, "Tshape"),
          "StatefulUniform", new Form("RandomUniform", 2, "shape_dtype"),
          "StatelessRandomNormal", new Form("RandomStandardNormal", 0, "T"),
          "StatelessRandomNormalV2", new Form("RandomStandardNormal", 0, "Tshape"),
          "StatefulStandardNormalV2", new Form("RandomStandardNormal", 2, "shape_dtype"),
          "StatelessTruncatedNormal", new Form("TruncatedNormal", 0, "T"),
          "StatelessTruncatedNormalV2", new Form("TruncatedNormal", 0, "Tshape"),
          "StatefulTruncatedNormal", new Form("TruncatedNormal", 2, "shape_dtype"));

  private PlainDraws() {}

  /** The graph with its draws in their plain form, in functions too. */
  static GraphDef in(GraphDef graph) {
    GraphDef.Builder plain = graph.toBuilder().clearNode();
    graph.getNodeList().forEach(node -> plain.addNode(plain(node)));
    List<FunctionDef> functions = graph.getLibrary().getFunctionList();
    for (int i = 0; i < functions.size(); i++) {
      if (functions.get(i).getNodeDefList().stream().anyMatch(n -> FORMS.containsKey(n.getOp()))) {
        FunctionDef.Builder body = functions.get(i).toBuilder().clearNodeDef();
        functions.get(i).getNodeDefList().forEach(node -> body.addNodeDef(plain(node)));
        plain.getLibraryBuilder().setFunction(i, body);
      }
    }
    return plain.build();
  }

  private static NodeDef plain(NodeDef node) {
    Form form = FORMS.get(node.getOp());
    List<String> inputs = GraphIndex.dataInputs(node);
    if (form == null || inputs.size() <= form.shape()) {
      return node;
    }
    NodeDef.Builder plain =
        NodeWriter.node(node.getName(), form.op(), inputs.get(form.shape()))
            .setDevice(node.getDevice())
            .putAttr("dtype", OpOutputs.attr(node, "dtype"))
            .putAttr("T", OpOutputs.attr(node, form.shapeType()))
            .putAttr("seed", NodeWriter.number(0))
            .putAttr("seed2", NodeWriter.number(0));
    AttrValue shapes = node.getAttrMap().get("_output_shapes");
    if (shapes != null) {
      plain.putAttr("_output_shapes", shapes);
    }
    node.getInputList().stream().filter(GraphIndex::isControl).forEach(plain::addInput);
    return plain.build();
  }
}
