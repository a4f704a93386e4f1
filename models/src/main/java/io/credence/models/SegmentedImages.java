package io.credence.models;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * Grey square pictures of one size with a class for each pixel, at half the resolution of their
 * files: each pixel is the mean of four, and of the second class if at least half of the label is
 * dark. Immutable.
 */
public final class SegmentedImages {

  private final List<float[]> pixels;
  private final List<byte[]> labels;
  private final int size;

  private SegmentedImages(List<float[]> pixels, List<byte[]> labels, int size) {
    this.pixels = pixels;
    this.labels = labels;
    this.size = size;
  }

  /**
   * Reads pictures {@code image/NAME.png} and their labels {@code label/NAME.png}, bright where the
   * first class is and dark where the second is, in the order of their numbers or names.
   *
   * @param folder the folder of both
   * @return the pictures
   * @throws IOException if a folder or a file is missing, is no picture, or not of the size of the
   *     others
   */
  public static SegmentedImages read(Path folder) throws IOException {
    Path images = folder.resolve("image");
    Path truths = folder.resolve("label");
    for (Path each : List.of(images, truths)) {
      if (!Files.isDirectory(each)) {
        throw new IOException(
            folder
                + " holds no folder \""
                + each.getFileName()
                + "\"; name the folder of image/0.png … and label/0.png …");
      }
    }
    List<float[]> pixels = new ArrayList<>();
    List<byte[]> labels = new ArrayList<>();
    int size = 0;
    for (Path image : pictures(images)) {
      Path truth = truths.resolve(image.getFileName().toString());
      int width = picture(image).getWidth();
      size = size == 0 ? width / 2 : size;
      pixels.add(halved(image, size));
      float[] bright = halved(truth, size);
      byte[] classes = new byte[bright.length];
      for (int i = 0; i < bright.length; i++) {
        classes[i] = (byte) (bright[i] <= 0.5 ? 1 : 0);
      }
      labels.add(classes);
    }
    if (pixels.isEmpty() || size % 4 != 0 || size == 0) {
      throw new IOException(
          images
              + " holds "
              + pixels.size()
              + " pictures of "
              + 2 * size
              + " pixels; at least one is needed, and a size that 8 divides");
    }
    return new SegmentedImages(pixels, labels, size);
  }

  private static List<Path> pictures(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> path.toString().endsWith(".png"))
          .sorted(
              (a, b) -> {
                String first = a.getFileName().toString();
                String second = b.getFileName().toString();
                int byLength = Integer.compare(first.length(), second.length());
                return byLength != 0 ? byLength : first.compareTo(second);
              })
          .toList();
    }
  }

  private static BufferedImage picture(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    BufferedImage image = ImageIO.read(file.toFile());
    if (image == null) {
      throw new IOException(file + " is no picture that is read; save it as PNG");
    }
    return image;
  }

  /** The means of 2 × 2 pixels, 0–1. */
  private static float[] halved(Path file, int size) throws IOException {
    BufferedImage image = picture(file);
    if (image.getWidth() != 2 * size || image.getHeight() != 2 * size) {
      throw new IOException(
          file
              + " has "
              + image.getWidth()
              + " × "
              + image.getHeight()
              + " pixels, but the first picture "
              + 2 * size
              + " × "
              + 2 * size
              + "; all must be square and of one size");
    }
    Raster raster = image.getRaster();
    double most = (1 << image.getColorModel().getComponentSize(0)) - 1;
    float[] values = new float[size * size];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        int sum = 0;
        for (int i = 0; i < 4; i++) {
          sum += raster.getSample(2 * column + i % 2, 2 * row + i / 2, 0);
        }
        values[row * size + column] = (float) (sum / 4.0 / most);
      }
    }
    return values;
  }

  /**
   * Some of the pictures.
   *
   * @param from the first, ≥ 0
   * @param to the one behind the last
   * @return those pictures
   * @throws IllegalArgumentException unless {@code 0 <= from < to <= N}
   */
  public SegmentedImages part(int from, int to) {
    if (from < 0 || to <= from || to > count()) {
      throw new IllegalArgumentException(
          "pictures " + from + " to " + to + " of " + count() + "; at least one of them is needed");
    }
    return new SegmentedImages(pixels.subList(from, to), labels.subList(from, to), size);
  }

  /**
   * Number of pictures.
   *
   * @return N ≥ 1
   */
  public int count() {
    return pixels.size();
  }

  /**
   * Rows of a picture, and its columns.
   *
   * @return the size, a multiple of 4
   */
  public int size() {
    return size;
  }

  /**
   * The pixels of a picture.
   *
   * @param picture the picture
   * @return a copy, 0–1, row by row
   */
  public float[] pixels(int picture) {
    return pixels.get(picture).clone();
  }

  /**
   * The class of a pixel.
   *
   * @param picture the picture
   * @param pixel the pixel, row by row
   * @return 0, or 1 where the label is dark
   */
  public int label(int picture, int pixel) {
    return labels.get(picture)[pixel];
  }
}
