package io.credence.app;

import io.credence.models.data.Picture;
import io.credence.models.data.StrokeFont;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The demo in one picture: digits on the left, pictures with no digit on the right, each with the
 * softmax of one pass and with what Credence says; below, how each score spreads over the two
 * kinds. Text is drawn as strokes, since a headless JVM may have no fonts.
 */
final class ContactSheet {

  private static final int COLUMNS = 6;
  private static final int ROWS = 4;
  private static final int TILE = 80;
  private static final int TILE_STEP_X = 104;
  private static final int TILE_STEP_Y = 132;
  private static final int MARGIN = 36;
  private static final int PANEL = COLUMNS * TILE_STEP_X - (TILE_STEP_X - TILE);
  private static final int GAP = 60;
  private static final int WIDTH = 2 * MARGIN + 2 * PANEL + GAP;
  private static final int TILES_TOP = 118;
  private static final int CHARTS_TOP = TILES_TOP + ROWS * TILE_STEP_Y + 44;
  private static final int CHART_HEIGHT = 150;
  private static final int HEIGHT = CHARTS_TOP + CHART_HEIGHT + 70;
  private static final int BINS = 40;

  // Blue and orange of Okabe and Ito's palette, told apart by colour-blind readers.
  private static final Color DIGIT = new Color(0x0072B2);
  private static final Color OTHER = new Color(0xD55E00);
  private static final Color TEXT = new Color(0x222222);
  private static final Color MUTED = new Color(0x707070);

  private final DemoResult result;

  ContactSheet(DemoResult result) {
    this.result = result;
  }

  BufferedImage draw() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, WIDTH, HEIGHT);
    int right = MARGIN + PANEL + GAP;
    text(
        g, "Is there a digit? What one softmax says, and what Credence says", MARGIN, 44, 26, TEXT);
    text(g, "Pictures of a digit", MARGIN, 84, 20, DIGIT);
    text(g, "Pictures of no digit", right, 84, 20, OTHER);
    text(
        g,
        "Grey: softmax of one pass. H: predictive entropy of the passes, in nats. Coloured: the answer, or ? for don't know.",
        MARGIN,
        106,
        13,
        MUTED);
    tiles(g, result.digits(), MARGIN);
    tiles(g, result.others(), right);
    chart(
        g,
        MARGIN,
        "Max softmax of one pass",
        result.softmaxAuroc(),
        DemoScore::softmax,
        0.1,
        1,
        "");
    chart(
        g,
        right,
        "Predictive entropy of the passes",
        result.entropyAuroc(),
        score -> score.summary().predictiveEntropy(),
        0,
        Math.log(Picture.CLASSES),
        " nats");
    double span = Math.log(Picture.CLASSES);
    double x = right + PANEL * Math.min(result.threshold() / span, 1);
    g.setColor(TEXT);
    g.fill(new Rectangle2D.Double(x, CHARTS_TOP - 6, 2, CHART_HEIGHT + 6));
    text(g, "don't know >", x + 8, CHARTS_TOP + 12, 14, TEXT);
    g.dispose();
    return image;
  }

  private void tiles(Graphics2D g, List<DemoScore> scores, int left) {
    for (int i = 0; i < Math.min(COLUMNS * ROWS, scores.size()); i++) {
      DemoScore score = scores.get(i);
      int x = left + i % COLUMNS * TILE_STEP_X;
      int y = TILES_TOP + i / COLUMNS * TILE_STEP_Y;
      boolean answered = score.answered(result.threshold());
      g.setColor(answered ? DIGIT : OTHER);
      g.fillRect(x - 4, y - 4, TILE + 8, TILE + 8);
      g.drawImage(score.picture().toImage(), x, y, TILE, TILE, null);
      text(g, String.format(Locale.ROOT, "%.2f", score.softmax()), x, y + TILE + 20, 16, MUTED);
      String answer = answered ? score.answer(result.threshold()) : "?";
      text(
          g,
          answer,
          x + TILE - StrokeFont.width(answer, 30),
          y + TILE + 30,
          30,
          answered ? DIGIT : OTHER);
      text(
          g,
          String.format(Locale.ROOT, "H %.2f", score.summary().predictiveEntropy()),
          x,
          y + TILE + 36,
          13,
          TEXT);
    }
  }

  private void chart(
      Graphics2D g,
      int left,
      String title,
      double auroc,
      ToDoubleFunction<DemoScore> score,
      double low,
      double high,
      String unit) {
    text(g, title, left, CHARTS_TOP - 16, 18, TEXT);
    String quality = String.format(Locale.ROOT, "AUROC %.3f", auroc);
    text(g, quality, left + PANEL - StrokeFont.width(quality, 18), CHARTS_TOP - 16, 18, TEXT);
    bars(g, left, bins(result.digits(), score, low, high), DIGIT, true);
    bars(g, left, bins(result.others(), score, low, high), OTHER, false);
    g.setColor(MUTED);
    g.fillRect(left, CHARTS_TOP + CHART_HEIGHT / 2, PANEL, 1);
    String from = String.format(Locale.ROOT, "%.1f", low);
    String to = String.format(Locale.ROOT, "%.1f%s", high, unit);
    int below = CHARTS_TOP + CHART_HEIGHT + 22;
    text(g, from, left, below, 14, MUTED);
    text(g, to, left + PANEL - StrokeFont.width(to, 14), below, 14, MUTED);
    text(g, "digit, up", left + 205, below, 14, DIGIT);
    text(g, "no digit, down", left + 300, below, 14, OTHER);
    text(g, "share of pictures, root scale", left + 190, below + 22, 13, MUTED);
  }

  /** Digits stand up from the middle line and the others hang down, so that neither hides. */
  private static void bars(Graphics2D g, int left, double[] shares, Color color, boolean up) {
    g.setColor(color);
    double step = (double) PANEL / BINS;
    double middle = CHARTS_TOP + CHART_HEIGHT / 2.0;
    for (int i = 0; i < BINS; i++) {
      // The square root keeps the small bars visible beside the one that holds nearly all.
      double size = Math.sqrt(shares[i]) * (CHART_HEIGHT / 2.0);
      g.fill(new Rectangle2D.Double(left + i * step, up ? middle - size : middle, step - 1, size));
    }
  }

  private static double[] bins(
      List<DemoScore> scores, ToDoubleFunction<DemoScore> score, double low, double high) {
    double[] shares = new double[BINS];
    for (DemoScore each : scores) {
      double position = (score.applyAsDouble(each) - low) / (high - low);
      int bin = (int) Math.max(0, Math.min(BINS - 1, position * BINS));
      shares[bin] += 1.0 / scores.size();
    }
    return shares;
  }

  private static void text(
      Graphics2D g, String text, double x, double baseline, double height, Color color) {
    g.setColor(color);
    StrokeFont.draw(g, text, x, baseline, height);
  }
}
