package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Puts a placeholder in the place of every input that the graph computes, so that what would
 * compute it is no longer part of the model: it need not run, nor be known to TensorFlow.
 */
final class InnerInputs {

  private static final Set<String> PLACEHOLDERS =
      Set.of("Placeholder", "PlaceholderV2", "PlaceholderWithDefault");

  private final GraphDef graph;
  private final OpPolicy policy;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Map<Port, Port> replaced = new HashMap<>();

  /**
   * A graph that is fed at placeholders.
   *
   * @param graph the graph
   * @param inputs where each input stands in it, in the order they were given
   */
  record Fed(GraphDef graph, List<Endpoint> inputs) {}

  private InnerInputs(GraphDef graph, OpPolicy policy) {
    this.graph = graph;
    this.policy = policy;
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
  }

  /**
   * Replaces what is not a placeholder yet.
   *
   * @throws ModelLoadException if an input is not there, or nothing says what its type is
   */
  static Fed replace(GraphDef graph, List<Endpoint> inputs, OpPolicy policy) {
    return new InnerInputs(graph, policy).replace(inputs);
  }

  private Fed replace(List<Endpoint> inputs) {
    GraphDef.Builder fed = graph.toBuilder();
    List<Endpoint> ports = new ArrayList<>();
    for (Endpoint input : inputs) {
      Port port = input.port();
      NodeDef node = nodes.get(port.node());
      if (node == null) {
        throw new ModelLoadException(
            "input \""
                + input.name()
                + "\" is said to be tensor \""
                + port
                + "\", which is not there");
      }
      if (PLACEHOLDERS.contains(node.getOp()) && port.index() == 0) {
        ports.add(input);
        continue;
      }
      if (!replaced.containsKey(port)) {
        NodeDef placeholder = placeholder(input, node);
        fed.addNode(placeholder);
        replaced.put(port, new Port(placeholder.getName(), 0));
      }
      ports.add(input.at(replaced.get(port)));
    }
    if (replaced.isEmpty()) {
      return new Fed(graph, ports);
    }
    for (int i = 0; i < graph.getNodeCount(); i++) {
      fed.setNode(i, redirected(graph.getNode(i)));
    }
    return new Fed(fed.build(), ports);
  }

  private NodeDef redirected(NodeDef node) {
    NodeDef.Builder copy = node.toBuilder().clearInput();
    for (String input : node.getInputList()) {
      boolean control = GraphIndex.isControl(input);
      Port read = control ? new Port(input.substring(1), 0) : Port.parse(input);
      Port other = replaced.get(read);
      copy.addInput(other == null ? input : (control ? "^" : "") + other);
    }
    return copy.build();
  }

  private NodeDef placeholder(Endpoint input, NodeDef node) {
    String base = "credence/input/" + node.getName() + "/" + input.port().index();
    String name = base;
    for (int i = 1; nodes.containsKey(name); i++) {
      name = base + "_" + i;
    }
    AttrValue.Builder shape = AttrValue.newBuilder().setShape(shape(input.port()));
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", AttrValue.newBuilder().setType(type(input, node)).build())
        .putAttr("shape", shape.build())
        .build();
  }

  private DataType type(Endpoint input, NodeDef node) {
    int index = input.port().index();
    Optional<DataType> computed =
        OpOutputs.types(node, FunctionLibrary.of(graph))
            .filter(types -> index < types.size())
            .map(types -> types.get(index));
    return computed
        .or(() -> input.info().map(TensorInfo::getDtype))
        .filter(type -> type != DataType.DT_INVALID && type != DataType.UNRECOGNIZED)
        .orElseThrow(
            () ->
                new ModelLoadException(
                    "nothing says what type tensor \""
                        + input.port()
                        + "\" is of: op "
                        + node.getOp()
                        + " has no such output, or is unknown; feed another tensor"));
  }

  /** What TensorFlow infers, or an unknown shape where it may not or cannot look. */
  private TensorShapeProto shape(Port port) {
    TensorShapeProto unknown = TensorShapeProto.newBuilder().setUnknownRank(true).build();
    Set<String> roots = new HashSet<>(List.of(port.node()));
    try (Graph scratch = new Graph()) {
      GraphDef above = GraphPruner.prune(graph, roots);
      policy.check(above, roots, Startup.NONE);
      scratch.importGraphDef(above);
      Shape shape = scratch.operationOrThrow(port.node()).output(port.index()).shape();
      return shape.isUnknown() ? unknown : proto(shape);
    } catch (ModelLoadException | TensorFlowException | IllegalArgumentException e) {
      return unknown;
    }
  }

  private static TensorShapeProto proto(Shape shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    for (long dim : shape.asArray()) {
      proto.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
    }
    return proto.build();
  }
}
