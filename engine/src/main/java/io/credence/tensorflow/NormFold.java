package io.credence.tensorflow;

import static io.credence.tensorflow.NodeWriter.type;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Takes batch normalisation, as it infers, into the convolution before it. With f = γ/√(σ² + ε),
 * (W∗x + b − μ) f + β is (W f)∗x + (b − μ) f + β: the same but for rounding, and a pass over the
 * features less, which every pass of the tail would make. Weights are as large as the model's, so
 * that scaling them costs nothing; a bias with an activation behind it TensorFlow computes with the
 * convolution.
 */
final class NormFold {

  private static final DataType FLOAT = DataType.DT_FLOAT;

  private static final Set<String> NORMS =
      Set.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3");

  private static final String DEPTHWISE = "DepthwiseConv2dNative";

  private final GraphIndex graph;
  private final String prefix;
  private final Set<String> kept;
  private final Map<String, NodeDef> instead = new LinkedHashMap<>();
  private final Set<String> left = new LinkedHashSet<>();

  private NormFold(GraphIndex graph, String prefix, Set<String> kept) {
    this.graph = graph;
    this.prefix = prefix;
    this.kept = kept;
  }

  /**
   * Folds what can be folded.
   *
   * @param prefix how the names of the nodes begin that may be changed
   * @param kept nodes whose own outputs are asked for
   */
  static GraphDef fold(GraphDef graph, String prefix, Set<String> kept) {
    NormFold fold = new NormFold(GraphIndex.of(graph), prefix, kept);
    GraphDef.Builder folded = graph.toBuilder().clearNode();
    NodeWriter writer = NodeWriter.of(folded);
    graph
        .getNodeList()
        .forEach(node -> fold.convolution(node).ifPresent(c -> fold.take(node, c, writer)));
    for (NodeDef node : graph.getNodeList()) {
      if (!fold.left.contains(node.getName())) {
        folded.addNode(fold.instead.getOrDefault(node.getName(), node));
      }
    }
    return folded.build();
  }

  /** The convolution that a node normalises, if nothing else reads that. */
  private Optional<NodeDef> convolution(NodeDef node) {
    boolean infers =
        NORMS.contains(node.getOp())
            && node.getName().startsWith(prefix)
            && node.getAttrOrThrow("T").getType() == FLOAT
            && node.containsAttr("is_training")
            && !node.getAttrOrThrow("is_training").getB()
            && graph.consumers(node.getName()).stream()
                .allMatch(reader -> readsFirst(reader, node));
    if (!infers) {
      return Optional.empty();
    }
    return before(node)
        .flatMap(above -> above.getOp().equals("BiasAdd") ? before(above) : Optional.of(above))
        .filter(above -> above.getOp().equals("Conv2D") || above.getOp().equals(DEPTHWISE))
        .filter(above -> format(above).equals(format(node)));
  }

  private static boolean readsFirst(NodeDef reader, NodeDef node) {
    return reader.getInputList().stream()
        .filter(input -> GraphIndex.producer(input).equals(node.getName()))
        .allMatch(input -> !GraphIndex.isControl(input) && Port.parse(input).index() == 0);
  }

  /** The node that the first input of a node comes from, if it is for that node alone. */
  private Optional<NodeDef> before(NodeDef node) {
    Port port = Port.parse(node.getInput(0));
    NodeDef above = graph.node(port.node());
    boolean alone =
        port.index() == 0
            && above.getName().startsWith(prefix)
            && !kept.contains(above.getName())
            && graph.consumers(above.getName()).size() == 1
            && node.getInputList().stream()
                    .filter(input -> GraphIndex.producer(input).equals(above.getName()))
                    .count()
                == 1;
    return alone ? Optional.of(above) : Optional.empty();
  }

  private static String format(NodeDef node) {
    String format =
        node.containsAttr("data_format")
            ? node.getAttrOrThrow("data_format").getS().toStringUtf8()
            : "NHWC";
    return format.isEmpty() ? "NHWC" : format;
  }

  private void take(NodeDef norm, NodeDef convolution, NodeWriter writer) {
    GraphMath math = new GraphMath(writer, norm.getName() + "/folded/");
    String scale = norm.getInput(1);
    String offset = norm.getInput(2);
    String mean = norm.getInput(3);
    String variance = norm.getInput(4);
    // As TensorFlow has it where the attribute is left out.
    float epsilon = norm.containsAttr("epsilon") ? norm.getAttrOrThrow("epsilon").getF() : 1e-4f;
    String safe = math.binary("AddV2", variance, math.real(epsilon, FLOAT), FLOAT);
    String factor = math.binary("Mul", scale, math.unary("Rsqrt", safe, FLOAT), FLOAT);
    String weights = convolution.getInput(1);
    String ofWeights =
        convolution.getOp().equals(DEPTHWISE)
            ? math.reshape(factor, math.from(math.shape(weights, FLOAT), 2), FLOAT)
            : factor;
    NodeDef above = graph.node(Port.parse(norm.getInput(0)).node());
    boolean biased = above.getOp().equals("BiasAdd");
    String centre =
        biased
            ? math.binary("Sub", above.getInput(1), mean, FLOAT)
            : math.unary("Neg", mean, FLOAT);
    String bias = math.binary("AddV2", math.binary("Mul", centre, factor, FLOAT), offset, FLOAT);
    instead.put(
        convolution.getName(),
        convolution.toBuilder().setInput(1, math.binary("Mul", weights, ofWeights, FLOAT)).build());
    NodeDef.Builder last =
        NodeWriter.node(norm.getName(), "BiasAdd", convolution.getName(), bias)
            .putAttr("T", type(FLOAT))
            .putAttr("data_format", NodeWriter.text(format(norm)));
    norm.getInputList().stream().filter(GraphIndex::isControl).forEach(last::addInput);
    if (biased) {
      above.getInputList().stream().filter(GraphIndex::isControl).forEach(last::addInput);
      left.add(above.getName());
    }
    instead.put(norm.getName(), last.build());
  }
}
