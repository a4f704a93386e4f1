package io.credence;

/**
 * How pictures become inputs of a model: resized to {@code height × width}, then {@code value =
 * pixel · scale + offset} for each 8-bit pixel value.
 *
 * @param height rows, ≥ 1
 * @param width columns, ≥ 1
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param scale factor for pixel values 0–255, such as 1/255; finite, not 0
 * @param offset added after scaling; finite
 */
public record ImagePreprocessing(int height, int width, int channels, double scale, double offset) {

  /**
   * Checks the values.
   *
   * @param height see the record
   * @param width see the record
   * @param channels see the record
   * @param scale see the record
   * @param offset see the record
   * @throws IllegalArgumentException if {@code height < 1}, {@code width < 1}, {@code channels} is
   *     neither 1 nor 3, {@code scale} is 0 or not finite, or {@code offset} is not finite
   */
  public ImagePreprocessing {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "image size is " + height + " × " + width + "; both must be at least 1");
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "channels is " + channels + "; it must be 1 (grey) or 3 (red, green, blue)");
    }
    if (scale == 0 || !Double.isFinite(scale) || !Double.isFinite(offset)) {
      throw new IllegalArgumentException(
          "scale is " + scale + ", offset is " + offset + "; both must be finite, and scale not 0");
    }
  }

  /**
   * The input value of a pixel value.
   *
   * @param pixel 0 ≤ pixel ≤ 255
   * @return {@code pixel · scale + offset}
   */
  public float value(int pixel) {
    return (float) (pixel * scale + offset);
  }
}
