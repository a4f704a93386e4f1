package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/** The body of a function, analysed for the arguments of a call. */
final class FlowBody {

  /**
   * A tensor that enters or leaves a function.
   *
   * @param layout how rows lie in it
   * @param shape its shape, as far as it is known
   * @param type the type of its elements
   * @param handle the node that makes it, where it stands for a variable
   */
  record Value(Layout layout, Shape shape, DataType type, Optional<NodeDef> handle) {}

  private final FlowLibrary library;
  private final FunctionDef function;
  private final FlowScope scope;

  private FlowBody(FlowLibrary library, FunctionDef function, FlowScope scope) {
    this.library = library;
    this.function = function;
    this.scope = scope;
  }

  /**
   * Analyses a function.
   *
   * @param call its name, and the attributes that it leaves to its caller
   * @param depth how many calls lead to it
   * @throws ModelLoadException if the function is damaged, or not called with what it takes
   */
  static FlowBody analyse(
      FlowLibrary library, NameAttrList call, List<Value> arguments, int depth) {
    FunctionDef function = library.function(call.getName());
    List<OpDef.ArgDef> takes = function.getSignature().getInputArgList();
    if (takes.size() != arguments.size()) {
      throw new ModelLoadException(
          "the graph is damaged: function \""
              + call.getName()
              + "\" takes "
              + takes.size()
              + " arguments, and is given "
              + arguments.size());
    }
    GraphDef.Builder graph = GraphDef.newBuilder();
    Map<String, Layout> given = new HashMap<>();
    for (int i = 0; i < takes.size(); i++) {
      String name = takes.get(i).getName();
      graph.addNode(argument(name, arguments.get(i)));
      given.put(name, arguments.get(i).layout());
    }
    Map<String, NodeDef> nodes = new HashMap<>();
    function.getNodeDefList().forEach(node -> nodes.put(node.getName(), node));
    for (NodeDef node : function.getNodeDefList()) {
      graph.addNode(flat(library, nodes, node, call.getAttrMap()));
    }
    return new FlowBody(library, function, FlowScope.analyse(library, graph.build(), given, depth));
  }

  /** A variable keeps its handle, which tells the shape of what is read from it. */
  private static NodeDef argument(String name, Value value) {
    return value
        .handle()
        .map(handle -> handle.toBuilder().setName(name).build())
        .orElseGet(() -> StaticShapes.placeholder(name, value.shape(), value.type()));
  }

  private static NodeDef flat(
      FlowLibrary library,
      Map<String, NodeDef> nodes,
      NodeDef node,
      Map<String, AttrValue> attributes) {
    NodeDef.Builder flat = node.toBuilder().clearInput();
    for (String input : node.getInputList()) {
      flat.addInput(GraphIndex.isControl(input) ? input : port(library, nodes, input).toString());
    }
    node.getAttrMap()
        .forEach(
            (name, value) -> {
              AttrValue actual = attributes.get(value.getPlaceholder());
              if (actual != null) {
                flat.putAttr(name, actual);
              }
            });
    return flat.build();
  }

  /** Where {@code argument} or {@code node:output:index} stands in the graph of the body. */
  private static Port port(FlowLibrary library, Map<String, NodeDef> nodes, String tensor) {
    String[] parts = tensor.split(":", -1);
    if (parts.length == 1) {
      return new Port(tensor, 0);
    }
    NodeDef node = nodes.get(parts[0]);
    if (node == null || parts.length != 3 || !parts[2].matches("\\d{1,6}")) {
      throw new ModelLoadException(
          "the graph is damaged: \"" + tensor + "\" is no output of a node of a function");
    }
    return new Port(parts[0], library.index(node, parts[1], Integer.parseInt(parts[2])));
  }

  private Port port(String tensor) {
    Map<String, NodeDef> nodes = new HashMap<>();
    function.getNodeDefList().forEach(node -> nodes.put(node.getName(), node));
    return port(library, nodes, tensor);
  }

  /** What the function returns. */
  List<Value> results() {
    List<Value> results = new ArrayList<>();
    for (OpDef.ArgDef output : function.getSignature().getOutputArgList()) {
      results.add(scope.value(port(function.getRetOrThrow(output.getName()))));
    }
    return results;
  }

  Layout layout(String tensor) {
    return scope.layout(port(tensor));
  }

  /** This body, or those of a function that it calls. */
  Stream<FlowBody> find(String name) {
    Stream<FlowBody> own =
        function.getSignature().getName().equals(name) ? Stream.of(this) : Stream.empty();
    return Stream.concat(own, scope.bodies().flatMap(body -> body.find(name)));
  }
}
