package io.credence.tensorflow;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * How the outputs of a node are numbered. The main graph writes {@code node:index}, function bodies
 * write {@code node:output:index}, where an output may be a list; the op's definition tells how
 * long.
 */
final class OpOutputs {

  private static final int MAX_OUTPUTS = 100_000;

  private OpOutputs() {}

  /** The definitions of all ops, read once: there are about 1,500. */
  private static final class Registry {
    private static final Map<String, OpDef> OPS = new HashMap<>();

    static {
      TensorFlow.registeredOpList().getOpList().forEach(op -> OPS.put(op.getName(), op));
    }
  }

  /** Whether TensorFlow knows an op. */
  static boolean knows(String op) {
    return Registry.OPS.containsKey(op);
  }

  /**
   * The attributes of an op that say how long a list of inputs (true) or outputs (false) is; those
   * of an op that is not known are none.
   */
  static Map<String, Boolean> lists(String op) {
    OpDef known = Registry.OPS.getOrDefault(op, OpDef.getDefaultInstance());
    Map<String, Boolean> lists = new HashMap<>();
    known.getOutputArgList().forEach(output -> lists.put(output.getNumberAttr(), false));
    known.getInputArgList().forEach(input -> lists.put(input.getNumberAttr(), true));
    lists.remove("");
    return lists;
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

  /** The name of a node's first output, as function bodies write it. */
  static String firstOutput(NodeDef node) {
    return definition(node)
        .filter(op -> op.getOutputArgCount() > 0)
        .map(op -> op.getOutputArg(0).getName())
        .orElseThrow(
            () ->
                new ModelLoadException(
                    "node \"" + node.getName() + "\" (" + node.getOp() + ") has no output"));
  }

  /**
   * The types of a node's outputs, one after another.
   *
   * @param library the functions that the node may call by its op
   * @return the types, or empty if the op is unknown
   */
  static Optional<List<DataType>> types(NodeDef node, FunctionLibrary library) {
    Optional<OpDef> op =
        library
            .get(node.getOp())
            .map(FunctionDef::getSignature)
            .or(() -> Optional.ofNullable(Registry.OPS.get(node.getOp())));
    return op.map(known -> types(node, known));
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

  /** The value of an attribute of a node, or else the op's default; empty if it has none. */
  static AttrValue attr(NodeDef node, String name) {
    AttrValue given = node.getAttrMap().get(name);
    if (given != null) {
      return given;
    }
    return definition(node)
        .flatMap(op -> op.getAttrList().stream().filter(a -> a.getName().equals(name)).findFirst())
        .map(OpDef.AttrDef::getDefaultValue)
        .orElse(AttrValue.getDefaultInstance());
  }

  /** The definition of a node's op; empty if it is no op that TensorFlow knows. */
  static Optional<OpDef> definition(NodeDef node) {
    return Optional.ofNullable(Registry.OPS.get(node.getOp()));
  }

  /** The types of all outputs of a node of that definition. */
  static List<DataType> types(NodeDef node, OpDef op) {
    List<DataType> types = new ArrayList<>();
    for (OpDef.ArgDef each : op.getOutputArgList()) {
      if (!each.getTypeListAttr().isEmpty()) {
        types.addAll(attr(node, each.getTypeListAttr()).getList().getTypeList());
        continue;
      }
      DataType type =
          each.getTypeAttr().isEmpty() ? each.getType() : attr(node, each.getTypeAttr()).getType();
      int length = Math.max(0, Math.min(length(node, each), MAX_OUTPUTS));
      types.addAll(Collections.nCopies(length, type));
    }
    return types;
  }
}
