package io.credence.tensorflow;

import static io.credence.tensorflow.NodeWriter.node;
import static io.credence.tensorflow.NodeWriter.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Puts noise into the body of a While loop. Body and condition are copied under new names with two
 * more loop variables: the plan, handed through, and the time step, counted from 0, so that each
 * step draws anew.
 */
final class LoopRewriter {

  private static final String PLAN = "credence_plan";
  private static final String STEP = "credence_step";

  private final GraphDef.Builder graph;
  private final GraphIndex index;

  /**
   * A site and where its tensor stands.
   *
   * @param site the site
   * @param spot where its tensor stands
   */
  record Placed(Site site, MaskWriter.Spot spot) {}

  LoopRewriter(GraphDef.Builder graph, GraphIndex index) {
    this.graph = graph;
    this.index = index;
  }

  /**
   * The loop with noise in its body.
   *
   * @param loop the While node, its inputs as they stand in the graph that is written
   * @param sites the sites in its body
   */
  NodeDef.Builder rewrite(NodeDef.Builder loop, List<Placed> sites) {
    String suffix = "_credence_" + sites.get(0).spot().ordinal();
    FunctionDef body = function(loop, "body");
    FunctionDef condition = function(loop, "cond");
    graph.getLibraryBuilder().addFunction(noised(body, sites, suffix));
    graph.getLibraryBuilder().addFunction(withVariables(condition, suffix));
    String step = loop.getName() + "/credence_step";
    NodeWriter.of(graph).constant(step, NodeWriter.integer(DataType.DT_INT64, 0));
    List<String> inputs = new ArrayList<>(loop.getInputList());
    int data = (int) inputs.stream().filter(input -> !GraphIndex.isControl(input)).count();
    inputs.addAll(data, List.of(PassPlan.PLACEHOLDER, step));
    loop.clearInput().addAllInput(inputs);
    AttrValue.ListValue.Builder types =
        loop.getAttrOrThrow("T").getList().toBuilder()
            .addType(DataType.DT_INT64)
            .addType(DataType.DT_INT64);
    loop.putAttr("T", AttrValue.newBuilder().setList(types).build());
    AttrValue.ListValue shapes =
        loop.getAttrOrDefault("output_shapes", AttrValue.getDefaultInstance()).getList();
    if (shapes.getShapeCount() > 0) {
      AttrValue.ListValue.Builder more =
          shapes.toBuilder()
              .addShape(NodeWriter.shape(-1))
              .addShape(TensorShapeProto.getDefaultInstance());
      loop.putAttr("output_shapes", AttrValue.newBuilder().setList(more).build());
    }
    return loop.putAttr("body", named(body, suffix)).putAttr("cond", named(condition, suffix));
  }

  private FunctionDef function(NodeDef.Builder loop, String attribute) {
    String name = loop.getAttrOrThrow(attribute).getFunc().getName();
    return index
        .function(name)
        .orElseThrow(
            () ->
                new ModelLoadException(
                    "the graph is damaged: loop \""
                        + loop.getName()
                        + "\" runs function \""
                        + name
                        + "\", which is not there"));
  }

  private static AttrValue named(FunctionDef function, String suffix) {
    return AttrValue.newBuilder()
        .setFunc(NameAttrList.newBuilder().setName(function.getSignature().getName() + suffix))
        .build();
  }

  /** A copy with the two more arguments. */
  private static FunctionDef.Builder withVariables(FunctionDef function, String suffix) {
    FunctionDef.Builder copy = function.toBuilder();
    copy.getSignatureBuilder()
        .setName(function.getSignature().getName() + suffix)
        .addInputArg(argument(PLAN))
        .addInputArg(argument(STEP));
    return copy;
  }

  private static OpDef.ArgDef argument(String name) {
    return OpDef.ArgDef.newBuilder().setName(name).setType(DataType.DT_INT64).build();
  }

  private static FunctionDef.Builder noised(FunctionDef body, List<Placed> sites, String suffix) {
    FunctionDef.Builder added = FunctionDef.newBuilder();
    NodeWriter writer = NodeWriter.of(added);
    MaskWriter masks = new MaskWriter(writer, PLAN, Optional.of(STEP));
    Map<String, NodeDef> nodes = new HashMap<>();
    body.getNodeDefList().forEach(node -> nodes.put(node.getName(), node));
    Map<String, Placed> edges = new HashMap<>();
    Map<String, String> noised = new HashMap<>();
    for (Placed placed : sites) {
      Site site = placed.site();
      if (site.isDraw()) {
        NodeDef random = nodes.remove(site.tensor());
        masks.keyed(random, random.getName(), random.getInput(0), placed.spot());
      } else {
        edges.put(site.tensor(), placed);
        noised.put(site.tensor(), masks.noised(site.tensor(), site.noise(), placed.spot()));
      }
    }
    String next =
        writer.add(
            node("credence_step_next", "AddV2", STEP, one(writer))
                .putAttr("T", type(DataType.DT_INT64)));
    FunctionDef.Builder copy = withVariables(body, suffix).clearNodeDef();
    copy.getSignatureBuilder()
        .addOutputArg(argument("credence_plan_out"))
        .addOutputArg(argument("credence_step_out"));
    for (NodeDef node : body.getNodeDefList()) {
      if (nodes.containsKey(node.getName())) {
        copy.addNodeDef(rewired(node, edges, noised));
      }
    }
    copy.addAllNodeDef(added.getNodeDefList());
    body.getRetMap().forEach((name, value) -> copy.putRet(name, noised.getOrDefault(value, value)));
    return copy.putRet("credence_plan_out", PLAN).putRet("credence_step_out", next);
  }

  private static String one(NodeWriter writer) {
    return writer.constant("credence_one", NodeWriter.integer(DataType.DT_INT64, 1));
  }

  private static NodeDef rewired(
      NodeDef node, Map<String, Placed> edges, Map<String, String> noised) {
    NodeDef.Builder copy = node.toBuilder();
    for (int i = 0; i < node.getInputCount(); i++) {
      Placed placed = edges.get(node.getInput(i));
      if (placed != null && placed.site().isReadBy(node.getName(), i)) {
        copy.setInput(i, noised.getOrDefault(node.getInput(i), node.getInput(i)));
      }
    }
    return copy.build();
  }
}
