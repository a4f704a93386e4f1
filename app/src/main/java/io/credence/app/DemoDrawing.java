package io.credence.app;

import io.credence.models.data.StrokeFont;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;

/**
 * What the pictures of the demo are drawn of. Text is drawn as strokes, since a headless JVM may
 * have no fonts.
 */
final class DemoDrawing {

  static final int MARGIN = 36;
  static final int COLUMNS = 6;
  static final int TILE = 80;
  static final int TILE_STEP_X = 104;

  /** Width of the left and of the right half. */
  static final int PANEL = COLUMNS * TILE_STEP_X - (TILE_STEP_X - TILE);

  static final int RIGHT = MARGIN + PANEL + 60;
  static final int WIDTH = RIGHT + PANEL + MARGIN;

  // Blue and orange of Okabe and Ito's palette, told apart by colour-blind readers.
  static final Color DIGIT = new Color(0x0072B2);
  static final Color OTHER = new Color(0xD55E00);
  static final Color TEXT = new Color(0x222222);
  static final Color MUTED = new Color(0x707070);

  private static final int BINS = 40;

  private final BufferedImage image;
  private final Graphics2D g;

  /** A white sheet. */
  DemoDrawing(int height) {
    image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, height);
  }

  /** The sheet; nothing is drawn afterwards. */
  BufferedImage done() {
    g.dispose();
    return image;
  }

  void text(String text, double x, double baseline, double height, Color color) {
    g.setColor(color);
    StrokeFont.draw(g, text, x, baseline, height);
  }

  private void textUpTo(String text, double right, double baseline, double height, Color color) {
    text(text, right - StrokeFont.width(text, height), baseline, height, color);
  }

  /** A picture in a frame of the answer's colour; below it one pass, the passes and the answer. */
  void tile(DemoScore score, double threshold, int x, int y) {
    boolean answered = score.answered(threshold);
    Color color = answered ? DIGIT : OTHER;
    g.setColor(color);
    g.fillRect(x - 4, y - 4, TILE + 8, TILE + 8);
    g.drawImage(score.picture().toImage(), x, y, TILE, TILE, null);
    text(String.format(Locale.ROOT, "%.2f", score.softmax()), x, y + TILE + 20, 16, MUTED);
    textUpTo(answered ? score.answer(threshold) : "?", x + TILE, y + TILE + 30, 30, color);
    text(
        String.format(Locale.ROOT, "H %.2f", score.summary().predictiveEntropy()),
        x,
        y + TILE + 36,
        13,
        TEXT);
  }

  /** How a score spreads over digits and the others, and how well it tells them apart. */
  void chart(String title, DemoMeasure measure, DemoResult result, int left, int top, int height) {
    text(title, left, top - 16, 18, TEXT);
    String auroc = String.format(Locale.ROOT, "AUROC %.3f", measure.auroc(result));
    textUpTo(auroc, left + PANEL, top - 16, 18, TEXT);
    // Digits stand up from the middle line and the others hang down, so that neither hides.
    bars(left, top + height / 2.0, height / 2.0, shares(result.digits(), measure), DIGIT, -1);
    bars(left, top + height / 2.0, height / 2.0, shares(result.others(), measure), OTHER, 1);
    g.setColor(MUTED);
    g.fillRect(left, top + height / 2, PANEL, 1);
    int below = top + height + 22;
    text(measure.lowText(), left, below, 14, MUTED);
    textUpTo(measure.highText(), left + PANEL, below, 14, MUTED);
    text("digit, up", left + 205, below, 14, DIGIT);
    text("no digit, down", left + 300, below, 14, OTHER);
  }

  private void bars(
      int left, double middle, double half, double[] shares, Color color, int direction) {
    g.setColor(color);
    double step = (double) PANEL / BINS;
    for (int i = 0; i < BINS; i++) {
      // The square root keeps the small bars visible beside the one that holds nearly all.
      double size = Math.sqrt(shares[i]) * half;
      double from = direction < 0 ? middle - size : middle;
      g.fill(new Rectangle2D.Double(left + i * step, from, step - 1, size));
    }
  }

  private static double[] shares(List<DemoScore> scores, DemoMeasure measure) {
    double[] shares = new double[BINS];
    for (DemoScore score : scores) {
      int bin = (int) Math.min(BINS - 1, measure.position(measure.of(score)) * BINS);
      shares[bin] += 1.0 / scores.size();
    }
    return shares;
  }

  /** A line at the predictive entropy from which on there is no answer. */
  void threshold(double threshold, int left, int top, int height) {
    double x = left + PANEL * DemoMeasure.PREDICTIVE_ENTROPY.position(threshold);
    g.setColor(TEXT);
    g.fill(new Rectangle2D.Double(x, top - 6, 2, height + 6));
    text("don't know >", x + 8, top + 12, 14, TEXT);
  }
}
