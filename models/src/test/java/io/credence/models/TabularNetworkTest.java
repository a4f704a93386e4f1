package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.RegressionHead;
import io.credence.Sidecar;
import io.credence.models.data.MadeTable;
import io.credence.models.data.Standardization;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/** Networks of given weights, exported, and run by TensorFlow alone. */
class TabularNetworkTest {

  private static final RegressionHead MEAN = RegressionHead.Mean.withObservationVariance(.25);

  @TempDir Path folder;
  private TabularSet set;
  private TabularSplit split;
  private Standardization own;
  private final DenseWeights hidden =
      new DenseWeights(new float[] {1, -.5f, .3f, .2f, 2, -1}, new float[] {.1f, -.2f});

  @BeforeEach
  void read() throws IOException {
    set = MadeTable.of(folder.resolve("made"), 60, 1);
    split = set.splits().get(0);
    own = Standardization.of(set, split);
  }

  /** The answer to a row, by the definition, in standardised units. */
  private double answer(int row, float... last) {
    float[] x = own.inputs(set, row);
    double[] units = new double[2];
    for (int u = 0; u < 2; u++) {
      double at = hidden.biases()[u];
      for (int i = 0; i < 3; i++) {
        at += x[i] * hidden.kernel()[2 * i + u];
      }
      units[u] = Math.max(0, at);
    }
    return units[0] * last[0] + units[1] * last[1] + last[2];
  }

  private float[] run(Path model, int row, boolean gate) {
    float[] x = new float[3];
    for (int i = 0; i < 3; i++) {
      x[i] = (float) set.feature(row, i);
    }
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString());
        TFloat32 in = TFloat32.tensorOf(Shape.of(1, 3), DataBuffers.of(x));
        TBool on = TBool.scalarOf(gate)) {
      var signature = bundle.metaGraphDef().getSignatureDefOrThrow("serving_default");
      var runner =
          bundle
              .session()
              .runner()
              .feed(signature.getInputsOrThrow("x").getName(), in)
              .fetch(signature.getOutputsOrThrow("prediction").getName());
      if (gate) {
        runner.feed(Layers.GATE, on);
      }
      try (Result result = runner.run()) {
        TFloat32 out = (TFloat32) result.get(0);
        float[] values = new float[(int) out.size()];
        out.copyTo(DataBuffers.of(values));
        return values;
      }
    }
  }

  @Test
  void export_ofMeans_answersInTheUnitOfTheTarget() throws IOException {
    DenseWeights last = new DenseWeights(new float[] {.7f, -1.1f}, new float[] {.4f});
    Path model = folder.resolve("mean");
    new TabularNetwork(own, .3, hidden, last).export(model, false, MEAN, Map.of("split", "0"));
    for (int row : new int[] {0, 7, 59}) {
      double expected = own.targetMean() + own.targetDeviation() * answer(row, .7f, -1.1f, .4f);
      float[] told = run(model, row, false);
      assertEquals(1, told.length);
      assertEquals(expected, told[0], 1e-3 * Math.abs(expected) / 10);
    }
    assertTrue(differs(model), "no pass of ten differs from the network as served");
    assertEquals(2, draws(model), "of inputs, and of hidden units");
    Sidecar sidecar = Sidecar.ofModel(model);
    assertEquals(Optional.of(OutputKind.MEAN), sidecar.outputKind());
    assertEquals(Optional.of(MEAN), sidecar.regressionHead());
    assertEquals("0", sidecar.training().get("split"));
  }

  private static long draws(Path model) {
    try (SavedModelBundle bundle = SavedModelBundle.load(model.toString())) {
      return bundle.metaGraphDef().getGraphDef().getNodeList().stream()
          .filter(node -> node.getOp().equals("RandomUniform"))
          .count();
    }
  }

  private boolean differs(Path model) {
    float served = run(model, 3, false)[0];
    for (int pass = 0; pass < 10; pass++) {
      if (run(model, 3, true)[0] != served) {
        return true;
      }
    }
    return false;
  }

  @Test
  void export_ofVariances_answersInSquaredUnits_andHasNoGate() throws IOException {
    DenseWeights last = new DenseWeights(new float[] {.7f, .2f, -1.1f, .5f}, new float[] {.4f, -1});
    Path model = folder.resolve("variance");
    new TabularNetwork(own, 0, hidden, last)
        .export(model, false, new RegressionHead.MeanAndVariance(), Map.of());
    for (int row : new int[] {0, 7, 59}) {
      double mean = own.targetMean() + own.targetDeviation() * answer(row, .7f, -1.1f, .4f);
      double raw = answer(row, .2f, .5f, -1);
      double variance =
          (Math.log1p(Math.exp(raw)) + 1e-6) * own.targetDeviation() * own.targetDeviation();
      float[] told = run(model, row, false);
      assertEquals(2, told.length);
      assertEquals(mean, told[0], 1e-4 * Math.abs(mean));
      assertEquals(variance, told[1], 1e-4 * variance);
    }
    assertThrows(RuntimeException.class, () -> run(model, 0, true)); // nothing to turn on
    assertEquals(0, draws(model));
  }

  @Test
  void export_ofAHeadThatDoesNotSuit_orOverAModel_isRefused() throws IOException {
    DenseWeights last = new DenseWeights(new float[] {.7f, -1.1f}, new float[] {.4f});
    TabularNetwork network = new TabularNetwork(own, 0, hidden, last);
    Path model = folder.resolve("refused");
    RegressionHead two = new RegressionHead.MeanAndVariance();
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> network.export(model, false, two, Map.of()))
            .getMessage();
    assertNotEquals("", message);
    network.export(model, false, MEAN, Map.of());
    assertThrows(
        FileAlreadyExistsException.class, () -> network.export(model, false, MEAN, Map.of()));
    network.export(model, true, MEAN, Map.of());
  }
}
