package io.credence.models;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The weights of a dense layer. Immutable. */
final class DenseWeights {

  private final float[] kernel;
  private final float[] biases;

  /** Copies a kernel, shape [in, out], and biases, shape [out]. */
  DenseWeights(float[] kernel, float[] biases) {
    this.kernel = kernel.clone();
    this.biases = biases.clone();
  }

  /** Uniform within ±√(6 / (in + out)), and biases of 0 (Glorot and Bengio 2010, equation 16). */
  static DenseWeights drawn(int in, int out, SplittableRandom random) {
    double limit = Math.sqrt(6.0 / (in + out));
    float[] kernel = new float[in * out];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) (limit * (2 * random.nextDouble() - 1));
    }
    return new DenseWeights(kernel, new float[out]);
  }

  /** The weights of the layer at a place of stacked layers. */
  static DenseWeights at(int place, int in, int out, float[] kernels, float[] biases) {
    return new DenseWeights(
        Arrays.copyOfRange(kernels, place * in * out, (place + 1) * in * out),
        Arrays.copyOfRange(biases, place * out, (place + 1) * out));
  }

  /** A copy, shape [in, out]. */
  float[] kernel() {
    return kernel.clone();
  }

  /** A copy, shape [out]. */
  float[] biases() {
    return biases.clone();
  }

  /** Number of answers. */
  int width() {
    return biases.length;
  }
}
