package io.credence.statistics;

import io.credence.OutputKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Random outputs of S passes over N inputs, a function of the seed alone. Kind, sizes and sharpness
 * vary with the seed.
 */
final class RandomSamples {

  private static final List<OutputKind> KINDS =
      Arrays.stream(OutputKind.values()).filter(OutputKind::isClassification).toList();

  private final long seed;
  private final OutputKind kind;
  private final int inputs;
  private final int classes;
  private final float[][] outputs;

  private RandomSamples(long seed, OutputKind kind, int inputs, int classes, float[][] outputs) {
    this.seed = seed;
    this.kind = kind;
    this.inputs = inputs;
    this.classes = classes;
    this.outputs = outputs;
  }

  /** One case a seed, seeds 1 to 60: fifteen of each kind. */
  static Stream<RandomSamples> cases() {
    return LongStream.rangeClosed(1, 60).mapToObj(RandomSamples::of);
  }

  static RandomSamples of(long seed) {
    Random random = new Random(seed);
    OutputKind kind = KINDS.get((int) (seed % KINDS.size()));
    int inputs = 1 + random.nextInt(4);
    int width = kind.isBinary() ? 1 : 2 + random.nextInt(11);
    int samples = 2 + random.nextInt(29);
    double sharpness = Math.exp(2 * random.nextGaussian());
    float[][] outputs = new float[samples][inputs * width];
    for (float[] pass : outputs) {
      for (int n = 0; n < inputs; n++) {
        fillRow(pass, n * width, width, kind, sharpness, random);
      }
    }
    return new RandomSamples(seed, kind, inputs, kind.isBinary() ? 2 : width, outputs);
  }

  private static void fillRow(
      float[] pass, int from, int width, OutputKind kind, double sharpness, Random random) {
    double[] row = random.doubles(width).map(u -> -sharpness * Math.log(1 - u)).toArray();
    double sum = 0;
    for (int k = 0; k < width; k++) {
      sum += Math.exp(row[k]);
    }
    for (int k = 0; k < width; k++) {
      pass[from + k] =
          (float)
              switch (kind) {
                case PROBABILITIES -> Math.exp(row[k]) / sum;
                case LOGITS -> row[k];
                case BINARY_PROBABILITY -> 1 / (1 + sharpness * row[k]);
                case BINARY_LOGIT -> row[k] - sharpness;
                default -> throw new AssertionError("no classifier");
              };
    }
  }

  long seed() {
    return seed;
  }

  OutputKind kind() {
    return kind;
  }

  int inputs() {
    return inputs;
  }

  int classes() {
    return classes;
  }

  int samples() {
    return outputs.length;
  }

  /** What each pass gave, shape {@code [S][N · W]}; not to be written to. */
  float[][] outputs() {
    return outputs;
  }

  /** Numbers a model of this kind gives for one input. */
  int width() {
    return kind.isBinary() ? 1 : classes;
  }

  /** The moments of the passes {@code from .. to}, {@code to} exclusive. */
  ClassificationMoments moments(int from, int to) {
    ClassificationMoments moments = ClassificationMoments.of(inputs, width(), kind);
    for (int s = from; s < to; s++) {
      moments.add(outputs[s]);
    }
    return moments;
  }

  ClassificationMoments moments() {
    return moments(0, samples());
  }

  @Override
  public String toString() {
    return "seed " + seed + ", " + kind + ", S = " + samples() + ", N = " + inputs + ", K = "
        + classes;
  }
}
