package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.ModelReport;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.SignatureDef;

/** What inspecting leaves behind, and refuses; what it tells, the command's tests assert. */
class InspectorTest {

  @TempDir Path folder;

  /** Output "y" once more, as "a". */
  private Path twoOutputs() {
    return ModelEdits.editGraph(
        TestModels.alwaysOn(folder),
        graph -> {
          SignatureDef signature = graph.getSignatureDefOrThrow("serving_default");
          var output = signature.getOutputsMap().values().iterator().next();
          graph.putSignatureDef(
              "serving_default", signature.toBuilder().putOutputs("a", output).build());
        });
  }

  @Test
  void inspect_severalOutputs_leavesTheBuilderAsItWas() {
    SavedModelEngine.Builder builder = SavedModelEngine.builder(twoOutputs());

    ModelReport report = builder.inspect();

    assertEquals(Optional.of("a"), report.output());
    ModelLoadException e = assertThrows(ModelLoadException.class, () -> builder.load().close());
    assertTrue(e.getMessage().endsWith("; choose one with output(..)"), e::getMessage);
    assertEquals(Optional.of(e.getMessage()), report.problem());
  }

  @Test
  void inspect_outputAndTensor_isRefused() {
    SavedModelEngine.Builder builder =
        SavedModelEngine.builder(TestModels.alwaysOn(folder)).output("y").outputTensor("x");

    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> builder.inspect());

    assertEquals(
        "both output(\"y\") and outputTensor(\"x\") are set; set the one to sample",
        e.getMessage());
  }
}
