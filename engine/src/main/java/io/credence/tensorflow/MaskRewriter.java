package io.credence.tensorflow;

import com.google.protobuf.ByteString;
import io.credence.DropoutSite;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

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
    Map<String, KerasSites.Site> layerNodes = new HashMap<>();
    layers.forEach(layer -> layerNodes.put(layer.node(), layer));
    String[] drawn = new String[ordinals.size()];
    for (NodeDef node : graph.getNodeList()) {
      Integer ordinal = ordinals.get(node.getName());
      if (ordinal != null) {
        keyed(rewritten, node, ordinal);
        drawn[ordinal] = node.getName();
      } else if (!layerNodes.containsKey(node.getName())) {
        rewritten.addNode(node);
      }
    }
    draws.addAll(List.of(drawn));
    Map<String, NodeDef> nodes = new HashMap<>();
    graph.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    layers.forEach(layer -> masked(rewritten, nodes.get(layer.node()), layer.draw()));
    return new Rewritten(rewritten.build(), draws, masks, batchShapes);
  }

  /** Puts {@code x · mask} where an Identity stood, under its name. */
  private void masked(GraphDef.Builder graph, NodeDef identity, KerasTwin.Draw draw) {
    int ordinal = draws.size();
    String scope = SCOPE + ordinal + "/";
    AttrValue real = type(DataType.DT_FLOAT);
    String shape =
        add(graph, scope + "input", "Shape", identity.getInput(0))
            .putAttr("T", real)
            .putAttr("out_type", type(DataType.DT_INT32))
            .getName();
    String maskShape =
        draw.maskShape().isEmpty()
            ? sharedShape(graph, shape, DataType.DT_INT32, ordinal)
            : packedShape(graph, shape, draw.maskShape(), scope);
    addKey(graph, ordinal);
    add(graph, scope + "uniform", "StatelessRandomUniform", maskShape, keyPlaceholder(ordinal))
        .putAttr("dtype", real)
        .putAttr("T", type(DataType.DT_INT32))
        .putAttr("Tseed", type(DataType.DT_INT64));
    String rate = real(graph, scope + "rate", (float) draw.rate());
    String scale = real(graph, scope + "scale", (float) (1 / (1 - draw.rate())));
    add(graph, scope + "keep", "GreaterEqual", scope + "uniform", rate).putAttr("T", real);
    add(graph, scope + "ones", "Cast", scope + "keep")
        .putAttr("SrcT", type(DataType.DT_BOOL))
        .putAttr("DstT", real);
    add(graph, scope + "mask", "Mul", scope + "ones", scale).putAttr("T", real);
    NodeDef.Builder product =
        add(graph, identity.getName(), "Mul", identity.getInput(0), scope + "mask")
            .putAttr("T", real);
    identity.getInputList().stream().filter(GraphIndex::isControl).forEach(product::addInput);
    draws.add(scope + "uniform");
    batchShapes.add(shape);
    masks.add(scope + "mask");
  }

  /** Adds a node and returns it, for its attributes. */
  private static NodeDef.Builder add(
      GraphDef.Builder graph, String name, String op, String... inputs) {
    return graph.addNodeBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  private static String real(GraphDef.Builder graph, String name, float value) {
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(DataType.DT_FLOAT)
            .setTensorShape(TensorShapeProto.getDefaultInstance())
            .addFloatVal(value)
            .build();
    add(graph, name, "Const")
        .putAttr("dtype", type(DataType.DT_FLOAT))
        .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build());
    return name;
  }

  /** A shape of constants and, where −1, of dimensions of the input; the first, the batch, is 1. */
  private static String packedShape(
      GraphDef.Builder graph, String shape, List<Long> dims, String scope) {
    List<String> packed = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      if (i == 0 || dims.get(i) >= 0) {
        int size = i == 0 ? 1 : Math.toIntExact(dims.get(i));
        packed.add(constant(graph, scope + "dim_" + i, DataType.DT_INT32, size, false));
        continue;
      }
      String from = constant(graph, scope + "from_" + i, DataType.DT_INT32, i, true);
      String to = constant(graph, scope + "to_" + i, DataType.DT_INT32, i + 1, true);
      String by = constant(graph, scope + "by_" + i, DataType.DT_INT32, 1, true);
      packed.add(
          add(graph, scope + "dim_" + i, "StridedSlice", shape, from, to, by)
              .putAttr("T", type(DataType.DT_INT32))
              .putAttr("Index", type(DataType.DT_INT32))
              .putAttr("shrink_axis_mask", AttrValue.newBuilder().setI(1).build())
              .getName());
    }
    return add(graph, scope + "packed", "Pack", packed.toArray(String[]::new))
        .putAttr("T", type(DataType.DT_INT32))
        .putAttr("N", AttrValue.newBuilder().setI(dims.size()).build())
        .getName();
  }

  private static void addKey(GraphDef.Builder graph, int ordinal) {
    add(graph, keyPlaceholder(ordinal), "Placeholder")
        .putAttr("dtype", type(DataType.DT_INT64))
        .putAttr("shape", shape(2));
  }

  private void keyed(GraphDef.Builder graph, NodeDef node, int ordinal) {
    DataType shapeType = node.getAttrOrThrow("T").getType();
    String key = keyPlaceholder(ordinal);
    addKey(graph, ordinal);
    String shape = node.getInput(0);
    boolean ofBatch = ofInputs.contains(GraphIndex.producer(shape));
    if (ofBatch) {
      batchShapes.add(shape);
    }
    NodeDef.Builder stateless =
        NodeDef.newBuilder()
            .setName(node.getName())
            .setOp(SiteFinder.STATELESS.get(node.getOp()))
            .setDevice(node.getDevice())
            .addInput(ofBatch ? sharedShape(graph, shape, shapeType, ordinal) : shape)
            .addInput(key);
    node.getInputList().stream().filter(GraphIndex::isControl).forEach(stateless::addInput);
    graph.addNode(
        stateless
            .putAttr("dtype", node.getAttrOrThrow("dtype"))
            .putAttr("T", type(shapeType))
            .putAttr("Tseed", type(DataType.DT_INT64)));
  }

  /** Adds nodes for {@code concat([1], shape[1:])} and returns the last one's name. */
  private static String sharedShape(
      GraphDef.Builder graph, String shape, DataType type, int ordinal) {
    String scope = SCOPE + ordinal + "/";
    String one = constant(graph, scope + "one", type, 1, true);
    String end = constant(graph, scope + "end", type, 0, true);
    String axis = constant(graph, scope + "axis", DataType.DT_INT32, 0, false);
    graph.addNode(
        NodeDef.newBuilder()
            .setName(scope + "rest")
            .setOp("StridedSlice")
            .addInput(shape)
            .addInput(one)
            .addInput(end)
            .addInput(one)
            .putAttr("T", type(type))
            .putAttr("Index", type(type))
            .putAttr("end_mask", AttrValue.newBuilder().setI(1).build()));
    graph.addNode(
        NodeDef.newBuilder()
            .setName(scope + "shape")
            .setOp("ConcatV2")
            .addInput(one)
            .addInput(scope + "rest")
            .addInput(axis)
            .putAttr("N", AttrValue.newBuilder().setI(2).build())
            .putAttr("T", type(type))
            .putAttr("Tidx", type(DataType.DT_INT32)));
    return scope + "shape";
  }

  private static String constant(
      GraphDef.Builder graph, String name, DataType type, int value, boolean vector) {
    boolean wide = type == DataType.DT_INT64;
    ByteBuffer bytes = ByteBuffer.allocate(wide ? 8 : 4).order(ByteOrder.LITTLE_ENDIAN);
    if (wide) {
      bytes.putLong(value);
    } else {
      bytes.putInt(value);
    }
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    if (vector) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(1));
    }
    TensorProto tensor =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(dims)
            .setTensorContent(ByteString.copyFrom(bytes.flip()))
            .build();
    graph.addNode(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Const")
            .putAttr("dtype", type(type))
            .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build()));
    return name;
  }

  private static AttrValue type(DataType type) {
    return AttrValue.newBuilder().setType(type).build();
  }

  private static AttrValue shape(long size) {
    return AttrValue.newBuilder()
        .setShape(
            TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(size)))
        .build();
  }
}
