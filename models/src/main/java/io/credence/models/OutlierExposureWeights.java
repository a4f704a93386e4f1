package io.credence.models;

import io.credence.models.data.NpyFloats;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trained weights of the MNIST network of hendrycks/outlier-exposure, an {@code .npy} file for
 * each parameter of PyTorch, put into the order of TensorFlow: convolutions from [out, in, height,
 * width] to [height, width, in, out], dense layers from [out, in] to [in, out], and the first of
 * them from features (channel, row, column) to (row, column, channel).
 */
final class OutlierExposureWeights {

  /** Filters of the first convolution. */
  static final int FILTERS_1 = 10;

  /** Filters of the second convolution. */
  static final int FILTERS_2 = 20;

  /** Rows and columns of a filter. */
  static final int SIZE = 5;

  /** Rows and columns that are left after both convolutions and max-pools. */
  static final int PLACES = 4;

  /** Units of the hidden layer. */
  static final int HIDDEN = 50;

  /** Classes. */
  static final int CLASSES = 10;

  private static final String NEEDED =
      "name the folder with the eight parameters of one network of hendrycks/outlier-exposure:"
          + " conv1, conv2, fc1 and fc2, each .weight.npy and .bias.npy";

  private static final Map<String, List<Integer>> SHAPES = new LinkedHashMap<>();

  static {
    SHAPES.put("conv1.weight", List.of(FILTERS_1, 1, SIZE, SIZE));
    SHAPES.put("conv1.bias", List.of(FILTERS_1));
    SHAPES.put("conv2.weight", List.of(FILTERS_2, FILTERS_1, SIZE, SIZE));
    SHAPES.put("conv2.bias", List.of(FILTERS_2));
    SHAPES.put("fc1.weight", List.of(HIDDEN, FILTERS_2 * PLACES * PLACES));
    SHAPES.put("fc1.bias", List.of(HIDDEN));
    SHAPES.put("fc2.weight", List.of(CLASSES, HIDDEN));
    SHAPES.put("fc2.bias", List.of(CLASSES));
  }

  private final Map<String, float[]> values = new LinkedHashMap<>();

  private OutlierExposureWeights() {}

  /**
   * Reads the eight files.
   *
   * @throws IOException if one is missing, damaged or of another shape
   */
  static OutlierExposureWeights read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder; " + NEEDED);
    }
    List<String> missing = new ArrayList<>();
    for (String name : SHAPES.keySet()) {
      if (!Files.isRegularFile(folder.resolve(name + ".npy"))) {
        missing.add(name + ".npy");
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(folder + " lacks " + String.join(", ", missing) + "; " + NEEDED);
    }
    OutlierExposureWeights weights = new OutlierExposureWeights();
    for (Map.Entry<String, List<Integer>> each : SHAPES.entrySet()) {
      int[] shape = each.getValue().stream().mapToInt(dim -> dim).toArray();
      weights.values.put(
          each.getKey(), NpyFloats.read(folder.resolve(each.getKey() + ".npy"), shape));
    }
    return weights;
  }

  /** The biases of a layer, shape [out]. */
  float[] biases(String layer) {
    return of(layer + ".bias");
  }

  /** The filters of a convolution, shape [height, width, in, out]. */
  float[] filters(String layer) {
    float[] from = of(layer + ".weight");
    int out = biases(layer).length;
    int places = SIZE * SIZE;
    int in = from.length / out / places;
    float[] to = new float[from.length];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int place = 0; place < places; place++) {
          to[(place * in + i) * out + o] = from[(o * in + i) * places + place];
        }
      }
    }
    return to;
  }

  /** The weights of the hidden layer, shape [row · column · channel, out]. */
  float[] hidden() {
    int places = PLACES * PLACES;
    int features = FILTERS_2 * places;
    float[] from = of("fc1.weight");
    float[] to = new float[from.length];
    for (int o = 0; o < HIDDEN; o++) {
      for (int c = 0; c < FILTERS_2; c++) {
        for (int place = 0; place < places; place++) {
          to[(place * FILTERS_2 + c) * HIDDEN + o] = from[o * features + c * places + place];
        }
      }
    }
    return to;
  }

  /** The weights of the last layer, shape [in, out]. */
  float[] last() {
    float[] from = of("fc2.weight");
    float[] to = new float[from.length];
    for (int o = 0; o < CLASSES; o++) {
      for (int i = 0; i < HIDDEN; i++) {
        to[i * CLASSES + o] = from[o * HIDDEN + i];
      }
    }
    return to;
  }

  private float[] of(String parameter) {
    return java.util.Objects.requireNonNull(values.get(parameter), parameter);
  }
}
