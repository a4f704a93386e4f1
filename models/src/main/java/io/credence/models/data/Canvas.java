package io.credence.models.data;

import static io.credence.models.data.Picture.CHANNELS;
import static io.credence.models.data.Picture.HEIGHT;
import static io.credence.models.data.Picture.WIDTH;

/**
 * A picture being painted: levels 0 … 255 as floats. Layers are laid over each other, then blurred
 * and made noisy.
 */
final class Canvas {
  private final float[] levels = new float[WIDTH * HEIGHT * CHANNELS];

  /** Covers everything with one colour. */
  void fill(Rgb colour) {
    for (int i = 0; i < levels.length; i += CHANNELS) {
      set(i, colour, 1);
    }
  }

  /**
   * Lays {@code colour} over the picture, as opaque as {@code cover} is on average over {@code
   * grid} × {@code grid} points of the pixel.
   */
  void lay(Rgb colour, Pattern cover, int grid) {
    double step = 1.0 / grid;
    double share = step * step;
    for (int y = 0, i = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++, i += CHANNELS) {
        double sum = 0;
        for (int v = 0; v < grid; v++) {
          for (int u = 0; u < grid; u++) {
            sum += cover.at(x + (u + 0.5) * step, y + (v + 0.5) * step);
          }
        }
        set(i, colour, sum * share);
      }
    }
  }

  /** Lays {@code colour} over the pixels that {@code ink} covers. */
  void lay(Rgb colour, Ink ink, double opacity) {
    for (int i = 0, p = 0; i < levels.length; i += CHANNELS, p++) {
      double cover = ink.cover(p);
      if (cover > 0) {
        set(i, colour, cover * opacity);
      }
    }
  }

  /**
   * Gaussian blur with standard deviation {@code sigma} pixels, cut off at three pixels; edges are
   * repeated.
   */
  void blur(double sigma) {
    float[] kernel = new float[4];
    float sum = 0;
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = (float) StrictMath.exp(-i * i / (2 * sigma * sigma));
      sum += i == 0 ? kernel[i] : 2 * kernel[i];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= sum;
    }
    for (int line = 0; line < HEIGHT; line++) {
      blurLine(kernel, line * WIDTH * CHANNELS, CHANNELS, WIDTH);
    }
    for (int line = 0; line < WIDTH; line++) {
      blurLine(kernel, line * CHANNELS, WIDTH * CHANNELS, HEIGHT);
    }
  }

  /**
   * Adds noise of standard deviation {@code grey} levels, alike in all channels, and {@code colour}
   * for each alone.
   */
  void addNoise(double grey, double colour, Draws draws) {
    for (int i = 0; i < levels.length; i += CHANNELS) {
      double shared = grey * draws.bell();
      for (int c = 0; c < CHANNELS; c++) {
        levels[i + c] += (float) (shared + colour * draws.bell());
      }
    }
  }

  /** The levels rounded into 0 … 255. */
  byte[] toBytes() {
    byte[] bytes = new byte[levels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) (Math.max(0, Math.min(255, levels[i])) + 0.5f);
    }
    return bytes;
  }

  private void set(int i, Rgb colour, double opacity) {
    float a = (float) opacity;
    levels[i] += a * ((float) colour.red() - levels[i]);
    levels[i + 1] += a * ((float) colour.green() - levels[i + 1]);
    levels[i + 2] += a * ((float) colour.blue() - levels[i + 2]);
  }

  private void blurLine(float[] kernel, int start, int stride, int count) {
    float[] old = new float[count];
    for (int c = 0; c < CHANNELS; c++) {
      for (int i = 0; i < count; i++) {
        old[i] = levels[start + c + i * stride];
      }
      for (int i = 0; i < count; i++) {
        float sum = kernel[0] * old[i];
        for (int k = 1; k < kernel.length; k++) {
          sum += kernel[k] * (old[Math.max(0, i - k)] + old[Math.min(count - 1, i + k)]);
        }
        levels[start + c + i * stride] = sum;
      }
    }
  }
}
