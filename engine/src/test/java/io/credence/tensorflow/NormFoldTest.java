package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TFloat32;

/** A folded graph gives what the graph as it was gives, and normalises nothing by itself. */
class NormFoldTest {

  private static final int CHANNELS = 3;
  private static final int FILTERS = 6;
  private static final String PREFIX = "tail/";

  private final Random random = new Random(5);

  private interface Network {
    Operand<TFloat32> of(NormFoldTest test, Ops tf, Operand<TFloat32> x);
  }

  private record Case(String name, int folded, Network network) {
    @Override
    public String toString() {
      return name;
    }
  }

  private FloatNdArray numbers(double least, double most, long... shape) {
    float[] values = new float[(int) Shape.of(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (least + (most - least) * random.nextDouble());
    }
    return NdArrays.wrap(Shape.of(shape), DataBuffers.of(values));
  }

  private Operand<TFloat32> conv(Ops tf, Operand<TFloat32> x) {
    return tf.nn.conv2d(
        x, tf.constant(numbers(-1, 1, 3, 3, CHANNELS, FILTERS)), List.of(1L, 1L, 1L, 1L), "SAME");
  }

  private Operand<TFloat32> depthwise(Ops tf, Operand<TFloat32> x, int multiplier) {
    return tf.nn.depthwiseConv2dNative(
        x,
        tf.constant(numbers(-1, 1, 3, 3, CHANNELS, multiplier)),
        List.of(1L, 1L, 1L, 1L),
        "SAME");
  }

  private Operand<TFloat32> bias(Ops tf, Operand<TFloat32> x, int channels) {
    return tf.nn.biasAdd(x, tf.constant(numbers(-2, 2, channels)));
  }

  private FusedBatchNorm<TFloat32, TFloat32> norm(
      Ops tf, Operand<TFloat32> x, int channels, boolean training) {
    return tf.nn.fusedBatchNorm(
        x,
        tf.constant(numbers(-2, 2, channels)),
        tf.constant(numbers(-1, 1, channels)),
        tf.constant(numbers(-3, 3, training ? 0 : channels)),
        tf.constant(numbers(.01, 4, training ? 0 : channels)),
        FusedBatchNorm.isTraining(training),
        FusedBatchNorm.epsilon(.01f));
  }

  private Operand<TFloat32> norm(Ops tf, Operand<TFloat32> x, int channels) {
    return norm(tf, x, channels, false).y();
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case("conv", 1, (t, tf, x) -> tf.nn.relu(t.norm(tf, t.conv(tf, x), FILTERS))),
        new Case(
            "conv with bias",
            1,
            (t, tf, x) -> t.norm(tf, t.bias(tf, t.conv(tf, x), FILTERS), FILTERS)),
        new Case(
            "depthwise", 1, (t, tf, x) -> tf.nn.relu(t.norm(tf, t.depthwise(tf, x, 1), CHANNELS))),
        new Case(
            "depthwise, two of each, with bias",
            1,
            (t, tf, x) ->
                t.norm(tf, t.bias(tf, t.depthwise(tf, x, 2), 2 * CHANNELS), 2 * CHANNELS)),
        new Case(
            "one after the other: the second has no convolution of its own",
            1,
            (t, tf, x) -> t.norm(tf, t.norm(tf, t.conv(tf, x), FILTERS), FILTERS)),
        new Case("no convolution", 0, (t, tf, x) -> t.norm(tf, x, CHANNELS)),
        new Case("training", 0, (t, tf, x) -> t.norm(tf, t.conv(tf, x), FILTERS, true).y()),
        new Case(
            "the convolution is read twice",
            0,
            (t, tf, x) -> {
              Operand<TFloat32> c = t.conv(tf, x);
              return tf.math.add(c, t.norm(tf, c, FILTERS));
            }),
        new Case(
            "the bias is read twice",
            0,
            (t, tf, x) -> {
              Operand<TFloat32> b = t.bias(tf, t.conv(tf, x), FILTERS);
              return tf.math.add(b, t.norm(tf, b, FILTERS));
            }),
        new Case(
            "the convolution below a bias is read twice",
            0,
            (t, tf, x) -> {
              Operand<TFloat32> c = t.conv(tf, x);
              return tf.math.add(c, t.norm(tf, t.bias(tf, c, FILTERS), FILTERS));
            }),
        new Case(
            "the mean is read, too",
            0,
            (t, tf, x) -> {
              FusedBatchNorm<TFloat32, TFloat32> n = t.norm(tf, t.conv(tf, x), FILTERS, false);
              return tf.math.add(n.y(), n.batchMean());
            }),
        new Case(
            "outside of what may change",
            0,
            (t, tf, x) -> {
              Ops other = tf.withSubScope("other");
              return t.norm(other, t.conv(other, x), FILTERS);
            }));
  }

  private static long count(GraphDef graph, Set<String> ops) {
    return graph.getNodeList().stream().filter(node -> ops.contains(node.getOp())).count();
  }

  private static float[] run(GraphDef definition, String output, FloatNdArray x) {
    try (Graph graph = new Graph();
        TFloat32 fed = TFloat32.tensorOf(x)) {
      graph.importGraphDef(definition);
      try (Session session = new Session(graph);
          Result result = session.runner().feed("x", fed).fetch(output).run()) {
        return ElementTypes.toFloats(result.get(0));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void fold_givesTheSame(Case each) {
    GraphDef before;
    String output;
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x =
          tf.withName("x")
              .placeholder(
                  TFloat32.class,
                  org.tensorflow.op.core.Placeholder.shape(Shape.of(-1, 5, 4, CHANNELS)));
      Ops scope = each.name().startsWith("outside") ? tf : tf.withSubScope("tail");
      Operand<TFloat32> y = scope.identity(each.network().of(this, scope, x));
      output = y.op().name();
      before = graph.toGraphDef();
    }
    GraphDef after = NormFold.fold(before, PREFIX, Set.of(output));
    Set<String> norms = Set.of("FusedBatchNormV3");
    assertEquals(count(before, norms) - each.folded(), count(after, norms));
    FloatNdArray x = numbers(-1, 1, 2, 5, 4, CHANNELS);
    float[] expected = run(before, output, x);
    float[] actual = run(after, output, x);
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-5 * (10 + Math.abs(expected[i])), each.name());
    }
    assertTrue(each.folded() > 0 || before.equals(after), "nothing else changes");
  }

  /** What is fetched must stand as it was. */
  @Test
  void fold_convolutionThatIsAskedFor_stays() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph).withSubScope("tail");
      Operand<TFloat32> x = tf.constant(numbers(-1, 1, 2, 5, 4, CHANNELS));
      Operand<TFloat32> c = conv(tf, x);
      Operand<TFloat32> b = bias(tf, c, FILTERS);
      norm(tf, b, FILTERS);
      GraphDef before = graph.toGraphDef();
      for (String kept : List.of(c.op().name(), b.op().name())) {
        assertEquals(before, NormFold.fold(before, PREFIX, Set.of(kept)));
      }
      GraphDef folded = NormFold.fold(before, PREFIX, Set.of());
      assertEquals(0, count(folded, Set.of("FusedBatchNormV3")));
      List<String> names = new ArrayList<>();
      folded.getNodeList().forEach(node -> names.add(node.getName()));
      assertTrue(!names.contains(b.op().name()), "nothing reads the bias that was");
    }
  }
}
