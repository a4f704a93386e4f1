package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.SamplingPlan;
import io.credence.tensorflow.GraphIndex.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/** A flattened graph computes what the calls computed. */
class FlattenerTest {

  private static final int ROWS = 5;

  @TempDir Path folder;

  /** Dropout and a dense layer in a function that calls another, as TensorFlow 2 saves them. */
  private static Operand<TFloat32> nested(Ops tf, Operand<TFloat32> x, boolean dropout) {
    ConcreteFunction inner =
        ConcreteFunction.create(
            ops -> {
              Placeholder<TFloat32> in = placeholder(ops);
              Operand<TFloat32> out =
                  dropout ? TestModels.dropout(ops, in, .5f) : ops.math.tanh(in);
              return Signature.builder("inner").input("x", in).output("y", out).build();
            });
    ConcreteFunction outer =
        ConcreteFunction.create(
            ops -> {
              Placeholder<TFloat32> in = placeholder(ops);
              Operand<?> called = ops.call(inner, ops.math.mul(in, ops.constant(2f)));
              Operand<TFloat32> again = cast(ops.call(inner, cast(called)));
              return Signature.builder("outer")
                  .input("x", in)
                  .output("y", ops.math.add(again, ops.constant(1f)))
                  .build();
            });
    return cast(tf.call(outer, x));
  }

  private static Placeholder<TFloat32> placeholder(Ops tf) {
    Shape shape = Shape.of(-1, TestModels.FEATURES);
    return tf.withName("in").placeholder(TFloat32.class, Placeholder.shape(shape));
  }

  @SuppressWarnings("unchecked") // the functions of this test give float32
  private static Operand<TFloat32> cast(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  @Test
  void flatten_nestedCalls_leaveNoneAndComputeTheSame() {
    Path model = TestModels.write(folder, (tf, x) -> TestModels.dense(tf, nested(tf, x, false)));
    SavedModelFiles files = SavedModelFiles.read(model);
    assertTrue(callsIn(files.metaGraph().getGraphDef(), output(files)).findAny().isPresent());
    Flattener.Flat flat = flatten(files);
    assertFalse(callsIn(flat.graph(), flat.output()).findAny().isPresent());
    assertSameOutput(model);
  }

  @Test
  void engine_dropoutInsideFunctions_isFoundAtBothCalls() {
    Path model =
        TestModels.write(
            folder, (tf, x) -> tf.nn.softmax(TestModels.dense(tf, nested(tf, x, true))));
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      assertEquals(2, engine.describe().sites().size());
      assertTrue(engine.describe().sites().stream().allMatch(s -> s.rate().orElse(0) == .5));
      var rows = Rows.random(4, 1);
      var plan = new SamplingPlan(30, 1);
      assertEquals(engine.predict(rows, plan), engine.predict(rows, plan));
      assertTrue(engine.classify(rows, plan).get(0).mutualInformation() > 0);
      // The two calls of one function draw apart: all four units are kept or dropped at once by
      // neither, so that outputs take more values than one mask could give.
      float[] samples = Rows.floats(engine.sample(Rows.row(0, 1, 1), new SamplingPlan(200, 3)));
      List<Float> first = new ArrayList<>();
      for (int t = 0; t < 200; t++) {
        first.add(samples[t * TestModels.CLASSES]);
      }
      assertTrue(first.stream().distinct().count() > 10);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "heart-tabular",
        "mlperf-kws",
        "optba-lstm-recdrop",
        "rongo-lstm",
        "stock-nlx",
        "stock-transformer",
        "vespa-tf1-dropout"
      })
  void flatten_modelOfOthers_computesWhatItsSignatureServes(String name) {
    Path model = SharedFolder.savedModel(name);
    SavedModelFiles files = SavedModelFiles.read(model);
    Flattener.Flat flat = flatten(files);
    assertTrue(
        callsIn(flat.graph(), flat.output()).allMatch(node -> isKernel(flat.graph(), node)), name);
    assertSameOutput(model);
  }

  private static void assertSameOutput(Path model) {
    SavedModelFiles files = SavedModelFiles.read(model);
    Flattener.Flat flat = flatten(files);
    Map<String, Tensor> feeds = feeds(files.signature("serving_default"));
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString(), "serve");
        RestoredGraph restored =
            RestoredGraph.open(
                files, flat.graph(), List.of(flat.output().node()), OpPolicy.LISTED)) {
      Port port = output(files);
      float[] served = run(bundle.session(), feeds, port);
      float[] flattened = run(restored.session(), feeds, flat.output());
      assertTrue(served.length >= ROWS);
      for (int i = 0; i < served.length; i++) {
        assertEquals(served[i], flattened[i], 1e-5 * Math.max(1, Math.abs(served[i])));
      }
    } finally {
      feeds.values().forEach(Tensor::close);
    }
  }

  private static float[] run(Session session, Map<String, Tensor> feeds, Port output) {
    Session.Runner runner = session.runner();
    feeds.forEach((name, tensor) -> runner.feed(Port.parse(name).node(), 0, tensor));
    try (Result result = runner.fetch(output.node(), output.index()).run()) {
      return ElementTypes.toFloats(result.get(0));
    }
  }

  /** Seeded rows of whatever the signature reads; unknown inner dimensions are 6 long. */
  private static Map<String, Tensor> feeds(SignatureDef signature) {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    for (TensorInfo info : signature.getInputsMap().values()) {
      long[] dims =
          info.getTensorShape().getDimList().stream()
              .mapToLong(dim -> dim.getSize() < 0 ? 6 : dim.getSize())
              .toArray();
      dims[0] = ROWS;
      Shape shape = Shape.of(dims);
      feeds.put(
          info.getName(),
          switch (info.getDtype()) {
            case DT_FLOAT ->
                TFloat32.tensorOf(
                    shape, t -> t.scalars().forEach(s -> s.setFloat(random.nextInt(0, 9))));
            case DT_DOUBLE ->
                TFloat64.tensorOf(shape, t -> t.scalars().forEach(s -> s.setDouble(1.5)));
            case DT_INT64 ->
                TInt64.tensorOf(
                    shape, t -> t.scalars().forEach(s -> s.setLong(random.nextInt(1, 90))));
            default ->
                TString.tensorOf(
                    org.tensorflow.ndarray.NdArrays.vectorOfObjects("M", "F", "M", "F", "?"));
          });
    }
    return feeds;
  }

  private static Flattener.Flat flatten(SavedModelFiles files) {
    return Flattener.flatten(files.metaGraph().getGraphDef(), output(files));
  }

  private static Port output(SavedModelFiles files) {
    return Port.parse(
        files.signature("serving_default").getOutputsMap().values().iterator().next().getName());
  }

  private static Stream<NodeDef> callsIn(GraphDef graph, Port output) {
    GraphIndex index = GraphIndex.of(graph);
    return index.upstream(List.of(output.node())).stream()
        .map(index::node)
        .filter(node -> node.getOp().endsWith("PartitionedCall"));
  }

  private static boolean isKernel(GraphDef graph, NodeDef call) {
    String name = call.getAttrOrThrow("f").getFunc().getName();
    return graph.getLibrary().getFunctionList().stream()
        .filter(function -> function.getSignature().getName().equals(name))
        .allMatch(function -> function.getAttrMap().containsKey("api_implements"));
  }

  private static FunctionDef.Builder function(String name, String returned) {
    OpDef.Builder signature =
        OpDef.newBuilder()
            .setName(name)
            .addInputArg(OpDef.ArgDef.newBuilder().setName("a"))
            .addOutputArg(OpDef.ArgDef.newBuilder().setName("r"));
    return FunctionDef.newBuilder().setSignature(signature).putRet("r", returned);
  }

  private static NodeDef call(String name, String function, String... inputs) {
    AttrValue f =
        AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(function)).build();
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("PartitionedCall")
        .putAttr("f", f)
        .addAllInput(List.of(inputs))
        .build();
  }

  private static NodeDef node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs)).build();
  }

  private static GraphDef graph(FunctionDef.Builder function, NodeDef... nodes) {
    return GraphDef.newBuilder()
        .addAllNode(List.of(nodes))
        .setLibrary(FunctionDefLibrary.newBuilder().addFunction(function))
        .build();
  }

  @Test
  void flatten_controlInputsOfACall_reachItsFirstNodes() {
    FunctionDef.Builder f =
        function("f", "neg:y:0")
            .addNodeDef(node("neg", "Neg", "a"))
            .addNodeDef(node("assert", "NoOp"))
            .putControlRet("assert", "assert");
    GraphDef graph =
        graph(
            f,
            node("x", "Placeholder"),
            node("init", "NoOp"),
            call("call", "f", "x", "^init"),
            node("y", "Identity", "call", "^call"));
    Map<String, NodeDef> flat = new LinkedHashMap<>();
    Flattener.flatten(graph, new Port("y", 0))
        .graph()
        .getNodeList()
        .forEach(node -> flat.put(node.getName(), node));
    assertEquals(List.of("x", "^init"), flat.get("call/neg").getInputList());
    assertEquals(List.of("call/neg", "^call/assert", "^call/neg"), flat.get("y").getInputList());
    assertEquals(List.of("^init"), flat.get("call/assert").getInputList());
  }

  @Test
  void flatten_functionThatCallsItself_isRefused() {
    FunctionDef.Builder f = function("f", "again:output:0").addNodeDef(call("again", "f", "a"));
    GraphDef graph = graph(f, node("x", "Placeholder"), call("y", "f", "x"));
    assertRefused(graph, "functions call each other without end", "f calls f");
  }

  @Test
  void flatten_callsThatDoubleAtEveryLevel_areRefusedBeforeTheyFillMemory() {
    FunctionDefLibrary.Builder library = FunctionDefLibrary.newBuilder();
    for (int level = 0; level < 60; level++) {
      String next = "f" + (level + 1);
      library.addFunction(
          function("f" + level, "one:output:0")
              .addNodeDef(call("one", next, "two:output:0"))
              .addNodeDef(call("two", next, "a")));
    }
    library.addFunction(function("f60", "a"));
    GraphDef graph =
        GraphDef.newBuilder()
            .addNode(node("x", "Placeholder"))
            .addNode(call("y", "f0", "x"))
            .setLibrary(library)
            .build();
    assertRefused(graph, "more than 100000 calls");
  }

  @Test
  void flatten_callsThatReadEachOther_areRefused() {
    GraphDef graph = graph(function("f", "a"), call("x", "f", "y"), call("y", "f", "x"));
    assertRefused(graph, "\"y\" leads back to itself");
  }

  @Test
  void flatten_functionThatReturnsItsArgument_isPassedThrough() {
    GraphDef graph = graph(function("f", "a"), node("x", "Placeholder"), call("y", "f", "x"));
    assertEquals(new Port("x", 0), Flattener.flatten(graph, new Port("y", 0)).output());
  }

  @Test
  void flatten_damaged_namesWhatIsMissing() {
    NodeDef x = node("x", "Placeholder");
    assertRefused(graph(function("f", "a"), x, call("y", "g", "x")), "calls function \"g\"");
    assertRefused(graph(function("f", "no:y:0"), x, call("y", "f", "x")), "\"y/no\" is read");
    assertRefused(graph(function("f", "a"), x, call("y", "f")), "\"y/a\" is not given");
    assertRefused(graph(function("f", "a"), x, call("y", "f", "z")), "\"z\" is read");
    assertRefused(
        graph(function("f", "n").addNodeDef(node("n", "Neg", "a")), x, call("y", "f", "x")),
        "\"n\" is no output");
    assertRefused(
        graph(
            function("f", "n:y:0").addNodeDef(node("n", "Nonsense", "a")), x, call("y", "f", "x")),
        "op Nonsense");
    assertRefused(
        graph(function("f", "n:z:0").addNodeDef(node("n", "Neg", "a")), x, call("y", "f", "x")),
        "no output \"z\"");
  }

  private static void assertRefused(GraphDef graph, String... parts) {
    String message =
        assertThrows(ModelLoadException.class, () -> Flattener.flatten(graph, new Port("y", 0)))
            .getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> "\"" + part + "\" not in: " + message);
    }
  }
}
