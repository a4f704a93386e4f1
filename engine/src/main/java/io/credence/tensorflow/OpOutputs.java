package io.credence.tensorflow;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * How the outputs of a node are numbered. The main graph writes {@code node:index}, function bodies
 * write {@code node:output:index}, where an output may be a list; the op's definition tells how
 * long.
 */
final class OpOutputs {

  private OpOutputs() {}

  /** The definitions of all ops, read once: there are about 1,500. */
  private static final class Registry {
    private static final Map<String, OpDef> OPS = new HashMap<>();

    static {
      TensorFlow.registeredOpList().getOpList().forEach(op -> OPS.put(op.getName(), op));
    }
  }

  /**
   * The index among all outputs of a node of one element of a named output.
   *
   * @throws ModelLoadException if the op is unknown, or has no such output
   */
  static int index(NodeDef node, String output, int element) {
    OpDef op = Registry.OPS.get(node.getOp());
    if (op == null) {
      throw new ModelLoadException(
          "node \""
              + node.getName()
              + "\" is of op "
              + node.getOp()
              + ", which TensorFlow "
              + TensorFlow.version()
              + " does not know");
    }
    int before = 0;
    for (OpDef.ArgDef each : op.getOutputArgList()) {
      if (each.getName().equals(output)) {
        return before + element;
      }
      before += length(node, each);
    }
    throw new ModelLoadException(
        "node \"" + node.getName() + "\" (" + node.getOp() + ") has no output \"" + output + "\"");
  }

  private static int length(NodeDef node, OpDef.ArgDef output) {
    if (!output.getNumberAttr().isEmpty()) {
      return (int) attr(node, output.getNumberAttr()).getI();
    }
    if (!output.getTypeListAttr().isEmpty()) {
      return attr(node, output.getTypeListAttr()).getList().getTypeCount();
    }
    return 1;
  }

  private static AttrValue attr(NodeDef node, String name) {
    return node.getAttrOrDefault(name, AttrValue.getDefaultInstance());
  }
}
