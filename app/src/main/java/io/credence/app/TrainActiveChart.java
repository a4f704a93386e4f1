package io.credence.app;

import io.credence.acquisition.ActiveLearning;
import io.credence.acquisition.Strategy;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The share of wrong answers over the number of labels, a chart for each pool: the mean of the
 * beginnings, and the area from the best to the worst.
 */
final class TrainActiveChart {

  private static final double HIGHEST = 30;

  private TrainActiveChart() {}

  /** Writes the picture; it has no chart of a pool on which nothing was tried. */
  static void write(Map<TrainActiveTrial, List<ActiveLearning>> loops, Path path, PrintWriter print)
      throws IOException {
    List<XYChart> charts = new ArrayList<>();
    for (TrainActivePool pool : TrainActivePool.values()) {
      List<TrainActiveTrial> trials =
          loops.keySet().stream().filter(trial -> trial.pool() == pool).toList();
      if (!trials.isEmpty()) {
        charts.add(chart(pool, trials, loops));
      }
    }
    TrainCharts.write(charts, path, print);
  }

  private static XYChart chart(
      TrainActivePool pool,
      List<TrainActiveTrial> trials,
      Map<TrainActiveTrial, List<ActiveLearning>> loops) {
    XYChart chart = TrainCharts.chart(pool.title(), "labels", "wrong answers, %");
    double most = trials.stream().mapToInt(TrainActiveTrial::most).max().orElseThrow();
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(HIGHEST).setXAxisMin(0.0).setXAxisMax(most);
    for (double error : TrainActiveTrial.ERRORS) {
      double[] level = {100 * error, 100 * error};
      String name = TrainActiveTable.percent(error);
      TrainCharts.line(chart, name, new double[] {0, most}, level);
      chart.getSeriesMap().get(name).setShowInLegend(false);
    }
    for (int i = 0; i < trials.size(); i++) {
      List<ActiveLearning> beginnings = loops.get(trials.get(i));
      Map<Integer, DoubleSummaryStatistics> errors = errors(beginnings);
      // Beyond, the mean would be of those alone that took longest.
      errors.values().removeIf(each -> each.getCount() < beginnings.size());
      if (!errors.isEmpty()) {
        add(chart, trials.get(i).strategy().key(), color(trials.get(i).strategy()), errors);
      }
    }
    return chart;
  }

  /** A strategy has its color on every pool. */
  private static Color color(Strategy strategy) {
    return switch (strategy) {
      case BALD -> TrainCharts.BLUE;
      case VARIATION_RATIO -> new Color(0xD55E00);
      case ENTROPY -> new Color(0x009E73);
      case BATCHBALD -> new Color(0xCC79A7);
      default -> new Color(0x555555);
    };
  }

  /** By the number of labels, the shares of wrong answers of the beginnings. */
  private static Map<Integer, DoubleSummaryStatistics> errors(List<ActiveLearning> loops) {
    Map<Integer, DoubleSummaryStatistics> errors = new TreeMap<>();
    loops.stream()
        .flatMap(loop -> loop.history().stream())
        .forEach(
            round ->
                errors
                    .computeIfAbsent(round.labels(), labels -> new DoubleSummaryStatistics())
                    .accept(Math.min(HIGHEST, 100 * (1 - round.metric()))));
    return errors;
  }

  private static void add(
      XYChart chart, String name, Color color, Map<Integer, DoubleSummaryStatistics> errors) {
    List<Integer> labels = new ArrayList<>(errors.keySet());
    List<Double> means = errors.values().stream().map(DoubleSummaryStatistics::getAverage).toList();
    List<Integer> around = new ArrayList<>(labels);
    List<Double> edge =
        new ArrayList<>(errors.values().stream().map(DoubleSummaryStatistics::getMax).toList());
    for (int i = labels.size() - 1; i >= 0; i--) {
      around.add(labels.get(i));
      edge.add(errors.get(labels.get(i)).getMin());
    }
    Color faint = new Color(color.getRed(), color.getGreen(), color.getBlue(), 40);
    XYSeries area = chart.addSeries(name + ", all", around, edge);
    area.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    area.setFillColor(faint);
    area.setLineColor(faint);
    area.setMarker(SeriesMarkers.NONE);
    area.setShowInLegend(false);
    XYSeries mean = chart.addSeries(name, labels, means);
    mean.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    mean.setLineStyle(new BasicStroke(2));
    mean.setLineColor(color);
    mean.setMarker(SeriesMarkers.NONE);
  }
}
