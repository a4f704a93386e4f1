package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Sidecar;
import io.credence.models.data.NpyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights of chance, saved as PyTorch lays them out, held against a network that is computed loop
 * by loop in that layout.
 */
class OutlierExposureTest {

  private static final int ROWS = 3;

  @TempDir private Path folder;
  private Path weights;
  private Path out;
  private final Map<String, float[]> values = new HashMap<>();

  @BeforeEach
  void write() throws IOException {
    weights = Files.createDirectory(folder.resolve("weights"));
    out = folder.resolve("models").resolve("oe");
    parameter("conv1", 10, 1, 5, 5);
    parameter("conv2", 20, 10, 5, 5);
    parameter("fc1", 50, 320);
    parameter("fc2", 10, 50);
  }

  private void parameter(String layer, int... shape) throws IOException {
    SplittableRandom random = new SplittableRandom(layer.hashCode());
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    double scale = Math.sqrt(3.0 * shape[0] / size);
    float[] kernel = new float[size];
    float[] biases = new float[shape[0]];
    for (int i = 0; i < size; i++) {
      kernel[i] = (float) random.nextDouble(-scale, scale);
    }
    for (int i = 0; i < biases.length; i++) {
      biases[i] = (float) random.nextDouble(-.5, .5);
    }
    save(layer + ".weight", kernel, shape);
    save(layer + ".bias", biases, shape[0]);
  }

  private void save(String name, float[] array, int... shape) throws IOException {
    values.put(name, array);
    NpyWriter.write(weights.resolve(name + ".npy"), array, shape);
  }

  private static float[] pictures() {
    SplittableRandom random = new SplittableRandom(9);
    float[] pixels = new float[ROWS * 28 * 28];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256) / 255f;
    }
    return pixels;
  }

  @Test
  void export_answersAsTheNetworkComputedByHand() throws IOException {
    OutlierExposure.export(weights, out, false);
    float[] expected = new float[ROWS * 10];
    for (int row = 0; row < ROWS; row++) {
      double[] p = byHand(Arrays.copyOfRange(pictures(), row * 784, (row + 1) * 784));
      for (int k = 0; k < 10; k++) {
        expected[row * 10 + k] = (float) p[k];
      }
    }
    try (ServedModel model = ServedModel.load(out)) {
      assertArrayEquals(expected, model.probabilities(pictures()), 2e-6f);
    }
    assertEquals("outlier-exposure", Sidecar.ofModel(out).training().get("recipe"));
    assertEquals(10, Sidecar.ofModel(out).labels().size());
  }

  @Test
  void export_dropout_takesWholeChannelsOrDoublesThem() throws IOException {
    OutlierExposure.export(weights, out, false);
    try (ServedModel model = ServedModel.load(out)) {
      float[] before = model.run(pictures(), Optional.of(false), "dropout/Select").get(0);
      float[] dropped = model.run(pictures(), Optional.of(true), "dropout/Select").get(0);
      int gone = 0;
      for (int row = 0; row < ROWS; row++) {
        for (int channel = 0; channel < 20; channel++) {
          float scale = dropped[(row * 64) * 20 + channel] == 0 ? 0 : 2;
          gone += scale == 0 ? 1 : 0;
          for (int place = 0; place < 64; place++) {
            int i = (row * 64 + place) * 20 + channel;
            assertEquals(scale * before[i], dropped[i], 1e-5, "value " + i);
          }
        }
      }
      assertTrue(gone > 10 && gone < 50, gone + " of 60 channels dropped"); // 1 in 10^7 fails
    }
  }

  @Test
  void weights_noFolder_saysWhatIsNeeded() {
    Path nowhere = folder.resolve("nowhere");
    IOException e =
        assertThrows(IOException.class, () -> OutlierExposure.export(nowhere, out, false));
    assertEquals(
        nowhere
            + " is no folder; name the folder with the eight parameters of one network of"
            + " hendrycks/outlier-exposure: conv1, conv2, fc1 and fc2, each .weight.npy and"
            + " .bias.npy",
        e.getMessage());
    assertTrue(Files.notExists(out));
  }

  @Test
  void weights_filesMissing_areNamed() throws IOException {
    Files.delete(weights.resolve("conv2.bias.npy"));
    Files.delete(weights.resolve("fc1.weight.npy"));
    IOException e =
        assertThrows(IOException.class, () -> OutlierExposure.export(weights, out, false));
    assertTrue(
        e.getMessage().startsWith(weights + " lacks conv2.bias.npy, fc1.weight.npy; name"),
        e.getMessage());
  }

  @Test
  void weights_wrongShape_namesBoth() throws IOException {
    save("fc2.weight", new float[500], 50, 10);
    IOException e =
        assertThrows(IOException.class, () -> OutlierExposure.export(weights, out, false));
    assertEquals(
        weights.resolve("fc2.weight.npy")
            + " has shape [50, 10], but [10, 50] is needed; name the right weights",
        e.getMessage());
    assertTrue(Files.notExists(out));
  }

  private double[] byHand(float[] picture) {
    double[] x = new double[784];
    for (int i = 0; i < 784; i++) {
      x[i] = picture[i];
    }
    x = gelu(pool(convolve(x, 1, 28, "conv1", 10), 10, 24));
    x = gelu(pool(convolve(x, 10, 12, "conv2", 20), 20, 8));
    double[] logits = dense(gelu(dense(x, "fc1", 50)), "fc2", 10);
    double max = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(l -> Math.exp(l - max)).sum();
    return Arrays.stream(logits).map(l -> Math.exp(l - max) / sum).toArray();
  }

  private double[] convolve(double[] x, int in, int size, String layer, int out) {
    float[] kernel = values.get(layer + ".weight");
    int to = size - 4;
    double[] y = new double[out * to * to];
    for (int o = 0; o < out; o++) {
      for (int row = 0; row < to; row++) {
        for (int column = 0; column < to; column++) {
          double sum = values.get(layer + ".bias")[o];
          for (int i = 0; i < in; i++) {
            for (int a = 0; a < 5; a++) {
              for (int b = 0; b < 5; b++) {
                sum +=
                    x[(i * size + row + a) * size + column + b]
                        * kernel[((o * in + i) * 5 + a) * 5 + b];
              }
            }
          }
          y[(o * to + row) * to + column] = sum;
        }
      }
    }
    return y;
  }

  private static double[] pool(double[] x, int channels, int size) {
    int to = size / 2;
    double[] y = new double[channels * to * to];
    for (int c = 0; c < channels; c++) {
      for (int row = 0; row < to; row++) {
        for (int column = 0; column < to; column++) {
          int at = (c * size + 2 * row) * size + 2 * column;
          y[(c * to + row) * to + column] =
              Math.max(Math.max(x[at], x[at + 1]), Math.max(x[at + size], x[at + size + 1]));
        }
      }
    }
    return y;
  }

  private double[] dense(double[] x, String layer, int out) {
    double[] y = new double[out];
    for (int o = 0; o < out; o++) {
      y[o] = values.get(layer + ".bias")[o];
      for (int i = 0; i < x.length; i++) {
        y[o] += x[i] * values.get(layer + ".weight")[o * x.length + i];
      }
    }
    return y;
  }

  private static double[] gelu(double[] x) {
    return Arrays.stream(x).map(v -> v / (1 + Math.exp(-1.702 * v))).toArray();
  }
}
