package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.models.Activation;
import io.credence.models.CnnRecipe;
import io.credence.models.DenseRecipe;
import io.credence.models.Outliers;
import io.credence.models.data.PlanePoints;
import io.credence.models.data.Points;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationMoments;
import io.credence.tensorflow.SavedModelEngine;
import io.credence.tensorflow.SavedModelEnsemble;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Two clusters, two small groups of outliers that no training sees, and what one network, its
 * passes with dropout, five networks, and one network exposed to outliers from elsewhere make of
 * the plane.
 */
record TrainPlane() implements TrainRecipe {

  /** What is told of every place, a column of the picture each. */
  static final List<ClassificationMeasure> MEASURES =
      List.of(
          ClassificationMeasure.MAX_PROBABILITY,
          ClassificationMeasure.PREDICTIVE_ENTROPY,
          ClassificationMeasure.MUTUAL_INFORMATION);

  private static final DenseRecipe NETWORK =
      new DenseRecipe(
          "outliers-2d", List.of(64, 64), Activation.RELU, 0.2, Optional.empty(), 400, 0, 42);
  private static final int MEMBERS = 5;
  private static final int CLUSTER = 200;
  private static final int GROUP = 20;
  private static final int EXPOSED = 400;

  @Override
  public String name() {
    return NETWORK.name();
  }

  @Override
  public List<String> options() {
    return List.of("--lambda", "--epochs", "--seed");
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    DenseRecipe recipe = options.epochs().map(NETWORK::withEpochs).orElse(NETWORK);
    recipe = options.seed().map(recipe::withSeed).orElse(recipe);
    Path out = options.out();
    List<Path> members =
        IntStream.rangeClosed(1, MEMBERS)
            .mapToObj(i -> out.resolve("ensemble").resolve("network-" + i))
            .toList();
    Path exposed = out.resolve("outlier-exposure");
    List<Path> all = new ArrayList<>(members);
    all.add(exposed);
    for (Path each : all) {
      CnnRecipe.checkTarget(each, options.overwrite());
    }
    PlanePoints plane = PlanePoints.of(recipe.seed());
    Points clusters = plane.clusters(CLUSTER);
    Points outliers = plane.outliers(GROUP);
    print.printf(
        Locale.ROOT,
        "%s: %d points of two clusters, %d networks of %s units, %d epochs%n",
        name(),
        clusters.size(),
        all.size(),
        recipe.hidden(),
        recipe.epochs());
    double lambda = options.lambda().orElse(Outliers.USUAL_WEIGHT);
    try (Progress progress = Progress.of("training", OptionalLong.empty(), " steps")) {
      for (int i = 0; i < all.size(); i++) {
        boolean last = i == MEMBERS;
        recipe
            .withSeed(recipe.seed() + (last ? 0 : i))
            .train(
                last ? plane.exposed(clusters, EXPOSED, lambda) : clusters,
                all.get(i),
                options.overwrite(),
                TrainProgress.part(progress, i, all.size()));
      }
    }
    try (UncertaintyEngine one = SavedModelEngine.load(members.get(0));
        UncertaintyEngine five = SavedModelEnsemble.builder(members).asServed().load();
        UncertaintyEngine careful = SavedModelEngine.load(exposed)) {
      List<Method> methods =
          List.of(
              new Method("one network", once(one)),
              new Method("its 50 passes with dropout", sampled(one)),
              new Method("five networks", sampled(five)),
              new Method("Outlier Exposure", once(careful)));
      report(options, print, methods, clusters, outliers);
    }
  }

  /**
   * A way to doubt.
   *
   * @param name what it is called
   * @param predict what it says of points
   */
  private record Method(String name, Function<FloatNdArray, ClassificationPrediction> predict) {}

  private static Function<FloatNdArray, ClassificationPrediction> sampled(
      UncertaintyEngine engine) {
    return points ->
        (ClassificationPrediction) engine.predict(Map.of("x", points), SamplingPlan.standard());
  }

  /** One ordinary pass, whose mutual information is 0: nothing disagrees. */
  private static Function<FloatNdArray, ClassificationPrediction> once(UncertaintyEngine engine) {
    return points -> {
      FloatNdArray softmax = engine.singlePass(Map.of("x", points));
      float[] probabilities = new float[(int) softmax.size()];
      softmax.copyTo(DataBuffers.of(probabilities));
      int rows = (int) softmax.shape().get(0);
      ClassificationMoments moments =
          ClassificationMoments.of(rows, (int) softmax.shape().get(1), OutputKind.PROBABILITIES);
      moments.add(probabilities);
      return new ClassificationPrediction(moments.summaries(), SamplingPlan.of(1), List.of());
    };
  }

  private static void report(
      TrainOptions options,
      PrintWriter print,
      List<Method> methods,
      Points clusters,
      Points outliers)
      throws IOException {
    TextTable table =
        new TextTable("")
            .row(
                "",
                "max p, clusters",
                "max p, outliers",
                "entropy, outliers",
                "information, outliers");
    TrainPlaneChart chart = new TrainPlaneChart(clusters, outliers);
    for (Method method : methods) {
      ClassificationPrediction outside = method.predict().apply(outliers.inputs());
      List<String> means = MEASURES.stream().map(measure -> mean(outside, measure)).toList();
      String inside =
          mean(method.predict().apply(clusters.inputs()), ClassificationMeasure.MAX_PROBABILITY);
      table.row(method.name(), inside, means.get(0), means.get(1), means.get(2));
      chart.add(method.name(), method.predict().apply(TrainPlaneChart.places()), means);
    }
    table.lines().forEach(print::println);
    Path file = TrainPicture.write(chart.draw(), options.out().resolve("outliers-2d.png"));
    print.println("written to " + options.out() + ", picture " + file);
  }

  private static String mean(ClassificationPrediction prediction, ClassificationMeasure measure) {
    return String.format(Locale.ROOT, "%.3f", StatUtils.mean(prediction.values(measure)));
  }
}
