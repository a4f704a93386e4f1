package io.credence.tensorflow;

import static io.credence.tensorflow.NodeWriter.type;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes what passes draw at one site. The tail runs on copies of the batch, one a pass, one after
 * the other; a tensor of it is seen as {@code [copies, rows, features]}, a mask as {@code [copies,
 * groups, features]}, where one group means that all rows share it. Where the batch is another
 * dimension than the first, it is brought to the front, and back.
 *
 * <p>Draws are Philox streams (Salmon et al. 2011), keyed by seed and site. The counter starts at
 * the pass times what a pass draws, in steps of the four numbers that Philox makes at once, so that
 * a pass draws the same whatever passes are run beside it; in loops the counter's upper half is the
 * time step.
 */
final class MaskWriter {

  private static final DataType FLOAT = DataType.DT_FLOAT;
  private static final DataType DOUBLE = DataType.DT_DOUBLE;

  /**
   * SELU's limit for large negative inputs, −λα (Klambauer et al. 2017, arXiv 1706.02515, on alpha
   * dropout).
   */
  private static final double ALPHA = -1.0507009873554805 * 1.6732632423543772;

  /** Φ(−2): TruncatedNormal keeps what lies within two standard deviations. */
  private static final double BELOW_MINUS_TWO = 0.02275013194817921;

  private final NodeWriter graph;
  private final String plan;
  private final Optional<String> step;
  private final Map<String, Long> kept = new LinkedHashMap<>();

  /**
   * Where the batch lies in a tensor.
   *
   * @param axis the dimension that is the batch, or a multiple of it; −1 if there is none, and a
   *     pass draws the whole shape
   * @param rank how many dimensions the tensor has; only needed where the axis is not the first
   * @param certain whether that is known; if not, the first dimension is taken to be the batch
   *     where it is a multiple of the rows: nothing speaks against it
   */
  record Batch(int axis, int rank, boolean certain) {

    static final Batch NONE = new Batch(-1, -1, true);

    /** Whether rows can share a mask for certain. */
    boolean isByRow() {
      return axis >= 0 && certain;
    }

    /** The dimensions in an order that has the batch first. */
    List<Long> first() {
      List<Long> order = new ArrayList<>(List.of((long) axis));
      LongStream.range(0, rank).filter(i -> i != axis).forEach(order::add);
      return order;
    }

    /** The dimensions of a tensor that has the batch first, in the order of this one. */
    List<Long> back() {
      List<Long> order = new ArrayList<>(LongStream.range(1, rank).boxed().toList());
      order.add(axis, 0L);
      return order;
    }
  }

  /**
   * Where a site's tensor stands.
   *
   * @param ordinal number of the site, for its key
   * @param scope a prefix for new nodes
   * @param type its element type
   * @param batch where the batch lies in it
   * @param copied whether it holds the copies of the batch already
   * @param ofRow its dimensions for one row, batch first, where they are known; else empty
   */
  record Spot(
      int ordinal, String scope, DataType type, Batch batch, boolean copied, List<Long> ofRow) {}

  /**
   * Starts writing.
   *
   * @param plan where the vector of {@link PassPlan} is read
   * @param step where the time step is read, in a loop
   */
  MaskWriter(NodeWriter graph, String plan, Optional<String> step) {
    this.graph = graph;
    this.plan = plan;
    this.step = step;
  }

  /** Masks that depend on nothing but the plan, and how many numbers each has for a pass. */
  Map<String, Long> kept() {
    return kept;
  }

  /** Writes a tensor with its noise, and returns where it stands. */
  String noised(String x, Noise noise, Spot spot) {
    GraphMath math = new GraphMath(graph, spot.scope());
    if (spot.batch().axis() <= 0) {
      return noised(math, x, noise, spot);
    }
    String first = math.transpose(x, spot.batch().first(), spot.type());
    return math.transpose(noised(math, first, noise, spot), spot.batch().back(), spot.type());
  }

  private String noised(GraphMath math, String x, Noise noise, Spot spot) {
    String shape = math.shape(x, spot.type());
    String copies = math.element(plan, PassPlan.COPIES);
    String there = spot.copied() ? copies : math.integer(1);
    String rows = perRow(math, spot, shape, PassPlan.ROWS);
    String groups = perRow(math, spot, shape, PassPlan.GROUPS);
    String before = math.integers("Mul", there, rows);
    String view;
    String dims;
    if (noise.maskShape().isEmpty()) {
      String features = math.integers("FloorDiv", math.product(shape), before);
      view = math.pack(there, rows, features);
      dims = math.pack(groups, spot.ofRow().isEmpty() ? features : math.integer(size(spot)));
    } else {
      String block = math.integers("FloorDiv", math.element(shape, 0), before);
      view = math.concat(math.pack(there, rows, block), math.from(shape, 1));
      dims = packed(math, shape, groups, block, mask(noise, spot), spot);
    }
    String count = math.product(dims);
    String maskShape = math.concat(math.pack(copies), dims);
    String drawn =
        math.reshape(draws(math, spot.ordinal(), count, isNormal(noise)), maskShape, FLOAT);
    String mask = mask(math, drawn, noise);
    if (!spot.ofRow().isEmpty()) {
      mask = kept(math, mask, copies, noise, spot);
    }
    String noised = apply(math, math.reshape(x, view, spot.type()), mask, noise, spot.type());
    return math.reshape(
        noised,
        spot.copied() || !spot.batch().isByRow() ? shape : copied(math, shape, copies),
        spot.type());
  }

  private static long size(Spot spot) {
    return spot.ofRow().stream().reduce(1L, Math::multiplyExact);
  }

  /** The masks of the passes of a call, of those that are drawn, or else fed. */
  private String kept(GraphMath math, String mask, String copies, Noise noise, Spot spot) {
    AttrValue anyShape =
        AttrValue.newBuilder().setShape(TensorShapeProto.newBuilder().setUnknownRank(true)).build();
    String all =
        graph.add(
            NodeWriter.node(spot.scope() + "mask", "PlaceholderWithDefault", mask)
                .putAttr("dtype", type(FLOAT))
                .putAttr("shape", anyShape));
    List<Long> fixed = noise.maskShape().isEmpty() ? List.of(size(spot)) : mask(noise, spot);
    long numbers = 1;
    List<String> begin = new ArrayList<>(List.of(math.element(plan, PassPlan.OFFSET)));
    List<String> size = new ArrayList<>(List.of(copies));
    for (int i = 0; i <= fixed.size(); i++) {
      begin.add(math.integer(0));
      size.add(math.integer(-1));
    }
    for (int i = 0; i < fixed.size(); i++) {
      numbers *= fixed.get(i) >= 0 ? fixed.get(i) : spot.ofRow().get(i);
    }
    kept.put(all, numbers);
    return math.slice(all, begin, size, FLOAT);
  }

  /** Rows, or masks a pass, of a plan; one where the tensor of that shape has no rows. */
  private String perRow(GraphMath math, Spot spot, String shape, int element) {
    if (spot.batch().axis() < 0) {
      return math.integer(1);
    }
    String number = math.element(plan, element);
    // Masks a pass are 1, or as many as rows.
    return spot.batch().certain()
        ? number
        : math.ifDivides(number, math.element(shape, 0), math.integer(1));
  }

  /** The shape of a mask, batch first. */
  private static List<Long> mask(Noise noise, Spot spot) {
    List<Long> mask = noise.maskShape();
    return spot.batch().axis() <= 0
        ? mask
        : spot.batch().first().stream().map(i -> mask.get(i.intValue())).toList();
  }

  private static String copied(GraphMath math, String shape, String copies) {
    String first = math.integers("Mul", copies, math.element(shape, 0));
    return math.concat(math.pack(first), math.from(shape, 1));
  }

  /** The dimensions of a mask that shares some; the first is that of the rows. */
  private static String packed(
      GraphMath math, String shape, String groups, String block, List<Long> mask, Spot spot) {
    List<String> dims = new ArrayList<>(List.of(groups));
    for (int i = 0; i < mask.size(); i++) {
      if (mask.get(i) >= 0 || !spot.ofRow().isEmpty()) {
        dims.add(math.integer(mask.get(i) >= 0 ? mask.get(i) : spot.ofRow().get(i)));
      } else {
        dims.add(i == 0 ? block : math.element(shape, i));
      }
    }
    return math.pack(dims.toArray(String[]::new));
  }

  /** Writes a keyed draw under the name of the random op that it replaces. */
  void keyed(NodeDef random, String name, String shape, Spot spot) {
    GraphMath math = new GraphMath(graph, spot.scope());
    DataType shapeType = random.getAttrOrThrow("T").getType();
    String asked = math.cast(shape, shapeType, DataType.DT_INT64);
    String size = math.product(asked);
    String drawn;
    if (spot.batch().axis() >= 0) {
      String copies = math.element(plan, PassPlan.COPIES);
      String rows = perRow(math, spot, asked, PassPlan.ROWS);
      String groups = perRow(math, spot, asked, PassPlan.GROUPS);
      String features = math.integers("FloorDiv", size, math.integers("Mul", copies, rows));
      String count = math.integers("Mul", groups, features);
      String mask =
          math.reshape(
              ownDraws(math, random, count, spot), math.pack(copies, groups, features), FLOAT);
      drawn = math.broadcast(mask, math.pack(copies, rows, features), FLOAT);
    } else {
      drawn = ownDraws(math, random, size, spot);
    }
    drawn = math.cast(drawn, FLOAT, spot.type());
    if (spot.batch().axis() > 0) {
      String first = math.gather(asked, spot.batch().first());
      drawn =
          math.transpose(math.reshape(drawn, first, spot.type()), spot.batch().back(), spot.type());
    }
    NodeDef.Builder last =
        NodeWriter.node(name, "Reshape", drawn, asked)
            .putAttr("T", type(spot.type()))
            .putAttr("Tshape", type(DataType.DT_INT64));
    graph.add(last);
  }

  private String ownDraws(GraphMath math, NodeDef random, String count, Spot spot) {
    String drawn =
        draws(math, spot.ordinal(), count, random.getOp().equals("RandomStandardNormal"));
    if (!random.getOp().equals("TruncatedNormal")) {
      return drawn;
    }
    // By the inverse of its distribution function: rejection would take a varying number of draws.
    String width = math.real(1 - 2 * BELOW_MINUS_TWO, FLOAT);
    String scaled = math.binary("Mul", drawn, width, FLOAT);
    return math.unary(
        "Ndtri", math.binary("AddV2", scaled, math.real(BELOW_MINUS_TWO, FLOAT), FLOAT), FLOAT);
  }

  /** Float32 of shape [copies, count], uniform on [0, 1) or standard normal. */
  private String draws(GraphMath math, int ordinal, String count, boolean normal) {
    String quads =
        math.integers("FloorDiv", math.integers("AddV2", count, math.integer(3)), math.integer(4));
    String start = math.integers("Mul", math.element(plan, PassPlan.FIRST_PASS), quads);
    String counter = math.unsigned(math.pack(start, step.orElseGet(() -> math.integer(0))));
    String key = math.unsigned(math.pack(math.element(plan, PassPlan.KEYS + (long) ordinal)));
    String shape =
        math.pack(
            math.element(plan, PassPlan.COPIES), math.integers("Mul", quads, math.integer(4)));
    String philox = math.int32(1);
    String op = normal ? "StatelessRandomNormalV2" : "StatelessRandomUniformV2";
    String drawn =
        math.add(
            math.begin(op, shape, key, counter, philox)
                .putAttr("dtype", type(FLOAT))
                .putAttr("Tshape", type(DataType.DT_INT64)));
    return math.columns(drawn, count, FLOAT);
  }

  private static boolean isNormal(Noise noise) {
    return noise instanceof Noise.GaussianDropout || noise instanceof Noise.GaussianNoise;
  }

  private String on(GraphMath math) {
    return math.cast(math.element(plan, PassPlan.ON), DataType.DT_INT64, DOUBLE);
  }

  /** The rate of a site, 0 if noise is not put in. */
  private String rate(GraphMath math, Noise noise) {
    return math.binary("Mul", math.real(noise.rate(), DOUBLE), on(math), DOUBLE);
  }

  /** What noise does to units, of what was drawn: all that does not depend on the units. */
  private String mask(GraphMath math, String drawn, Noise noise) {
    String one = math.real(1, DOUBLE);
    if (noise instanceof Noise.Dropout) {
      String rate = rate(math, noise);
      String scale = math.binary("RealDiv", one, math.binary("Sub", one, rate, DOUBLE), DOUBLE);
      return math.binary("Mul", keep(math, drawn, rate), math.cast(scale, DOUBLE, FLOAT), FLOAT);
    }
    if (noise instanceof Noise.GaussianDropout gaussian) {
      String spread =
          math.binary("Mul", math.real(gaussian.standardDeviation(), DOUBLE), on(math), DOUBLE);
      return math.binary(
          "AddV2",
          math.binary("Mul", drawn, math.cast(spread, DOUBLE, FLOAT), FLOAT),
          math.real(1, FLOAT),
          FLOAT);
    }
    if (noise instanceof Noise.GaussianNoise) {
      String spread = math.binary("Mul", math.real(noise.rate(), DOUBLE), on(math), DOUBLE);
      return math.binary("Mul", drawn, math.cast(spread, DOUBLE, FLOAT), FLOAT);
    }
    return keep(math, drawn, rate(math, noise));
  }

  private String apply(GraphMath math, String x, String mask, Noise noise, DataType type) {
    if (noise instanceof Noise.Dropout || noise instanceof Noise.GaussianDropout) {
      return math.binary("Mul", x, math.cast(mask, FLOAT, type), type);
    }
    if (noise instanceof Noise.GaussianNoise) {
      return math.binary("AddV2", x, math.cast(mask, FLOAT, type), type);
    }
    return alpha(math, x, mask, rate(math, noise), type);
  }

  /** One where a unit is kept, zero where it is dropped. */
  private static String keep(GraphMath math, String drawn, String rate) {
    String kept = math.binary("GreaterEqual", drawn, math.cast(rate, DOUBLE, FLOAT), FLOAT);
    return math.cast(kept, DataType.DT_BOOL, FLOAT);
  }

  /** {@code a (x k + α′ (1 − k)) + b}, so that mean and variance stay 0 and 1. */
  private static String alpha(GraphMath math, String x, String kept, String rate, DataType type) {
    String one = math.real(1, DOUBLE);
    String spread =
        math.binary(
            "AddV2",
            one,
            math.binary("Mul", rate, math.real(ALPHA * ALPHA, DOUBLE), DOUBLE),
            DOUBLE);
    String a =
        math.unary(
            "Rsqrt",
            math.binary("Mul", math.binary("Sub", one, rate, DOUBLE), spread, DOUBLE),
            DOUBLE);
    String lifted = math.binary("Mul", a, math.real(ALPHA, DOUBLE), DOUBLE);
    String b = math.unary("Neg", math.binary("Mul", lifted, rate, DOUBLE), DOUBLE);
    String dropped = math.binary("Sub", math.real(1, FLOAT), kept, FLOAT);
    String times = math.binary("Mul", kept, math.cast(a, DOUBLE, FLOAT), FLOAT);
    String plus =
        math.binary(
            "AddV2",
            math.binary("Mul", dropped, math.cast(lifted, DOUBLE, FLOAT), FLOAT),
            math.cast(b, DOUBLE, FLOAT),
            FLOAT);
    return math.binary(
        "AddV2",
        math.binary("Mul", x, math.cast(times, FLOAT, type), type),
        math.cast(plus, FLOAT, type),
        type);
  }
}
