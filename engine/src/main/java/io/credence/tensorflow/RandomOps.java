package io.credence.tensorflow;

import static java.util.stream.Collectors.toCollection;

import io.credence.DropoutSite.Kind;
import io.credence.DropoutSite.Origin;
import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/**
 * Finds random ops that stand in the saved graph already: always on, gated by a boolean placeholder
 * ({@link Gates}), or with a rate that a float placeholder decides, a keep probability say. Also
 * those in the body of a loop.
 */
final class RandomOps implements SiteFinder {

  /** Random ops whose draws can be keyed. */
  private static final Set<String> KEYED =
      Set.of("RandomUniform", "RandomStandardNormal", "TruncatedNormal");

  private final Map<String, TensorProto> passes = new LinkedHashMap<>();
  private final Map<String, TensorProto> served = new LinkedHashMap<>();
  private final Map<String, Port> undropped = new LinkedHashMap<>();
  private Optional<Gates> gates = Optional.empty();

  /** Values of placeholders in passes, by node. */
  Map<String, TensorProto> passConstants() {
    return passes;
  }

  /** Nodes that give a dropped tensor, and what they drop: passes put their own masks there. */
  Map<String, Port> undropped() {
    return undropped;
  }

  /** Values of placeholders as the model is served, by node, where they have no default. */
  Map<String, TensorProto> servedConstants() {
    return served;
  }

  /** Which way choices go in passes: see {@link Gates#choices}. */
  Map<String, Boolean> choices() {
    return gates.map(Gates::choices).orElse(Map.of());
  }

  /** Which way choices go as the model is served. */
  Map<String, Boolean> servedChoices() {
    return gates.map(Gates::servedChoices).orElse(Map.of());
  }

  @Override
  public List<Site> find(FlatModel model) {
    List<NodeDef> draws = new ArrayList<>();
    List<Site> inLoops = new ArrayList<>();
    for (String name : model.reachable()) {
      NodeDef node = model.graph().node(name);
      if (isRandom(node)) {
        draws.add(keyed(node, name));
      }
    }
    refuseLoops(model, draws);
    refuseFunctions(model);
    model.loops().forEach(loop -> inLoops.addAll(inLoop(model, loop)));
    List<String> places = new ArrayList<>(draws.stream().map(NodeDef::getName).toList());
    inLoops.forEach(site -> places.add(site.loop().orElseThrow().node()));
    Gates found = Gates.of(model, places);
    gates = Optional.of(found);
    List<Site> sites = new ArrayList<>();
    // The order of the graph, which does not depend on how the output is reached.
    Set<String> drawn =
        draws.stream().map(NodeDef::getName).collect(toCollection(LinkedHashSet::new));
    for (NodeDef node : model.graph().nodes()) {
      if (drawn.contains(node.getName())) {
        site(model, node, found).ifPresent(sites::add);
      }
    }
    sites.addAll(inLoops);
    served.putAll(found.defaults());
    return sites;
  }

  private Optional<Site> site(FlatModel model, NodeDef node, Gates gates) {
    Optional<DrawRate> rate =
        node.getOp().equals("RandomUniform") ? DrawRate.of(model.graph(), node) : Optional.empty();
    Optional<String> gate = gates.gateOf(node.getName());
    OptionalDouble known = OptionalDouble.empty();
    if (rate.isPresent() && rate.get().placeholder().isPresent()) {
      String placeholder = rate.get().placeholder().get();
      known = OptionalDouble.of(decided(model, rate.get(), placeholder));
      gate = gate.or(() -> Optional.of(placeholder));
    } else if (rate.isPresent()) {
      known = OptionalDouble.of(decimal(rate.get().offset()));
    }
    if (known.isPresent() && known.getAsDouble() == 0) {
      return Optional.empty(); // nothing is dropped
    }
    Optional<DropoutForm> form = rate.flatMap(r -> DropoutForm.of(model.graph(), node, r));
    form.ifPresent(found -> undropped.put(found.out(), found.x()));
    return Optional.of(
        new Site(
            model.knownName(node.getName()),
            Optional.empty(),
            form.map(DropoutForm::out).orElse(node.getName()),
            Set.of(),
            form.isPresent()
                ? new Noise.Dropout(known.orElseThrow(), List.of(), Kind.DROPOUT)
                : new Noise.OwnDraw(known),
            Origin.RANDOM_OP,
            gate));
  }

  /** 1 − 0.8 in binary is not quite 0.2. */
  private static double decimal(double rate) {
    return Math.round(rate * 1e7) / 1e7;
  }

  /** The rate that a placeholder is to give: the caller's, or that of its default. */
  private double decided(FlatModel model, DrawRate rate, String placeholder) {
    NodeDef node = model.graph().node(placeholder);
    DataType type = node.getAttrOrDefault("dtype", AttrValue.getDefaultInstance()).getType();
    OptionalDouble standard =
        node.getOp().equals("PlaceholderWithDefault")
            ? Constants.number(model.graph().node(GraphIndex.producer(node.getInput(0))))
            : OptionalDouble.empty();
    Double asked = model.named().get(placeholder);
    if (asked == null && standard.isPresent() && rate.at(standard.getAsDouble()) > 0) {
      return decimal(rate.at(standard.getAsDouble()));
    }
    if (asked == null) {
      throw new ModelLoadException(
          "placeholder \""
              + placeholder
              + "\" decides the dropout rate of node \""
              + model.knownName(node.getName())
              + "\" and the model "
              + (standard.isPresent()
                  ? "turns dropout off with it by default"
                  : "has no value for it")
              + "; name the rate of training: dropout \""
              + placeholder
              + "\" = 0.5, say");
    }
    if (type != DataType.DT_FLOAT && type != DataType.DT_DOUBLE) {
      throw new ModelLoadException(
          "placeholder \""
              + placeholder
              + "\" decides a dropout rate and is of type "
              + type
              + "; only float32 and float64 can be set");
    }
    constant(passes, placeholder, type, rate.placeholderValue(asked));
    if (standard.isEmpty()) {
      constant(served, placeholder, type, rate.placeholderValue(0));
    }
    return asked;
  }

  private static void constant(
      Map<String, TensorProto> values, String placeholder, DataType type, double value) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setDtype(type);
    TensorProto known =
        values.put(
            placeholder,
            type == DataType.DT_FLOAT
                ? tensor.addFloatVal((float) value).build()
                : tensor.addDoubleVal(value).build());
    if (known != null && !known.equals(values.get(placeholder))) {
      throw new ModelLoadException(
          "placeholder \""
              + placeholder
              + "\" is a rate in one place and a keep probability in another; one value cannot serve both");
    }
  }

  /** What {@link PlainDraws} leaves of random ops, the plain ones among them. */
  private static boolean isRandom(NodeDef node) {
    String op = node.getOp();
    boolean own = op.startsWith("Stateless") || op.startsWith("Stateful");
    boolean draws =
        op.contains("Random")
            || op.contains("Uniform")
            || op.contains("Normal")
            || op.contains("Binomial")
            || op.contains("Multinomial");
    return KEYED.contains(op)
        || (own && draws && !op.startsWith("StatelessRandomGet"))
        || op.startsWith("Random")
        || op.equals("Multinomial")
        || op.equals("ParameterizedTruncatedNormal");
  }

  private static NodeDef keyed(NodeDef node, String name) {
    if (!KEYED.contains(node.getOp())) {
      throw new ModelLoadException(
          "node \""
              + name
              + "\" draws random numbers by op "
              + node.getOp()
              + ", which cannot be reseeded yet; known are "
              + KEYED.stream().sorted().toList());
    }
    return node;
  }

  /** The draws in the body of a loop: each time step draws anew. */
  private static List<Site> inLoop(FlatModel model, NodeDef loop) {
    List<Site> sites = new ArrayList<>();
    Optional<Site.Loop> place = model.loop(loop);
    place
        .flatMap(p -> model.graph().function(p.body()))
        .ifPresent(
            body -> {
              for (NodeDef node : body.getNodeDefList()) {
                if (isRandom(node)) {
                  keyed(node, node.getName());
                  sites.add(
                      new Site(
                          node.getName(),
                          place,
                          node.getName(),
                          Set.of(),
                          new Noise.OwnDraw(OptionalDouble.empty()),
                          Origin.RANDOM_OP,
                          Optional.empty()));
                }
              }
            });
    return sites;
  }

  /** A draw in a kernel, in a branch, or in a loop within a loop cannot be reached to key it. */
  private static void refuseFunctions(FlatModel model) {
    GraphIndex graph = model.graph();
    for (String name : model.reachable()) {
      NodeDef caller = graph.node(name);
      boolean loop = caller.getOp().equals("While") || caller.getOp().equals("StatelessWhile");
      for (String function : graph.functionsOf(caller)) {
        boolean body = loop && function.equals(FlatModel.bodyOf(caller));
        Set<String> own = new LinkedHashSet<>();
        if (body) {
          graph
              .function(function)
              .ifPresent(f -> f.getNodeDefList().forEach(n -> own.add(n.getName())));
        }
        graph
            .bodiesOf(function)
            .filter(node -> isRandom(node) && !own.contains(node.getName()))
            .findFirst()
            .ifPresent(node -> refuse(name, function, node));
      }
    }
  }

  private static void refuse(String caller, String function, NodeDef node) {
    throw new ModelLoadException(
        "node \""
            + caller
            + "\" calls function \""
            + function
            + "\", in which node \""
            + node.getName()
            + "\" ("
            + node.getOp()
            + ") draws random numbers; draws inside branches, RNN kernels and nested loops cannot be"
            + " keyed yet");
  }

  private static void refuseLoops(FlatModel model, List<NodeDef> draws) {
    List<String> enters =
        model.reachable().stream()
            .filter(name -> model.graph().node(name).getOp().endsWith("Enter"))
            .toList();
    Set<String> inLoops = model.graph().downstream(enters, node -> node.getOp().endsWith("Exit"));
    for (NodeDef node : draws) {
      if (inLoops.contains(node.getName())) {
        throw new ModelLoadException(
            "node \""
                + node.getName()
                + "\" draws random numbers inside a loop of TensorFlow 1, which cannot be keyed by"
                + " time step yet");
      }
    }
  }
}
