package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

class TrunkCutTest {

  private final GraphDef.Builder graph = GraphDef.newBuilder();

  private void node(String name, String op, String... inputs) {
    graph.addNode(NodeDef.newBuilder().setName(name).setOp(op).addAllInput(List.of(inputs)));
  }

  private List<Port> crossing() {
    GraphIndex index = GraphIndex.of(graph.build());
    return TrunkCut.crossing(index, "y", List.of("random"), Set.of("x"));
  }

  @Test
  void crossing_isWhatTheTailReadsOfTheTrunk_once() {
    node("x", "Placeholder");
    node("w", "VariableV2");
    node("conv", "Conv2D", "x", "w");
    node("split", "Split", "conv");
    node("shape", "Shape", "conv");
    node("random", "StatelessRandomUniform", "shape");
    node("mul", "Mul", "split:1", "random");
    node("add", "Add", "mul", "split:1");
    node("y", "MatMul", "add", "w");
    assertEquals(List.of(new Port("shape", 0), new Port("split", 1)), sorted(crossing()));
  }

  @Test
  void crossing_leavesOutWeightsInputsAndControl() {
    node("x", "Placeholder");
    node("w", "VariableV2");
    node("norm", "Square", "w");
    node("check", "NoOp", "^x");
    node("random", "StatelessRandomUniform", "norm");
    node("mul", "Mul", "x", "random", "^check");
    node("y", "MatMul", "mul", "norm");
    assertEquals(List.of(), crossing());
  }

  @Test
  void crossing_leavesOutBranchesThatMayNotBeTaken() {
    node("x", "Placeholder");
    node("gate", "Placeholder");
    node("conv", "Conv2D", "x");
    node("switch", "Switch", "conv", "gate");
    node("shape", "Shape", "switch:1");
    node("random", "StatelessRandomUniform", "shape");
    node("mul", "Mul", "switch:1", "random");
    node("plain", "Identity", "switch");
    node("y", "Merge", "plain", "mul");
    assertEquals(List.of(new Port("conv", 0)), crossing());
  }

  @Test
  void crossing_leavesOutWhatTheOutputDoesNotNeed() {
    node("x", "Placeholder");
    node("conv", "Conv2D", "x");
    node("random", "StatelessRandomUniform");
    node("y", "Mul", "conv", "random");
    node("other", "Add", "random", "x");
    node("summary", "Add", "other", "conv");
    assertEquals(List.of(new Port("conv", 0)), crossing());
  }

  private static List<Port> sorted(List<Port> ports) {
    return ports.stream().sorted(java.util.Comparator.comparing(Port::node)).toList();
  }
}
