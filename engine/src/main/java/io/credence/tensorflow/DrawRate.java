package io.credence.tensorflow;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.proto.NodeDef;

/**
 * The share of units that a uniform draw drops, as the graph around it tells: {@code offset + sign
 * · placeholder}, or a constant.
 *
 * @param offset the constant part
 * @param sign 1, −1, or 0 where there is no placeholder
 * @param placeholder the float placeholder that decides it, a keep probability or a rate
 */
record DrawRate(double offset, int sign, Optional<String> placeholder) {

  /** The value that a placeholder must have for a rate. */
  double placeholderValue(double rate) {
    return (rate - offset) / sign;
  }

  /** The rate for a value of the placeholder, or the constant rate. */
  double at(double value) {
    return offset + sign * value;
  }

  private DrawRate times(int factor, double plus) {
    return new DrawRate(plus + factor * offset, factor * sign, placeholder);
  }

  /**
   * The rate of a draw: what it is compared with, or added to before Floor. Empty if the graph
   * around it is written in no known way.
   */
  static Optional<DrawRate> of(GraphIndex graph, NodeDef draw) {
    NodeDef at = draw;
    for (int step = 0; step < 4; step++) {
      List<NodeDef> readers = graph.consumers(at.getName());
      if (readers.size() != 1) {
        return Optional.empty();
      }
      NodeDef reader = readers.get(0);
      List<String> inputs = GraphIndex.dataInputs(reader);
      if (inputs.size() == 2) {
        boolean first = GraphIndex.producer(inputs.get(0)).equals(at.getName());
        Optional<DrawRate> other = affine(graph, inputs.get(first ? 1 : 0), 0);
        switch (reader.getOp()) {
          case "GreaterEqual", "Greater" -> {
            boolean keeps = first != isMaskOfDropped(graph, reader);
            return other.map(bound -> keeps ? bound : bound.times(-1, 1));
          }
          case "LessEqual", "Less" -> {
            boolean keeps = first == isMaskOfDropped(graph, reader);
            return other.map(bound -> keeps ? bound : bound.times(-1, 1));
          }
          case "Add", "AddV2" -> {
            if (graph.consumers(reader.getName()).stream().anyMatch(DrawRate::isFloor)) {
              return other.map(keep -> keep.times(-1, 1));
            }
          }
          default -> {}
        }
      }
      at = reader;
    }
    return Optional.empty();
  }

  /**
   * Whether a comparison tells what is dropped, not what is kept: it is turned round, or zeroes.
   */
  private static boolean isMaskOfDropped(GraphIndex graph, NodeDef comparison) {
    List<NodeDef> readers = graph.consumers(comparison.getName());
    if (readers.size() != 1) {
      return false;
    }
    NodeDef reader = readers.get(0);
    List<String> inputs = GraphIndex.dataInputs(reader);
    boolean zeroes =
        reader.getOp().startsWith("Select")
            && inputs.size() == 3
            && isZero(graph, graph.node(GraphIndex.producer(inputs.get(1))));
    return reader.getOp().equals("LogicalNot") || zeroes;
  }

  private static boolean isZero(GraphIndex graph, NodeDef node) {
    boolean filled = node.getOp().equals("Fill") && node.getInputCount() > 1;
    NodeDef value = filled ? graph.node(GraphIndex.producer(node.getInput(1))) : node;
    return node.getOp().equals("ZerosLike") || Constants.number(value).orElse(1) == 0;
  }

  private static boolean isFloor(NodeDef node) {
    return node.getOp().equals("Floor");
  }

  /** A tensor as a constant, or as a constant plus or minus a placeholder. */
  static Optional<DrawRate> affine(GraphIndex graph, String input, int depth) {
    NodeDef node = graph.node(GraphIndex.producer(input));
    List<String> inputs = GraphIndex.dataInputs(node);
    OptionalDouble constant = Constants.number(node);
    if (constant.isPresent()) {
      return Optional.of(new DrawRate(constant.getAsDouble(), 0, Optional.empty()));
    }
    if (depth > 8) {
      return Optional.empty();
    }
    return switch (node.getOp()) {
      case "Placeholder", "PlaceholderWithDefault" ->
          Optional.of(new DrawRate(0, 1, Optional.of(node.getName())));
      case "Identity", "Cast", "Switch", "StopGradient" -> affine(graph, inputs.get(0), depth + 1);
      case "Sub" -> {
        OptionalDouble from = Constants.number(graph.node(GraphIndex.producer(inputs.get(0))));
        yield from.isEmpty()
            ? Optional.empty()
            : affine(graph, inputs.get(1), depth + 1).map(x -> x.times(-1, from.getAsDouble()));
      }
      default -> Optional.empty();
    };
  }
}
