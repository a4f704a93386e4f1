package io.credence.tensorflow;

import io.credence.DropoutSite.Kind;
import io.credence.tensorflow.KerasTwin.Draw;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.NodeDef;

/** Reads one draw of a training function: which layer, what noise, on what, read by whom. */
final class TwinDraw {

  /**
   * {@code tf.nn.dropout}: layers Dropout and SpatialDropout, RNN cells, layers of people's own.
   */
  private static final Pattern DROPOUT =
      Pattern.compile(
          "((?:.*/)?)(?:stateless_|general_)?dropout(?:_(\\d+))?"
              + "/[^/]*uniform/(?:Random|Stateless|Stateful)\\w*");

  private static final Pattern ALPHA =
      Pattern.compile("((?:.*/)?)random_uniform(?:_(\\d+))?/RandomUniform");
  private static final Pattern NORMAL =
      Pattern.compile("((?:.*/)?)random_normal(?:_(\\d+))?/RandomStandardNormal");

  private final TwinFrame frame;
  private final NodeDef random;
  private final String layer;
  private final int ordinal;

  /** The name in the function up to the layer, with a slash at its end, or nothing. */
  private final String inside;

  private TwinDraw(TwinFrame frame, NodeDef random, Matcher name) {
    this.frame = frame;
    this.random = random;
    this.inside = name.group(1);
    this.layer = strip(frame.path() + inside);
    this.ordinal = name.group(2) == null ? 0 : ordinal(name.group(2));
  }

  private static int ordinal(String digits) {
    return digits.length() > 6 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  /**
   * The draw of a node, or empty if it is none: augmentation of pictures draws too, in other forms.
   *
   * @throws ModelLoadException if it draws in a way that is not understood
   */
  static Optional<Draw> of(TwinFrame frame, NodeDef node) {
    Matcher dropout = DROPOUT.matcher(node.getName());
    Matcher alpha = ALPHA.matcher(node.getName());
    Matcher normal = NORMAL.matcher(node.getName());
    if (node.getOp().equals("RandomUniform") && dropout.matches()) {
      return Optional.of(new TwinDraw(frame, node, dropout).dropout());
    }
    if (node.getOp().equals("RandomUniform") && alpha.matches()) {
      return new TwinDraw(frame, node, alpha).alpha();
    }
    if (node.getOp().equals("RandomStandardNormal") && normal.matches()) {
      return new TwinDraw(frame, node, normal).normal();
    }
    return Optional.empty();
  }

  private Draw dropout() {
    String sampler = random.getName().substring(0, random.getName().lastIndexOf('/'));
    String scope = sampler.substring(0, sampler.lastIndexOf('/'));
    NodeDef threshold = frame.node(scope + "/GreaterEqual/y");
    OptionalDouble rate = threshold == null ? OptionalDouble.empty() : Constants.number(threshold);
    NodeDef scaled = frame.node(scope + "/Mul");
    if (rate.isEmpty() || scaled == null || scaled.getInputCount() == 0) {
      throw unknown(
          "it lacks "
              + (rate.isEmpty() ? "its rate, " + scope + "/GreaterEqual/y" : scope + "/Mul"));
    }
    List<Long> mask = maskShape();
    NodeDef input = frame.producer(scaled.getInput(0));
    boolean ones = input != null && isOnes(frame, input);
    Kind kind = mask.isEmpty() ? Kind.DROPOUT : Kind.SPATIAL_DROPOUT;
    return draw(
        new Noise.Dropout(rate.getAsDouble(), mask, ones ? Kind.RNN_DROPOUT : kind),
        scaled.getInput(0),
        scope + "/",
        ones);
  }

  /** {@code keep = u ≥ rate; a (x keep + α′ (1 − keep)) + b}. */
  private Optional<Draw> alpha() {
    NodeDef compared = following(random, "GreaterEqual");
    if (compared == null || GraphIndex.dataInputs(compared).size() != 2) {
      return Optional.empty();
    }
    NodeDef bound = frame.producer(compared.getInput(1));
    OptionalDouble rate = bound == null ? OptionalDouble.empty() : Constants.number(bound);
    NodeDef kept = following(compared, "Cast");
    NodeDef product = kept == null ? null : following(kept, "Mul");
    if (rate.isEmpty() || product == null) {
      return Optional.empty();
    }
    return otherThan(product, kept.getName())
        .map(
            read ->
                draw(new Noise.AlphaDropout(rate.getAsDouble(), maskShape()), read, inside, false));
  }

  /** {@code x · n} where n has mean 1, {@code x + n} where it has mean 0. */
  private Optional<Draw> normal() {
    NodeDef scaled = onlyReader(random, "Mul");
    NodeDef drawn = scaled == null ? null : onlyReader(scaled, "AddV2", "Add");
    NodeDef reader = drawn == null ? null : onlyReader(drawn, "Mul", "AddV2", "Add");
    if (reader == null) {
      return Optional.empty();
    }
    double sd = otherConstant(scaled, random).orElse(0);
    OptionalDouble mean = otherConstant(drawn, scaled);
    Noise found;
    if (reader.getOp().equals("Mul") && mean.orElse(0) == 1) {
      found = new Noise.GaussianDropout(Math.round(sd * sd / (1 + sd * sd) * 1e6) / 1e6);
    } else if (!reader.getOp().equals("Mul") && mean.orElse(1) == 0) {
      found = new Noise.GaussianNoise(sd);
    } else {
      return Optional.empty();
    }
    return otherThan(reader, drawn.getName()).map(read -> draw(found, read, inside, false));
  }

  /** The node that reads another, if it is the only one and of one of these ops. */
  private @Nullable NodeDef onlyReader(NodeDef node, String... ops) {
    List<NodeDef> readers = frame.readersHere(node.getName());
    boolean known = readers.size() == 1 && List.of(ops).contains(readers.get(0).getOp());
    return known ? readers.get(0) : null;
  }

  private OptionalDouble otherConstant(NodeDef node, NodeDef known) {
    return otherThan(node, known.getName())
        .map(frame::producer)
        .map(Constants::number)
        .orElse(OptionalDouble.empty());
  }

  private Draw draw(Noise noise, String read, String scope, boolean onOnes) {
    return new Draw(
        layer,
        ordinal,
        noise,
        frame.input(read),
        frame.producer(read) != null,
        onOnes,
        frame.readers(last(scope)),
        frame.downstream(last(scope)));
  }

  /** The node of a scope that depends on the draw and is read from outside the scope. */
  private String last(String scope) {
    Set<String> seen = new LinkedHashSet<>(List.of(random.getName()));
    ArrayDeque<String> open = new ArrayDeque<>(seen);
    String last = random.getName();
    while (!open.isEmpty()) {
      String at = open.remove();
      boolean leaves = true;
      for (NodeDef reader : frame.readersHere(at)) {
        if (reader.getName().startsWith(scope) && !reader.getOp().equals("Identity")) {
          leaves = false;
          if (seen.add(reader.getName())) {
            open.add(reader.getName());
          }
        }
      }
      last = leaves ? at : last;
    }
    return last;
  }

  /** The first node of an op on the way down from a node, three steps at most. */
  private @Nullable NodeDef following(NodeDef start, String op) {
    List<NodeDef> level = List.of(start);
    for (int step = 0; step < 4; step++) {
      List<NodeDef> next = new ArrayList<>();
      for (NodeDef node : level) {
        next.addAll(frame.readersHere(node.getName()));
      }
      for (NodeDef node : next) {
        if (node.getOp().equals(op)) {
          return node;
        }
      }
      level = next;
    }
    return null;
  }

  private static Optional<String> otherThan(NodeDef node, String name) {
    return GraphIndex.dataInputs(node).stream()
        .filter(input -> !TwinFrame.nodeOf(input).equals(name))
        .findFirst();
  }

  private ModelLoadException unknown(String why) {
    return new ModelLoadException(
        "layer \"" + layer + "\" draws in training in a way that Keras does not write: " + why);
  }

  /** A tensor of ones: OnesLike, or Fill with 1 where the shape is dynamic. */
  static boolean isOnes(TwinFrame frame, NodeDef node) {
    if (node.getOp().equals("OnesLike")) {
      return true;
    }
    if (!node.getOp().equals("Fill") || node.getInputCount() < 2) {
      return false;
    }
    NodeDef value = frame.producer(node.getInput(1));
    return value != null && Constants.number(value).orElse(0) == 1;
  }

  /**
   * SpatialDropout and noise_shape pack the mask's shape of ones and of dimensions of the input;
   * where all of these are known, the shape is a constant.
   */
  private List<Long> maskShape() {
    NodeDef shape = random.getInputCount() == 0 ? null : frame.producer(random.getInput(0));
    while (shape != null && shape.getOp().equals("Cast")) {
      shape = frame.producer(shape.getInput(0));
    }
    if (shape != null && shape.getOp().equals("Shape")) {
      return List.of();
    }
    Optional<List<Long>> known = shape == null ? Optional.empty() : Constants.integers(shape);
    if (known.isPresent() && known.get().size() > 1) {
      return constantShape(known.get());
    }
    if (shape == null || !shape.getOp().equals("Pack")) {
      throw new ModelLoadException(
          "the noise shape of dropout layer \""
              + layer
              + "\" is not understood: it comes from "
              + (shape == null ? "outside the layer" : "op " + shape.getOp()));
    }
    List<Long> dims = new ArrayList<>();
    for (String input : GraphIndex.dataInputs(shape)) {
      NodeDef each = frame.producer(input);
      OptionalDouble constant = each == null ? OptionalDouble.empty() : Constants.number(each);
      dims.add(constant.isPresent() ? (long) constant.getAsDouble() : -1);
    }
    return dims;
  }

  /** Rows share their mask anyway, and a dimension that is not 1 is that of the input. */
  private static List<Long> constantShape(List<Long> dims) {
    List<Long> mask = new ArrayList<>(dims.stream().map(dim -> dim == 1 ? 1L : -1L).toList());
    mask.set(0, -1L);
    return mask.contains(1L) ? mask : List.of();
  }

  private static String strip(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
