package io.credence.tensorflow;

import io.credence.tensorflow.Layout.Picked;
import io.credence.tensorflow.Layout.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Ops that compute each element from the elements at the same place, and their close kin. */
final class ElementRules {

  /** Ops that hand on what they get, of whatever kind. */
  private static final Set<String> COPIES =
      Set.of("Identity", "RefIdentity", "StopGradient", "PreventGradient", "Snapshot");

  /** Ops whose operands broadcast, one operand included. */
  private static final Set<String> BROADCAST =
      Set.of(
          // of one operand
          "Abs",
          "Acos",
          "Acosh",
          "AsString",
          "Asin",
          "Asinh",
          "Atan",
          "Atanh",
          "BesselI0e",
          "BesselI1e",
          "Bucketize",
          "Cast",
          "Ceil",
          "CheckNumerics",
          "Cos",
          "Cosh",
          "Digamma",
          "Elu",
          "Erf",
          "Erfc",
          "Erfinv",
          "Exp",
          "Expm1",
          "Floor",
          "Inv",
          "IsFinite",
          "IsInf",
          "IsNan",
          "LeakyRelu",
          "Lgamma",
          "Log",
          "Log1p",
          "LogicalNot",
          "Ndtri",
          "Neg",
          "OnesLike",
          "Reciprocal",
          "RegexFullMatch",
          "RegexReplace",
          "Relu",
          "Relu6",
          "Rint",
          "Round",
          "Rsqrt",
          "Selu",
          "Sigmoid",
          "Sign",
          "Sin",
          "Sinh",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Square",
          "StaticRegexFullMatch",
          "StaticRegexReplace",
          "StringLength",
          "StringLower",
          "StringStrip",
          "StringToHashBucket",
          "StringToHashBucketFast",
          "StringToHashBucketStrong",
          "StringToNumber",
          "StringUpper",
          "Tan",
          "Tanh",
          "ZerosLike",
          // of two
          "Add",
          "AddV2",
          "ApproximateEqual",
          "Atan2",
          "BitwiseAnd",
          "BitwiseOr",
          "BitwiseXor",
          "Div",
          "DivNoNan",
          "Equal",
          "FloorDiv",
          "FloorMod",
          "Greater",
          "GreaterEqual",
          "Igamma",
          "Igammac",
          "LeftShift",
          "Less",
          "LessEqual",
          "LogicalAnd",
          "LogicalOr",
          "Maximum",
          "Minimum",
          "Mod",
          "Mul",
          "MulNoNan",
          "NextAfter",
          "NotEqual",
          "Pow",
          "RealDiv",
          "RightShift",
          "SquaredDifference",
          "Sub",
          "TruncateDiv",
          "TruncateMod",
          "Xdivy",
          "Xlog1py",
          "Xlogy",
          "Zeta",
          // of three
          "Betainc",
          "ClipByValue",
          "SelectV2");

  private ElementRules() {}

  static void addTo(Map<String, Function<FlowNode, Layout>> rules) {
    COPIES.forEach(op -> rules.put(op, node -> node.layout(0)));
    BROADCAST.forEach(op -> rules.put(op, ElementRules::broadcast));
    rules.put("EnsureShape", node -> node.layout(0));
    rules.put("AddN", ElementRules::alike);
    rules.put("Select", ElementRules::select);
    rules.put("BiasAdd", ElementRules::biasAdd);
    rules.put("BiasAddV1", ElementRules::biasAdd);
  }

  private static Layout broadcast(FlowNode node) {
    for (int i = 0; i < node.count(); i++) {
      if (node.layout(i) instanceof Picked picked) {
        return picked(node, picked);
      }
    }
    boolean lenient = node.op().equals("Equal") || node.op().equals("NotEqual");
    if (lenient && !node.flag("incompatible_shape_error") && !hasScalar(node)) {
      return node.mixed("gives a scalar where shapes do not fit");
    }
    return Broadcast.all(node);
  }

  private static boolean hasScalar(FlowNode node) {
    return node.rank(0) == 0 || node.rank(1) == 0;
  }

  /** Values picked by one Where, each for itself. */
  private static Layout picked(FlowNode node, Picked values) {
    for (int i = 0; i < node.count(); i++) {
      boolean scalar = node.isSame(i) && node.rank(i) == 0;
      if (values.places() || (!scalar && !node.layout(i).equals(values))) {
        return node.mixed("computes with what a Where picked, whose number depends on the rows");
      }
    }
    return values;
  }

  /** Operands of one shape, which do not broadcast. */
  private static Layout alike(FlowNode node) {
    for (int i = 0; i < node.count(); i++) {
      if (node.rows(i).isEmpty()) {
        return node.mixed("adds rows to operand " + i + ", which does not grow with the batch");
      }
    }
    return Broadcast.all(node);
  }

  /** The first version: the condition is of the operands' shape, or a scalar, or a vector. */
  private static Layout select(FlowNode node) {
    List<Integer> branches = List.of(1, 2);
    if (node.rows(1).isEmpty() || node.rows(2).isEmpty()) {
      return node.mixed("chooses between rows and what does not grow with the batch");
    }
    Layout chosen = Broadcast.of(node, branches);
    if ((node.isSame(0) && node.rank(0) == 0) || !(chosen instanceof Rows rows)) {
      return chosen;
    }
    boolean vector = node.rank(0) == 1 && node.rank(1) > 1;
    if (vector && node.isSame(0)) {
      return rows.axis() > 0 ? rows : node.mixed("chooses rows by their place in the batch");
    }
    if (node.rows(0).isEmpty()) {
      return node.mixed("has a condition that does not grow with the batch");
    }
    if (vector && rows.axis() == 0) {
      return rows;
    }
    return node.rank(0) == node.rank(1)
        ? Broadcast.all(node)
        : node.mixed("has a condition that does not lie as its operands do");
  }

  private static Layout biasAdd(FlowNode node) {
    if (node.rows(0).isEmpty() || !node.isSame(1)) {
      return node.mixed("adds a bias that depends on the rows");
    }
    Rows rows = node.rows(0).get();
    int channel = node.text("data_format").equals("NCHW") ? 1 : node.rank(0) - 1;
    // There are at least two dimensions, so the first is never the channel's.
    return rows.axis() == 0 || (node.rank(0) > 0 && rows.axis() != channel)
        ? rows
        : node.mixed("adds a bias along the batch");
  }

  /** All outputs of FusedBatchNorm of any version. */
  static List<Layout> batchNorm(FlowNode node) {
    if (node.allSame()) {
      return node.all(Layout.same());
    }
    if (node.flag("is_training")) {
      return node.all(node.mixed("uses the statistics of the batch"));
    }
    Optional<Rows> rows = node.rows(0);
    if (rows.isEmpty() || rows.get().axis() != 0 || !node.sameFrom(1)) {
      return node.all(node.mixed("normalises something else than rows along axis 0"));
    }
    List<Layout> outputs = new ArrayList<>(Collections.nCopies(node.outputs(), Layout.same()));
    outputs.set(0, rows.get());
    return outputs;
  }
}
