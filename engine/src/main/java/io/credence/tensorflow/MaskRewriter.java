package io.credence.tensorflow;

import static io.credence.tensorflow.NodeWriter.type;
import static java.util.stream.Collectors.toSet;

import io.credence.DropoutSite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Replaces every random op of a graph by its stateless form, keyed by a seed that is fed, and draws
 * one mask for all rows of a batch: where the shape depends on the inputs, its first dimension,
 * taken to be the batch, becomes 1, and the mask broadcasts. A draw then depends on (seed, site,
 * pass) alone: a pass is one network, shown to every input.
 */
final class MaskRewriter {

  private static final String SCOPE = "credence/mask_";

  private final Set<String> ofInputs;
  private final List<KerasSites.Site> layers;
  private final Map<String, Integer> ordinals = new HashMap<>();
  private final List<String> draws = new ArrayList<>();
  private final List<String> masks = new ArrayList<>();
  private final List<String> batchShapes = new ArrayList<>();

  /**
   * A graph with its draws keyed.
   *
   * @param graph the graph
   * @param draws the nodes that draw; the key of the i-th is {@link #keyPlaceholder
   *     keyPlaceholder(i)}
   * @param masks float32 tensors that the outputs of layers are multiplied with; ones turn their
   *     dropout off
   * @param batchShapes tensors that hold a shape whose first dimension is taken to be the batch
   */
  record Rewritten(
      GraphDef graph, List<String> draws, List<String> masks, List<String> batchShapes) {}

  private MaskRewriter(
      Set<String> ofInputs, List<DropoutSite> sites, List<KerasSites.Site> layers) {
    this.ofInputs = ofInputs;
    this.layers = layers;
    for (int i = 0; i < sites.size(); i++) {
      ordinals.put(sites.get(i).name(), i);
    }
  }

  /**
   * The graph with the draws of these sites keyed, and masks put where these layers stood.
   *
   * @param inputs the nodes that the signature feeds
   */
  static Rewritten rewrite(
      GraphDef graph,
      GraphIndex index,
      List<DropoutSite> sites,
      List<KerasSites.Site> layers,
      Set<String> inputs) {
    Set<String> ofInputs = index.downstream(inputs, node -> false);
    return new MaskRewriter(ofInputs, sites, layers).rewrite(graph);
  }

  /** The placeholder, int64 of shape [2], that keys the draws of the site of that ordinal. */
  static String keyPlaceholder(int site) {
    return SCOPE + site + "/key";
  }

  /**
   * The key of one draw. The two words are mixed apart, so that neighbouring seeds, sites and
   * passes give unrelated streams.
   */
  static long[] key(long seed, int site, int pass) {
    return new long[] {mix(seed + mix(site)), pass};
  }

  /** Stafford's variant 13 of the 64-bit finaliser, as in SplittableRandom. */
  private static long mix(long z) {
    long x = z + 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  private Rewritten rewrite(GraphDef graph) {
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    NodeWriter writer = new NodeWriter(rewritten);
    Map<String, NodeDef> nodes = new HashMap<>();
    Set<String> layerNodes = layers.stream().map(KerasSites.Site::node).collect(toSet());
    String[] drawn = new String[ordinals.size()];
    for (NodeDef node : graph.getNodeList()) {
      nodes.put(node.getName(), node);
      Integer ordinal = ordinals.get(node.getName());
      if (ordinal != null) {
        keyed(writer, node, ordinal);
        drawn[ordinal] = node.getName();
      } else if (!layerNodes.contains(node.getName())) {
        rewritten.addNode(node);
      }
    }
    draws.addAll(List.of(drawn));
    layers.forEach(layer -> masked(writer, nodes.get(layer.node()), layer.draw()));
    return new Rewritten(rewritten.build(), draws, masks, batchShapes);
  }

  /** Puts the stateless form of a draw in its place. */
  private void keyed(NodeWriter graph, NodeDef node, int ordinal) {
    DataType shapeType = node.getAttrOrThrow("T").getType();
    String shape = node.getInput(0);
    boolean ofBatch = ofInputs.contains(GraphIndex.producer(shape));
    if (ofBatch) {
      batchShapes.add(shape);
    }
    String op = SiteFinder.STATELESS.get(node.getOp());
    String drawn = ofBatch ? sharedShape(graph, shape, shapeType, ordinal) : shape;
    NodeDef.Builder stateless =
        graph
            .add(node.getName(), op, drawn, key(graph, ordinal))
            .setDevice(node.getDevice())
            .putAttr("dtype", node.getAttrOrThrow("dtype"))
            .putAttr("T", type(shapeType))
            .putAttr("Tseed", type(DataType.DT_INT64));
    node.getInputList().stream().filter(GraphIndex::isControl).forEach(stateless::addInput);
  }

  /** Puts {@code x · mask} where an Identity stood, under its name. */
  private void masked(NodeWriter graph, NodeDef identity, KerasTwin.Draw draw) {
    int ordinal = draws.size();
    String scope = SCOPE + ordinal + "/";
    AttrValue real = type(DataType.DT_FLOAT);
    AttrValue integer = type(DataType.DT_INT32);
    String x = identity.getInput(0);
    graph.add(scope + "input", "Shape", x).putAttr("T", real).putAttr("out_type", integer);
    String shape = scope + "input";
    String maskShape =
        draw.maskShape().isEmpty()
            ? sharedShape(graph, shape, DataType.DT_INT32, ordinal)
            : packedShape(graph, shape, draw.maskShape(), scope);
    graph
        .add(scope + "uniform", "StatelessRandomUniform", maskShape, key(graph, ordinal))
        .putAttr("dtype", real)
        .putAttr("T", integer)
        .putAttr("Tseed", type(DataType.DT_INT64));
    String rate = graph.real(scope + "rate", (float) draw.rate());
    String scale = graph.real(scope + "scale", (float) (1 / (1 - draw.rate())));
    graph.add(scope + "keep", "GreaterEqual", scope + "uniform", rate).putAttr("T", real);
    graph
        .add(scope + "ones", "Cast", scope + "keep")
        .putAttr("SrcT", type(DataType.DT_BOOL))
        .putAttr("DstT", real);
    graph.add(scope + "mask", "Mul", scope + "ones", scale).putAttr("T", real);
    NodeDef.Builder product =
        graph.add(identity.getName(), "Mul", x, scope + "mask").putAttr("T", real);
    identity.getInputList().stream().filter(GraphIndex::isControl).forEach(product::addInput);
    draws.add(scope + "uniform");
    batchShapes.add(shape);
    masks.add(scope + "mask");
  }

  /** Adds the placeholder of a key and returns its name. */
  private static String key(NodeWriter graph, int ordinal) {
    String name = keyPlaceholder(ordinal);
    AttrValue pair = AttrValue.newBuilder().setShape(NodeWriter.shape(2)).build();
    graph.add(name, "Placeholder").putAttr("dtype", type(DataType.DT_INT64)).putAttr("shape", pair);
    return name;
  }

  /** Adds nodes for {@code concat([1], shape[1:])} and returns the last one's name. */
  private static String sharedShape(NodeWriter graph, String shape, DataType type, int ordinal) {
    String scope = SCOPE + ordinal + "/";
    String one = graph.vector(scope + "one", type, 1);
    String end = graph.vector(scope + "end", type, 0);
    String axis = graph.integer(scope + "axis", DataType.DT_INT32, 0);
    graph
        .add(scope + "rest", "StridedSlice", shape, one, end, one)
        .putAttr("T", type(type))
        .putAttr("Index", type(type))
        .putAttr("end_mask", NodeWriter.number(1));
    graph
        .add(scope + "shape", "ConcatV2", one, scope + "rest", axis)
        .putAttr("N", NodeWriter.number(2))
        .putAttr("T", type(type))
        .putAttr("Tidx", type(DataType.DT_INT32));
    return scope + "shape";
  }

  /** A shape of constants and, where −1, of dimensions of the input; the first, the batch, is 1. */
  private static String packedShape(NodeWriter graph, String shape, List<Long> dims, String scope) {
    DataType type = DataType.DT_INT32;
    String[] packed = new String[dims.size()];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = scope + "dim_" + i;
      if (i == 0 || dims.get(i) >= 0) {
        graph.integer(packed[i], type, i == 0 ? 1 : Math.toIntExact(dims.get(i)));
        continue;
      }
      String from = graph.vector(scope + "from_" + i, type, i);
      String to = graph.vector(scope + "to_" + i, type, i + 1);
      String by = graph.vector(scope + "by_" + i, type, 1);
      graph
          .add(packed[i], "StridedSlice", shape, from, to, by)
          .putAttr("T", type(type))
          .putAttr("Index", type(type))
          .putAttr("shrink_axis_mask", NodeWriter.number(1));
    }
    graph
        .add(scope + "packed", "Pack", packed)
        .putAttr("T", type(type))
        .putAttr("N", NodeWriter.number(packed.length));
    return scope + "packed";
  }
}
