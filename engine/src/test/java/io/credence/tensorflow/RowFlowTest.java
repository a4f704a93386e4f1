package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.credence.tensorflow.GraphIndex.Port;
import io.credence.tensorflow.Layout.ListOf;
import io.credence.tensorflow.Layout.Mixed;
import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.core.SwitchCond;
import org.tensorflow.op.core.Variable;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/** What is not a matter of one op: inputs, state, masks, lists, branches of TensorFlow 1. */
class RowFlowTest {

  private static final AttrValue FLOAT = NodeWriter.type(DataType.DT_FLOAT);

  private static Layout layout(RowNet net, Operand<?> output) {
    return net.flow(output).of(RowNet.port(output));
  }

  private static void assertMixed(String why, Layout layout) {
    Mixed mixed = assertInstanceOf(Mixed.class, layout, layout::toString);
    assertTrue(mixed.why().contains(why), mixed.why());
  }

  @Test
  void input_ofAFixedNumberOfRows_isMixed() {
    try (RowNet net = new RowNet()) {
      Operand<?> x =
          net.attr("dtype", DataType.DT_FLOAT).attr("shape", Shape.of(8, 4)).op("Placeholder");
      RowFlow flow =
          RowFlow.of(net.graph().toGraphDef(), Set.of(x.op().name()), List.of(x.op().name()));
      assertMixed("has 8 entries along the batch, however many rows", flow.of(RowNet.port(x)));
    }
  }

  @Test
  void input_ofNoDimension_isMixed() {
    try (RowNet net = new RowNet()) {
      Operand<?> x =
          net.attr("dtype", DataType.DT_FLOAT).attr("shape", Shape.scalar()).op("Placeholder");
      RowFlow flow =
          RowFlow.of(net.graph().toGraphDef(), Set.of(x.op().name()), List.of(x.op().name()));
      assertMixed("has no axis for the batch", flow.of(RowNet.port(x)));
    }
  }

  @Test
  void placeholder_notFed_isSame() {
    try (RowNet net = new RowNet()) {
      Operand<?> gate = TestModels.gate(net.tf());
      assertTrue(layout(net, gate).isSame());
      assertEquals(Shape.scalar(), net.flow(gate).shape(RowNet.port(gate)));
      assertEquals(DataType.DT_BOOL, net.flow(gate).type(RowNet.port(gate)));
    }
  }

  @Test
  void of_tensorThatNoOutputNeeds_isRefused() {
    try (RowNet net = new RowNet()) {
      Operand<?> x = net.x();
      RowFlow flow = net.flow(x);
      String message =
          assertThrows(IllegalArgumentException.class, () -> flow.of(new Port("y", 0)))
              .getMessage();
      assertEquals("tensor \"y\" was not analysed", message);
    }
  }

  @Test
  void masks_perRowAndShared_areRowsAndSame() {
    try (RowNet net = new RowNet()) {
      Ops tf = net.tf();
      Operand<TFloat32> x = net.x();
      Operand<TFloat32> dropped = TestModels.gatedDropout(tf, x, TestModels.gate(tf), .5f);
      assertEquals(Rows.of(0), layout(net, dropped));
      Operand<TInt32> rest =
          tf.stridedSlice(
              tf.shape(x), tf.array(1), tf.array(0), tf.array(1), StridedSlice.endMask(1L));
      Operand<TInt32> shape = tf.concat(List.of(tf.array(1), rest), tf.constant(0));
      Operand<TFloat32> mask = tf.random.statelessRandomUniform(shape, tf.array(1, 2));
      assertTrue(layout(net, mask).isSame());
      assertEquals(Shape.of(1, 4), net.flow(mask).shape(RowNet.port(mask)));
      assertEquals(Rows.of(0), layout(net, tf.math.mul(x, mask)));
    }
  }

  @Test
  void seed_ofTheRows_isMixed() {
    try (RowNet net = new RowNet()) {
      Operand<TInt32> seed = net.tf().reduceSum(net.ids(2), net.number(1));
      Operand<?> draw =
          net.attr("dtype", DataType.DT_FLOAT).op("StatelessRandomUniform", net.ints(3), seed);
      assertMixed("filled with what depends on the rows", layout(net, draw));
    }
  }

  private static Operand<?> list(RowNet net, Operand<TInt32> shape) {
    return net.tf().tensorListReserve(shape, net.number(3), TFloat32.class);
  }

  private static Operand<?> stacked(RowNet net, Operand<?> list, int... shape) {
    return net.attr("element_dtype", DataType.DT_FLOAT)
        .op("TensorListStack", list, net.ints(shape));
  }

  @Test
  void list_ofRows_isStackedBehindTime() {
    try (RowNet net = new RowNet()) {
      Operand<?> list = list(net, net.ints(-1, 4));
      assertInstanceOf(ListOf.class, layout(net, list));
      Operand<?> written = net.op("TensorListSetItem", list, net.number(0), net.x());
      assertEquals(new ListOf(Rows.of(0)), layout(net, written));
      assertEquals(Rows.of(1), layout(net, stacked(net, written, -1, 4)));
      assertMixed("bakes the batch in", layout(net, stacked(net, written, 2, 4)));
    }
  }

  @Test
  void list_ofFixedElements_takesNoRows() {
    try (RowNet net = new RowNet()) {
      Operand<?> list = list(net, net.ints(2, 4));
      assertEquals(new ListOf(Layout.same()), layout(net, list));
      assertMixed(
          "writes what lies otherwise",
          layout(net, net.op("TensorListSetItem", list, net.number(0), net.x())));
    }
  }

  @Test
  void list_notWritten_isMixed() {
    try (RowNet net = new RowNet()) {
      assertMixed(
          "nothing was written", layout(net, stacked(net, list(net, net.ints(-1, 4)), -1, 4)));
    }
  }

  @Test
  void list_asLongAsTheBatch_isMixed() {
    try (RowNet net = new RowNet()) {
      Operand<TInt32> rows =
          net.tf()
              .reshape(
                  net.tf().gather(net.tf().shape(net.x()), net.ints(0), net.number(0)),
                  net.tf().constant(new int[0]));
      assertMixed(
          "length depends on the batch",
          layout(net, net.tf().tensorListReserve(net.ints(4), rows, TFloat32.class)));
    }
  }

  private static Operand<TFloat32> cond(RowNet net, Operand<TFloat32> x, Operand<TBool> gate) {
    Ops tf = net.tf();
    SwitchCond<TFloat32> branch = tf.switchCond(x, gate);
    return tf.merge(List.of(tf.identity(branch.outputFalse()), tf.math.tanh(branch.outputTrue())))
        .output();
  }

  @Test
  void cond_ofTensorFlow1_isRowsUnlessTheBatchChooses() {
    try (RowNet net = new RowNet()) {
      Operand<TFloat32> x = net.x();
      assertEquals(Rows.of(0), layout(net, cond(net, x, TestModels.gate(net.tf()))));
      Operand<TBool> chosen =
          net.tf().math.less(net.tf().reduceSum(x, net.ints(0, 1)), net.real(0));
      assertMixed("sums over the batch", layout(net, cond(net, x, chosen)));
    }
  }

  @Test
  void merge_ofConstantsThatTheBatchChooses_isMixed() {
    // Only control inputs tell which constant is dead.
    try (RowNet net = new RowNet()) {
      Ops tf = net.tf();
      Operand<TBool> chosen = tf.math.less(tf.reduceSum(net.x(), net.ints(0, 1)), net.real(0));
      SwitchCond<TBool> pivot = tf.switchCond(chosen, chosen);
      Operand<TFloat32> no =
          tf.withControlDependencies(tf.identity(pivot.outputFalse())).constant(1f);
      Operand<TFloat32> yes =
          tf.withControlDependencies(tf.identity(pivot.outputTrue())).constant(2f);
      assertMixed(
          "takes a branch that depends on the batch",
          layout(net, tf.merge(List.of(no, yes)).output()));
    }
  }

  @Test
  void loop_ofTensorFlow1_isMixed() {
    try (RowNet net = new RowNet()) {
      Output<?>[] out =
          net.graph()
              .whileLoop(
                  new Output<?>[] {net.x().asOutput()},
                  (g, in, result) -> result[0] = Ops.create(g).constant(false).asOutput(),
                  (g, in, result) -> result[0] = Ops.create(g).math.tanh(real(in[0])).asOutput(),
                  "loop");
      assertMixed("enters a loop of TensorFlow 1", layout(net, net.op("Tanh", out[0])));
    }
  }

  @SuppressWarnings("unchecked") // the inputs of this test are float32
  private static Operand<TFloat32> real(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  @Test
  void variable_thatTheGraphWrites_isMixed() {
    try (RowNet net = new RowNet()) {
      Ops tf = net.tf();
      Operand<TFloat32> x = net.x();
      Variable<TFloat32> mean = tf.variable(Shape.of(4), TFloat32.class);
      assertEquals(Rows.of(0), layout(net, tf.math.sub(x, mean)));
      Operand<TFloat32> written = tf.assign(mean, tf.math.mean(x, tf.array(0)));
      Operand<TFloat32> read = tf.withControlDependencies(written).identity(mean);
      assertMixed("(Assign) may write", layout(net, tf.math.sub(x, read)));
    }
  }

  @Test
  void op_thatTensorFlowDoesNotKnow_makesAllMixed() {
    GraphDef graph =
        GraphDef.newBuilder().addNode(NodeDef.newBuilder().setName("y").setOp("Nonsense")).build();
    assertMixed("finds no shapes", RowFlow.of(graph, Set.of(), List.of("y")).of(new Port("y", 0)));
  }

  @Test
  void call_isFollowed() {
    try (RowNet net = new RowNet()) {
      ConcreteFunction f =
          ConcreteFunction.create(
              ops -> {
                Operand<TFloat32> in = ops.withName("in").placeholder(TFloat32.class);
                return Signature.builder("f")
                    .input("x", in)
                    .output("y", ops.math.tanh(in))
                    .output("z", ops.math.mean(in, ops.array(0)))
                    .build();
              });
      var called = f.call(net.tf(), Map.of("x", net.x()));
      assertEquals(Rows.of(0), layout(net, called.get("y")));
      assertMixed("averages over the batch", layout(net, called.get("z")));
    }
  }

  @Test
  void places_pickedInAFunction_areMixed() {
    try (RowNet net = new RowNet()) {
      ConcreteFunction f =
          ConcreteFunction.create(
              ops -> {
                Operand<TFloat32> in = ops.withName("in").placeholder(TFloat32.class);
                Operand<TInt64> places = ops.where(ops.math.greater(in, ops.constant(0f)));
                return Signature.builder("f")
                    .input("x", in)
                    .output("places", places)
                    .output("values", ops.gatherNd(in, places))
                    .build();
              });
      Operand<TFloat32> x = net.x();
      var called = f.call(net.tf(), Map.of("x", x));
      Operand<?> shape = net.attr("out_type", DataType.DT_INT64).op("Shape", x);
      Operand<?> dense =
          net.op("SparseToDense", called.get("places"), shape, called.get("values"), net.real(0));
      assertMixed("hands what a Where picked to a function", layout(net, dense));
    }
  }

  @Test
  void variable_readInAFunction_hasItsShape() {
    OpDef.ArgDef.Builder real = OpDef.ArgDef.newBuilder().setType(DataType.DT_FLOAT);
    OpDef.ArgDef.Builder handle = OpDef.ArgDef.newBuilder().setType(DataType.DT_RESOURCE);
    FunctionDef.Builder f =
        FunctionDef.newBuilder()
            .setSignature(
                OpDef.newBuilder()
                    .setName("f")
                    .addInputArg(real.clone().setName("a"))
                    .addInputArg(handle.setName("v"))
                    .addOutputArg(real.clone().setName("r")))
            .addNodeDef(node("w", "ReadVariableOp", "v").putAttr("dtype", FLOAT))
            .addNodeDef(node("mul", "Mul", "a", "w:value:0").putAttr("T", FLOAT))
            .putRet("r", "mul:z:0");
    try (RowNet net = new RowNet()) {
      Operand<?> x = net.x();
      Operand<?> v =
          net.attr("dtype", DataType.DT_FLOAT).attr("shape", Shape.of(4)).op("VarHandleOp");
      GraphDef.Builder graph = net.graph().toGraphDef().toBuilder();
      graph.addNode(call("f", x.op().name(), v.op().name())).getLibraryBuilder().addFunction(f);
      RowFlow flow = RowFlow.of(graph.build(), net.inputs(), List.of("y"));
      assertEquals(Rows.of(0), flow.of(new Port("y", 0)));
      assertEquals(Rows.of(0), flow.inFunction("y", "f", "mul:z:0"));
      assertTrue(flow.inFunction("y", "f", "w:value:0").isSame());
    }
  }

  private static NodeDef.Builder node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs));
  }

  private static NodeDef call(String function, String... inputs) {
    List<DataType> passed = List.of(DataType.DT_FLOAT, DataType.DT_RESOURCE);
    AttrValue.ListValue.Builder takes =
        AttrValue.ListValue.newBuilder().addAllType(passed.subList(0, inputs.length));
    AttrValue.ListValue.Builder gives = AttrValue.ListValue.newBuilder().addType(DataType.DT_FLOAT);
    AttrValue f =
        AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(function)).build();
    return NodeDef.newBuilder()
        .setName("y")
        .setOp("PartitionedCall")
        .putAttr("f", f)
        .putAttr("Tin", AttrValue.newBuilder().setList(takes).build())
        .putAttr("Tout", AttrValue.newBuilder().setList(gives).build())
        .addAllInput(List.of(inputs))
        .build();
  }

  @Test
  void function_thatCallsItself_isMixed() {
    OpDef.ArgDef.Builder real = OpDef.ArgDef.newBuilder().setType(DataType.DT_FLOAT);
    FunctionDef.Builder f =
        FunctionDef.newBuilder()
            .setSignature(
                OpDef.newBuilder()
                    .setName("f")
                    .addInputArg(real.clone().setName("a"))
                    .addOutputArg(real.clone().setName("r")))
            .addNodeDef(call("f", "a"))
            .putRet("r", "y:output:0");
    try (RowNet net = new RowNet()) {
      Operand<?> x = net.x();
      GraphDef.Builder graph = net.graph().toGraphDef().toBuilder();
      graph.addNode(call("f", x.op().name())).getLibraryBuilder().addFunction(f);
      RowFlow flow = RowFlow.of(graph.build(), net.inputs(), List.of("y"));
      assertMixed("more than 20 deep", flow.of(new Port("y", 0)));
    }
  }

  private static NodeDef constant(TensorProto.Builder value) {
    return NodeDef.newBuilder()
        .setName("c")
        .setOp("Const")
        .putAttr("value", AttrValue.newBuilder().setTensor(value).build())
        .build();
  }

  @Test
  void integers_ofAllForms_areRead() {
    TensorProto.Builder three = TensorProto.newBuilder().setTensorShape(NodeWriter.shape(3));
    TensorProto.Builder ints = three.clone().setDtype(DataType.DT_INT32);
    TensorProto.Builder longs = three.clone().setDtype(DataType.DT_INT64);
    assertEquals(
        Optional.of(List.of(1L, -2L, -2L)),
        Constants.integers(constant(ints.clone().addIntVal(1).addIntVal(-2))));
    assertEquals(Optional.of(List.of(0L, 0L, 0L)), Constants.integers(constant(longs.clone())));
    byte[] bytes = {1, 0, 0, 0, 2, 0, 0, 0, -1, -1, -1, -1};
    assertEquals(
        Optional.of(List.of(1L, 2L, -1L)),
        Constants.integers(constant(ints.clone().setTensorContent(ByteString.copyFrom(bytes)))));
    assertEquals(
        Optional.empty(), Constants.integers(constant(three.clone().setDtype(DataType.DT_FLOAT))));
    assertEquals(
        Optional.empty(),
        Constants.integers(constant(ints.clone().setTensorShape(NodeWriter.shape(1L << 40)))));
    assertEquals(
        Optional.empty(),
        Constants.integers(
            constant(ints.clone().addIntVal(1).addIntVal(1).addIntVal(1).addIntVal(1))));
  }
}
