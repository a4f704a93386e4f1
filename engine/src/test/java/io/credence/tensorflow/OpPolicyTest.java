package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.tensorflow.GraphIndex.Port;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TFloat32;

/** Which ops a model may run. */
class OpPolicyTest {

  private static final String NEXT =
      ". A SavedModel is a program; if you trust whoever made it, allow it with allowUnsafeOps()"
          + " of the builder, or --allow-unsafe-ops on the command line";

  @TempDir Path folder;

  private static NodeDef node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs)).build();
  }

  private static NodeDef call(String name, String function, String... inputs) {
    AttrValue.Builder f = AttrValue.newBuilder();
    f.getFuncBuilder().setName(function);
    return node(name, "PartitionedCall", inputs).toBuilder().putAttr("f", f.build()).build();
  }

  private static FunctionDef function(String name, NodeDef... body) {
    FunctionDef.Builder function = FunctionDef.newBuilder().addAllNodeDef(List.of(body));
    function.getSignatureBuilder().setName(name).addInputArgBuilder().setName("a");
    return function.build();
  }

  private static GraphDef graph(NodeDef... nodes) {
    return GraphDef.newBuilder().addAllNode(List.of(nodes)).build();
  }

  private static Startup startup(String restore, String init) {
    return new Startup(
        Optional.of(restore).filter(each -> !each.isEmpty()),
        Optional.of(new Port("prefix", 0)).filter(each -> !restore.isEmpty()),
        Optional.of(init).filter(each -> !init.isEmpty()),
        Map.of(new Port("asset", 0), Path.of("words.txt")));
  }

  private static String refusal(GraphDef graph, Startup startup, String... passes) {
    return assertThrows(
            ModelLoadException.class, () -> OpPolicy.LISTED.check(graph, List.of(passes), startup))
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "ReadFile, reads or writes files",
    "WriteFile, reads or writes files",
    "SaveV2, reads or writes files",
    "RestoreV2, reads or writes files",
    "TFRecordDataset, reads or writes files",
    "IteratorGetNext, reads or writes files",
    "ImmutableConst, reads or writes files",
    "InitializeTableFromTextFileV2, reads or writes files",
    "PyFunc, runs code that is not in the graph",
    "EagerPyFunc, runs code that is not in the graph",
    "XlaCallModule, runs code that is not in the graph",
    "RemoteCall, talks to other processes or devices",
    "CollectiveReduceV2, talks to other processes or devices",
    "PrintV2, prints or debugs",
    "QueueDequeueV2, can wait for ever",
    "AssignVariableOp, 'changes the model''s variables or tables, which a pass must not'",
    "ResourceApplyAdam, 'changes the model''s variables or tables, which a pass must not'",
    "ScatterAdd, 'changes the model''s variables or tables, which a pass must not'",
    "LookupTableInsertV2, 'changes the model''s variables or tables, which a pass must not'",
    "Fact, is not among those known only to compute"
  })
  void check_opThatDoesMoreThanCompute_isNamedWithTheReason(String op, String reason) {
    assertEquals(
        "op " + op + " of node \"n\" " + reason + NEXT,
        refusal(graph(node("x", "Placeholder"), node("n", op, "x")), Startup.NONE, "n"));
  }

  @Test
  void check_opTensorFlowLacks_saysSo() {
    assertEquals(
        "op MyTokenizer of node \"n\" is unknown to TensorFlow "
            + TensorFlow.version()
            + ": it comes from a library of custom ops, which must be loaded first"
            + NEXT,
        refusal(graph(node("n", "MyTokenizer")), Startup.NONE, "n"));
  }

  @Test
  void check_opInAFunctionOfAFunction_namesTheFunction() {
    GraphDef.Builder graph = graph(node("x", "Placeholder"), call("n", "f", "x")).toBuilder();
    graph
        .getLibraryBuilder()
        .addFunction(function("f", call("inner", "g", "a")))
        .addFunction(function("g", node("read", "ReadFile", "a")));
    assertEquals(
        "op ReadFile of node \"read\" in function \"g\" reads or writes files" + NEXT,
        refusal(graph.build(), Startup.NONE, "n"));
  }

  @Test
  void check_opThatNothingRuns_isLeftAlone() {
    GraphDef.Builder graph = graph(node("x", "Placeholder"), node("w", "WriteFile")).toBuilder();
    graph.getLibraryBuilder().addFunction(function("f", node("p", "PyFunc")));
    assertDoesNotThrow(() -> OpPolicy.LISTED.check(graph.build(), List.of("x"), Startup.NONE));
  }

  @Test
  void check_loadingOps_mayRunOnlyWhileLoading() {
    GraphDef graph =
        graph(
            node("prefix", "Placeholder"),
            node("v", "VariableV2"),
            node("read", "RestoreV2", "prefix"),
            node("assign", "Assign", "v", "read"),
            node("asset", "Const"),
            node("table", "HashTableV2"),
            node("fill", "InitializeTableFromTextFileV2", "table", "asset"));
    assertDoesNotThrow(() -> OpPolicy.LISTED.check(graph, List.of("v"), startup("assign", "fill")));
    assertTrue(refusal(graph, startup("assign", "read"), "v").startsWith("op RestoreV2"));
    assertTrue(refusal(graph, startup("fill", ""), "v").startsWith("op InitializeTableFromText"));
    assertTrue(refusal(graph, startup("assign", "fill"), "assign").startsWith("op RestoreV2"));
  }

  @Test
  void check_restoreFromElsewhere_isRefused() {
    GraphDef graph =
        graph(
            node("prefix", "Placeholder"),
            node("other", "Const"),
            node("read", "RestoreV2", "other", "^prefix"));
    assertEquals(
        "op RestoreV2 of node \"read\" reads weights from elsewhere than the model's variables/"
            + NEXT,
        refusal(graph, startup("read", ""), "prefix"));
  }

  /** TensorFlow 2: a function takes the prefix as an argument, or a constant of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "pass:output:0", "own:output:0"})
  void check_restoreInAFunction_followsTheArgument(String prefix) {
    GraphDef.Builder graph =
        graph(node("prefix", "Placeholder"), call("restore", "f", "prefix")).toBuilder();
    graph
        .getLibraryBuilder()
        .addFunction(
            function(
                "f",
                node("pass", "Identity", "a"),
                node("own", "Const"),
                node("read", "RestoreV2", prefix)));
    Startup startup = startup("restore", "");
    if (prefix.startsWith("own")) {
      assertTrue(refusal(graph.build(), startup, "prefix").contains("from elsewhere"));
    } else {
      assertDoesNotThrow(() -> OpPolicy.LISTED.check(graph.build(), List.of("prefix"), startup));
    }
  }

  @Test
  void check_variableThatIsAssignedTwice_namesNoAsset() {
    NodeDef[] once = {
      node("asset", "Const"),
      node("other", "Const"),
      node("handle", "VarHandleOp"),
      node("first", "AssignVariableOp", "handle", "asset"),
      node("value", "ReadVariableOp", "handle", "^first"),
      node("table", "HashTableV2"),
      node("fill", "InitializeTableFromTextFileV2", "table", "value"),
      node("second", "AssignVariableOp", "handle", "other"),
      node("init", "NoOp", "^fill"),
      node("init2", "NoOp", "^fill", "^second")
    };
    assertDoesNotThrow(
        () -> OpPolicy.LISTED.check(graph(once), List.of("table"), startup("", "init")));
    assertTrue(
        refusal(graph(once), startup("", "init2"), "table").contains("no asset of the model"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"computing-ops.txt", "loading-ops.txt"})
  void list_isSortedAndKnown(String list) throws IOException {
    List<String> ops;
    try (InputStream in = OpPolicy.class.getResourceAsStream(list)) {
      ops =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .toList();
    }
    assertEquals(ops.stream().sorted().distinct().toList(), ops);
    ops.forEach(op -> assertTrue(OpOutputs.knows(op), op));
  }

  private Path readingModel() throws IOException {
    Path file = folder.resolve("numbers.bin");
    Files.write(file, new byte[16]);
    return TestModels.write(
        folder.resolve("model"),
        (tf, x) -> {
          Operand<TFloat32> read = decoded(tf, file);
          return tf.nn.softmax(tf.math.add(TestModels.dropout(tf, x, .5f), read));
        });
  }

  private static Operand<TFloat32> decoded(Ops tf, Path file) {
    return tf.io.decodeRaw(tf.io.readFile(tf.constant(file.toString())), TFloat32.class);
  }

  @Test
  void load_modelThatReadsAFile_isRefusedUnlessAllowed() throws IOException {
    Path model = readingModel();
    String message =
        assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(model).close())
            .getMessage();
    assertEquals(
        model + ": op ReadFile of node \"ReadFile\" reads or writes files" + NEXT, message);
    try (SavedModelEngine engine = SavedModelEngine.builder(model).allowUnsafeOps().load()) {
      assertFalse(engine.describe().sites().isEmpty());
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
        "tf1-template-no-dropout",
        "vespa-tf1-dropout"
      })
  void open_modelOfOthers_runsListedOpsOnly(String name) {
    SavedModelFiles files = SavedModelFiles.read(SharedFolder.savedModel(name));
    List<String> outputs =
        files.signature("serving_default").getOutputsMap().values().stream()
            .map(info -> Port.parse(info.getName()).node())
            .toList();
    GraphDef graph = files.metaGraph().getGraphDef();
    assertDoesNotThrow(() -> RestoredGraph.open(files, graph, outputs, OpPolicy.LISTED).close());
  }
}
