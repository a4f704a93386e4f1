package io.credence.tensorflow;

import io.credence.DropoutSite.Kind;
import io.credence.DropoutSite.Origin;
import io.credence.tensorflow.GraphIndex.Port;
import io.credence.tensorflow.KerasTwin.Draw;
import io.credence.tensorflow.TwinFrame.Reader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;

/**
 * Finds the noise of a Keras 2 model saved for serving, draw by draw of its training function, in
 * one of three forms.
 *
 * <ul>
 *   <li>Recurrent layers keep {@code <rnn>/mul = x · ones_like}, outside a loop or in its body; in
 *       training the ones are dropped.
 *   <li>Dropout and SpatialDropout keep one node {@code <model>/<layer>/Identity}. Names alone
 *       would mistake the reading of an RNN's weights for it: both must read the same.
 *   <li>Other layers leave nothing: what reads their result in training reads their input in
 *       serving.
 * </ul>
 *
 * A layer that draws in training and is served, but found in none of these forms, is refused: with
 * some of its noise left off, the passes would agree too much.
 */
final class KerasSites implements SiteFinder {

  /** What Dropout is made of in training, and one Identity in serving. */
  private static final Pattern INSIDE =
      Pattern.compile("((?:.*/)?)(?:stateless_|general_)?dropout(?:_(\\d+))?/(.+)");

  private static final Pattern IDENTITY = Pattern.compile("[^/]+/(.+)/Identity(?:_(\\d+))?");

  @Override
  public List<Site> find(FlatModel model) {
    List<Draw> draws = KerasTwin.draws(model.meta());
    if (draws.isEmpty()) {
      return List.of();
    }
    Serving serving = Serving.of(model);
    List<Site> sites = new ArrayList<>();
    List<Draw> lost = new ArrayList<>();
    for (Draw draw : draws) {
      if (draw.noise().rate() == 0 || (draw.onOnes() && draw.readers().isEmpty())) {
        continue; // drops nothing, or is not used: Keras draws four masks and takes the first
      }
      List<Site> found = draw.onOnes() ? recurrent(serving, draw) : identity(serving, draw);
      if (found.isEmpty() && !draw.onOnes()) {
        found = edges(serving, draw);
      }
      if (found.isEmpty()) {
        lost.add(draw);
      }
      sites.addAll(found);
    }
    lost.stream()
        .filter(draw -> !draw.onOnes() || !isCopy(draw, sites))
        .forEach(draw -> refuseIfServed(serving, draw));
    // The order of nodes may differ between exports.
    sites.sort(Comparator.comparing(Site::name).thenComparing(Site::tensor));
    return sites;
  }

  /**
   * A node that is served.
   *
   * @param loop the loop whose body holds it, or empty
   * @param node the node, as it stands in the flat graph or in the body
   * @param name its name there where the model was written
   */
  private record Place(Optional<Site.Loop> loop, NodeDef node, String name) {

    /** What the node gives, as readers write it. */
    String output() {
      return loop.isEmpty()
          ? node.getName()
          : node.getName() + ":" + OpOutputs.firstOutput(node) + ":0";
    }
  }

  /** The nodes that are served, by their name without the model's own. */
  private record Serving(FlatModel model, Map<String, List<Place>> places) {

    static Serving of(FlatModel model) {
      Serving serving = new Serving(model, new LinkedHashMap<>());
      for (NodeDef node : model.graph().nodes()) {
        String name = model.innerNames().get(node.getName());
        if (name != null) {
          serving.add(new Place(Optional.empty(), node, name));
        }
      }
      for (NodeDef loop : model.loops()) {
        Optional<Site.Loop> place = model.loop(loop);
        place
            .flatMap(p -> model.graph().function(p.body()))
            .map(FunctionDef::getNodeDefList)
            .ifPresent(nodes -> nodes.forEach(n -> serving.add(new Place(place, n, n.getName()))));
      }
      return serving;
    }

    private void add(Place place) {
      places.computeIfAbsent(relative(place.name()), n -> new ArrayList<>()).add(place);
    }

    List<Place> at(String path) {
      return places.getOrDefault(path, List.of());
    }

    boolean isReachable(String path) {
      return at(path).stream()
          .anyMatch(
              place ->
                  place.loop().isPresent() || model.reachable().contains(place.node().getName()));
    }

    private static String relative(String name) {
      return name.substring(name.indexOf('/') + 1);
    }
  }

  private static Site site(Place place, String tensor, Noise noise) {
    return new Site(
        place.name(),
        place.loop(),
        tensor,
        Set.of(),
        noise,
        Origin.TRAINING_FUNCTION,
        Optional.empty());
  }

  /** A cell in a loop has a copy outside of it that Keras wrote and nothing depends on. */
  private static boolean isCopy(Draw draw, List<Site> sites) {
    return sites.stream()
        .filter(site -> site.loop().isPresent())
        .map(site -> Serving.relative(site.name()).replace("/while/", "/"))
        .anyMatch(name -> name.startsWith(draw.layer() + "/"));
  }

  /** Products with ones that are dropped in training. */
  private static List<Site> recurrent(Serving serving, Draw draw) {
    List<Site> sites = new ArrayList<>();
    for (Reader reader : draw.readers()) {
      for (Place place : serving.at(reader.path())) {
        if (reader.op().equals("Mul")
            && place.node().getOp().equals("Mul")
            && readsOnes(serving, place)) {
          Kind kind = place.loop().isEmpty() ? Kind.RNN_DROPOUT : Kind.RECURRENT_DROPOUT;
          Noise noise = new Noise.Dropout(draw.noise().rate(), draw.noise().maskShape(), kind);
          sites.add(site(place, place.output(), noise));
        }
      }
    }
    return sites;
  }

  private static boolean readsOnes(Serving serving, Place place) {
    return GraphIndex.dataInputs(place.node()).stream()
        .anyMatch(input -> isOnes(serving.model().graph(), place.loop(), input));
  }

  private static boolean isOnes(GraphIndex graph, Optional<Site.Loop> loop, String input) {
    Optional<NodeDef> producer = producer(graph, loop, input);
    if (producer.isEmpty()) {
      return false;
    }
    NodeDef node = producer.get();
    return node.getOp().equals("OnesLike")
        || (node.getOp().equals("Fill")
            && node.getInputCount() > 1
            && producer(graph, loop, node.getInput(1))
                .map(value -> Constants.number(value).orElse(0) == 1)
                .orElse(false));
  }

  private static Optional<NodeDef> producer(
      GraphIndex graph, Optional<Site.Loop> loop, String input) {
    if (loop.isEmpty()) {
      return Optional.of(graph.node(GraphIndex.producer(input)));
    }
    String name = TwinFrame.nodeOf(input);
    return graph.function(loop.get().body()).stream()
        .flatMap(body -> body.getNodeDefList().stream())
        .filter(node -> node.getName().equals(name))
        .findFirst();
  }

  private static List<Site> identity(Serving serving, Draw draw) {
    List<Site> sites = new ArrayList<>();
    String suffix = draw.ordinal() == 0 ? "" : "_" + draw.ordinal();
    for (Place place : serving.at(draw.layer() + "/Identity" + suffix)) {
      Matcher name = IDENTITY.matcher(place.name());
      if (place.loop().isEmpty()
          && place.node().getOp().equals("Identity")
          && name.matches()
          && sameInput(draw, serving.model(), place.node())) {
        sites.add(site(place, place.node().getName(), draw.noise()));
      }
    }
    return sites;
  }

  private static boolean sameInput(Draw draw, FlatModel model, NodeDef node) {
    NodeDef producer = model.graph().node(GraphIndex.producer(node.getInput(0)));
    String served = model.innerNames().get(producer.getName());
    if (served == null) {
      return draw.input().isEmpty();
    }
    String relative = Serving.relative(served);
    String scope = draw.input().substring(0, draw.input().lastIndexOf('/') + 1);
    // What a layer's function returns may be named otherwise inside it than where it is inlined.
    return relative.equals(draw.input())
        || identityOf(draw.input()).equals(Optional.of(relative))
        || (!draw.inlined() && !scope.isEmpty() && relative.startsWith(scope));
  }

  /** The path in serving of a Dropout that holds a node in training. */
  private static Optional<String> identityOf(String path) {
    Matcher inside = INSIDE.matcher(path);
    return inside.matches()
        ? Optional.of(
            inside.group(1) + "Identity" + (inside.group(2) == null ? "" : "_" + inside.group(2)))
        : Optional.empty();
  }

  /** What reads in serving what a reader reads in training. */
  private static List<Reader> served(Serving serving, Reader reader) {
    Optional<String> identity = identityOf(reader.path());
    if (identity.isEmpty() || !serving.at(reader.path()).isEmpty()) {
      return List.of(reader);
    }
    return reader.op().equals("Mul")
        ? List.of(new Reader(identity.get(), "Identity", 0))
        : List.of(); // its shape, say
  }

  /** What reads the noise in training reads the layer's input in serving. */
  private static List<Site> edges(Serving serving, Draw draw) {
    Map<String, Set<Site.Reader>> readers = new LinkedHashMap<>();
    List<Reader> read =
        draw.readers().stream().flatMap(reader -> served(serving, reader).stream()).toList();
    for (Reader reader : read) {
      for (Place place : serving.at(reader.path())) {
        List<String> inputs = GraphIndex.dataInputs(place.node());
        if (place.loop().isEmpty()
            && place.node().getOp().equals(reader.op())
            && reader.operand() < inputs.size()) {
          readers
              .computeIfAbsent(
                  Port.parse(inputs.get(reader.operand())).toString(), t -> new HashSet<>())
              .add(new Site.Reader(place.node().getName(), reader.operand()));
        }
      }
    }
    if (readers.size() != 1) {
      return List.of(); // nothing reads it, or it cannot be told what was noised
    }
    Map.Entry<String, Set<Site.Reader>> only = readers.entrySet().iterator().next();
    return List.of(
        new Site(
            draw.layer(),
            Optional.empty(),
            only.getKey(),
            only.getValue(),
            draw.noise(),
            Origin.TRAINING_FUNCTION,
            Optional.empty()));
  }

  private static void refuseIfServed(Serving serving, Draw draw) {
    boolean served =
        serving.places().keySet().stream().anyMatch(name -> name.startsWith(draw.layer() + "/"))
            || draw.downstream().stream()
                .anyMatch(path -> path.isEmpty() || serving.isReachable(path));
    if (served) {
      throw new ModelLoadException(
          "layer \""
              + draw.layer()
              + "\" puts in noise in training ("
              + draw.noise().kind()
              + ", "
              + draw.noise().rate()
              + "), but where it does so in serving is not found; with some of it off, the passes"
              + " would agree too much");
    }
  }
}
