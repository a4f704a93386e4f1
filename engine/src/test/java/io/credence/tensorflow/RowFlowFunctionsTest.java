package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.tensorflow.Layout.Mixed;
import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** Calls, conditions, loops and variables. */
class RowFlowFunctionsTest {

  /** A network of a counter and a matrix. */
  private interface Network extends BiFunction<Ops, Loop, List<Operand<?>>> {}

  private record Loop(Operand<TInt32> i, Operand<TFloat32> x) {}

  private static ConcreteFunction function(String name, Network network) {
    return ConcreteFunction.create(
        ops -> {
          Operand<TInt32> i = ops.withName("i").placeholder(TInt32.class);
          Operand<TFloat32> x = ops.withName("x").placeholder(TFloat32.class);
          Signature.Builder signature = Signature.builder(name).input("i", i).input("x", x);
          List<Operand<?>> results = network.apply(ops, new Loop(i, x));
          for (int k = 0; k < results.size(); k++) {
            signature.output("r" + k, results.get(k));
          }
          return signature.build();
        });
  }

  private static Operand<TFloat32> loop(
      RowNet net,
      Operand<TFloat32> x,
      BiFunction<Ops, Loop, Operand<TBool>> goesOn,
      BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> step) {
    ConcreteFunction cond = function("cond", (ops, loop) -> List.of(goesOn.apply(ops, loop)));
    ConcreteFunction body =
        function(
            "body",
            (ops, loop) ->
                List.of(ops.math.add(loop.i(), ops.constant(1)), step.apply(ops, loop.x())));
    return real(net.tf().whileOp(List.of(net.number(0), x), cond, body).output().get(1));
  }

  private static Operand<TBool> threeTimes(Ops ops, Loop loop) {
    return ops.math.less(loop.i(), ops.constant(3));
  }

  @SuppressWarnings("unchecked") // the functions of this test give float32
  private static Operand<TFloat32> real(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  private static Layout layout(RowNet net, Operand<?> output) {
    return net.flow(output).of(RowNet.port(output));
  }

  private static void assertMixed(String why, RowNet net, Operand<?> output) {
    Layout layout = layout(net, output);
    Mixed mixed = assertInstanceOf(Mixed.class, layout, layout::toString);
    assertTrue(mixed.why().contains(why), mixed.why());
  }

  private static void assertRows(RowNet net, Operand<?> output) {
    RowFlow flow = net.flow(output);
    assertEquals(Rows.of(0), flow.of(RowNet.port(output)));
    List<RowCheck.Batch> batches = net.batches(2, 3);
    try (Session session = net.session();
        RowCheck.Batch upper = batches.get(0);
        RowCheck.Batch lower = batches.get(1)) {
      session.initialize();
      assertTrue(RowCheck.verify(session, flow, upper, lower) > 0);
    }
  }

  @Test
  void loop_thatKeepsRowsApart_isRows() {
    try (RowNet net = new RowNet()) {
      Operand<TFloat32> y =
          loop(net, net.x(), RowFlowFunctionsTest::threeTimes, (ops, x) -> ops.math.tanh(x));
      assertRows(net, y);
      NodeDef node = GraphIndex.of(net.graph().toGraphDef()).node(y.op().name());
      String body = node.getAttrOrThrow("body").getFunc().getName();
      RowFlow flow = net.flow(y);
      assertEquals(Rows.of(0), flow.inFunction(node.getName(), body, "Tanh:y:0"));
      assertEquals(Rows.of(0), flow.inFunction(node.getName(), body, "x"));
      assertTrue(flow.inFunction(node.getName(), body, "i").isSame());
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> flow.inFunction(node.getName(), "other", "x"))
              .getMessage();
      assertTrue(message.contains("was not seen to call function \"other\""), message);
    }
  }

  @Test
  void loop_thatMixesRows_isMixed() {
    try (RowNet net = new RowNet()) {
      assertMixed(
          "averages over the batch",
          net,
          loop(
              net,
              net.x(),
              RowFlowFunctionsTest::threeTimes,
              (ops, x) -> ops.math.sub(x, ops.math.mean(x, ops.array(0)))));
    }
  }

  @Test
  void loop_thatRunsAsTheRowsSay_isMixed() {
    try (RowNet net = new RowNet()) {
      assertMixed(
          "loops as often as the batch says",
          net,
          loop(
              net,
              net.x(),
              (ops, loop) ->
                  ops.math.less(ops.reduceMax(loop.x(), ops.array(0, 1)), ops.constant(2f)),
              (ops, x) -> ops.math.add(x, ops.constant(1f))));
    }
  }

  @Test
  void loop_overRowsThatGrow_isRowsOfUnknownWidth() {
    try (RowNet net = new RowNet()) {
      Operand<TFloat32> y =
          loop(
              net,
              net.x(),
              RowFlowFunctionsTest::threeTimes,
              (ops, x) -> ops.concat(List.of(x, x), ops.constant(1)));
      assertRows(net, y);
      assertEquals(2, net.flow(y).shape(RowNet.port(y)).numDimensions());
      assertEquals(-1, net.flow(y).shape(RowNet.port(y)).get(1));
    }
  }

  @Test
  void loop_thatDoublesAWeight_leavesItNotOfOneRow() {
    // One row before the loop, eight after it: it no longer repeats along the batch.
    try (RowNet net = new RowNet()) {
      Operand<TFloat32> weights =
          loop(
              net,
              net.weights(1, 4),
              RowFlowFunctionsTest::threeTimes,
              (ops, x) -> ops.concat(List.of(x, x), ops.constant(0)));
      assertMixed("does not grow", net, net.op("Mul", net.x(), weights));
    }
  }

  @Test
  void loop_thatTurnsItsRows_isMixed() {
    try (RowNet net = new RowNet()) {
      assertMixed(
          "change how they lie",
          net,
          loop(
              net,
              net.x(),
              RowFlowFunctionsTest::threeTimes,
              (ops, x) -> ops.linalg.transpose(x, ops.array(1, 0))));
    }
  }

  @Test
  void loop_thatStartsFromZerosOfTheBatch_isRows() {
    try (RowNet net = new RowNet()) {
      Operand<TFloat32> x = net.x();
      Operand<TFloat32> zeros = net.tf().fill(net.tf().shape(x), net.real(0));
      assertRows(
          net, loop(net, zeros, RowFlowFunctionsTest::threeTimes, (ops, y) -> ops.math.cos(y)));
    }
  }

  private static Operand<TFloat32> branches(
      RowNet net, Operand<?> condition, Operand<TFloat32> x, Network then, Network otherwise) {
    return real(
        net.tf()
            .ifOp(
                condition,
                List.of(net.number(0), x),
                List.of(TFloat32.class),
                function("then", then),
                function("otherwise", otherwise))
            .output()
            .get(0));
  }

  @Test
  void branches_thatBothHoldRows_areRows() {
    try (RowNet net = new RowNet()) {
      assertRows(
          net,
          branches(
              net,
              net.tf().constant(true),
              net.x(),
              (ops, loop) -> List.of(ops.math.tanh(loop.x())),
              (ops, loop) -> List.of(ops.math.neg(loop.x()))));
    }
  }

  @Test
  void branches_thatLieOtherwise_areMixed() {
    try (RowNet net = new RowNet()) {
      assertMixed(
          "branches whose rows lie otherwise",
          net,
          branches(
              net,
              net.tf().constant(true),
              net.x(),
              (ops, loop) -> List.of(ops.math.tanh(loop.x())),
              (ops, loop) -> List.of(ops.constant(new float[][] {{1, 2, 3, 4}}))));
    }
  }

  @Test
  void branches_thatTheBatchChooses_areMixed() {
    try (RowNet net = new RowNet()) {
      Operand<TFloat32> x = net.x();
      Operand<TBool> condition =
          net.tf().math.less(net.tf().reduceSum(x, net.ints(0, 1)), net.real(0));
      assertMixed(
          "sums over the batch",
          net,
          branches(
              net,
              condition,
              x,
              (ops, loop) -> List.of(ops.math.tanh(loop.x())),
              (ops, loop) -> List.of(ops.math.neg(loop.x()))));
    }
  }
}
