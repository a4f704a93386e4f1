package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.models.data.PlanePoints;
import io.credence.models.data.Points;
import io.credence.models.data.StrokeFont;
import io.credence.statistics.ClassificationMeasure;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Maps of a plane: a row for each method, a column for each measure, doubt bright throughout. */
final class TrainPlaneChart {

  private static final int CELLS_ACROSS = 120;
  private static final int CELLS_UP = 90;
  private static final int CELL = 3;
  private static final int WIDTH = CELLS_ACROSS * CELL;
  private static final int HEIGHT = CELLS_UP * CELL;
  private static final int LEFT = 30;
  private static final int TOP = 96;
  private static final int STEP_X = WIDTH + 24;
  private static final int STEP_Y = HEIGHT + 46;
  private static final Color TEXT = new Color(0x222222);
  private static final Color MUTED = new Color(0x707070);
  private static final Color[] CLASSES = {new Color(0x56B4E9), new Color(0xE69F00)};
  private static final Color OUTLIER = new Color(0xFF3B30);
  private static final String[] TITLES = {
    "max probability", "predictive entropy", "mutual information"
  };

  private record Row(String name, ClassificationPrediction places, List<String> means) {}

  private final List<Row> rows = new ArrayList<>();
  private final Points clusters;
  private final Points outliers;

  TrainPlaneChart(Points clusters, Points outliers) {
    this.clusters = clusters;
    this.outliers = outliers;
  }

  /** The places that are told of: the middle of each cell, row by row from the top. */
  static FloatNdArray places() {
    float[] values = new float[2 * CELLS_ACROSS * CELLS_UP];
    for (int i = 0; i < CELLS_ACROSS * CELLS_UP; i++) {
      int row = i / CELLS_ACROSS;
      double across = (i % CELLS_ACROSS + .5) / CELLS_ACROSS;
      double down = (row + .5) / CELLS_UP;
      values[2 * i] = (float) (PlanePoints.ACROSS * (2 * across - 1));
      values[2 * i + 1] = (float) (PlanePoints.UP * (1 - 2 * down));
    }
    return NdArrays.wrap(Shape.of(CELLS_ACROSS * CELLS_UP, 2), DataBuffers.of(values));
  }

  /** Adds a row: a method, what it says of the places, and the numbers to be written below. */
  void add(String name, ClassificationPrediction places, List<String> means) {
    rows.add(new Row(name, places, List.copyOf(means)));
  }

  BufferedImage draw() {
    int width = 2 * LEFT + TITLES.length * STEP_X - 24;
    int height = TOP + rows.size() * STEP_Y + 44;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    text(g, "Where a network is in doubt, and where it should be", LEFT, 40, 24, TEXT);
    for (int column = 0; column < TITLES.length; column++) {
      int x = LEFT + column * STEP_X;
      text(g, TITLES[column], x, 78, 17, TEXT);
      scale(g, x + 210, column);
      for (int row = 0; row < rows.size(); row++) {
        panel(g, x, TOP + row * STEP_Y, rows.get(row), column);
      }
    }
    legend(g, height - 22);
    g.dispose();
    return image;
  }

  private void panel(Graphics2D g, int x, int y, Row row, int column) {
    double[] values = row.places().values(TrainPlane.MEASURES.get(column));
    for (int i = 0; i < values.length; i++) {
      g.setColor(TrainColors.of(doubt(values[i], column)));
      g.fillRect(x + i % CELLS_ACROSS * CELL, y + i / CELLS_ACROSS * CELL, CELL, CELL);
    }
    for (int i = 0; i < clusters.size(); i++) {
      dot(g, x, y, clusters, i, CLASSES[clusters.target(i, 0) > .5 ? 0 : 1], 2);
    }
    for (int i = 0; i < outliers.size(); i++) {
      dot(g, x, y, outliers, i, OUTLIER, 2.5);
    }
    if (Arrays.stream(values).allMatch(value -> value < 1e-9)) {
      String none = "one answer, so nothing disagrees";
      text(g, none, x + (WIDTH - StrokeFont.width(none, 15)) / 2, y + HEIGHT - 20, 15, Color.WHITE);
    }
    text(g, row.name(), x, y + HEIGHT + 20, 14, column == 0 ? TEXT : MUTED);
    String mean = "outliers " + row.means().get(column);
    text(g, mean, x + WIDTH - StrokeFont.width(mean, 14), y + HEIGHT + 20, 14, OUTLIER);
  }

  /** From 0, sure, to 1, as unsure as two classes allow. */
  private static double doubt(double value, int column) {
    boolean probability = TrainPlane.MEASURES.get(column) == ClassificationMeasure.MAX_PROBABILITY;
    double share = probability ? 2 * (1 - value) : value / Math.log(2);
    return Math.max(0, Math.min(1, share));
  }

  private static void scale(Graphics2D g, int x, int column) {
    int width = WIDTH - 210;
    for (int i = 0; i < width - 70; i++) {
      g.setColor(TrainColors.of(i / (width - 71.0)));
      g.fillRect(x + 30 + i, 66, 1, 12);
    }
    boolean probability = column == 0;
    text(g, probability ? "1" : "0", x + 12, 78, 13, MUTED);
    String high = probability ? "0.5" : String.format(Locale.ROOT, "%.2f", Math.log(2));
    text(g, high, x + width - 34, 78, 13, MUTED);
  }

  private static void dot(
      Graphics2D g, int x, int y, Points points, int i, Color color, double radius) {
    double across = x + (points.input(i, 0) / PlanePoints.ACROSS + 1) / 2 * WIDTH;
    double down = y + (1 - points.input(i, 1) / PlanePoints.UP) / 2 * HEIGHT;
    Ellipse2D circle = new Ellipse2D.Double(across - radius, down - radius, 2 * radius, 2 * radius);
    g.setColor(color);
    g.fill(circle);
    g.setColor(new Color(0, 0, 0, 90));
    g.setStroke(new BasicStroke(.5f));
    g.draw(circle);
  }

  private static void legend(Graphics2D g, int baseline) {
    double x = LEFT;
    String[] names = {"class 0", "class 1", "outliers, not in training"};
    Color[] colors = {CLASSES[0], CLASSES[1], OUTLIER};
    for (int i = 0; i < names.length; i++) {
      g.setColor(colors[i]);
      g.fill(new Ellipse2D.Double(x, baseline - 10, 10, 10));
      text(g, names[i], x + 16, baseline, 15, TEXT);
      x += 16 + StrokeFont.width(names[i], 15) + 30;
    }
    text(
        g,
        "dark: sure   bright: in doubt   entropy and information in nats",
        x,
        baseline,
        15,
        MUTED);
  }

  private static void text(
      Graphics2D g, String text, double x, double baseline, double height, Color color) {
    g.setColor(color);
    StrokeFont.draw(g, text, x, baseline, height);
  }
}
