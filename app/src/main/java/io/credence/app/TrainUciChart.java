package io.credence.app;

import io.credence.app.TrainUciPublished.Value;
import java.awt.Color;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What came out beside what was published, each with two standard errors to either side. */
final class TrainUciChart {

  private TrainUciChart() {}

  /** Writes the picture; of sets of which nothing was published it shows nothing. */
  static void write(
      List<TrainUciTable.Row> rows, TrainUciMethod method, Path path, PrintWriter print)
      throws IOException {
    List<TrainUciTable.Row> held = rows.stream().filter(r -> r.published().isPresent()).toList();
    // What was printed as .00 is no measure of a ratio.
    List<TrainUciTable.Row> above =
        held.stream().filter(r -> r.published().orElseThrow().rmse().mean() > 0).toList();
    if (above.isEmpty()) {
      return;
    }
    CategoryChart error = chart(method, "RMSE, published = 1");
    add(
        error,
        above,
        TrainUciTable.Row::rmse,
        TrainUciPublished::rmse,
        (value, published) ->
            new Value(
                value.mean() / published, value.error() / published, value.rounding() / published));
    CategoryChart likelihood = chart(method, "log-likelihood less the published, nats");
    add(
        likelihood,
        held,
        TrainUciTable.Row::logLikelihood,
        TrainUciPublished::logLikelihood,
        (value, published) -> new Value(value.mean() - published, value.error(), value.rounding()));
    TrainCharts.write(List.of(error, likelihood), path, print);
  }

  /** Sets a value against a published mean. */
  @FunctionalInterface
  private interface Against {
    Value of(Value value, double published);
  }

  private static CategoryChart chart(TrainUciMethod method, String y) {
    CategoryChart chart = TrainCharts.styled(new CategoryChartBuilder(), method.title(), "", y);
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
        .setXAxisLabelRotation(30)
        .setMarkerSize(7);
    return chart;
  }

  private static void add(
      CategoryChart chart,
      List<TrainUciTable.Row> rows,
      Function<TrainUciTable.Row, Value> ours,
      Function<TrainUciPublished, Value> published,
      Against against) {
    List<String> names = new ArrayList<>();
    List<Value> made = new ArrayList<>();
    List<Value> told = new ArrayList<>();
    for (TrainUciTable.Row row : rows) {
      Value theirs = published.apply(row.published().orElseThrow());
      names.add(row.set().replaceFirst("-.*", ""));
      told.add(against.of(theirs, theirs.mean()));
      made.add(against.of(ours.apply(row), theirs.mean()));
    }
    series(chart, "published ± 2 standard errors", names, told, TrainCharts.GREY);
    series(chart, "here ± 2 standard errors", names, made, TrainCharts.BLUE);
  }

  private static void series(
      CategoryChart chart, String name, List<String> names, List<Value> values, Color color) {
    CategorySeries series =
        chart.addSeries(
            name,
            names,
            values.stream().map(Value::mean).toList(),
            values.stream().map(value -> 2 * value.error() + value.rounding()).toList());
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(color);
    series.setLineColor(color);
  }
}
