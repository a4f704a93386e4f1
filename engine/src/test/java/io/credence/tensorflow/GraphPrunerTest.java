package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/** What is left of a graph. */
class GraphPrunerTest {

  @TempDir Path folder;

  private static NodeDef node(String name, String op, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs)).build();
  }

  private static AttrValue function(String name) {
    AttrValue.Builder f = AttrValue.newBuilder();
    f.getFuncBuilder().setName(name);
    return f.build();
  }

  private static FunctionDef.Builder define(String name, NodeDef... body) {
    FunctionDef.Builder function = FunctionDef.newBuilder().addAllNodeDef(List.of(body));
    function.getSignatureBuilder().setName(name);
    return function;
  }

  private static List<String> names(GraphDef graph) {
    return graph.getNodeList().stream().map(NodeDef::getName).toList();
  }

  private static List<String> functions(GraphDef graph) {
    return graph.getLibrary().getFunctionList().stream()
        .map(each -> each.getSignature().getName())
        .toList();
  }

  @Test
  void prune_dataAndControl_areKeptInOrder() {
    GraphDef graph =
        GraphDef.newBuilder()
            .addNode(node("y", "AddN", "x:0", "^c"))
            .addNode(node("x", "Placeholder"))
            .addNode(node("unused", "Custom", "x"))
            .addNode(node("c", "NoOp"))
            .build();
    assertEquals(List.of("y", "x", "c"), names(GraphPruner.prune(graph, List.of("y"))));
  }

  @Test
  void prune_functionsOfWhatIsKept_areKept() {
    AttrValue twin =
        AttrValue.newBuilder().setS(com.google.protobuf.ByteString.copyFromUtf8("lstm")).build();
    GraphDef.Builder graph =
        GraphDef.newBuilder()
            .addNode(
                node("y", "While").toBuilder()
                    .putAttr("cond", function("cond"))
                    .putAttr("body", function("body")));
    graph
        .getLibraryBuilder()
        .addFunction(define("cond"))
        .addFunction(define("body", node("n", "inner")))
        .addFunction(define("inner").putAttr("api_implements", twin))
        .addFunction(define("inner_gpu").putAttr("api_implements", twin))
        .addFunction(define("train", node("n", "Custom")));
    assertEquals(
        List.of("cond", "body", "inner", "inner_gpu"),
        functions(GraphPruner.prune(graph.build(), List.of("y"))));
  }

  @Test
  void prune_functionThatCallsItself_ends() {
    GraphDef.Builder graph = GraphDef.newBuilder().addNode(node("y", "f"));
    graph.getLibraryBuilder().addFunction(define("f", node("n", "f")));
    assertEquals(List.of("f"), functions(GraphPruner.prune(graph.build(), List.of("y"))));
  }

  @Test
  void prune_rootThatIsNotThere_isNamed() {
    ModelLoadException e =
        assertThrows(
            ModelLoadException.class,
            () -> GraphPruner.prune(GraphDef.getDefaultInstance(), List.of("y")));
    assertEquals("the graph is damaged: it has no node \"y\"", e.getMessage());
  }

  @Test
  void load_customOpInWhatIsNotServed_doesNotMatter() {
    Path model =
        ModelEdits.editGraph(
            TestModels.gated(folder),
            meta -> {
              GraphDef.Builder graph = meta.getGraphDefBuilder();
              graph.addNode(node("metric", "MyMetric", "x"));
              graph.getLibraryBuilder().addFunction(define("train", node("n", "MyTrainOp")));
            });
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      assertEquals(1, engine.describe().sites().size());
    }
  }
}
