package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.credence.tensorflow.GraphIndex.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Damage that is refused before anything else looks at a graph. */
class GraphCheckTest {

  @TempDir Path folder;

  private static NodeDef node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs)).build();
  }

  private static GraphDef graph(NodeDef... nodes) {
    return GraphDef.newBuilder().addAllNode(List.of(nodes)).build();
  }

  private static NodeDef constant(DataType type, TensorProto.Builder value, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(dim));
    }
    AttrValue.Builder tensor = AttrValue.newBuilder();
    tensor.setTensor(value.setDtype(type).setTensorShape(shape));
    return node("c", "Const").toBuilder()
        .putAttr("dtype", AttrValue.newBuilder().setType(type).build())
        .putAttr("value", tensor.build())
        .build();
  }

  private static NodeDef splat(long... dims) {
    return constant(DataType.DT_FLOAT, TensorProto.newBuilder().addFloatVal(1), dims);
  }

  private static String refusal(GraphDef graph) {
    return assertThrows(ModelLoadException.class, () -> GraphCheck.check(graph)).getMessage();
  }

  @Test
  void check_twoNodesOfOneName_areRefused() {
    assertEquals(
        "the graph is damaged: in the graph two nodes are named \"x\"",
        refusal(graph(node("x", "NoOp"), node("x", "NoOp"))));
  }

  @Test
  void check_nameOfAbsurdLength_isRefused() {
    assertEquals(
        "the graph is damaged: in the graph a node's name is 2001 letters long; 1 to 2000 are"
            + " allowed",
        refusal(graph(node("x".repeat(2001), "NoOp"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", "^y", "y:1", "y:out:0"})
  void check_cycle_isRefused(String edge) {
    assertEquals(
        "the graph is damaged: in the graph node \"x\" depends on itself",
        refusal(graph(node("x", "Identity", edge), node("y", "Identity", "x"))));
  }

  @Test
  void check_cycleInAFunction_isRefused() {
    GraphDef.Builder graph = GraphDef.newBuilder();
    FunctionDef.Builder f = FunctionDef.newBuilder().addNodeDef(node("x", "Identity", "x:out:0"));
    f.getSignatureBuilder().setName("f");
    graph.getLibraryBuilder().addFunction(f);
    assertEquals(
        "the graph is damaged: in function f node \"x\" depends on itself", refusal(graph.build()));
  }

  @Test
  void check_loopOfTensorFlow1_isFine() {
    assertDoesNotThrow(
        () ->
            GraphCheck.check(
                graph(
                    node("enter", "Enter"),
                    node("merge", "Merge", "enter", "next"),
                    node("next", "NextIteration", "merge"))));
  }

  @Test
  void check_functionNamedLikeAnOp_isRefused() {
    GraphDef.Builder graph = GraphDef.newBuilder();
    FunctionDef.Builder f = FunctionDef.newBuilder();
    f.getSignatureBuilder().setName("Identity");
    graph.getLibraryBuilder().addFunction(f);
    assertEquals(
        "the graph is damaged: there are two functions, or a function and an op, named"
            + " \"Identity\"",
        refusal(graph.build()));
  }

  @ParameterizedTest
  @CsvSource({"67108865, 268435460", "9223372036854775807, 9223372036854775807"})
  void check_constantFarLargerThanTheFile_isRefused(long elements, long bytes) {
    assertEquals(
        "the graph is damaged: node \"c\" in the graph holds a constant of "
            + elements
            + " elements, "
            + bytes
            + " bytes, in 17 bytes of file; one such constant may take 256 MiB, all together 2048"
            + " MiB",
        refusal(graph(splat(elements))).replaceFirst("in \\d+ bytes of", "in 17 bytes of"));
  }

  @Test
  void check_productOfDimensionsOverflows_isRefused() {
    assertTrue(refusal(graph(splat(1L << 40, 1L << 40))).contains("holds a constant of"));
  }

  @Test
  void check_manyLargeConstants_areRefusedTogether() {
    NodeDef[] nodes = new NodeDef[9];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = splat(1 << 26).toBuilder().setName("c" + i).build();
    }
    assertTrue(refusal(graph(nodes)).contains("node \"c8\" in the graph"));
  }

  @Test
  void check_largeConstantThatTheFileHolds_isFine() {
    TensorProto.Builder words = TensorProto.newBuilder();
    for (int i = 0; i < 1000; i++) {
      words.addStringVal(ByteString.EMPTY);
    }
    assertDoesNotThrow(() -> GraphCheck.check(graph(splat(1 << 26))));
    assertDoesNotThrow(() -> GraphCheck.check(graph(constant(DataType.DT_STRING, words, 1000))));
  }

  @Test
  void check_negativeDimension_isRefused() {
    assertEquals(
        "the graph is damaged: node \"c\" in the graph holds a constant of unknown shape",
        refusal(graph(splat(-1))));
    assertEquals(
        "the graph is damaged: node \"c\" in the graph has a shape with a dimension of -2",
        refusal(graph(splat(-2))));
  }

  @Test
  void check_constantOfAnotherType_isRefused() {
    NodeDef node =
        splat(1).toBuilder()
            .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_INT32).build())
            .build();
    assertEquals(
        "the graph is damaged: in the graph node \"c\" is of type DT_INT32, but holds a constant"
            + " of type DT_FLOAT",
        refusal(graph(node)));
  }

  @Test
  void check_constantThatIsCutShort_isRefused() {
    TensorProto.Builder raw =
        TensorProto.newBuilder().setTensorContent(ByteString.copyFrom(new byte[9]));
    assertEquals(
        "the graph is damaged: node \"c\" in the graph holds a constant of 3 elements of type"
            + " DT_FLOAT, but the file has 9 bytes of it",
        refusal(graph(constant(DataType.DT_FLOAT, raw, 3))));
    TensorProto.Builder listed = TensorProto.newBuilder().addFloatVal(1).addFloatVal(2);
    assertTrue(
        refusal(graph(constant(DataType.DT_FLOAT, listed, 1))).contains("has 2 elements of it"));
  }

  @Test
  void check_longerListsThanInputs_areRefused() {
    AttrValue many = AttrValue.newBuilder().setI(Integer.MAX_VALUE).build();
    assertEquals(
        "the graph is damaged: in the graph node \"y\" (Merge) claims 2147483647 inputs, but has 1",
        refusal(
            graph(
                node("x", "NoOp"),
                node("y", "Merge", "x").toBuilder().putAttr("N", many).build())));
    assertEquals(
        "the graph is damaged: in the graph node \"y\" (Split) claims 2147483647 outputs; at most"
            + " 100000",
        refusal(graph(node("y", "Split").toBuilder().putAttr("num_split", many).build())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", ":0", "x:", "x:-1", "x:y", "x:99999999999", "x:١"})
  void parse_noTensorName_isRefused(String name) {
    assertEquals(
        "the graph is damaged: \""
            + name
            + "\" names no tensor; node or node:index is needed, as in \"dense/Softmax:0\"",
        assertThrows(ModelLoadException.class, () -> Port.parse(name)).getMessage());
  }

  @Test
  void load_deeplyNestedText_isRefused() throws IOException {
    TestModels.gated(folder);
    Files.delete(folder.resolve("saved_model.pb"));
    String open = "attr { key: \"a\" value { func { ";
    Files.writeString(
        folder.resolve("saved_model.pbtxt"),
        "meta_graphs { graph_def { node { " + open.repeat(100_000));
    ModelLoadException e =
        assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(folder).close());
    assertTrue(e.getMessage().contains("is damaged or was cut short"), e::getMessage);
  }

  @Test
  void load_textThatIsNoUtf8_isRefused() throws IOException {
    Path proto = TestModels.gated(folder).resolve("saved_model.pb");
    byte[] bytes = Files.readAllBytes(proto);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("serving_default")] = (byte) 0xff;
    Files.write(proto, bytes);
    assertThrows(ModelLoadException.class, () -> SavedModelEngine.load(folder).close());
  }

  /** Nested calls that each wait twice for the next: 2 to the 60th visits, if done naively. */
  @Test
  void flatten_callsThatWaitTwice_end() {
    GraphDef.Builder graph =
        graph(node("x", "Placeholder"), node("call", "f0"), node("y", "Identity", "x", "^call"))
            .toBuilder();
    for (int level = 0; level <= 60; level++) {
      FunctionDef.Builder f = FunctionDef.newBuilder();
      f.getSignatureBuilder().setName("f" + level);
      f.addNodeDef(node("n", level == 60 ? "NoOp" : "f" + (level + 1)));
      graph.getLibraryBuilder().addFunction(f.putControlRet("a", "n").putControlRet("b", "n"));
    }
    Flattener.Flat flat = Flattener.flatten(graph.build(), new Port("y", 0));
    assertEquals(4, flat.graph().getNodeCount());
  }
}
