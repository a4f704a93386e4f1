package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.models.SegmentedImages;
import io.credence.models.data.StrokeFont;
import io.credence.statistics.ClassificationMeasure;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** A row for each of the first pictures: what was shown, what is true, what is said, and doubts. */
final class TrainMembraneChart {

  private static final int ROWS = 2;
  private static final int TILE = 256;
  private static final int STEP = TILE + 14;
  private static final int LEFT = 24;
  private static final int TOP = 92;
  private static final Color TEXT = new Color(0x222222);
  private static final Color MUTED = new Color(0x707070);
  private static final int WRONG = 0xD7263D;
  private static final double MOST_INFORMATION = 0.2;

  private record Row(int picture, ClassificationPrediction places) {}

  private final SegmentedImages test;
  private final List<Row> rows = new ArrayList<>();

  TrainMembraneChart(SegmentedImages test) {
    this.test = test;
  }

  /** Adds what is said of a picture; only the first ones are drawn. */
  void add(int picture, ClassificationPrediction places) {
    if (rows.size() < ROWS) {
      rows.add(new Row(picture, places));
    }
  }

  BufferedImage draw() {
    String[] titles = {
      "picture", "truth", "said, wrong in red", "predictive entropy", "mutual information"
    };
    int width = 2 * LEFT + titles.length * STEP - 14;
    int height = TOP + rows.size() * STEP + 30;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    text(g, "Membranes between cells, and where the network doubts them", LEFT, 40, 24, TEXT);
    for (int column = 0; column < titles.length; column++) {
      text(g, titles[column], LEFT + column * STEP, 78, 16, TEXT);
    }
    for (int i = 0; i < rows.size(); i++) {
      tiles(g, TOP + i * STEP, rows.get(i));
    }
    String scale =
        String.format(
            Locale.ROOT,
            "doubt: dark 0, bright %.2f nats (entropy) and %.2f nats (information)",
            Math.log(2),
            MOST_INFORMATION);
    text(g, scale, LEFT + 3 * STEP, height - 20, 14, MUTED);
    text(g, "membranes dark, cells bright", LEFT + STEP, height - 20, 14, MUTED);
    g.dispose();
    return image;
  }

  private void tiles(Graphics2D g, int y, Row row) {
    float[] pixels = test.pixels(row.picture());
    double[] entropy = row.places().values(ClassificationMeasure.PREDICTIVE_ENTROPY);
    double[] information = row.places().values(ClassificationMeasure.MUTUAL_INFORMATION);
    tile(g, 0, y, i -> grey(pixels[i]));
    tile(g, 1, y, i -> grey(1 - test.label(row.picture(), i)));
    tile(
        g,
        2,
        y,
        i -> {
          int said = row.places().summaries().get(i).predictedClass();
          return said == test.label(row.picture(), i) ? grey(1 - said) : WRONG;
        });
    tile(g, 3, y, i -> TrainColors.of(entropy[i] / Math.log(2)).getRGB());
    tile(g, 4, y, i -> TrainColors.of(information[i] / MOST_INFORMATION).getRGB());
  }

  private void tile(Graphics2D g, int column, int y, IntUnaryOperator rgb) {
    int size = test.size();
    BufferedImage tile = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size * size; i++) {
      tile.setRGB(i % size, i / size, rgb.applyAsInt(i));
    }
    g.drawImage(tile, LEFT + column * STEP, y, TILE, TILE, null);
  }

  private static int grey(float value) {
    int level = Math.round(255 * value);
    return level << 16 | level << 8 | level;
  }

  private static void text(
      Graphics2D g, String text, double x, double baseline, double height, Color color) {
    g.setColor(color);
    StrokeFont.draw(g, text, x, baseline, height);
  }
}
