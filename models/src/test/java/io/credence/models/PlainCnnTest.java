package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** LeNet-5 without dropout, held against loops over pixels. */
class PlainCnnTest {

  private static final int HEIGHT = 7;
  private static final int WIDTH = 6;

  @TempDir Path folder;

  /** A picture of doubles, [height][width][channels]. */
  private static double[][][] convolved(double[][][] x, float[] kernel, float[] biases) {
    int depth = x[0][0].length;
    int filters = biases.length;
    double[][][] y = new double[x.length][x[0].length][filters];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[0].length; j++) {
        for (int f = 0; f < filters; f++) {
          double sum = biases[f];
          for (int di = -2; di <= 2; di++) {
            for (int dj = -2; dj <= 2; dj++) {
              boolean inside = i + di >= 0 && i + di < x.length && j + dj >= 0;
              if (inside && j + dj < x[0].length) {
                for (int c = 0; c < depth; c++) {
                  int at = (((di + 2) * 5 + dj + 2) * depth + c) * filters + f;
                  sum += x[i + di][j + dj][c] * kernel[at];
                }
              }
            }
          }
          y[i][j][f] = Math.max(0, sum);
        }
      }
    }
    return y;
  }

  private static double[][][] pooled(double[][][] x) {
    double[][][] y = new double[(x.length + 1) / 2][(x[0].length + 1) / 2][x[0][0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[0].length; j++) {
        for (int c = 0; c < x[0][0].length; c++) {
          // After ReLU nothing is below 0.
          y[i / 2][j / 2][c] = Math.max(y[i / 2][j / 2][c], x[i][j][c]);
        }
      }
    }
    return y;
  }

  private static double[] dense(double[] x, float[] kernel, float[] biases) {
    double[] y = new double[biases.length];
    for (int o = 0; o < y.length; o++) {
      y[o] = biases[o];
      for (int i = 0; i < x.length; i++) {
        y[o] += x[i] * kernel[i * y.length + o];
      }
    }
    return y;
  }

  private static double[] logits(float[] pixels, List<float[]> weights) {
    double[][][] x = new double[HEIGHT][WIDTH][1];
    for (int i = 0; i < pixels.length; i++) {
      x[i / WIDTH][i % WIDTH][0] = pixels[i];
    }
    x = pooled(convolved(x, weights.get(0), weights.get(1)));
    x = convolved(x, weights.get(2), weights.get(3));
    List<Double> flat = new ArrayList<>();
    for (double[][] row : x) {
      for (double[] cell : row) {
        for (double value : cell) {
          flat.add(value);
        }
      }
    }
    double[] hidden =
        dense(flat.stream().mapToDouble(v -> v).toArray(), weights.get(4), weights.get(5));
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.max(0, hidden[i]);
    }
    return dense(hidden, weights.get(6), weights.get(7));
  }

  @Test
  void logits_areThoseOfLoopsOverPixels() {
    SplittableRandom random = new SplittableRandom(8);
    float[] pixels = new float[HEIGHT * WIDTH];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextDouble();
    }
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(1, HEIGHT, WIDTH, 1);
      Placeholder<TFloat32> images = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      Operand<TFloat32> logits =
          new PlainCnn(List.of(2, 3), 4).logits(Layers.training(tf, 3), images, 3);
      try (Session session = new Session(graph);
          TFloat32 x = TFloat32.tensorOf(NdArrays.wrap(shape, DataBuffers.of(pixels)))) {
        session.initialize();
        List<float[]> weights = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          weights.add(fetch(session, "weight_" + i));
        }
        double[] expected = logits(pixels, weights);
        try (Result result = session.runner().feed(images, x).fetch(logits).run()) {
          TFloat32 found = (TFloat32) result.get(0);
          for (int k = 0; k < 3; k++) {
            assertEquals(expected[k], found.getFloat(0, k), 1e-5, "class " + k);
          }
        }
      }
    }
  }

  private static float[] fetch(Session session, String variable) {
    try (Result result = session.runner().fetch(variable).run()) {
      TFloat32 tensor = (TFloat32) result.get(0);
      float[] values = new float[(int) tensor.size()];
      tensor.asRawTensor().data().asFloats().read(values);
      return values;
    }
  }

  @Test
  void lenet5_exports545546WeightsAndNoGate() throws IOException {
    SplittableRandom random = new SplittableRandom(4);
    byte[] pixels = new byte[10 * 28 * 28];
    byte[] labels = new byte[10];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) random.nextInt(256);
      labels[i / 784] = (byte) (i / 784);
    }
    LabelledImages images = new LabelledImages(pixels, labels, 28, 28, 1);
    Path out = folder.resolve("lenet5");
    List<String> names = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    List<Double> losses = new ArrayList<>();
    CnnRecipe recipe = CnnRecipe.lenet5().withEpochs(40).withSeed(2);
    double share =
        recipe.train(images, images, names, out, false, (step, all, loss) -> losses.add(loss));
    assertEquals(
        new CnnRecipe("lenet5", CnnStyle.LENET5, List.of(6, 16, 120), 84, 40, 2, Optional.empty()),
        recipe);
    assertEquals(1, share, "ten pictures are learnt by heart; last losses " + losses);
    assertEquals("lenet5", Sidecar.ofModel(out).training().get("recipe"));
    // conv 156 + 2,416 + 48,120, dense 494,004 + 850 floats
    long bytes = Files.size(out.resolve("variables/variables.data-00000-of-00001"));
    assertEquals(545_546 * 4L, bytes);
    byte[] graph = Files.readAllBytes(out.resolve("saved_model.pb"));
    String text = new String(graph, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("weight_9"));
    assertFalse(text.contains(Layers.GATE));
  }
}
