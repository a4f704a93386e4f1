package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.proto.NodeDef;

/**
 * A draw that is dropout as TensorFlow writes it: {@code x · c · keep}, where {@code c} is one over
 * the share kept, and {@code keep} is what the draw is compared with, or Floor of the sum. What
 * passes need of it is {@code x} times a mask, which rows can share without being spread over them.
 *
 * @param out the node that gives the dropped tensor
 * @param x what is dropped
 */
record DropoutForm(String out, Port x) {

  private static final double TOLERANCE = 1e-3;

  /**
   * The form of a draw.
   *
   * @param rate the rate of the draw
   * @return the form, or empty if it is any other
   */
  static Optional<DropoutForm> of(GraphIndex graph, NodeDef draw, DrawRate rate) {
    NodeDef at = draw;
    for (int step = 0; step < 7; step++) {
      List<NodeDef> readers = graph.consumers(at.getName());
      if (readers.size() != 1) {
        return Optional.empty();
      }
      NodeDef reader = readers.get(0);
      List<String> inputs = GraphIndex.dataInputs(reader);
      switch (reader.getOp()) {
        case "Cast", "Floor", "GreaterEqual", "Add", "AddV2" -> at = reader;
        case "SelectV2", "Select" -> {
          boolean keeps =
              inputs.size() == 3
                  && GraphIndex.producer(inputs.get(0)).equals(at.getName())
                  && constant(graph, inputs.get(2)).orElse(1) == 0;
          return keeps ? scaled(graph, reader, inputs.get(1), draw, rate) : Optional.empty();
        }
        case "Mul" -> {
          boolean first = GraphIndex.producer(inputs.get(0)).equals(at.getName());
          String other = inputs.get(first ? 1 : 0);
          boolean raw = at.equals(draw) || !isKeep(at);
          if (!raw) {
            return scaled(graph, reader, other, draw, rate);
          }
          at = reader; // the draw is stretched to [min, max)
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isKeep(NodeDef node) {
    return node.getOp().equals("Cast") || node.getOp().equals("Floor");
  }

  /**
   * {@code x} of {@code x · c} or {@code x / (1 − rate)}, if the mask has the shape of one of them.
   */
  private static Optional<DropoutForm> scaled(
      GraphIndex graph, NodeDef out, String input, NodeDef draw, DrawRate rate) {
    NodeDef node = graph.node(GraphIndex.producer(input));
    List<String> inputs = GraphIndex.dataInputs(node);
    if (inputs.size() != 2) {
      return Optional.empty();
    }
    for (int i = 0; i < (node.getOp().equals("Mul") ? 2 : 1); i++) {
      String x = inputs.get(i);
      String factor = inputs.get(1 - i);
      boolean undoes =
          switch (node.getOp()) {
            case "Mul" -> isInverse(graph, factor, rate);
            case "RealDiv", "Div" -> isKept(graph, factor, rate);
            default -> false;
          };
      if (undoes && hasShapeOf(graph, draw, x, input)) {
        return Optional.of(new DropoutForm(out.getName(), Port.parse(x)));
      }
    }
    return Optional.empty();
  }

  private static boolean isInverse(GraphIndex graph, String factor, DrawRate rate) {
    NodeDef node = graph.node(GraphIndex.producer(factor));
    if (node.getOp().equals("RealDiv")) {
      return constant(graph, node.getInput(0)).orElse(0) == 1
          && isKept(graph, node.getInput(1), rate);
    }
    OptionalDouble value = Constants.number(node);
    double kept = 1 - rate.offset();
    return rate.sign() == 0
        && value.isPresent()
        && Math.abs(value.getAsDouble() * kept - 1) < TOLERANCE;
  }

  private static boolean isKept(GraphIndex graph, String input, DrawRate rate) {
    return DrawRate.affine(graph, input, 0)
        .filter(kept -> kept.placeholder().equals(rate.placeholder()))
        .filter(kept -> kept.sign() == -rate.sign())
        .filter(kept -> Math.abs(kept.offset() - (1 - rate.offset())) < TOLERANCE)
        .isPresent();
  }

  /** Whether the draw's shape is read off what is dropped, scaled or not. */
  private static boolean hasShapeOf(GraphIndex graph, NodeDef draw, String x, String scaled) {
    NodeDef shape = graph.node(GraphIndex.producer(draw.getInput(0)));
    if (!shape.getOp().equals("Shape")) {
      return false;
    }
    Port of = Port.parse(shape.getInput(0));
    return of.equals(Port.parse(x)) || of.equals(Port.parse(scaled));
  }

  private static OptionalDouble constant(GraphIndex graph, String input) {
    return Constants.number(graph.node(GraphIndex.producer(input)));
  }
}
