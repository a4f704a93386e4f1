package io.credence.tensorflow;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/**
 * The part of a model that passes run, and what it reads of the rest. What no site can reach, the
 * trunk, is a function of the inputs alone: it runs once a batch, and the tensors that cross from
 * it into the tail are fed to every pass.
 *
 * @param nodes the nodes of the tail
 * @param crossing what the tail reads of the trunk that depends on the inputs; weights and
 *     constants are left to the passes, which read them for nothing
 * @param whyNot why copies of the batch cannot be run in one call, or empty if they can
 */
record Tail(Set<String> nodes, List<Port> crossing, Optional<String> whyNot) {

  /** Tensors of these types can be fetched and fed. */
  private static final Set<DataType> FETCHED =
      Set.of(
          DataType.DT_FLOAT,
          DataType.DT_DOUBLE,
          DataType.DT_HALF,
          DataType.DT_BFLOAT16,
          DataType.DT_INT32,
          DataType.DT_INT64,
          DataType.DT_UINT8,
          DataType.DT_BOOL,
          DataType.DT_STRING);

  /**
   * Cuts a model.
   *
   * @param graph the graph that passes run, before noise is put in
   * @param output the tensor sampled
   * @param inputs the nodes that each call feeds
   */
  static Tail cut(
      GraphIndex graph, RowFlow flow, Port output, Set<String> inputs, List<Site> sites) {
    Set<String> reachable = graph.upstream(List.of(output.node()));
    Set<String> roots = new LinkedHashSet<>();
    sites.forEach(site -> roots.addAll(roots(graph, site)));
    // A branch not taken yields dead tensors, which can be neither fetched nor fed.
    reachable.stream().filter(name -> isControlFlow(graph.node(name))).forEach(roots::add);
    Set<String> ofInputs = graph.downstream(inputs, node -> false);
    Set<String> tail = new LinkedHashSet<>(graph.downstream(roots, node -> false));
    tail.retainAll(reachable);
    List<Port> crossing = crossing(graph, tail, inputs, ofInputs);
    while (true) {
      Set<String> stuck =
          crossing.stream()
              .filter(port -> !FETCHED.contains(flow.type(port)))
              .map(Port::node)
              .collect(toCollection(LinkedHashSet::new));
      if (stuck.isEmpty()) {
        break;
      }
      // What cannot leave TensorFlow is computed again by every pass.
      tail.addAll(stuck);
      crossing = crossing(graph, tail, inputs, ofInputs);
    }
    return new Tail(tail, crossing, whyNot(flow, output, crossing, sites));
  }

  private static Set<String> roots(GraphIndex graph, Site site) {
    if (site.loop().isPresent()) {
      return Set.of(site.loop().get().node());
    }
    if (site.isDraw()) {
      return Set.of(site.tensor());
    }
    if (!site.readers().isEmpty()) {
      return site.readers().stream().map(Site.Reader::node).collect(toSet());
    }
    Port port = Port.parse(site.tensor());
    return graph.consumers(port.node()).stream()
        .filter(
            reader ->
                GraphIndex.dataInputs(reader).stream().map(Port::parse).anyMatch(port::equals))
        .map(NodeDef::getName)
        .collect(toCollection(LinkedHashSet::new));
  }

  private static List<Port> crossing(
      GraphIndex graph, Set<String> tail, Set<String> inputs, Set<String> ofInputs) {
    Set<Port> crossing = new LinkedHashSet<>();
    for (String name : tail) {
      for (String input : GraphIndex.dataInputs(graph.node(name))) {
        String producer = GraphIndex.producer(input);
        if (!tail.contains(producer) && !inputs.contains(producer) && ofInputs.contains(producer)) {
          crossing.add(Port.parse(input));
        }
      }
    }
    return new ArrayList<>(crossing);
  }

  private static boolean isControlFlow(NodeDef node) {
    return switch (node.getOp()) {
      case "Switch",
          "RefSwitch",
          "Merge",
          "RefMerge",
          "Enter",
          "RefEnter",
          "Exit",
          "NextIteration" ->
          true;
      default -> false;
    };
  }

  private static Optional<String> whyNot(
      RowFlow flow, Port output, List<Port> crossing, List<Site> sites) {
    for (Site site : sites) {
      if (!batch(flow, site).isByRow()) {
        return Optional.of("at \"" + site.name() + "\" " + describe(layout(flow, site)));
      }
    }
    for (Port port : crossing) {
      Layout layout = flow.of(port);
      boolean repeats =
          layout instanceof Layout.Rows || layout instanceof Layout.Sizes || layout.isSame();
      if (!repeats) {
        return Optional.of(describe(layout));
      }
    }
    Layout last = flow.of(output);
    return last instanceof Layout.Rows rows && rows.axis() == 0
        ? Optional.empty()
        : Optional.of(describe(last));
  }

  /** Where the batch lies in what a site works on. */
  static MaskWriter.Batch batch(RowFlow flow, Site site) {
    Layout layout = layout(flow, site);
    boolean inLoop = site.loop().isPresent();
    Shape shape = inLoop ? Shape.unknown() : flow.shape(Port.parse(site.tensor()));
    int rank = shape.isUnknown() ? -1 : shape.numDimensions();
    if (layout instanceof Layout.Rows rows) {
      boolean moved = rows.axis() > 0 && rank < 0;
      return moved ? MaskWriter.Batch.NONE : new MaskWriter.Batch(rows.axis(), rank, true);
    }
    boolean open = layout instanceof Layout.Mixed && rank > 0 && shape.get(0) < 0;
    return open ? new MaskWriter.Batch(0, rank, false) : MaskWriter.Batch.NONE;
  }

  /**
   * The dimensions that a row has in what a site works on, where they are known beforehand: how
   * many neighbours along the batch are one row, then the other dimensions. Else empty.
   */
  static List<Long> ofRow(RowFlow flow, Site site) {
    if (site.loop().isPresent()
        || site.isDraw()
        || !(layout(flow, site) instanceof Layout.Rows rows)) {
      return List.of();
    }
    Shape shape = flow.shape(Port.parse(site.tensor()));
    if (shape.isUnknown() || rows.each().isEmpty()) {
      return List.of();
    }
    List<Long> dims = new ArrayList<>(List.of(rows.each().getAsLong()));
    for (int i = 0; i < shape.numDimensions(); i++) {
      if (i != rows.axis()) {
        dims.add(shape.get(i));
      }
    }
    return dims.stream().allMatch(dim -> dim > 0) ? dims : List.of();
  }

  private static Layout layout(RowFlow flow, Site site) {
    return site.loop()
        .map(
            loop ->
                flow.inFunction(
                    loop.node(),
                    loop.body(),
                    site.isDraw() ? site.tensor() + ":output:0" : site.tensor()))
        .orElseGet(() -> flow.of(Port.parse(site.tensor())));
  }

  private static String describe(Layout layout) {
    if (layout instanceof Layout.Mixed mixed) {
      return mixed.why();
    }
    if (layout instanceof Layout.Picked picked) {
      return "node \"" + picked.by() + "\" picks values, and how many of a row depends on them";
    }
    if (layout instanceof Layout.Rows rows) {
      return "the batch is dimension " + rows.axis() + " of the tensor, not the first";
    }
    return "the tensor has no dimension that is the batch";
  }

  /** How many bytes the largest weights take that the tail reads, as far as that is known. */
  long bytesOfWeights(GraphIndex graph, RowFlow flow) {
    long most = 0;
    for (String name : nodes) {
      for (String input : GraphIndex.dataInputs(graph.node(name))) {
        Port port = Port.parse(input);
        if (!nodes.contains(port.node()) && flow.has(port) && flow.of(port).isSame()) {
          most = Math.max(most, bytes(flow.shape(port)));
        }
      }
    }
    return most;
  }

  /** Of float32; dimensions that are not known count once. */
  private static long bytes(Shape shape) {
    long bytes = Float.BYTES;
    for (int i = 0; !shape.isUnknown() && i < shape.numDimensions(); i++) {
      bytes = Math.multiplyExact(bytes, Math.max(1, shape.get(i)));
    }
    return bytes;
  }

  /**
   * How many bytes of the largest tensor of the tail a row takes; for memory. What a site drops
   * belongs to it, though the tensor may be one of the trunk: each pass has a copy with its noise.
   */
  static long bytesPerRow(RowFlow flow, Set<String> tail, List<Site> sites) {
    List<Port> ports = new ArrayList<>();
    tail.forEach(name -> ports.add(new Port(name, 0)));
    for (Site site : sites) {
      if (site.loop().isEmpty()) {
        ports.add(Port.parse(site.tensor()));
      }
    }
    long most = Float.BYTES;
    for (Port port : ports) {
      if (flow.has(port) && flow.of(port) instanceof Layout.Rows) {
        most = Math.max(most, bytes(flow.shape(port)));
      }
    }
    return most;
  }
}
