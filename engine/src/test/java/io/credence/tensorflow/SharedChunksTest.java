package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Masks;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;

/** How passes are packed into calls, on SavedModels of other people. */
class SharedChunksTest {

  private static SavedModelEngine.Builder builder(String name) {
    SavedModelEngine.Builder builder = SavedModelEngine.builder(SharedFolder.savedModel(name));
    if (name.equals("vespa-tf1-dropout")) {
      return builder.outputKind(OutputKind.LOGITS);
    }
    return name.startsWith("stock-") ? builder.outputKind(OutputKind.MEAN) : builder;
  }

  @EachSharedModel
  @ValueSource(strings = "vespa-tf1-dropout")
  void chunk_ofAnySize_givesTheSamePasses(String name) {
    List<float[]> samples = new ArrayList<>();
    for (int chunk : new int[] {1, 7, 50}) {
      try (SavedModelEngine engine = builder(name).maxChunk(chunk).load()) {
        samples.add(Rows.floats(engine.sample(SharedRows.of(engine, 3), new SamplingPlan(60, 9))));
      }
    }
    for (float[] other : samples.subList(1, 3)) {
      assertEquals(samples.get(0).length, other.length);
      for (int i = 0; i < other.length; i++) {
        float expected = samples.get(0)[i];
        assertEquals(expected, other[i], 1e-5 * Math.max(1, Math.abs(expected)));
      }
    }
  }

  @EachSharedModel
  @ValueSource(strings = "vespa-tf1-dropout")
  void masksPerRow_areDrawn_andRepeat(String name) {
    SamplingPlan plan = new SamplingPlan(20, 6, Masks.PER_ROW);
    try (SavedModelEngine engine = builder(name).load()) {
      Map<String, NdArray<?>> twice = new LinkedHashMap<>();
      SharedRows.of(engine, 1).forEach((k, array) -> twice.put(k, ElementTypes.rows(array, 0, 0)));
      FloatNdArray perRow = engine.sample(twice, plan);
      FloatNdArray shared = engine.sample(twice, plan.withMasks(Masks.SHARED));
      assertArrayEquals(Rows.floats(perRow), Rows.floats(engine.sample(twice, plan)));
      boolean apart = false;
      for (int pass = 0; pass < 20; pass++) {
        float expected = shared.getFloat(pass, 0, 0);
        assertEquals(expected, shared.getFloat(pass, 1, 0), 1e-5 * Math.max(1, Math.abs(expected)));
        assertTrue(Float.isFinite(perRow.getFloat(pass, 1, 0)));
        apart |= !perRow.get(pass).get(0).equals(perRow.get(pass).get(1));
      }
      assertTrue(apart, "equal rows got equal answers in every pass");
    }
  }

  @EachSharedModel
  @ValueSource(strings = "vespa-tf1-dropout")
  void variables_afterAHundredPasses_areUnchanged(String name) {
    try (SavedModelEngine engine = builder(name).load()) {
      Map<String, String> before = variables(engine.restored());
      assertFalse(before.isEmpty());
      engine.predict(SharedRows.of(engine, 4), SamplingPlan.of(100));
      assertEquals(before, variables(engine.restored()));
    }
  }

  /** The values of all variables that the graph reads, moving statistics among them. */
  private static Map<String, String> variables(RestoredGraph model) {
    Map<String, String> values = new TreeMap<>();
    model
        .graph()
        .operations()
        .forEachRemaining(
            op -> {
              boolean reads =
                  List.of("ReadVariableOp", "Variable", "VariableV2").contains(op.type());
              if (reads) {
                try (Result result = model.session().runner().fetch(op.name()).run()) {
                  values.put(op.name(), Arrays.toString(ElementTypes.toFloats(result.get(0))));
                }
              }
            });
    return values;
  }
}
