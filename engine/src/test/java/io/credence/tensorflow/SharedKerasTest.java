package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.TensorInfo;

/** Keras models that other people saved for serving, against the sites read off them by hand. */
class SharedKerasTest {

  static Path shared(String name) {
    String variable = System.getenv("CREDENCE_SHARED");
    Path root = variable == null ? Path.of("../../shared") : Path.of(variable);
    Path path = root.resolve("savedmodels").resolve(name);
    assumeTrue(Files.exists(path), "nothing at " + path + ": set CREDENCE_SHARED");
    return path;
  }

  /** What regression outputs mean is not asked here: logits are read as they are. */
  private static SavedModelEngine load(String name) {
    SavedModelEngine.Builder builder = SavedModelEngine.builder(shared(name));
    if (name.equals("stock-transformer")) {
      builder.outputKind(OutputKind.BINARY_LOGIT);
    }
    return builder.load();
  }

  /** Seeded rows of whatever the model reads. */
  private static Map<String, NdArray<?>> rows(SavedModelEngine engine, int rows) {
    Map<String, NdArray<?>> inputs = new LinkedHashMap<>();
    engine
        .describe()
        .inputs()
        .forEach(
            spec -> {
              long[] dims = spec.shape().asArray();
              dims[0] = rows;
              for (int i = 1; i < dims.length; i++) {
                dims[i] = dims[i] < 0 ? 6 : dims[i];
              }
              inputs.put(spec.name(), array(spec.type(), Shape.of(dims)));
            });
    return inputs;
  }

  private static NdArray<?> array(io.credence.ElementType type, Shape shape) {
    SplittableRandom random = new SplittableRandom(5);
    switch (type) {
      case FLOAT32 -> {
        FloatNdArray floats = NdArrays.ofFloats(shape);
        floats.scalars().forEach(s -> s.setFloat(random.nextInt(1, 9)));
        return floats;
      }
      case FLOAT64 -> {
        var doubles = NdArrays.ofDoubles(shape);
        doubles.scalars().forEach(s -> s.setDouble(random.nextDouble(0, 4)));
        return doubles;
      }
      case INT64 -> {
        var longs = NdArrays.ofLongs(shape);
        longs.scalars().forEach(s -> s.setLong(random.nextInt(20, 90)));
        return longs;
      }
      default -> {
        NdArray<String> texts = NdArrays.ofObjects(String.class, shape);
        texts.scalars().forEach(s -> s.setObject(random.nextBoolean() ? "M" : "F"));
        return texts;
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlperf-kws", "heart-tabular", "rongo-lstm", "stock-transformer"})
  void sites_areThoseReadOffByHand(String name) throws IOException {
    JsonNode expected =
        new ObjectMapper().readTree(shared("sites.json").toFile()).get(name).get("layer_sites");
    List<String> sites = new ArrayList<>();
    expected.forEach(s -> sites.add(s.get("node").asText() + " " + s.get("rate").asDouble()));
    try (SavedModelEngine engine = load(name)) {
      List<String> found =
          engine.describe().sites().stream()
              .map(s -> s.name() + " " + s.rate().orElseThrow())
              .sorted()
              .toList();
      assertEquals(sites.stream().sorted().toList(), found);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlperf-kws", "heart-tabular", "rongo-lstm", "stock-transformer"})
  void singlePass_allMasksOne_isWhatTheSignatureServes(String name) {
    try (SavedModelEngine engine = load(name);
        SavedModelBundle bundle = SavedModelBundle.load(shared(name).toString(), "serve")) {
      Map<String, NdArray<?>> rows = rows(engine, 5);
      float[] before = serve(bundle, rows);
      engine.predict(rows, SamplingPlan.of(20)); // leaves no trace in any variable
      float[] after = Rows.floats(engine.singlePass(rows));
      for (int i = 0; i < before.length; i++) {
        assertEquals(before[i], after[i], 1e-5 * Math.max(1, Math.abs(before[i])));
      }
    }
  }

  private static float[] serve(SavedModelBundle bundle, Map<String, NdArray<?>> rows) {
    var signature = bundle.metaGraphDef().getSignatureDefOrThrow("serving_default");
    List<Tensor> tensors = new ArrayList<>();
    try {
      Session.Runner runner = bundle.session().runner();
      rows.forEach(
          (name, array) -> {
            Tensor tensor = ElementTypes.toTensor(array);
            tensors.add(tensor);
            runner.feed(signature.getInputsOrThrow(name).getName(), tensor);
          });
      TensorInfo output = signature.getOutputsMap().values().iterator().next();
      try (Result result = runner.fetch(output.getName()).run()) {
        return ElementTypes.toFloats(result.get(0));
      }
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlperf-kws", "heart-tabular", "rongo-lstm", "stock-transformer"})
  void passes_differ_repeat_andDoNotMixRows(String name) {
    try (SavedModelEngine engine = load(name)) {
      Map<String, NdArray<?>> company = rows(engine, 64);
      Map<String, NdArray<?>> alone = new LinkedHashMap<>();
      company.forEach((k, array) -> alone.put(k, firstRow(array)));
      SamplingPlan plan = new SamplingPlan(20, 3);
      FloatNdArray many = engine.sample(company, plan);
      FloatNdArray one = engine.sample(alone, plan);
      boolean differ = false;
      for (int t = 0; t < 20; t++) {
        float expected = many.getFloat(t, 0, 0);
        assertEquals(expected, one.getFloat(t, 0, 0), 1e-5 * Math.max(1, Math.abs(expected)));
        differ |= !many.get(t).equals(many.get(0));
      }
      assertTrue(differ);
      assertEquals(engine.predict(alone, plan), engine.predict(alone, plan));
    }
  }

  /** One row, as an array of its own. */
  private static NdArray<?> firstRow(NdArray<?> array) {
    return array.slice(org.tensorflow.ndarray.index.Indices.range(0, 1));
  }

  @ParameterizedTest
  @CsvSource({"stock-nlx, lstm, 0.1", "optba-lstm-recdrop, lstm_9/lstm_cell_9, 0.2"})
  void rnnDropout_isRefusedByNameNotLeftOff(String name, String layer, double rate) {
    SavedModelEngine.Builder builder =
        SavedModelEngine.builder(shared(name)).outputKind(OutputKind.LOGITS);
    String message =
        assertThrows(ModelLoadException.class, () -> builder.load().close()).getMessage();
    assertTrue(
        message.contains("layer \"" + layer + "\" drops " + rate + " of its units"), message);
  }
}
