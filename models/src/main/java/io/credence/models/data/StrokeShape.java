package io.credence.models.data;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The centre lines of a glyph, read from a path string: M (move), L (line), Q (quadratic) and C
 * (cubic Bézier), each followed by absolute coordinates separated by spaces, x to the right, y
 * down. Coordinates without a letter repeat the last command. Immutable.
 */
final class StrokeShape {
  private static final int STEPS = 8;

  private final Path2D path;
  private final List<double[]> lines;
  private final double[] bounds;

  private StrokeShape(Path2D path, List<double[]> lines) {
    this.path = path;
    this.lines = lines;
    this.bounds = boundsOf(lines);
  }

  /**
   * Reads {@code text}, moving every point by {@code shiftX} and then multiplying it by {@code
   * scale}.
   */
  static StrokeShape parse(String text, double shiftX, double scale) {
    Path2D path = new Path2D.Double();
    Flattener flattener = new Flattener();
    String[] tokens = text.isBlank() ? new String[0] : text.trim().split(" +");
    char command = 'M';
    int at = 0;
    while (at < tokens.length) {
      if (Character.isLetter(tokens[at].charAt(0))) {
        command = tokens[at].charAt(0);
        tokens[at] = tokens[at].substring(1);
      }
      double[] p = new double[arity(command, text)];
      for (int i = 0; i < p.length; i++) {
        double shift = i % 2 == 0 ? shiftX : 0;
        p[i] = (Double.parseDouble(tokens[at++]) + shift) * scale;
      }
      switch (command) {
        case 'M' -> path.moveTo(p[0], p[1]);
        case 'L' -> path.lineTo(p[0], p[1]);
        case 'Q' -> path.quadTo(p[0], p[1], p[2], p[3]);
        default -> path.curveTo(p[0], p[1], p[2], p[3], p[4], p[5]);
      }
      flattener.add(command, p);
    }
    return new StrokeShape(path, flattener.finish());
  }

  /** The curves, a copy. */
  Path2D path() {
    return new Path2D.Double(path);
  }

  /**
   * The strokes as {@code x0 y0 x1 y1 …} polylines, the whole centred on the origin and scaled so
   * that it is 1 high, or 0.85 wide if that makes it smaller.
   */
  List<double[]> centred() {
    double width = bounds[2] - bounds[0];
    double height = bounds[3] - bounds[1];
    double factor = 1 / Math.max(height, width / 0.85);
    double middleX = (bounds[0] + bounds[2]) / 2;
    double middleY = (bounds[1] + bounds[3]) / 2;
    List<double[]> result = new ArrayList<>(lines.size());
    for (double[] line : lines) {
      double[] moved = new double[line.length];
      for (int i = 0; i < line.length; i += 2) {
        moved[i] = (line[i] - middleX) * factor;
        moved[i + 1] = (line[i + 1] - middleY) * factor;
      }
      result.add(moved);
    }
    return result;
  }

  /** The strokes as {@code x0 y0 x1 y1 …} polylines; for reading only. */
  List<double[]> polylines() {
    return lines;
  }

  private static int arity(char command, String text) {
    return switch (command) {
      case 'M', 'L' -> 2;
      case 'Q' -> 4;
      case 'C' -> 6;
      default ->
          throw new IllegalArgumentException(
              "command \"" + command + "\" in path \"" + text + "\"; the commands are M, L, Q, C");
    };
  }

  private static double[] boundsOf(List<double[]> lines) {
    double[] box = {
      Double.POSITIVE_INFINITY,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (double[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        box[i % 2] = Math.min(box[i % 2], line[i]);
        box[2 + i % 2] = Math.max(box[2 + i % 2], line[i]);
      }
    }
    return box;
  }

  /**
   * Turns curves into polylines of {@link #STEPS} pieces; not the JDK's, whose pieces are its own
   * business.
   */
  private static final class Flattener {
    private final List<double[]> lines = new ArrayList<>();
    private double[] points = new double[0];

    void add(char command, double[] p) {
      if (command == 'M') {
        flush();
        points = p.clone();
        return;
      }
      if (command == 'L') {
        append(p[0], p[1]);
        return;
      }
      double x = points[points.length - 2];
      double y = points[points.length - 1];
      for (int i = 1; i <= STEPS; i++) {
        double t = (double) i / STEPS;
        if (command == 'Q') {
          append(quadratic(x, p[0], p[2], t), quadratic(y, p[1], p[3], t));
        } else {
          append(cubic(x, p[0], p[2], p[4], t), cubic(y, p[1], p[3], p[5], t));
        }
      }
    }

    List<double[]> finish() {
      flush();
      return List.copyOf(lines);
    }

    private void flush() {
      if (points.length > 0) {
        lines.add(points);
      }
    }

    private void append(double x, double y) {
      points = Arrays.copyOf(points, points.length + 2);
      points[points.length - 2] = x;
      points[points.length - 1] = y;
    }

    private static double quadratic(double a, double b, double c, double t) {
      double s = 1 - t;
      return s * s * a + 2 * s * t * b + t * t * c;
    }

    private static double cubic(double a, double b, double c, double d, double t) {
      double s = 1 - t;
      return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
    }
  }
}
