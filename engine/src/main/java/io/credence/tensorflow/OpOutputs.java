package io.credence.tensorflow;

import java.util.ArrayList;
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
    return op.map(
        known -> {
          List<DataType> types = new ArrayList<>();
          known.getOutputArgList().forEach(output -> addTypes(node, known, output, types));
          return types;
        });
  }

  private static void addTypes(NodeDef node, OpDef op, OpDef.ArgDef output, List<DataType> types) {
    if (!output.getTypeListAttr().isEmpty()) {
      types.addAll(attr(node, output.getTypeListAttr()).getList().getTypeList());
      return;
    }
    DataType type =
        output.getTypeAttr().isEmpty()
            ? output.getType()
            : node.getAttrOrDefault(output.getTypeAttr(), byDefault(op, output.getTypeAttr()))
                .getType();
    for (int i = 0; i < Math.min(length(node, output), MAX_OUTPUTS); i++) {
      types.add(type);
    }
  }

  private static AttrValue byDefault(OpDef op, String attr) {
    return op.getAttrList().stream()
        .filter(each -> each.getName().equals(attr))
        .map(OpDef.AttrDef::getDefaultValue)
        .findFirst()
        .orElse(AttrValue.getDefaultInstance());
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
