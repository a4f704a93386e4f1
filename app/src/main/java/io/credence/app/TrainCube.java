package io.credence.app;

import io.credence.RegressionHead;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.models.Activation;
import io.credence.models.CnnRecipe;
import io.credence.models.DenseRecipe;
import io.credence.models.data.CurvePoints;
import io.credence.models.data.Points;
import io.credence.statistics.RegressionMeasure;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.knowm.xchart.XYChart;

/**
 * A curve known on −4 … 4 only, learnt by two networks with dropout: one of ReLU, whose passes part
 * ever further beyond the data, and one of tanh, whose passes level off. After figure 2 of Gal and
 * Ghahramani 2016, "Dropout as a Bayesian Approximation", arXiv 1506.02142.
 */
record TrainCube() implements TrainRecipe {

  private static final DenseRecipe NETWORK =
      new DenseRecipe(
          "regression-1d",
          List.of(64, 64, 64),
          Activation.RELU,
          0.1,
          Optional.of(
              RegressionHead.Mean.withObservationVariance(CurvePoints.NOISE * CurvePoints.NOISE)),
          2000,
          1e-6,
          42);
  private static final int POINTS = 100;
  private static final SamplingPlan PLAN = SamplingPlan.of(200);
  private static final double EDGE = 8;

  @Override
  public String name() {
    return NETWORK.name();
  }

  @Override
  public List<String> options() {
    return List.of("--epochs", "--seed");
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    DenseRecipe recipe = options.epochs().map(NETWORK::withEpochs).orElse(NETWORK);
    recipe = options.seed().map(recipe::withSeed).orElse(recipe);
    Activation[] activations = Activation.values();
    for (Activation each : activations) {
      CnnRecipe.checkTarget(folder(options, each), options.overwrite());
    }
    Points points = CurvePoints.cube(recipe.seed(), POINTS);
    print.printf(
        Locale.ROOT,
        "%s: %d points of x within -4 and 4, networks of %s units, %d epochs%n",
        name(),
        points.size(),
        recipe.hidden(),
        recipe.epochs());
    try (Progress progress = Progress.of("training", OptionalLong.empty(), " steps")) {
      for (int i = 0; i < activations.length; i++) {
        recipe
            .withActivation(activations[i])
            .train(
                points,
                folder(options, activations[i]),
                options.overwrite(),
                TrainProgress.part(progress, i, activations.length));
      }
    }
    List<XYChart> charts = new ArrayList<>();
    TextTable table =
        new TextTable("").row("epistemic deviation at", "|x| < 4", "|x| = 6", "|x| = 8");
    double[] grid = TrainCharts.grid(-EDGE, EDGE, 241);
    for (Activation each : activations) {
      try (SavedModelEngine engine = SavedModelEngine.load(folder(options, each))) {
        RegressionPrediction curve = predict(engine, grid);
        double[] deviations = curve.values(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION, 0);
        double[] means = new double[grid.length];
        for (int i = 0; i < grid.length; i++) {
          means[i] = curve.get(i).mean(0);
        }
        table.row(
            each.name().toLowerCase(Locale.ROOT),
            mean(deviations, grid, 0, CurvePoints.EDGE),
            mean(deviations, grid, 5.99, 6.01),
            mean(deviations, grid, 7.99, 8.01));
        charts.add(chart(each, points, grid, means, deviations));
      }
    }
    table.lines().forEach(print::println);
    TrainCharts.write(charts, options.out().resolve("regression-1d.png"), print);
    print.println("written to " + options.out());
  }

  private static Path folder(TrainOptions options, Activation activation) {
    return options.out().resolve(activation.name().toLowerCase(Locale.ROOT));
  }

  private static RegressionPrediction predict(SavedModelEngine engine, double[] grid) {
    return (RegressionPrediction) engine.predict(Map.of("x", TrainCharts.column(grid)), PLAN);
  }

  private static String mean(double[] deviations, double[] grid, double from, double to) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < grid.length; i++) {
      if (Math.abs(grid[i]) >= from && Math.abs(grid[i]) <= to) {
        sum += deviations[i];
        count++;
      }
    }
    return String.format(Locale.ROOT, "%.3f", sum / count);
  }

  private static XYChart chart(
      Activation activation, Points points, double[] grid, double[] means, double[] deviations) {
    XYChart chart =
        TrainCharts.chart(
            activation == Activation.RELU
                ? "ReLU: doubt grows with distance"
                : "tanh: doubt levels off",
            "x",
            "y");
    chart.getStyler().setYAxisMin(-20.0).setYAxisMax(20.0);
    TrainCharts.band(chart, "mean ± 2 deviations of 200 passes", grid, means, deviations);
    TrainCharts.line(
        chart, "what was learnt from", grid, Arrays.stream(grid).map(CurvePoints::cube).toArray());
    TrainCharts.mean(chart, "mean of the passes", grid, means);
    TrainCharts.dots(chart, "points", points);
    return chart;
  }
}
