package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Writes the graph that passes run beside the one that is served: copies, under a prefix, of the
 * tail's nodes, with noise at the sites. What the tail reads of the trunk is repeated along the
 * batch, once for each pass of a call; sizes that grow with the batch are multiplied.
 */
final class TailWriter {

  static final String PREFIX = "credence/";

  private static final Set<DataType> REAL =
      Set.of(DataType.DT_FLOAT, DataType.DT_DOUBLE, DataType.DT_HALF, DataType.DT_BFLOAT16);

  private final GraphDef.Builder graph;
  private final NodeWriter writer;
  private final GraphIndex index;
  private final RowFlow flow;
  private final Tail tail;
  private final Set<String> copied;
  private final Set<String> ofInputs;
  private final List<Site> sites;
  private final Map<String, String> repeated = new HashMap<>();
  private final Map<Site, String> noised = new LinkedHashMap<>();
  private final MaskWriter masks;

  /**
   * What the tail is made of.
   *
   * @param index the graph that passes run, before noise is put in
   * @param flow how rows lie in it
   * @param tail its tail
   * @param copied the nodes of it that are not as they are served, among them the tail's
   * @param inputs the nodes that each call feeds
   * @param sites the sites, in the order of their keys
   */
  record Parts(
      GraphIndex index,
      RowFlow flow,
      Tail tail,
      Set<String> copied,
      Set<String> inputs,
      List<Site> sites) {}

  TailWriter(GraphDef served, Parts parts) {
    this.graph = served.toBuilder();
    this.writer = NodeWriter.of(graph);
    this.index = parts.index();
    this.flow = parts.flow();
    this.tail = parts.tail();
    this.copied = parts.copied();
    this.sites = parts.sites();
    this.ofInputs = index.downstream(parts.inputs(), node -> false);
    this.masks = new MaskWriter(writer, PassPlan.PLACEHOLDER, Optional.empty());
  }

  /** Writes all, and returns the graph. */
  GraphDef write() {
    AttrValue vector =
        AttrValue.newBuilder().setShape(NodeWriter.shape(PassPlan.KEYS + sites.size())).build();
    writer.add(
        NodeWriter.node(PassPlan.PLACEHOLDER, "Placeholder")
            .putAttr("dtype", NodeWriter.type(DataType.DT_INT64))
            .putAttr("shape", vector));
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      if (site.loop().isEmpty() && !site.isDraw()) {
        noised.put(site, noised(site, i));
      }
    }
    for (NodeDef node : index.nodes()) {
      if (copied.contains(node.getName())) {
        write(node);
      }
    }
    return graph.build();
  }

  /** Where a tensor of the graph that passes run stands, noised if a site noises it for all. */
  Port placed(Port port) {
    for (Map.Entry<Site, String> entry : noised.entrySet()) {
      if (entry.getKey().readers().isEmpty() && Port.parse(entry.getKey().tensor()).equals(port)) {
        return Port.parse(entry.getValue());
      }
    }
    return own(port);
  }

  /** Where a tensor stands as it is. */
  Port own(Port port) {
    return copied.contains(port.node()) ? new Port(PREFIX + port.node(), port.index()) : port;
  }

  private String noised(Site site, int ordinal) {
    Port port = Port.parse(site.tensor());
    boolean inTail = tail.nodes().contains(port.node());
    if (!REAL.contains(flow.type(port))) {
      throw new ModelLoadException(
          "tensor \""
              + site.name()
              + "\" is of type "
              + flow.type(port)
              + " and cannot be dropped; a floating-point tensor is needed");
    }
    return masks.noised(
        own(port).toString(), site.noise(), spot(site, ordinal, flow.type(port), inTail));
  }

  private MaskWriter.Spot spot(Site site, int ordinal, DataType type, boolean inTail) {
    return new MaskWriter.Spot(
        ordinal,
        PREFIX + "site_" + ordinal + "/",
        type,
        Tail.batch(flow, site),
        inTail,
        Tail.ofRow(flow, site));
  }

  /** Masks that depend on nothing but the plan, and may be fed instead; once all is written. */
  List<Port> masks() {
    return masks.kept().keySet().stream().map(Port::parse).toList();
  }

  /** What these take for a pass. */
  long maskBytes() {
    return masks.kept().values().stream().mapToLong(size -> size * Float.BYTES).sum();
  }

  private void write(NodeDef node) {
    boolean inTail = tail.nodes().contains(node.getName());
    NodeDef.Builder copy = node.toBuilder().setName(PREFIX + node.getName()).clearInput();
    copy.removeAttr("_output_shapes"); // those of one copy of the batch
    List<String> control = new ArrayList<>();
    for (String input : node.getInputList()) {
      String producer = GraphIndex.producer(input);
      if (!GraphIndex.isControl(input)) {
        Site.Reader reader = new Site.Reader(node.getName(), copy.getInputCount());
        copy.addInput(read(reader, Port.parse(input), inTail));
      } else if (!inTail || tail.nodes().contains(producer) || !ofInputs.contains(producer)) {
        // Waiting for the trunk would run it again in every pass.
        control.add("^" + own(new Port(producer, 0)).node());
      }
    }
    copy.addAllInput(control);
    int draw = ordinalOfDraw(node.getName());
    List<LoopRewriter.Placed> inLoop = sitesInLoop(node);
    if (draw >= 0) {
      DataType type = node.getAttrOrThrow("dtype").getType();
      masks.keyed(node, copy.getName(), copy.getInput(0), spot(sites.get(draw), draw, type, true));
    } else if (!inLoop.isEmpty()) {
      graph.addNode(new LoopRewriter(graph, index).rewrite(copy, inLoop));
    } else {
      graph.addNode(copy);
    }
  }

  private int ordinalOfDraw(String node) {
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      if (site.isDraw() && site.loop().isEmpty() && site.tensor().equals(node)) {
        return i;
      }
    }
    return -1;
  }

  private List<LoopRewriter.Placed> sitesInLoop(NodeDef node) {
    List<LoopRewriter.Placed> placed = new ArrayList<>();
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      if (site.loop().isPresent() && site.loop().get().node().equals(node.getName())) {
        MaskWriter.Spot spot = spot(site, i, typeInLoop(site), true);
        placed.add(
            new LoopRewriter.Placed(
                site,
                new MaskWriter.Spot(
                    i, "credence_site_" + i + "_", spot.type(), spot.batch(), true, List.of())));
      }
    }
    return placed;
  }

  private DataType typeInLoop(Site site) {
    String name = TwinFrame.nodeOf(site.tensor());
    return index.function(site.loop().orElseThrow().body()).stream()
        .flatMap(body -> body.getNodeDefList().stream())
        .filter(node -> node.getName().equals(name))
        .map(node -> node.getAttrOrThrow(site.isDraw() ? "dtype" : "T").getType())
        .findFirst()
        .orElse(DataType.DT_FLOAT);
  }

  /** Where an operand reads its input. */
  private String read(Site.Reader reader, Port port, boolean inTail) {
    for (Map.Entry<Site, String> entry : noised.entrySet()) {
      Site site = entry.getKey();
      if (site.isReadBy(reader.node(), reader.operand())
          && Port.parse(site.tensor()).equals(port)) {
        return entry.getValue();
      }
    }
    boolean crosses =
        inTail && !tail.nodes().contains(port.node()) && ofInputs.contains(port.node());
    return crosses && tail.whyNot().isEmpty()
        ? repeated.computeIfAbsent(port.toString(), p -> repeated(port))
        : own(port).toString();
  }

  /** A tensor of the trunk, once for each pass of a call. */
  private String repeated(Port port) {
    Layout layout = flow.of(port);
    DataType type = flow.type(port);
    GraphMath math = new GraphMath(writer, PREFIX + "repeated_" + repeated.size() + "/");
    String copies = math.element(PassPlan.PLACEHOLDER, PassPlan.COPIES);
    String from = own(port).toString();
    if (layout instanceof Layout.Rows rows) {
      return math.tile(from, multiples(math, flow.shape(port), rows.axis(), from, type), type);
    }
    if (layout instanceof Layout.Sizes sizes && !sizes.isSame()) {
      String more = math.integers("Sub", copies, math.integer(1));
      List<Long> grows =
          sizes.elements().stream().map(extent -> extent.scaled() ? 1L : 0L).toList();
      String mask = sizes.scalar() ? math.integer(1) : math.constant(grows);
      String factor = math.integers("AddV2", math.integers("Mul", mask, more), math.integer(1));
      return math.binary("Mul", from, math.cast(factor, DataType.DT_INT64, type), type);
    }
    return from;
  }

  private static String multiples(GraphMath math, Shape shape, int axis, String x, DataType type) {
    String copies = math.element(PassPlan.PLACEHOLDER, PassPlan.COPIES);
    if (!shape.isUnknown()) {
      String[] each = new String[shape.numDimensions()];
      for (int i = 0; i < each.length; i++) {
        each[i] = i == axis ? copies : math.integer(1);
      }
      return math.pack(each);
    }
    if (axis != 0) {
      throw new ModelLoadException("a tensor of unknown rank has the batch as dimension " + axis);
    }
    String rest = math.from(math.shape(x, type), 1);
    String ones =
        math.integers("AddV2", math.integers("Mul", rest, math.integer(0)), math.integer(1));
    return math.concat(math.pack(copies), ones);
  }

  /** The nodes of the graph that passes run which are not as they are served. */
  static Set<String> changed(GraphIndex served, GraphIndex sampled) {
    List<String> differ = new ArrayList<>();
    for (NodeDef node : sampled.nodes()) {
      if (!served.has(node.getName()) || !served.node(node.getName()).equals(node)) {
        differ.add(node.getName());
      }
    }
    return differ.isEmpty() ? Collections.emptySet() : sampled.downstream(differ, node -> false);
  }
}
