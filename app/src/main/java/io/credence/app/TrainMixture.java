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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.knowm.xchart.XYChart;
import org.tensorflow.ndarray.FloatNdArray;

/**
 * Points whose y takes three values for one x, learnt by a mixture of normal distributions: its
 * mean lies where no point is, its components lie on the branches. The inverse problem of Bishop
 * 1994.
 */
record TrainMixture() implements TrainRecipe {

  private static final int COMPONENTS = 3;
  private static final DenseRecipe NETWORK =
      new DenseRecipe(
          "mixture-1d",
          List.of(64, 64),
          Activation.TANH,
          0.02,
          Optional.of(new RegressionHead.MixtureDensity(COMPONENTS)),
          2500,
          0,
          42);
  private static final int POINTS = 600;
  private static final double LEAST_WEIGHT = 0.15;

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
    CnnRecipe.checkTarget(options.out(), options.overwrite());
    Points points = CurvePoints.inverse(recipe.seed(), POINTS);
    print.printf(
        Locale.ROOT,
        "%s: %d points, a mixture of %d, %d epochs%n",
        name(),
        points.size(),
        COMPONENTS,
        recipe.epochs());
    try (Progress progress = Progress.of("training", OptionalLong.empty(), " steps")) {
      recipe.train(points, options.out(), options.overwrite(), TrainProgress.listener(progress));
    }
    double[] grid = TrainCharts.grid(0, 1, 101);
    try (SavedModelEngine engine = SavedModelEngine.load(options.out())) {
      FloatNdArray inputs = TrainCharts.column(grid);
      RegressionPrediction prediction =
          (RegressionPrediction) engine.predict(Map.of("x", inputs), SamplingPlan.standard());
      FloatNdArray mixture = engine.singlePass(Map.of("x", inputs));
      double[] means = new double[grid.length];
      double[] deviations = new double[grid.length];
      for (int i = 0; i < grid.length; i++) {
        means[i] = prediction.get(i).mean(0);
        deviations[i] = Math.sqrt(prediction.get(i).totalVariance(0).orElseThrow());
      }
      int middle = grid.length / 2;
      print.printf(
          Locale.ROOT,
          "at x = .5: mean %.2f, deviation %.2f, of which epistemic %.3f; components %s%n",
          means[middle],
          deviations[middle],
          prediction.values(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION, 0)[middle],
          components(mixture, middle));
      TrainCharts.write(
          List.of(chart(points, grid, means, deviations, mixture)),
          options.out().resolveSibling(options.out().getFileName() + ".png"),
          print);
    }
    print.println("written to " + options.out());
  }

  private static String components(FloatNdArray mixture, int row) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < COMPONENTS; c++) {
      text.append(c == 0 ? "" : ", ")
          .append(
              String.format(
                  Locale.ROOT,
                  "%.2f at %.2f ± %.2f",
                  weight(mixture, row, c),
                  mixture.getFloat(row, COMPONENTS + c),
                  Math.exp(mixture.getFloat(row, 2 * COMPONENTS + c))));
    }
    return text.toString();
  }

  private static double weight(FloatNdArray mixture, int row, int component) {
    double sum = 0;
    for (int c = 0; c < COMPONENTS; c++) {
      sum += Math.exp(mixture.getFloat(row, c) - mixture.getFloat(row, component));
    }
    return 1 / sum;
  }

  private static XYChart chart(
      Points points, double[] grid, double[] means, double[] deviations, FloatNdArray mixture) {
    XYChart chart = TrainCharts.chart("A mean where no point is", "x", "y");
    TrainCharts.band(chart, "mean ± 2 total deviations", grid, means, deviations);
    TrainCharts.mean(chart, "mean", grid, means);
    TrainCharts.dots(chart, "points", points);
    double[] x = new double[grid.length * COMPONENTS];
    double[] y = new double[grid.length * COMPONENTS];
    int count = 0;
    for (int i = 0; i < grid.length; i++) {
      for (int c = 0; c < COMPONENTS; c++) {
        if (weight(mixture, i, c) >= LEAST_WEIGHT) {
          x[count] = grid[i];
          y[count++] = mixture.getFloat(i, COMPONENTS + c);
        }
      }
    }
    TrainCharts.marks(
        chart,
        "components of weight .15 and more",
        Arrays.copyOf(x, count),
        Arrays.copyOf(y, count));
    return chart;
  }
}
