package io.credence.tensorflow;

import io.credence.tensorflow.FlowBody.Value;
import io.credence.tensorflow.FlowNode.Operand;
import io.credence.tensorflow.GraphIndex.Port;
import io.credence.tensorflow.Layout.Mixed;
import io.credence.tensorflow.Layout.Picked;
import io.credence.tensorflow.Layout.Rows;
import io.credence.tensorflow.StaticShapes.Known;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * The analysis of one graph without functions of its own: the flat graph, or the body of a function
 * at one call. Goes through the nodes once, each after what it reads.
 */
final class FlowScope {

  private static final int WINDOW = 64;

  private final FlowLibrary library;
  private final int depth;
  private final GraphIndex index;
  private final Map<String, Layout> given;
  private final FlowOrder order;
  private final List<NodeDef> nodes;

  /** Nodes whose shapes this analysis knows better than TensorFlow does. */
  private final Map<String, Known> known = new HashMap<>();

  private final Map<Port, Layout> layouts = new LinkedHashMap<>();
  private final Map<String, List<FlowBody>> bodies = new LinkedHashMap<>();

  /** Of the nodes up to {@link #inferredTo}, in their order. */
  private final StaticShapes shapes = StaticShapes.none();

  private int inferredTo;

  /** Why there are no shapes at all. */
  private Optional<Mixed> failure = Optional.empty();

  private FlowScope(FlowLibrary library, GraphDef graph, Map<String, Layout> given, int depth) {
    this.library = library;
    this.depth = depth;
    this.index = GraphIndex.of(graph);
    this.given = given;
    this.order = FlowOrder.of(index);
    this.nodes = List.copyOf(order.nodes());
  }

  /**
   * Analyses a graph.
   *
   * @param given the layouts of nodes that are fed
   * @param depth how many calls lead to it
   */
  static FlowScope analyse(
      FlowLibrary library, GraphDef graph, Map<String, Layout> given, int depth) {
    FlowScope scope = new FlowScope(library, graph, given, depth);
    for (NodeDef node : scope.order.nodes()) {
      if (!library.called(node).isEmpty()) {
        List<DataType> types = library.types(node);
        List<Shape> unknown = Collections.nCopies(types.size(), Shape.unknown());
        scope.known.put(node.getName(), new Known(unknown, types));
      }
    }
    for (int i = 0; i < scope.nodes.size(); i++) {
      scope.visit(i);
    }
    return scope;
  }

  /** Infers shapes from a node on, as far ahead as is not likely to be found better soon. */
  private void infer(int from) {
    if (from < inferredTo || failure.isPresent()) {
      return;
    }
    int to = Math.min(nodes.size(), from + WINDOW);
    try {
      shapes.infer(nodes.subList(from, to), index, known, library.versions());
      inferredTo = to;
    } catch (TensorFlowException | IllegalArgumentException | IllegalStateException e) {
      failure =
          Optional.of(new Mixed("TensorFlow finds no shapes for the graph: " + e.getMessage()));
    }
  }

  private void visit(int at) {
    NodeDef node = nodes.get(at);
    infer(at);
    if (failure.isPresent()) {
      return;
    }
    List<Layout> outputs = evaluate(node, at);
    infer(at);
    for (int i = 0; i < outputs.size() && failure.isEmpty(); i++) {
      Port port = new Port(node.getName(), i);
      layouts.put(port, settled(node, outputs.get(i), shape(port)));
    }
  }

  private List<Layout> evaluate(NodeDef node, int at) {
    Layout fed = given.get(node.getName());
    if (fed != null) {
      return List.of(fed);
    }
    if (!library.called(node).isEmpty()) {
      return call(node, at);
    }
    FlowNode flow = flowNode(node);
    if (flow.count() == 0 && library.writer().isPresent() && RowRules.isState(flow)) {
      return flow.all(flow.mixed("holds what " + library.writer().get()));
    }
    if (node.getOp().equals("Merge") || node.getOp().equals("RefMerge")) {
      return FlowSwitch.merge(flow, index, this::layout);
    }
    List<Layout> outputs = RowRules.apply(flow);
    ShapeRules.refined(flow)
        .ifPresent(
            shape -> {
              known.put(node.getName(), new Known(List.of(shape), List.of(flow.outputType(0))));
              inferredTo = at;
            });
    return outputs;
  }

  private List<Layout> call(NodeDef node, int at) {
    List<Value> arguments = inputs(node).map(this::value).toList();
    FlowCalls.Outcome outcome = FlowCalls.call(library, node, arguments, depth);
    bodies.put(node.getName(), outcome.bodies());
    List<Shape> outputs = outcome.values().stream().map(Value::shape).toList();
    known.put(node.getName(), new Known(outputs, library.types(node)));
    inferredTo = at;
    return outcome.values().stream().map(Value::layout).toList();
  }

  private FlowNode flowNode(NodeDef node) {
    List<Operand> operands =
        inputs(node)
            .map(port -> new Operand(layout(port), shape(port), type(port), source(port)))
            .toList();
    return new FlowNode(
        node, operands, shapes.shapes(node.getName()), shapes.types(node.getName()));
  }

  /** No shape may hold a size along the batch that does not grow with it. */
  private static Layout settled(NodeDef node, Layout layout, Shape shape) {
    if (!(layout instanceof Rows rows) || shape.isUnknown()) {
      return layout;
    }
    if (rows.axis() >= shape.numDimensions()) {
      return FlowNode.mixed(node, "has no axis for the batch, its shape is " + shape);
    }
    long size = shape.get(rows.axis());
    return size == Shape.UNKNOWN_SIZE
        ? layout
        : FlowNode.mixed(
            node, "has " + size + " entries along the batch, however many rows there are");
  }

  private static Stream<Port> inputs(NodeDef node) {
    return node.getInputList().stream().filter(i -> !GraphIndex.isControl(i)).map(Port::parse);
  }

  private NodeDef source(Port port) {
    NodeDef node = index.node(port.node());
    for (int step = 0; step < order.nodes().size() && node.getOp().equals("Identity"); step++) {
      node = index.node(GraphIndex.producer(node.getInput(0)));
    }
    return node;
  }

  /** The layout of a tensor of this graph. */
  Layout layout(Port port) {
    Optional<Mixed> broken = failure.or(() -> order.looping(port.node()));
    Layout layout = broken.isPresent() ? broken.get() : layouts.get(port);
    if (layout == null) {
      throw new IllegalArgumentException("tensor \"" + port + "\" was not analysed");
    }
    return layout;
  }

  Map<Port, Layout> layouts() {
    return Collections.unmodifiableMap(layouts);
  }

  Shape shape(Port port) {
    return hasShape(port) ? shapes.shape(port) : Shape.unknown();
  }

  DataType type(Port port) {
    return hasShape(port)
        ? shapes.type(port)
        : library.types(index.node(port.node())).get(port.index());
  }

  private boolean hasShape(Port port) {
    return failure.isEmpty() && order.looping(port.node()).isEmpty();
  }

  Value value(Port port) {
    NodeDef source = source(port);
    boolean handle = source.getOp().equals("VarHandleOp");
    // A Where is known by its name, which tells it from others within one graph only.
    Layout layout =
        layout(port) instanceof Picked
            ? FlowNode.mixed(source, "hands what a Where picked to a function, or back")
            : layout(port);
    return new Value(
        layout, shape(port), type(port), handle ? Optional.of(source) : Optional.empty());
  }

  /** The bodies that a node called. */
  List<FlowBody> bodies(String call) {
    return bodies.getOrDefault(call, List.of());
  }

  Stream<FlowBody> bodies() {
    return bodies.values().stream().flatMap(List::stream);
  }
}
