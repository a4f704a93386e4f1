package io.credence.tensorflow;

import static java.util.stream.Collectors.toCollection;

import io.credence.DropoutSite;
import io.credence.DropoutSite.Origin;
import io.credence.SamplingCost;
import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * A model's graph made ready for sampling: flattened, its dropout found, and the graph that passes
 * run written beside the one that is served.
 *
 * @param served the flat graph as it is served
 * @param definition the graph to import
 * @param sites the sites, in the order of their keys
 * @param cost what sampling costs
 * @param wiring what a pass feeds and fetches
 */
record SamplingGraph(
    GraphIndex served,
    GraphDef definition,
    List<DropoutSite> sites,
    SamplingCost cost,
    BatchRun.Wiring wiring) {

  /** What a model is compiled for. */
  enum Role {
    /** To draw passes; dropout is needed. */
    PASSES,
    /** To draw passes if it has dropout, else to answer once, as it is served. */
    PASSES_IF_ANY,
    /** To answer once, as it is served, dropout or not. */
    AS_SERVED
  }

  /**
   * Compiles a model.
   *
   * @param model the model, flattened to its output
   * @param given as for {@link #flatten}
   * @param role what for
   * @throws ModelLoadException if the graph is damaged, or does not go with the role
   */
  static SamplingGraph compile(FlatModel model, Map<String, Port> given, Role role) {
    Map<String, Port> inputs = new LinkedHashMap<>(given);
    inputs.values().removeIf(port -> !model.inputs().contains(port.node()));
    RandomOps randomOps = new RandomOps();
    List<Site> sites = new ArrayList<>();
    List<SiteFinder> finders = List.of(randomOps, new KerasSites(), new CallerSites());
    finders.forEach(finder -> sites.addAll(finder.find(model)));
    refuseTwice(model, sites);
    refuseIdle(model, randomOps.passConstants().keySet());
    refuseUnfed(model, given, randomOps.servedConstants().keySet());
    if (sites.isEmpty() && role == Role.PASSES) {
      throw new ModelLoadException(noSite(model));
    }
    if (sites.isEmpty() || role == Role.AS_SERVED) {
      return asServed(model, inputs, randomOps, sites);
    }
    GraphDef served = Fold.constants(model.flat(), randomOps.servedConstants());
    GraphDef sampled = passGraph(model.flat(), randomOps);
    refuseTraining(model, served, sampled, randomOps);

    GraphIndex servedIndex = GraphIndex.of(served);
    GraphIndex sampledIndex = GraphIndex.of(sampled);
    RowFlow flow =
        RowFlow.of(
            anyBatch(sampled, model.inputs()), model.inputs(), List.of(model.output().node()));
    refuseMixing(model, served, randomOps, flow);
    Tail tail = Tail.cut(sampledIndex, flow, model.output(), model.inputs(), sites);
    Set<String> copied = new LinkedHashSet<>(TailWriter.changed(servedIndex, sampledIndex));
    copied.retainAll(sampledIndex.upstream(List.of(model.output().node())));
    copied.addAll(tail.nodes());
    TailWriter writer =
        new TailWriter(
            served, new TailWriter.Parts(sampledIndex, flow, tail, copied, model.inputs(), sites));
    GraphDef written = writer.write();
    Port sampledOutput = writer.placed(model.output());
    List<Port> crossing = tail.crossing().stream().map(writer::own).toList();
    Set<String> fetched = crossing.stream().map(Port::node).collect(toCollection(HashSet::new));
    fetched.add(sampledOutput.node());
    GraphDef definition = NormFold.fold(written, TailWriter.PREFIX, fetched);
    BatchRun.Wiring wiring =
        new BatchRun.Wiring(
            inputs,
            model.output(),
            sampledOutput,
            sites.size(),
            crossing,
            tail.whyNot(),
            Tail.bytesPerRow(flow, tail.nodes(), sites),
            tail.bytesOfWeights(sampledIndex, flow),
            writer.masks(),
            writer.maskBytes());
    return new SamplingGraph(
        servedIndex,
        definition,
        described(sites, flow),
        Work.cost(sampledIndex, flow, tail, model.output(), model.inputs()),
        wiring);
  }

  /** The graph of a model that answers once. */
  private static SamplingGraph asServed(
      FlatModel model, Map<String, Port> inputs, RandomOps randomOps, List<Site> sites) {
    for (Site site : sites) {
      if (site.origin() == Origin.RANDOM_OP && site.gate().isEmpty()) {
        throw new ModelLoadException(
            "node \""
                + site.name()
                + "\" draws whenever the model is served, so there is no answer without dropout;"
                + " let its members be sampled");
      }
    }
    GraphDef served = Fold.constants(model.flat(), randomOps.servedConstants());
    GraphIndex index = GraphIndex.of(served);
    int ops = index.upstream(List.of(model.output().node())).size();
    BatchRun.Wiring wiring =
        new BatchRun.Wiring(
            inputs,
            model.output(),
            model.output(),
            0,
            List.of(),
            Optional.of("the model answers once, as it is served"),
            1,
            0,
            List.of(),
            0);
    SamplingCost cost = new SamplingCost(ops, 0, 0, Optional.empty());
    return new SamplingGraph(index, served, List.of(), cost, wiring);
  }

  /**
   * Flattens a model.
   *
   * @param meta the meta graph
   * @param given the signature's inputs, by name, and where each enters the main graph; a scalar
   *     flag or number is no row, but may be a gate or a rate
   * @param output the tensor to sample, in the main graph
   * @param named tensors that the caller names as dropout, each with its rate
   * @throws ModelLoadException if the graph is damaged
   */
  static FlatModel flatten(
      MetaGraphDef meta, Map<String, Port> given, Port output, Map<String, Double> named) {
    Flattener.Flat flat = Flattener.flatten(PlainDraws.in(meta.getGraphDef()), output);
    GraphIndex index = GraphIndex.of(flat.graph());
    Set<String> fed = new LinkedHashSet<>();
    for (Port port : given.values()) {
      if (!isSwitch(index.node(port.node()))) {
        fed.add(port.node());
      }
    }
    Set<String> reachable = index.upstream(List.of(flat.output().node()));
    return new FlatModel(
        meta, flat.graph(), index, flat.innerNames(), flat.output(), fed, reachable, named);
  }

  /** A scalar that may turn dropout on, or decide its rate, though the signature lists it. */
  private static boolean isSwitch(NodeDef node) {
    DataType type = node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance()).getType();
    AttrValue shape = node.getAttrOrDefault("shape", AttrValue.getDefaultInstance());
    boolean scalar =
        shape.hasShape()
            && !shape.getShape().getUnknownRank()
            && shape.getShape().getDimCount() == 0;
    return scalar
        && (type == DataType.DT_BOOL || type == DataType.DT_FLOAT || type == DataType.DT_DOUBLE);
  }

  private static GraphDef passGraph(GraphDef flat, RandomOps randomOps) {
    Map<String, TensorProto> constants = new LinkedHashMap<>(randomOps.servedConstants());
    constants.putAll(randomOps.passConstants());
    GraphDef undropped = Fold.identities(flat, randomOps.undropped());
    return Fold.choices(Fold.constants(undropped, constants), randomOps.choices());
  }

  /** The graph with the batch of its inputs left open: whether it is baked in elsewhere, shows. */
  private static GraphDef anyBatch(GraphDef graph, Set<String> inputs) {
    GraphDef.Builder open = graph.toBuilder();
    for (NodeDef.Builder node : open.getNodeBuilderList()) {
      AttrValue shape = node.getAttrOrDefault("shape", AttrValue.getDefaultInstance());
      if (inputs.contains(node.getName()) && shape.getShape().getDimCount() > 0) {
        AttrValue.Builder any = shape.toBuilder();
        any.getShapeBuilder().getDimBuilder(0).setSize(-1);
        node.putAttr("shape", any.build()).removeAttr("_output_shapes");
      }
    }
    return open.build();
  }

  private static List<DropoutSite> described(List<Site> sites, RowFlow flow) {
    return sites.stream().map(site -> site.described(maskShape(site, flow))).toList();
  }

  /** The shape of a tensor, 1 where rows share the mask. */
  private static Shape maskShape(Site site, RowFlow flow) {
    List<Long> mask = site.noise().maskShape();
    if (site.loop().isPresent()) {
      return Shape.unknown();
    }
    Shape shape = flow.shape(Port.parse(site.tensor()));
    if (shape.isUnknown() || shape.numDimensions() == 0) {
      return shape;
    }
    long[] dims = shape.asArray();
    for (int i = 0; i < mask.size() && i < dims.length; i++) {
      dims[i] = mask.get(i) >= 0 ? mask.get(i) : dims[i];
    }
    int batch = Tail.batch(flow, site).axis();
    if (batch >= 0) {
      dims[batch] = 1;
    }
    return Shape.of(dims);
  }

  private static void refuseTwice(FlatModel model, List<Site> sites) {
    Map<String, Site> known = new HashMap<>();
    for (Site site : sites) {
      String place = site.loop() + " " + site.tensor() + " " + site.readers();
      Site other = known.put(place, site);
      boolean twice = other != null;
      for (int i = 0; !twice && site.origin() == Origin.CALLER && i < sites.size(); i++) {
        other = sites.get(i);
        twice = !other.equals(site) && origin(model, other).equals(origin(model, site));
      }
      if (twice && other != null) {
        throw new ModelLoadException(
            "tensor \""
                + site.name()
                + "\" is dropped already, as \""
                + other.name()
                + "\" at rate "
                + other.noise().rate()
                + "; name each tensor once, and only those that are not found without");
      }
    }
  }

  /** Where a site's tensor comes from: what an Identity passes on is the same. */
  private static String origin(FlatModel model, Site site) {
    String tensor = site.tensor();
    if (site.loop().isPresent() || site.isDraw()) {
      return tensor;
    }
    NodeDef node = model.graph().node(Port.parse(tensor).node());
    while (node.getOp().equals("Identity")) {
      tensor = Port.parse(node.getInput(0)).toString();
      node = model.graph().node(Port.parse(tensor).node());
    }
    return tensor;
  }

  /** A placeholder that the caller gives a rate, and that decides none. */
  private static void refuseIdle(FlatModel model, Set<String> decided) {
    for (String tensor : model.named().keySet()) {
      Port port = CallerSites.resolve(model, tensor);
      boolean placeholder = CallerSites.isPlaceholder(model, port);
      if (placeholder && !decided.contains(port.node())) {
        throw new ModelLoadException(
            "placeholder \""
                + tensor
                + "\", named for dropout, decides no dropout rate; name one that does, or the tensor"
                + " that was dropped in training");
      }
    }
  }

  private static void refuseUnfed(FlatModel model, Map<String, Port> given, Set<String> constants) {
    for (String name : model.reachable()) {
      boolean unfed =
          model.graph().node(name).getOp().equals("Placeholder")
              && !model.inputs().contains(name)
              && !constants.contains(name);
      if (unfed) {
        given.forEach((input, port) -> refuseScalar(name, input, port));
        throw new ModelLoadException(
            "the output depends on placeholder \""
                + name
                + "\", which the signature does not feed and which has no default; choose a signature that feeds it");
      }
    }
  }

  private static void refuseScalar(String placeholder, String input, Port port) {
    if (port.node().equals(placeholder)) {
      throw new ModelLoadException(
          "input \""
              + input
              + "\" is a scalar, and neither turns dropout on nor decides its rate; the first"
              + " dimension of an input must be the rows of the batch");
    }
  }

  /** Turning on dropout must turn on nothing else that training does. */
  private static void refuseTraining(
      FlatModel model, GraphDef served, GraphDef sampled, RandomOps randomOps) {
    GraphIndex asServed = GraphIndex.of(Fold.choices(served, randomOps.servedChoices()));
    Set<String> before = asServed.upstream(List.of(model.output().node()));
    GraphIndex inPasses = GraphIndex.of(sampled);
    for (String name : inPasses.upstream(List.of(model.output().node()))) {
      NodeDef node = inPasses.node(name);
      boolean training =
          node.getOp().startsWith("FusedBatchNorm")
              && node.getAttrOrDefault("is_training", AttrValue.newBuilder().setB(true).build())
                  .getB();
      if (!before.contains(name) && (training || node.getOp().startsWith("Assign"))) {
        throw new ModelLoadException(
            "what turns on dropout turns on node \""
                + name
                + "\" ("
                + node.getOp()
                + ") too: batch normalisation would leave inference mode; export dropout with a gate of its own");
      }
    }
  }

  /** Statistics of the batch are of no use to the rows, and give away training. */
  private static void refuseMixing(
      FlatModel model, GraphDef served, RandomOps randomOps, RowFlow inPasses) {
    if (randomOps.choices().isEmpty()
        || !(inPasses.of(model.output()) instanceof Layout.Mixed mixed)) {
      return;
    }
    GraphDef asServed = Fold.choices(served, randomOps.servedChoices());
    RowFlow before =
        RowFlow.of(
            anyBatch(asServed, model.inputs()), model.inputs(), List.of(model.output().node()));
    if (!(before.of(model.output()) instanceof Layout.Mixed)) {
      throw new ModelLoadException(
          "what turns on dropout mixes the rows of a batch: "
              + mixed.why()
              + "; batch normalisation would leave inference mode; export dropout with a gate of"
              + " its own");
    }
  }

  private static String noSite(FlatModel model) {
    List<String> candidates = CallerSites.candidates(model).stream().limit(6).toList();
    return "the model has no dropout to turn on: no random op stands between its inputs and its"
        + " output, so every pass would give the same answer, and no Keras training function is"
        + " saved beside it that says where dropout was. A model trained without dropout has none;"
        + " Keras 3 leaves no trace of it: if it was trained with dropout, name the tensors and"
        + " rates of training"
        + (candidates.isEmpty() ? "" : "; dropout often stands at one of " + candidates);
  }
}
