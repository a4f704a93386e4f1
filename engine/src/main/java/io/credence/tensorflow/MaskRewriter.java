package io.credence.tensorflow;

import com.google.protobuf.ByteString;
import io.credence.DropoutSite;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  private final Map<String, Integer> ordinals = new HashMap<>();

  private MaskRewriter(Set<String> ofInputs, List<DropoutSite> sites) {
    this.ofInputs = ofInputs;
    for (int i = 0; i < sites.size(); i++) {
      ordinals.put(sites.get(i).name(), i);
    }
  }

  /**
   * The graph with the draws of these sites keyed.
   *
   * @param inputs the nodes that the signature feeds
   */
  static GraphDef rewrite(
      GraphDef graph, GraphIndex index, List<DropoutSite> sites, Set<String> inputs) {
    return new MaskRewriter(index.downstream(inputs, node -> false), sites).rewrite(graph);
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

  private GraphDef rewrite(GraphDef graph) {
    GraphDef.Builder rewritten = graph.toBuilder().clearNode();
    for (NodeDef node : graph.getNodeList()) {
      Integer ordinal = ordinals.get(node.getName());
      if (ordinal == null) {
        rewritten.addNode(node);
      } else {
        keyed(rewritten, node, ordinal);
      }
    }
    return rewritten.build();
  }

  private void keyed(GraphDef.Builder graph, NodeDef node, int ordinal) {
    DataType shapeType = node.getAttrOrThrow("T").getType();
    String key = keyPlaceholder(ordinal);
    graph.addNode(
        NodeDef.newBuilder()
            .setName(key)
            .setOp("Placeholder")
            .putAttr("dtype", type(DataType.DT_INT64))
            .putAttr("shape", shape(2)));
    String shape = node.getInput(0);
    boolean ofBatch = ofInputs.contains(GraphIndex.producer(shape));
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
