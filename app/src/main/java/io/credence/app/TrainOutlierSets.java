package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.models.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The pictures that the networks of Outlier Exposure are tested on: MNIST's test set, and sets that
 * are none of it, as in hendrycks/outlier-exposure, {@code MNIST/test.py}.
 *
 * @param test the pictures in distribution
 * @param others those out of it
 * @param seed the seed of noise and draws
 */
record TrainOutlierSets(LabelledImages test, List<Other> others, long seed) {

  /** Draws over which numbers are averaged. */
  static final int DRAWS = 10;

  private static final double MEAN = 0.5;
  private static final double STANDARD_DEVIATION = 0.5;

  /** Makes some pictures of a set, as values 0–1. */
  @FunctionalInterface
  interface Pictures {
    float[] values(int from, int to);
  }

  /**
   * A set out of distribution.
   *
   * @param name what it is called
   * @param size pictures in it
   * @param pictures the pictures
   */
  record Other(String name, int size, Pictures pictures) {}

  /** Reads the sets below a folder, {@code mnist}, {@code fashion-mnist} and {@code notmnist}. */
  static TrainOutlierSets read(Path data, long seed) throws IOException {
    LabelledImages mnist = pictures(data, "mnist");
    LabelledImages fashion = pictures(data, "fashion-mnist");
    LabelledImages letters = pictures(data, "notmnist");
    int each = mnist.size() / 5;
    int pixels = mnist.height() * mnist.width();
    List<Other> others = new ArrayList<>();
    others.add(
        new Other(
            "Gaussian noise",
            DRAWS * each,
            (from, to) -> noise(seed, pixels, from, to, TrainOutlierSets::gaussian)));
    others.add(
        new Other(
            "Bernoulli noise",
            DRAWS * each,
            (from, to) -> noise(~seed, pixels, from, to, random -> random.nextInt(2))));
    others.add(new Other("Fashion-MNIST", fashion.size(), of(fashion)));
    others.add(
        new Other(
            "negative MNIST",
            mnist.size(),
            (from, to) -> {
              float[] values = of(mnist).values(from, to);
              for (int i = 0; i < values.length; i++) {
                values[i] = 1 - values[i];
              }
              return values;
            }));
    others.add(new Other("notMNIST", letters.size(), of(letters)));
    return new TrainOutlierSets(mnist, others, seed);
  }

  /** Pictures of a draw: a fifth of those in distribution. */
  int drawn() {
    return test.size() / 5;
  }

  /** Pictures scored for one network, those with dropout included. */
  int pictures() {
    return 2 * test.size() + others.stream().mapToInt(Other::size).sum();
  }

  private static LabelledImages pictures(Path data, String name) throws IOException {
    LabelledImages images = LabelledImages.idx(data.resolve(name), "t10k");
    if (images.height() != 28 || images.width() != 28) {
      throw new BadInputException(
          data.resolve(name)
              + " holds pictures of "
              + images.height()
              + " × "
              + images.width()
              + "; the network reads 28 × 28");
    }
    if (images.size() < 10) {
      throw new BadInputException(
          data.resolve(name) + " holds " + images.size() + " pictures; at least 10 are needed");
    }
    return images;
  }

  static Pictures of(LabelledImages images) {
    return (from, to) -> images.values(IntStream.range(from, to).toArray());
  }

  private interface Draw {
    double value(SplittableRandom random);
  }

  /** Each picture from a seed of its own, whatever the batch. */
  private static float[] noise(long seed, int pixels, int from, int to, Draw draw) {
    float[] values = new float[(to - from) * pixels];
    for (int row = from; row < to; row++) {
      SplittableRandom random = new SplittableRandom(seed * 1_000_003 + row);
      for (int i = 0; i < pixels; i++) {
        values[(row - from) * pixels + i] = (float) draw.value(random);
      }
    }
    return values;
  }

  private static double gaussian(SplittableRandom random) {
    return Math.max(0, Math.min(1, random.nextGaussian(MEAN, STANDARD_DEVIATION)));
  }
}
