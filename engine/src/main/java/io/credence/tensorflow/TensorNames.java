package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** Looks tensors of the main graph up by the names that people give, {@code node} or node:index. */
final class TensorNames {

  private static final int MAX_LISTED = 10;

  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final FunctionLibrary library;

  TensorNames(GraphDef graph) {
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    library = FunctionLibrary.of(graph);
  }

  /**
   * The tensor of that name.
   *
   * @throws ModelLoadException if it is not there; the message lists similar names
   */
  Port find(String tensor) {
    Port port;
    try {
      port = Port.parse(tensor);
    } catch (ModelLoadException e) {
      throw new ModelLoadException(
          "\"" + tensor + "\" names no tensor: node or node:index is needed, as in \"x:0\"", e);
    }
    NodeDef node = nodes.get(port.node());
    if (node == null) {
      List<String> similar = similar(port.node());
      throw new ModelLoadException(
          "tensor \""
              + tensor
              + "\" is not in the main graph; "
              + (similar.isEmpty() ? placeholders() : "similar names are " + similar));
    }
    List<DataType> outputs = OpOutputs.types(node, library).orElse(List.of());
    if (port.index() >= outputs.size() && OpOutputs.types(node, library).isPresent()) {
      throw new ModelLoadException(
          "tensor \""
              + tensor
              + "\" is not there: node \""
              + port.node()
              + "\" ("
              + node.getOp()
              + ") has "
              + outputs.size()
              + (outputs.size() == 1 ? " output" : " outputs")
              + ", counted from 0");
    }
    return port;
  }

  /** What to say of the placeholders there are, which are what is usually fed. */
  String placeholders() {
    List<String> names = listed(node -> node.getOp().startsWith("Placeholder"));
    return names.isEmpty()
        ? "its main graph has no placeholder"
        : "the placeholders of its main graph are " + names;
  }

  /** Nodes with the same last part of their path, or one of whose names holds the other. */
  private List<String> similar(String name) {
    String wanted = lastPart(name);
    return listed(
        node -> {
          String other = lastPart(node.getName());
          return other.contains(wanted) || wanted.contains(other);
        });
  }

  private List<String> listed(Predicate<NodeDef> which) {
    return nodes.values().stream()
        .filter(which)
        .map(NodeDef::getName)
        .sorted()
        .limit(MAX_LISTED)
        .toList();
  }

  private static String lastPart(String name) {
    return name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }
}
