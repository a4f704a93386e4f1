package io.credence.models.data;

import static io.credence.models.data.Picture.HEIGHT;
import static io.credence.models.data.Picture.WIDTH;

import java.util.Arrays;

/**
 * Pixels covered by pen strokes. The pen is an ellipse; each pixel keeps its distance to the
 * nearest centre line, and cover falls from 1 to 0 over one pixel at the rim. No rasteriser of the
 * JDK is involved, so the result is the same everywhere.
 */
final class Ink {
  private static final float FAR = 1e9f;

  private final float[] squared = new float[WIDTH * HEIGHT];
  private final double penX;
  private final double penY;

  /** A pen with half axes {@code penX} and {@code penY} pixels. */
  Ink(double penX, double penY) {
    this.penX = penX;
    this.penY = penY;
    Arrays.fill(squared, FAR);
  }

  /** Draws a polyline {@code x0 y0 x1 y1 …} in pixels. */
  void draw(double[] line) {
    for (int i = 0; i + 3 < line.length; i += 2) {
      drawSegment(line[i], line[i + 1], line[i + 2], line[i + 3]);
    }
  }

  /** Share of pixel {@code index} (row by row) that is covered, 0 … 1. */
  double cover(int index) {
    if (squared[index] == FAR) {
      return 0;
    }
    double rim = (1 - Math.sqrt(squared[index])) * Math.min(penX, penY) + 0.5;
    return Math.max(0, Math.min(1, rim));
  }

  private void drawSegment(double x0, double y0, double x1, double y1) {
    int left = clamp(Math.min(x0, x1) - penX - 1, WIDTH);
    int right = clamp(Math.max(x0, x1) + penX + 2, WIDTH);
    int top = clamp(Math.min(y0, y1) - penY - 1, HEIGHT);
    int bottom = clamp(Math.max(y0, y1) + penY + 2, HEIGHT);
    double dx = (x1 - x0) / penX;
    double dy = (y1 - y0) / penY;
    double inverse = 1 / Math.max(dx * dx + dy * dy, 1e-12);
    for (int y = top; y < bottom; y++) {
      double v = (y + 0.5 - y0) / penY;
      for (int x = left; x < right; x++) {
        double u = (x + 0.5 - x0) / penX;
        double along = Math.max(0, Math.min(1, (u * dx + v * dy) * inverse));
        double offX = u - along * dx;
        double offY = v - along * dy;
        int index = y * WIDTH + x;
        squared[index] = Math.min(squared[index], (float) (offX * offX + offY * offY));
      }
    }
  }

  private static int clamp(double position, int limit) {
    return (int) Math.max(0, Math.min(limit, Math.floor(position)));
  }
}
