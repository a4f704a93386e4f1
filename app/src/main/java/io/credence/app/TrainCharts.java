package io.credence.app;

import io.credence.models.data.Points;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.internal.ChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** Charts of curves, by XChart. They need the fonts of the system. */
final class TrainCharts {

  private static final int WIDTH = 620;
  private static final int HEIGHT = 460;
  static final Color BLUE = new Color(0x0072B2);
  private static final Color ORANGE = new Color(0xD55E00);
  private static final Color BAND = new Color(0x56, 0xB4, 0xE9, 110);
  static final Color GREY = new Color(0x777777);
  private static final Color DOT = new Color(0x22, 0x22, 0x22, 150);

  private TrainCharts() {}

  /** Numbers at equal distances, both ends included. */
  static double[] grid(double from, double to, int count) {
    double[] grid = new double[count];
    for (int i = 0; i < count; i++) {
      grid[i] = from + (to - from) * i / (count - 1);
    }
    return grid;
  }

  /** Numbers as inputs of one coordinate, [N, 1]. */
  static FloatNdArray column(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return NdArrays.wrap(Shape.of(values.length, 1), DataBuffers.of(floats));
  }

  /** An empty chart, legend below. */
  static XYChart chart(String title, String x, String y) {
    return styled(new XYChartBuilder(), title, x, y);
  }

  /** A chart of any kind that looks like the others. */
  static <B extends ChartBuilder<B, C>, C extends Chart<?, ?>> C styled(
      B builder, String title, String x, String y) {
    C chart = builder.width(WIDTH).height(HEIGHT).title(title).build();
    chart.setXAxisTitle(x);
    chart.setYAxisTitle(y);
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendBorderColor(Color.WHITE)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 17))
        .setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    return chart;
  }

  /** An area of two deviations to either side. */
  static void band(XYChart chart, String name, double[] x, double[] middle, double[] deviation) {
    int n = x.length;
    double[] around = new double[2 * n];
    double[] edge = new double[2 * n];
    for (int i = 0; i < n; i++) {
      around[i] = x[i];
      edge[i] = middle[i] + 2 * deviation[i];
      around[2 * n - 1 - i] = x[i];
      edge[2 * n - 1 - i] = middle[i] - 2 * deviation[i];
    }
    XYSeries series = chart.addSeries(name, around, edge);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(BAND);
    series.setLineColor(BAND);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** A dashed grey line. */
  static void line(XYChart chart, String name, double[] x, double[] y) {
    BasicStroke dashes =
        new BasicStroke(
            1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0);
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setLineStyle(dashes);
    series.setLineColor(GREY);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** A full blue line. */
  static void mean(XYChart chart, String name, double[] x, double[] y) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setLineStyle(new BasicStroke(2));
    series.setLineColor(BLUE);
    series.setMarker(SeriesMarkers.NONE);
  }

  /** The points of a training set. */
  static void dots(XYChart chart, String name, Points points) {
    double[] x = new double[points.size()];
    double[] y = new double[points.size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = points.input(i, 0);
      y[i] = points.target(i, 0);
    }
    scatter(chart, name, x, y, DOT);
  }

  /** Orange dots. */
  static void marks(XYChart chart, String name, double[] x, double[] y) {
    scatter(chart, name, x, y, ORANGE);
  }

  private static void scatter(XYChart chart, String name, double[] x, double[] y, Color color) {
    chart.getStyler().setMarkerSize(5);
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(color);
  }

  /** Writes charts side by side, or says why there are none. */
  static void write(List<? extends Chart<?, ?>> charts, Path path, PrintWriter print)
      throws IOException {
    if (!hasFonts()) {
      print.println("no picture: this system has no fonts; install fontconfig and a font");
      return;
    }
    BufferedImage image =
        new BufferedImage(charts.size() * WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    for (int i = 0; i < charts.size(); i++) {
      g.drawImage(BitmapEncoder.getBufferedImage(charts.get(i)), i * WIDTH, 0, null);
    }
    g.dispose();
    print.println("picture " + TrainPicture.write(image, path));
  }

  /** Where there are none, AWT fails in ways that differ from one JDK to another. */
  private static boolean hasFonts() {
    try {
      return GraphicsEnvironment.getLocalGraphicsEnvironment().getAvailableFontFamilyNames().length
          > 0;
    } catch (RuntimeException | LinkageError | InternalError e) {
      return false;
    }
  }
}
