package io.credence.models.data;

import java.awt.image.BufferedImage;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * One colour picture of {@value #WIDTH} × {@value #HEIGHT} pixels and what it shows. Immutable and
 * safe to share between threads.
 */
public final class Picture {
  /** Pixels in a row. */
  public static final int WIDTH = 32;

  /** Rows. */
  public static final int HEIGHT = 32;

  /** Values for a pixel: red, green, blue. */
  public static final int CHANNELS = 3;

  /** Number of digit classes; a label is in 0 … {@value} − 1. */
  public static final int CLASSES = 10;

  /** Values in a picture, {@value}. */
  public static final int VALUES = WIDTH * HEIGHT * CHANNELS;

  private static final int NO_LABEL = -1;

  private final String id;
  private final int label;
  private final byte[] pixels;

  private Picture(String id, int label, byte[] pixels) {
    this.id = Objects.requireNonNull(id, "id");
    this.label = label;
    if (pixels.length != VALUES) {
      throw new IllegalArgumentException(
          "pixels holds "
              + pixels.length
              + " bytes; a picture has "
              + VALUES
              + ", row by row, RGB");
    }
    this.pixels = pixels.clone();
  }

  static Picture ofDigit(String id, int label, byte[] pixels) {
    if (label < 0 || label >= CLASSES) {
      throw new IllegalArgumentException("label " + label + " is not in 0.." + (CLASSES - 1));
    }
    return new Picture(id, label, pixels);
  }

  static Picture ofNoDigit(String id, byte[] pixels) {
    return new Picture(id, NO_LABEL, pixels);
  }

  /**
   * Name of the picture, unique within one seed: {@code digit-000017-7} is picture 17, which shows
   * a seven; {@code letter-000003} is picture 3 of those without a digit.
   *
   * @return kind, index with six digits at least, and the label if there is one
   */
  public String id() {
    return id;
  }

  /**
   * The digit shown.
   *
   * @return 0 … 9, or empty where the picture shows no digit
   */
  public OptionalInt label() {
    return label == NO_LABEL ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /**
   * The pixels, row by row from the top left, each red, green, blue, as unsigned bytes ({@code &
   * 0xFF}).
   *
   * @return a copy of {@value #VALUES} bytes, shape {@code [32, 32, 3]}
   */
  public byte[] pixels() {
    return pixels.clone();
  }

  /**
   * Writes the pixels as floats in the order of {@link #pixels()}: each is 0 … 255 times {@code
   * scale}.
   *
   * @param target where to write
   * @param offset index of the first value written; {@value #VALUES} are written from there
   * @param scale factor, such as 1/255 for values in 0 … 1
   * @throws IndexOutOfBoundsException if {@code offset < 0} or {@code offset + VALUES >
   *     target.length}
   */
  public void copyTo(float[] target, int offset, float scale) {
    Objects.checkFromIndexSize(offset, VALUES, target.length);
    for (int i = 0; i < VALUES; i++) {
      target[offset + i] = (pixels[i] & 0xFF) * scale;
    }
  }

  /**
   * The picture as an image.
   *
   * @return a new image of {@link BufferedImage#TYPE_INT_RGB}
   */
  public BufferedImage toImage() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int i = 0, p = 0; i < WIDTH * HEIGHT; i++, p += CHANNELS) {
      int rgb = (pixels[p] & 0xFF) << 16 | (pixels[p + 1] & 0xFF) << 8 | (pixels[p + 2] & 0xFF);
      image.setRGB(i % WIDTH, i / WIDTH, rgb);
    }
    return image;
  }

  /** {@inheritDoc} The {@link #id()}. */
  @Override
  public String toString() {
    return id;
  }
}
