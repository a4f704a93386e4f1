package io.credence.app;

import io.credence.calibration.ReliabilityBin;
import io.credence.calibration.ReliabilityDiagram;
import io.credence.models.data.StrokeFont;
import io.credence.statistics.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * Draws two reliability diagrams side by side: how often answers are right over how sure they were,
 * with intervals of 95 %, and below how many answers each bin holds.
 */
final class ReliabilityChart {

  private static final int SIDE = 380;
  private static final int LEFT = 80;
  private static final int TOP = 90;
  private static final int GAP = 90;
  private static final int COUNTS = 70;
  private static final int WIDTH = LEFT + 2 * SIDE + GAP + 40;
  private static final int HEIGHT = TOP + SIDE + 30 + COUNTS + 60;
  private static final double LEVEL = 0.95;
  private static final Color TEXT = new Color(0x22, 0x22, 0x22);
  private static final Color MUTED = new Color(0x77, 0x77, 0x77);
  private static final Color GRID = new Color(0xdd, 0xdd, 0xdd);
  private static final Color ACCURACY = new Color(0x1f, 0x5f, 0xa8);
  private static final Color COUNT = new Color(0xb8, 0xc8, 0xdc);

  private final ReliabilityDiagram before;
  private final ReliabilityDiagram after;

  ReliabilityChart(ReliabilityDiagram before, ReliabilityDiagram after) {
    this.before = before;
    this.after = after;
  }

  BufferedImage draw() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    panel(g, LEFT, "as predicted", before);
    panel(g, LEFT + SIDE + GAP, "calibrated", after);
    g.dispose();
    return image;
  }

  private static void panel(Graphics2D g, int left, String title, ReliabilityDiagram diagram) {
    text(g, title, left, 40, 20, TEXT);
    String error =
        String.format(
            Locale.ROOT, "expected calibration error %.4f", diagram.expectedCalibrationError());
    text(g, error, left, 68, 14, MUTED);
    g.setStroke(new BasicStroke(1));
    for (int i = 0; i <= 5; i++) {
      double value = i / 5.0;
      g.setColor(GRID);
      g.draw(new Line2D.Double(left, y(value), left + SIDE, y(value)));
      String label = String.format(Locale.ROOT, "%.1f", value);
      text(g, label, left - 38, y(value) + 5, 13, MUTED);
      text(g, label, x(left, value) - StrokeFont.width(label, 13) / 2, HEIGHT - 38, 13, MUTED);
    }
    text(g, "how sure answers are", left + 110, HEIGHT - 12, 13, MUTED);
    text(g, "how often right", left, TOP - 8, 13, ACCURACY);
    g.setColor(MUTED);
    g.draw(new Line2D.Double(left, y(0), left + SIDE, y(1)));
    for (ReliabilityBin bin : diagram.bins()) {
      bin(g, left, bin);
    }
    counts(g, left, diagram);
  }

  private static void bin(Graphics2D g, int left, ReliabilityBin bin) {
    double x = x(left, bin.meanConfidence());
    Interval interval = bin.accuracyInterval(LEVEL);
    g.setColor(ACCURACY);
    g.setStroke(new BasicStroke(1.5f));
    g.draw(new Line2D.Double(x, y(interval.low()), x, y(interval.high())));
    g.fill(new Ellipse2D.Double(x - 4, y(bin.accuracy()) - 4, 8, 8));
  }

  private static void counts(Graphics2D g, int left, ReliabilityDiagram diagram) {
    int bottom = TOP + SIDE + 30 + COUNTS;
    double most = diagram.bins().stream().mapToLong(ReliabilityBin::count).max().orElse(1);
    for (ReliabilityBin bin : diagram.bins()) {
      double height = COUNTS * bin.count() / most;
      g.setColor(COUNT);
      g.fill(
          new Rectangle2D.Double(
              x(left, bin.low()) + 1,
              bottom - height,
              SIDE * (bin.high() - bin.low()) - 2,
              height));
    }
    text(
        g,
        String.format(Locale.ROOT, "%,d answers", diagram.inputs()),
        left,
        bottom - COUNTS,
        13,
        MUTED);
  }

  private static double x(int left, double value) {
    return left + value * SIDE;
  }

  private static double y(double value) {
    return TOP + (1 - value) * SIDE;
  }

  private static void text(
      Graphics2D g, String text, double x, double baseline, double height, Color color) {
    g.setColor(color);
    StrokeFont.draw(g, text, x, baseline, height);
  }
}
