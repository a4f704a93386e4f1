package io.credence.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A file of {@code --samples-out}, read back: S samples of N rows of W numbers, and the measures of
 * them by the formulas of the literature, written once more.
 */
final class Samples {

  private final List<Integer> shape;
  private final float[] values;

  private Samples(List<Integer> shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  static Samples read(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
      int length = bytes.getShort(8);
      String header = new String(bytes.array(), 10, length, StandardCharsets.US_ASCII);
      String dims = header.substring(header.indexOf('(') + 1, header.indexOf(')'));
      bytes.position(10 + length);
      float[] values = new float[bytes.remaining() / Float.BYTES];
      bytes.asFloatBuffer().get(values);
      return new Samples(
          Arrays.stream(dims.split(", ", -1)).map(Integer::valueOf).toList(), values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shape that the header states. */
  List<Integer> shape() {
    return shape;
  }

  /** What the samples say of a row, or of a place where rows are maps. */
  double[][] of(int row) {
    int width = shape.get(shape.size() - 1);
    int rows = values.length / shape.get(0) / width;
    double[][] samples = new double[shape.get(0)][width];
    for (int s = 0; s < samples.length; s++) {
      for (int k = 0; k < width; k++) {
        samples[s][k] = values[(s * rows + row) * width + k];
      }
    }
    return samples;
  }

  /** The same without the samples of some passes. */
  static double[][] without(double[][] samples, IntStream passes) {
    List<Integer> left = passes.boxed().toList();
    return IntStream.range(0, samples.length)
        .filter(s -> !left.contains(s))
        .mapToObj(s -> samples[s])
        .toArray(double[][]::new);
  }

  static double[] mean(double[][] samples) {
    double[] mean = new double[samples[0].length];
    for (int k = 0; k < mean.length; k++) {
      int at = k;
      mean[k] = Arrays.stream(samples).mapToDouble(sample -> sample[at]).average().orElseThrow();
    }
    return mean;
  }

  /** Of each number, with divisor S. */
  static double[] variance(double[][] samples) {
    double[] mean = mean(samples);
    double[] variance = new double[mean.length];
    for (int k = 0; k < mean.length; k++) {
      int at = k;
      variance[k] =
          Arrays.stream(samples)
              .mapToDouble(sample -> Math.pow(sample[at] - mean[at], 2))
              .average()
              .orElseThrow();
    }
    return variance;
  }

  /** In nats. */
  static double entropy(double[] p) {
    return -Arrays.stream(p).filter(v -> v > 0).map(v -> v * Math.log(v)).sum();
  }

  static double expectedEntropy(double[][] samples) {
    return Arrays.stream(samples).mapToDouble(Samples::entropy).average().orElseThrow();
  }

  static double mutualInformation(double[][] samples) {
    return entropy(mean(samples)) - expectedEntropy(samples);
  }
}
