package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.tensorflow.GraphIndex.Port;
import io.credence.tensorflow.Layout.Rows;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TString;

/** The serving graphs of other people's models: every tensor is held against a run. */
class RowFlowSharedTest {

  @EachSharedModel
  void of_modelOfOthers_treatsRowsOneByOne(String name) {
    SavedModelFiles files = SavedModelFiles.read(SharedFolder.savedModel(name));
    SignatureDef signature = files.signature("serving_default");
    Flattener.Flat flat = flatten(files, signature);
    RowFlow flow = flow(signature, flat);
    assertEquals(Rows.of(0), flow.of(flat.output()));
    try (RestoredGraph restored =
            RestoredGraph.open(
                files,
                flat.graph(),
                flow.layouts().keySet().stream().map(GraphIndex.Port::node).toList(),
                OpPolicy.LISTED);
        RowCheck.Batch upper = batch(signature, 2, 1);
        RowCheck.Batch lower = batch(signature, 3, 2)) {
      assertTrue(RowCheck.verify(restored.session(), flow, upper, lower) > 10);
    }
  }

  @Test
  void of_condOfTensorFlow1_treatsRowsOneByOne() {
    SavedModelFiles files = SavedModelFiles.read(SharedFolder.savedModel("vespa-tf1-dropout"));
    SignatureDef signature = files.signature("serving_default");
    Flattener.Flat flat = flatten(files, signature);
    assertEquals(Rows.of(0), flow(signature, flat).of(flat.output()));
  }

  @Test
  void inFunction_cellInALoop_holdsRows() {
    SavedModelFiles files = SavedModelFiles.read(SharedFolder.savedModel("optba-lstm-recdrop"));
    SignatureDef signature = files.signature("serving_default");
    Flattener.Flat flat = flatten(files, signature);
    String loop =
        flat.graph().getNodeList().stream()
            .filter(node -> node.getOp().equals("While"))
            .findFirst()
            .orElseThrow()
            .getName();
    String body = GraphIndex.of(flat.graph()).node(loop).getAttrOrThrow("body").getFunc().getName();
    RowFlow flow = flow(signature, flat);
    String cell = "sequential_9/lstm_9/while/lstm_cell_9/";
    assertEquals(Rows.of(0), flow.inFunction(loop, body, cell + "ones_like:output:0"));
    assertEquals(Rows.of(0), flow.inFunction(loop, body, cell + "mul_4:z:0"));
    assertTrue(flow.inFunction(loop, body, cell + "split:output:2").isSame());
  }

  private static Flattener.Flat flatten(SavedModelFiles files, SignatureDef signature) {
    TensorInfo output = signature.getOutputsMap().values().iterator().next();
    return Flattener.flatten(files.metaGraph().getGraphDef(), Port.parse(output.getName()));
  }

  private static RowFlow flow(SignatureDef signature, Flattener.Flat flat) {
    Set<String> inputs =
        signature.getInputsMap().values().stream()
            .map(info -> Port.parse(info.getName()).node())
            .collect(Collectors.toSet());
    return RowFlow.of(flat.graph(), inputs, List.of(flat.output().node()));
  }

  /** Seeded rows of whatever the signature reads; unknown inner dimensions are 6 long. */
  private static RowCheck.Batch batch(SignatureDef signature, int rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RowCheck.Batch batch = new RowCheck.Batch(rows);
    for (TensorInfo info : signature.getInputsMap().values()) {
      long[] dims =
          info.getTensorShape().getDimList().stream()
              .mapToLong(dim -> dim.getSize() < 0 ? 6 : dim.getSize())
              .toArray();
      dims[0] = rows;
      batch.put(Port.parse(info.getName()).node(), tensor(info, Shape.of(dims), random));
    }
    return batch;
  }

  private static Tensor tensor(TensorInfo info, Shape shape, SplittableRandom random) {
    return switch (info.getDtype()) {
      case DT_FLOAT ->
          TFloat32.tensorOf(
              shape, t -> t.scalars().forEach(s -> s.setFloat((float) random.nextDouble(9))));
      case DT_DOUBLE ->
          TFloat64.tensorOf(
              shape, t -> t.scalars().forEach(s -> s.setDouble(random.nextDouble(2))));
      case DT_INT64 ->
          TInt64.tensorOf(shape, t -> t.scalars().forEach(s -> s.setLong(random.nextInt(1, 90))));
      default -> {
        String[] known = {"M", "F", "?", "ASY", ""};
        var words = NdArrays.ofObjects(String.class, shape);
        words.scalars().forEach(s -> s.setObject(known[random.nextInt(known.length)]));
        yield TString.tensorOf(words);
      }
    };
  }
}
