package io.credence.models;

import io.credence.models.data.IdxFile;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Pictures of one size, each of one class, as 8-bit pixels in memory.
 *
 * <p>The arrays are taken over, not copied: a training set fills much of the heap. Do not change
 * them afterwards.
 */
public final class LabelledImages {

  private final byte[] pixels;
  private final byte[] labels;
  private final int height;
  private final int width;
  private final int channels;

  /**
   * Takes over pixels and labels.
   *
   * @param pixels unsigned bytes, shape {@code [N, height, width, channels]}
   * @param labels the class of each picture, shape {@code [N]}, N ≥ 1
   * @param height rows of a picture, ≥ 1
   * @param width columns of a picture, ≥ 1
   * @param channels values of a pixel, 1 (grey) or 3 (red, green, blue)
   * @throws IllegalArgumentException if there is no picture, {@code height < 1}, {@code width < 1},
   *     {@code channels} is neither 1 nor 3, or the lengths do not agree
   */
  public LabelledImages(byte[] pixels, byte[] labels, int height, int width, int channels) {
    if (labels.length == 0) {
      throw new IllegalArgumentException("there is no picture; at least one is needed");
    }
    if (height < 1 || width < 1 || (channels != 1 && channels != 3)) {
      throw new IllegalArgumentException(
          "pictures of "
              + height
              + " × "
              + width
              + " × "
              + channels
              + "; a row and a column at least, and 1 or 3 channels are needed");
    }
    if (pixels.length != (long) labels.length * height * width * channels) {
      throw new IllegalArgumentException(
          labels.length
              + " labels of pictures of "
              + height
              + " × "
              + width
              + " × "
              + channels
              + " do not go with "
              + pixels.length
              + " bytes of pixels");
    }
    this.pixels = pixels;
    this.labels = labels;
    this.height = height;
    this.width = width;
    this.channels = channels;
  }

  /**
   * Reads a set in IDX files named as those of MNIST, {@code .gz} or not.
   *
   * @param folder the folder of the files
   * @param prefix {@code train} or {@code t10k}
   * @return the pictures, one channel
   * @throws IOException if a file is missing, damaged or empty, or the two do not belong together
   */
  public static LabelledImages idx(Path folder, String prefix) throws IOException {
    Path labelFile = file(folder, prefix + "-labels-idx1-ubyte");
    Path imageFile = file(folder, prefix + "-images-idx3-ubyte");
    byte[] labels = IdxFile.readLabels(labelFile);
    try (IdxFile images = IdxFile.open(imageFile)) {
      int[] shape = images.shape();
      if (shape.length != 3) {
        throw new IOException(
            imageFile + " has " + shape.length + " dimensions; pictures need 3: N, rows, columns");
      }
      if (shape[0] != labels.length) {
        throw new IOException(
            imageFile
                + " holds "
                + shape[0]
                + " pictures, but "
                + labelFile
                + " "
                + labels.length
                + " labels; they do not belong together");
      }
      if (labels.length == 0) {
        throw new IOException(imageFile + " holds no pictures; at least one is needed");
      }
      return new LabelledImages(images.read(shape[0]), labels, shape[1], shape[2], 1);
    }
  }

  /**
   * Draws street digits.
   *
   * @param seed seed of the generator
   * @param count number of pictures, ≥ 1
   * @return the pictures, three channels
   * @throws IllegalArgumentException if {@code count < 1}, or the pixels do not fit one array
   */
  public static LabelledImages streetDigits(long seed, int count) {
    StreetDigits digits = StreetDigits.of(seed);
    int size = Picture.HEIGHT * Picture.WIDTH * Picture.CHANNELS;
    int most = (Integer.MAX_VALUE - 8) / size;
    if (count < 1 || count > most) {
      throw new IllegalArgumentException("count is " + count + "; it must be within 1–" + most);
    }
    byte[] pixels = new byte[count * size];
    byte[] labels = new byte[count];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              Picture picture = digits.digit(i);
              System.arraycopy(picture.pixels(), 0, pixels, i * size, size);
              labels[i] = (byte) picture.label().orElseThrow();
            });
    return new LabelledImages(pixels, labels, Picture.HEIGHT, Picture.WIDTH, Picture.CHANNELS);
  }

  /**
   * The first of these pictures, to see what few of them teach.
   *
   * @param count number of pictures, ≥ 1; beyond N all of them
   * @return the pictures, in their order
   * @throws IllegalArgumentException if {@code count < 1}
   */
  public LabelledImages first(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count is " + count + "; it must be at least 1");
    }
    if (count >= size()) {
      return this;
    }
    return new LabelledImages(
        Arrays.copyOf(pixels, count * height * width * channels),
        Arrays.copyOf(labels, count),
        height,
        width,
        channels);
  }

  /**
   * Some of these pictures.
   *
   * @param indices the pictures, at least one, each 0 ≤ index &lt; N
   * @return a copy of them, in that order
   */
  public LabelledImages select(int... indices) {
    int size = height * width * channels;
    byte[] some = new byte[indices.length * size];
    byte[] theirs = new byte[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(pixels, indices[i] * size, some, i * size, size);
      theirs[i] = labels[indices[i]];
    }
    return new LabelledImages(some, theirs, height, width, channels);
  }

  /**
   * These pictures several times over, each time with noise of its own: a pool of near copies.
   * Picture i of copy c is picture {@code c N + i}.
   *
   * @param copies how many times, ≥ 1
   * @param deviation standard deviation of the Gaussian noise that is added to each value, in steps
   *     of 1/255; results are rounded, and cut to 0–255
   * @param seed seed of the noise
   * @return the copies
   * @throws IllegalArgumentException if {@code copies < 1}, {@code deviation} is not finite and at
   *     least 0, or the pixels do not fit one array
   */
  public LabelledImages repeated(int copies, double deviation, long seed) {
    if (copies < 1 || (long) copies * pixels.length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "copies is " + copies + "; of " + size() + " pictures it must be at least 1, and fit");
    }
    if (!(deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "deviation is " + deviation + "; it must be finite and at least 0");
    }
    SplittableRandom random = new SplittableRandom(seed);
    byte[] all = new byte[copies * pixels.length];
    byte[] theirs = new byte[copies * labels.length];
    for (int i = 0; i < all.length; i++) {
      double value = (pixels[i % pixels.length] & 0xFF) + deviation * random.nextGaussian();
      all[i] = (byte) Math.round(Math.max(0, Math.min(255, value)));
    }
    for (int i = 0; i < theirs.length; i++) {
      theirs[i] = labels[i % labels.length];
    }
    return new LabelledImages(all, theirs, height, width, channels);
  }

  /**
   * Number of pictures, N.
   *
   * @return N ≥ 1
   */
  public int size() {
    return labels.length;
  }

  /**
   * Rows of a picture.
   *
   * @return the height
   */
  public int height() {
    return height;
  }

  /**
   * Columns of a picture.
   *
   * @return the width
   */
  public int width() {
    return width;
  }

  /**
   * Values of a pixel.
   *
   * @return 1 (grey) or 3 (red, green, blue)
   */
  public int channels() {
    return channels;
  }

  /**
   * The class of one picture.
   *
   * @param index the picture, 0 ≤ index &lt; N
   * @return its class, ≥ 0
   */
  public int label(int index) {
    return labels[index] & 0xFF;
  }

  /**
   * Number of classes: the highest label plus one.
   *
   * @return K ≥ 1
   */
  public int classes() {
    return IntStream.range(0, size()).map(this::label).max().orElseThrow() + 1;
  }

  /**
   * Copies some pictures, rescaled to 0–1.
   *
   * @param indices the pictures
   * @return their values, shape {@code [indices, height, width, channels]}
   */
  public float[] values(int[] indices) {
    int size = height * width * channels;
    float[] values = new float[indices.length * size];
    for (int i = 0; i < indices.length; i++) {
      int from = indices[i] * size;
      for (int j = 0; j < size; j++) {
        values[i * size + j] = (pixels[from + j] & 0xFF) * (1f / 255);
      }
    }
    return values;
  }

  /** The pictures as one array, rescaled to 0–1. */
  FloatNdArray array(int[] indices) {
    return NdArrays.wrap(
        Shape.of(indices.length, height, width, channels), DataBuffers.of(values(indices)));
  }

  /** The size of a picture, for messages. */
  String sizeText() {
    return height + " × " + width + " × " + channels;
  }

  private static Path file(Path folder, String name) throws IOException {
    for (Path candidate : List.of(folder.resolve(name), folder.resolve(name + ".gz"))) {
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new IOException(
        folder
            + " holds neither "
            + name
            + " nor "
            + name
            + ".gz; name the folder with the four IDX files of MNIST or Fashion-MNIST");
  }
}
