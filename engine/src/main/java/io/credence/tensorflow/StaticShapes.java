package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

/**
 * The shapes and types of tensors as TensorFlow infers them from the ops, without running. What a
 * model claims about its own shapes is left out: nothing checks it.
 */
final class StaticShapes {

  /** Types of tensors that shapes are computed of. */
  private static final Set<DataType> COMPUTED =
      Set.of(DataType.DT_INT32, DataType.DT_INT64, DataType.DT_RESOURCE, DataType.DT_VARIANT);

  private final Map<String, List<Shape>> shapes = new HashMap<>();
  private final Map<String, List<DataType>> types = new HashMap<>();

  private StaticShapes() {}

  /**
   * The outputs of a node whose shapes are known from elsewhere.
   *
   * @param shapes a shape for each output
   * @param types a type for each output
   */
  record Known(List<Shape> shapes, List<DataType> types) {}

  static StaticShapes none() {
    return new StaticShapes();
  }

  /**
   * Infers the shapes of some nodes, from the shapes of what they read. Of what stands before them,
   * integers, handles and constants are handed to TensorFlow again, since shapes are computed of
   * these; all else is a placeholder of the shape that was found.
   *
   * @param window the nodes; what they read is among them, or inferred before
   * @param graph the graph that holds all
   * @param known nodes that TensorFlow is not asked about: calls of functions
   * @throws RuntimeException of TensorFlow's, if it finds the graph wrong
   */
  void infer(
      List<NodeDef> window, GraphIndex graph, Map<String, Known> known, VersionDef versions) {
    GraphDef.Builder scratch = GraphDef.newBuilder().setVersions(versions);
    Set<String> written = new HashSet<>();
    window.forEach(node -> written.add(node.getName()));
    ArrayDeque<NodeDef> open = new ArrayDeque<>(window);
    while (!open.isEmpty()) {
      NodeDef node = open.remove();
      Known outputs = known.get(node.getName());
      if (outputs != null) {
        replace(scratch, node.getName(), outputs);
        continue;
      }
      scratch.addNode(bare(node));
      for (String input : GraphIndex.dataInputs(node)) {
        Port port = Port.parse(input);
        if (written.add(port.node())) {
          NodeDef producer = graph.node(port.node());
          if (producer.getInputCount() == 0 || COMPUTED.contains(type(port))) {
            open.add(producer);
          } else {
            replace(scratch, port.node(), new Known(shapes(port.node()), types(port.node())));
          }
        }
      }
    }
    try (Graph inferred = new Graph()) {
      inferred.importGraphDef(scratch.build());
      window.forEach(node -> read(inferred.operation(node.getName())));
    }
  }

  private void read(GraphOperation operation) {
    List<Shape> outputShapes = new ArrayList<>();
    List<DataType> outputTypes = new ArrayList<>();
    for (int i = 0; i < operation.numOutputs(); i++) {
      outputShapes.add(operation.output(i).shape());
      outputTypes.add(operation.output(i).dataType());
    }
    shapes.put(operation.name(), outputShapes);
    types.put(operation.name(), outputTypes);
  }

  /** The node without control inputs, device, colocation and claims about shapes. */
  private static NodeDef bare(NodeDef node) {
    NodeDef.Builder bare = node.toBuilder().clearInput().clearDevice().clearExperimentalDebugInfo();
    node.getInputList().stream().filter(i -> !GraphIndex.isControl(i)).forEach(bare::addInput);
    node.getAttrMap().keySet().stream().filter(a -> a.startsWith("_")).forEach(bare::removeAttr);
    return bare.build();
  }

  /** Puts an IdentityN of placeholders where a node stood. */
  private static void replace(GraphDef.Builder graph, String name, Known outputs) {
    if (outputs.types().isEmpty()) {
      graph.addNode(NodeDef.newBuilder().setName(name).setOp("NoOp"));
      return;
    }
    NodeDef.Builder stand = NodeDef.newBuilder().setName(name).setOp("IdentityN");
    for (int i = 0; i < outputs.types().size(); i++) {
      String input = "credence_known/" + name + "/" + i;
      graph.addNode(placeholder(input, outputs.shapes().get(i), outputs.types().get(i)));
      stand.addInput(input);
    }
    AttrValue.ListValue list = AttrValue.ListValue.newBuilder().addAllType(outputs.types()).build();
    graph.addNode(stand.putAttr("T", AttrValue.newBuilder().setList(list).build()));
  }

  static NodeDef placeholder(String name, Shape shape, DataType type) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    if (shape.isUnknown()) {
      proto.setUnknownRank(true);
    } else {
      for (long size : shape.asArray()) {
        proto.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
      }
    }
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Placeholder")
        .putAttr("dtype", NodeWriter.type(type))
        .putAttr("shape", AttrValue.newBuilder().setShape(proto).build())
        .build();
  }

  /** The shape of a tensor, unknown dimensions −1. */
  Shape shape(Port port) {
    return shapes.get(port.node()).get(port.index());
  }

  DataType type(Port port) {
    return types.get(port.node()).get(port.index());
  }

  List<Shape> shapes(String node) {
    return shapes.get(node);
  }

  List<DataType> types(String node) {
    return types.get(node);
  }

  /** Whether as much is known of both; {@link Shape#equals} holds for no unknown dimension. */
  static boolean areSame(Shape a, Shape b) {
    return Arrays.equals(a.asArray(), b.asArray());
  }

  /** A shape that holds for both: dimensions that differ are unknown. */
  static Shape join(Shape a, Shape b) {
    if (a.numDimensions() != b.numDimensions() || a.isUnknown()) {
      return Shape.unknown();
    }
    long[] sizes = a.asArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = sizes[i] == b.get(i) ? sizes[i] : Shape.UNKNOWN_SIZE;
    }
    return Shape.of(sizes);
  }
}
