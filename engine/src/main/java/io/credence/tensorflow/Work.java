package io.credence.tensorflow;

import io.credence.SamplingCost;
import io.credence.tensorflow.GraphIndex.Port;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Estimates the floating-point operations of nodes for one row, from the shapes that the graph
 * states: two for each product of a matrix product or convolution, one for each number that another
 * op gives. A dimension that is open counts as one. Loops and RNN kernels count the products with
 * their weights, once a time step.
 */
final class Work {

  private final GraphIndex graph;
  private final RowFlow flow;

  private Work(GraphIndex graph, RowFlow flow) {
    this.graph = graph;
    this.flow = flow;
  }

  /** What sampling costs, trunk and tail. */
  static SamplingCost cost(
      GraphIndex graph, RowFlow flow, Tail tail, Port output, Set<String> inputs) {
    Work work = new Work(graph, flow);
    Set<String> ofInputs = graph.downstream(inputs, node -> false);
    double inTrunk = 0;
    double inTail = 0;
    int trunkOps = 0;
    int tailOps = 0;
    for (String name : graph.upstream(List.of(output.node()))) {
      boolean isTail = tail.nodes().contains(name);
      boolean weights = !isTail && !ofInputs.contains(name);
      if (inputs.contains(name) || weights || !flow.has(new Port(name, 0))) {
        continue;
      }
      double operations = work.of(graph.node(name));
      inTrunk += isTail ? 0 : operations;
      inTail += isTail ? operations : 0;
      trunkOps += isTail ? 0 : 1;
      tailOps += isTail ? 1 : 0;
    }
    double share = inTrunk + inTail == 0 ? 1 : inTail / (inTrunk + inTail);
    return new SamplingCost(trunkOps, tailOps, share, tail.whyNot());
  }

  private double of(NodeDef node) {
    List<String> inputs = GraphIndex.dataInputs(node);
    double size = size(new Port(node.getName(), 0));
    return switch (node.getOp()) {
      case "MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3" ->
          2 * size * inner(node, inputs.get(0));
      case "Conv1D", "Conv2D", "Conv3D" -> {
        Shape filter = flow.shape(Port.parse(inputs.get(1)));
        yield 2 * size * product(filter) / Math.max(1, last(filter));
      }
      case "DepthwiseConv2dNative" -> {
        Shape filter = flow.shape(Port.parse(inputs.get(1)));
        yield filter.isUnknown()
            ? size
            : 2 * size * Math.max(1, filter.get(0)) * Math.max(1, filter.get(1));
      }
      case "Einsum" -> 2 * labels(node, inputs);
      case "PartitionedCall", "StatefulPartitionedCall", "While", "StatelessWhile" ->
          2 * steps(inputs) * weights(inputs);
      default -> size;
    };
  }

  private double size(Port port) {
    return product(flow.shape(port));
  }

  private static double product(Shape shape) {
    double product = 1;
    for (int i = 0; !shape.isUnknown() && i < shape.numDimensions(); i++) {
      product *= Math.max(1, shape.get(i));
    }
    return product;
  }

  private static double last(Shape shape) {
    boolean none = shape.isUnknown() || shape.numDimensions() == 0;
    return none ? 1 : shape.get(shape.numDimensions() - 1);
  }

  /** The dimension that a matrix product sums over. */
  private double inner(NodeDef node, String left) {
    Shape shape = flow.shape(Port.parse(left));
    if (shape.isUnknown() || shape.numDimensions() < 2) {
      return 1;
    }
    boolean turned =
        List.of("transpose_a", "adj_x").stream()
            .anyMatch(name -> node.getAttrOrDefault(name, AttrValue.getDefaultInstance()).getB());
    return Math.max(1, shape.get(shape.numDimensions() - (turned ? 2 : 1)));
  }

  /** The product of the sizes of all labels of an Einsum. */
  private double labels(NodeDef node, List<String> inputs) {
    String equation =
        node.getAttrOrDefault("equation", AttrValue.getDefaultInstance())
            .getS()
            .toStringUtf8()
            .replace(" ", "");
    String[] terms = equation.split("->", -1)[0].split(",", -1);
    Map<Character, Double> sizes = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(terms.length, inputs.size()); i++) {
      Shape shape = flow.shape(Port.parse(inputs.get(i)));
      for (int axis = 0;
          !shape.isUnknown() && axis < Math.min(terms[i].length(), shape.numDimensions());
          axis++) {
        sizes.merge(terms[i].charAt(axis), (double) Math.max(1, shape.get(axis)), Math::max);
      }
    }
    return sizes.values().stream().reduce(1.0, (a, b) -> a * b);
  }

  /** How many time steps a recurrent layer takes: the longest sequence that it is given. */
  private double steps(List<String> inputs) {
    double steps = 1;
    for (String input : inputs) {
      Port port = Port.parse(input);
      NodeDef producer = graph.node(port.node());
      boolean list = producer.getOp().equals("TensorListFromTensor");
      Shape shape = list ? flow.shape(Port.parse(producer.getInput(0))) : flow.shape(port);
      if (!shape.isUnknown() && shape.numDimensions() == 3) {
        steps = Math.max(steps, (double) shape.get(list ? 0 : 1));
      }
    }
    return steps;
  }

  /** The sizes of the matrices that a call is given, as tensors or as variables. */
  private double weights(List<String> inputs) {
    double weights = 0;
    for (String input : inputs) {
      Port port = Port.parse(input);
      NodeDef producer = graph.node(port.node());
      if (producer.getOp().equals("VarHandleOp")) {
        List<TensorShapeProto.Dim> dims =
            producer
                .getAttrOrDefault("shape", AttrValue.getDefaultInstance())
                .getShape()
                .getDimList();
        double size = 1;
        for (TensorShapeProto.Dim dim : dims) {
          size *= Math.max(1, dim.getSize());
        }
        weights += dims.size() == 2 ? size : 0;
      } else if (flow.of(port).isSame()) {
        Shape shape = flow.shape(port);
        weights += !shape.isUnknown() && shape.numDimensions() == 2 ? product(shape) : 0;
      }
    }
    return Math.max(1, weights);
  }
}
