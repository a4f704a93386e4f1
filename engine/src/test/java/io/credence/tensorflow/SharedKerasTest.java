package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.TensorInfo;

/** Keras models that other people saved for serving, against the sites read off them by hand. */
class SharedKerasTest {

  private static SavedModelEngine load(String name) {
    return builder(name).load();
  }

  private static SavedModelEngine.Builder builder(String name) {
    SavedModelEngine.Builder builder = SavedModelEngine.builder(SharedFolder.savedModel(name));
    return name.startsWith("stock-") ? builder.outputKind(OutputKind.MEAN) : builder;
  }

  @EachSharedModel
  void sites_areThoseReadOffByHand(String name) throws IOException {
    JsonNode expected =
        new ObjectMapper().readTree(SharedFolder.savedModel("sites.json").toFile()).get(name);
    List<String> sites = new ArrayList<>();
    expected.get("layer_sites").forEach(s -> sites.add(described(s)));
    List<JsonNode> recurrent = new ArrayList<>();
    expected.get("rnn_sites").forEach(recurrent::add);
    boolean loop = recurrent.stream().anyMatch(s -> s.get("in_loop").asBoolean());
    // A cell in a loop has copies outside of it, which no output depends on.
    recurrent.stream()
        .filter(s -> s.get("in_loop").asBoolean() == loop)
        .forEach(s -> sites.add(described(s)));
    try (SavedModelEngine engine = load(name)) {
      List<String> found =
          engine.describe().sites().stream()
              .map(s -> s.name() + " " + s.rate().orElseThrow())
              .sorted()
              .toList();
      assertEquals(sites.stream().sorted().toList(), found);
    }
  }

  private static String described(JsonNode site) {
    return site.get("node").asText() + " " + site.get("rate").asDouble();
  }

  @EachSharedModel
  void singlePass_allMasksOne_isWhatTheSignatureServes(String name) {
    try (SavedModelEngine engine = load(name);
        SavedModelBundle bundle =
            SavedModelBundle.load(SharedFolder.savedModel(name).toString(), "serve")) {
      Map<String, NdArray<?>> rows = SharedRows.of(engine, 5);
      float[] before = serve(bundle, rows);
      engine.predict(rows, SamplingPlan.of(20)); // leaves no trace in any variable
      float[] after = Rows.floats(engine.singlePass(rows));
      float[] compiled = Rows.floats(engine.masksAtOne(rows));
      for (int i = 0; i < before.length; i++) {
        double slack = 1e-5 * Math.max(1, Math.abs(before[i]));
        assertEquals(before[i], after[i], slack);
        assertEquals(before[i], compiled[i], slack);
      }
    }
  }

  private static float[] serve(SavedModelBundle bundle, Map<String, NdArray<?>> rows) {
    TensorInfo output =
        bundle
            .metaGraphDef()
            .getSignatureDefOrThrow("serving_default")
            .getOutputsMap()
            .values()
            .iterator()
            .next();
    return serve(
        bundle.session(), bundle.metaGraphDef(), rows, GraphIndex.Port.parse(output.getName()));
  }

  private static float[] serve(
      Session session, MetaGraphDef model, Map<String, NdArray<?>> rows, GraphIndex.Port output) {
    var signature = model.getSignatureDefOrThrow("serving_default");
    List<Tensor> tensors = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      rows.forEach(
          (name, array) -> {
            Tensor tensor = ElementTypes.toTensor(array);
            tensors.add(tensor);
            runner.feed(signature.getInputsOrThrow(name).getName(), tensor);
          });
      try (Result result = runner.fetch(output.node(), output.index()).run()) {
        return ElementTypes.toFloats(result.get(0));
      }
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  @EachSharedModel
  void passes_differ_repeat_andDoNotMixRows(String name) {
    try (SavedModelEngine engine = load(name)) {
      Map<String, NdArray<?>> company = SharedRows.of(engine, 64);
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

  /**
   * The naive way: plain stateful dropout ops written where the layers stood, and one session call
   * a pass. Means and variances agree within five standard errors; with free seeds fewer than one
   * run in 10,000 would fail.
   */
  @EachSharedModel
  void passes_agreeWithPlainDropoutOps(String name) {
    int passes = 1500;
    // Probabilities near 0 or 1 have tails too heavy for standard errors. Their log-odds have not,
    // unless they are 0 or 1 in float32: the arcsine of the root is bounded.
    DoubleUnaryOperator scale =
        switch (name) {
          case "mlperf-kws", "optba-lstm-recdrop" -> p -> Math.log(p / (1 - p));
          case "heart-tabular" -> p -> Math.asin(Math.sqrt(p));
          default -> DoubleUnaryOperator.identity();
        };
    try (SavedModelEngine engine = load(name)) {
      Map<String, NdArray<?>> rows = SharedRows.of(engine, 2);
      FloatNdArray samples = engine.sample(rows, new SamplingPlan(passes, 11));
      int width = (int) samples.shape().get(2);
      double[][] ours = new double[2 * width][passes];
      double[][] naive = new double[2 * width][passes];
      SavedModelFiles files = SavedModelFiles.read(SharedFolder.savedModel(name));
      try (RestoredGraph graph =
          RestoredGraph.open(
              files, plain(files, engine), List.of(output(files).node()), OpPolicy.LISTED)) {
        for (int t = 0; t < passes; t++) {
          float[] output = serve(graph.session(), files.metaGraph(), rows, output(files));
          for (int i = 0; i < output.length; i++) {
            naive[i][t] = scale.applyAsDouble(output[i]);
            ours[i][t] = scale.applyAsDouble(samples.getFloat(t, i / width, i % width));
          }
        }
      }
      for (int i = 0; i < ours.length; i++) {
        double error = Math.sqrt((variance(ours[i]) + variance(naive[i])) / passes);
        assertEquals(mean(naive[i]), mean(ours[i]), 5 * error + 1e-6);
        // Tails are heavy: the fourth moments say how far variances vary.
        double fourth = (spread(ours[i]) + spread(naive[i])) / passes;
        assertEquals(variance(naive[i]), variance(ours[i]), 5 * Math.sqrt(fourth) + 1e-6);
      }
    }
  }

  private static GraphIndex.Port output(SavedModelFiles files) {
    TensorInfo info = files.signature("serving_default").getOutputsMap().values().iterator().next();
    return Flattener.flatten(files.metaGraph().getGraphDef(), GraphIndex.Port.parse(info.getName()))
        .output();
  }

  private static GraphDef plain(SavedModelFiles files, SavedModelEngine engine) {
    TensorInfo info = files.signature("serving_default").getOutputsMap().values().iterator().next();
    Flattener.Flat flat =
        Flattener.flatten(files.metaGraph().getGraphDef(), GraphIndex.Port.parse(info.getName()));
    Map<String, Double> rates = new LinkedHashMap<>();
    engine.describe().sites().forEach(s -> rates.put(s.name(), s.rate().orElseThrow()));
    return NaiveDropout.in(flat.graph(), flat.innerNames(), rates);
  }

  private static double mean(double[] x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    return Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  /** The variance of squared deviations. */
  private static double spread(double[] x) {
    double mean = mean(x);
    return variance(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).toArray());
  }

  /** One row, as an array of its own. */
  private static NdArray<?> firstRow(NdArray<?> array) {
    return array.slice(org.tensorflow.ndarray.index.Indices.range(0, 1));
  }
}
