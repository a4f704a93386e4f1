package io.credence.models.data;

import static io.credence.models.data.Picture.HEIGHT;
import static io.credence.models.data.Picture.WIDTH;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One way of writing: size, proportions, slant, pen, the unsteadiness of the hand and the view of
 * the camera. All glyphs of a picture are written in one lettering, as on one house number.
 */
final class Lettering {
  private static final double FULL_TURN = 2 * Math.PI;

  private final double height;
  private final double stretch;
  private final double slant;
  private final double cos;
  private final double sin;
  private final double penX;
  private final double penY;
  private final double gap;
  private final double centreX;
  private final double centreY;
  private final double tiltX;
  private final double tiltY;
  private final double[] wobble = new double[8];

  Lettering(Draws draws) {
    height = draws.uniform(18, 26);
    stretch = draws.uniform(0.78, 1.2);
    slant = draws.uniform(-0.18, 0.28);
    double angle = draws.uniform(-0.17, 0.17);
    cos = StrictMath.cos(angle);
    sin = StrictMath.sin(angle);
    double pen = height * draws.uniform(0.045, 0.095);
    penX = pen * draws.uniform(0.9, 1.15);
    penY = penX * draws.uniform(0.65, 1.05);
    gap = draws.uniform(1.5, 5);
    centreX = WIDTH / 2.0 + draws.uniform(-2, 2);
    centreY = HEIGHT / 2.0 + draws.uniform(-2, 2);
    tiltX = draws.uniform(-0.008, 0.008);
    tiltY = draws.uniform(-0.006, 0.006);
    for (int i = 0; i < wobble.length; i += 2) {
      wobble[i] = draws.uniform(0, 0.03);
      wobble[i + 1] = draws.uniform(0, 1);
    }
  }

  /**
   * Paints {@code centre} with, often, a neighbour on one side or on both that is cut by the edge.
   */
  void paint(
      Canvas canvas, Rgb ground, StrokeShape centre, Supplier<StrokeShape> next, Draws draws) {
    List<double[]> lines = new ArrayList<>();
    List<double[]> middle = centre.centred();
    place(middle, 0, lines);
    for (int side = -1; side <= 1; side += 2) {
      if (draws.chance(0.55)) {
        List<double[]> neighbour = next.get().centred();
        double reach = halfWidth(middle) + halfWidth(neighbour) + gap + 2 * penX;
        place(neighbour, side * Math.max(reach, 0.55 * WIDTH), lines);
      }
    }
    if (draws.chance(0.25)) {
      double shadow = draws.uniform(0.6, 1.8);
      Ink ink = inkOf(lines, shadow * (draws.chance(0.5) ? 1 : -1), shadow);
      canvas.lay(ground.brighter(draws.chance(0.7) ? -45 : 45), ink, 0.7);
    }
    canvas.lay(Rgb.against(ground, draws.uniform(65, 118), draws), inkOf(lines, 0, 0), 1);
  }

  private Ink inkOf(List<double[]> lines, double shiftX, double shiftY) {
    Ink ink = new Ink(penX, penY);
    for (double[] line : lines) {
      double[] moved = line.clone();
      for (int i = 0; i < moved.length; i += 2) {
        moved[i] += shiftX;
        moved[i + 1] += shiftY;
      }
      ink.draw(moved);
    }
    return ink;
  }

  private double halfWidth(List<double[]> lines) {
    double most = 0;
    for (double[] line : lines) {
      for (int i = 0; i < line.length; i += 2) {
        most = Math.max(most, Math.abs(line[i]));
      }
    }
    return most * height * stretch;
  }

  /**
   * Moves the glyph into the picture, its middle {@code offset} pixels to the right along the line
   * of writing.
   */
  private void place(List<double[]> glyph, double offset, List<double[]> to) {
    for (double[] line : glyph) {
      double[] placed = new double[line.length];
      for (int i = 0; i < line.length; i += 2) {
        double x = line[i] + wave(0, line[i + 1]) + wave(4, line[i]);
        double y = line[i + 1] + wave(2, line[i]) + wave(6, line[i + 1]);
        double across = (x * stretch - y * slant) * height + offset;
        double down = y * height;
        double turnedX = across * cos - down * sin;
        double turnedY = across * sin + down * cos;
        double depth = 1 / (1 + tiltX * turnedX + tiltY * turnedY);
        placed[i] = centreX + turnedX * depth;
        placed[i + 1] = centreY + turnedY * depth;
      }
      to.add(placed);
    }
  }

  private double wave(int i, double along) {
    return wobble[i] * StrictMath.sin(FULL_TURN * (0.9 * along + wobble[i + 1]));
  }
}
