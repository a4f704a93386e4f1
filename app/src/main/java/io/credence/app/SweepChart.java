package io.credence.app;

import io.credence.models.data.StrokeFont;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;

/** Draws what passes cost against what they give: rank correlation and top overlap over time. */
final class SweepChart {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int LEFT = 90;
  private static final int RIGHT = 860;
  private static final int TOP = 110;
  private static final int BOTTOM = 470;
  private static final Color TEXT = new Color(0x22, 0x22, 0x22);
  private static final Color MUTED = new Color(0x77, 0x77, 0x77);
  private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
  private static final Color CORRELATION = new Color(0x1f, 0x5f, 0xa8);
  private static final Color OVERLAP = new Color(0xc0, 0x5a, 0x1a);

  private final List<SweepPoint> points;
  private final String measure;
  private final OptionalInt recommended;
  private final double lowest;
  private final double fastest;
  private final double slowest;

  SweepChart(List<SweepPoint> points, String measure, OptionalInt recommended) {
    this.points = points;
    this.measure = measure;
    this.recommended = recommended;
    double least =
        points.stream()
            .mapToDouble(p -> Math.min(p.topOverlap(), p.rankCorrelation().orElse(1)))
            .min()
            .orElse(0);
    // A fifth of the scale at least, in steps of a tenth.
    this.lowest = Math.min(.8, Math.floor(least * 10) / 10);
    double fast = points.stream().mapToDouble(SweepPoint::milliseconds).min().orElse(1);
    double slow = points.stream().mapToDouble(SweepPoint::milliseconds).max().orElse(1);
    this.fastest = fast / 1.2;
    this.slowest = slow * 1.2;
  }

  BufferedImage draw() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    text(g, "How many passes " + measure + " needs", LEFT, 42, 22, TEXT);
    text(g, "rank correlation with other passes", LEFT, 76, 15, CORRELATION);
    text(g, "overlap of the least trusted", LEFT + 330, 76, 15, OVERLAP);
    grid(g);
    line(g, p -> p.rankCorrelation().orElse(lowest), CORRELATION);
    line(g, SweepPoint::topOverlap, OVERLAP);
    for (SweepPoint p : points) {
      String label = Integer.toString(p.passes());
      boolean chosen = recommended.equals(OptionalInt.of(p.passes()));
      double height = chosen ? 17 : 13;
      double x = x(p) - StrokeFont.width(label, height) / 2;
      text(g, label, x, BOTTOM + 24, height, chosen ? CORRELATION : TEXT);
      if (chosen) {
        g.setColor(CORRELATION);
        g.setStroke(new BasicStroke(1));
        g.draw(new Line2D.Double(x(p), TOP, x(p), BOTTOM));
      }
    }
    text(g, "passes", LEFT - 70, BOTTOM + 24, 13, MUTED);
    for (SweepPoint p : List.of(points.get(0), points.get(points.size() - 1))) {
      String label = String.format(Locale.ROOT, "%.3g ms an input", p.milliseconds());
      double x =
          Math.min(x(p) - StrokeFont.width(label, 13) / 2, RIGHT - StrokeFont.width(label, 13));
      text(g, label, Math.max(x, LEFT), BOTTOM + 52, 13, MUTED);
    }
    text(g, "time of an input, log scale", LEFT + 270, BOTTOM + 78, 13, MUTED);
    g.dispose();
    return image;
  }

  private void grid(Graphics2D g) {
    int steps = (int) Math.round((1 - lowest) * 10);
    for (int i = 0; i <= steps; i++) {
      double value = lowest + i / 10.0;
      g.setColor(GRID);
      g.setStroke(new BasicStroke(1));
      g.draw(new Line2D.Double(LEFT, y(value), RIGHT, y(value)));
      text(g, String.format(Locale.ROOT, "%.1f", value), LEFT - 40, y(value) + 5, 13, MUTED);
    }
  }

  private void line(Graphics2D g, Function<SweepPoint, Double> value, Color color) {
    Path2D path = new Path2D.Double();
    for (SweepPoint p : points) {
      if (path.getCurrentPoint() == null) {
        path.moveTo(x(p), y(value.apply(p)));
      } else {
        path.lineTo(x(p), y(value.apply(p)));
      }
    }
    g.setColor(color);
    g.setStroke(new BasicStroke(2));
    g.draw(path);
    for (SweepPoint p : points) {
      g.fill(new Ellipse2D.Double(x(p) - 4, y(value.apply(p)) - 4, 8, 8));
    }
  }

  private double x(SweepPoint p) {
    double share = Math.log(p.milliseconds() / fastest) / Math.log(slowest / fastest);
    return LEFT + share * (RIGHT - LEFT);
  }

  private double y(double value) {
    return BOTTOM - (value - lowest) / (1 - lowest) * (BOTTOM - TOP);
  }

  private static void text(
      Graphics2D g, String text, double x, double baseline, double height, Color color) {
    g.setColor(color);
    StrokeFont.draw(g, text, x, baseline, height);
  }
}
