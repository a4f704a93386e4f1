package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.app.input.BadInputException;
import io.credence.decision.OutOfDistribution;
import io.credence.models.CnnRecipe;
import io.credence.models.SegmentedImages;
import io.credence.models.UNetRecipe;
import io.credence.statistics.ClassificationMeasure;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Membranes of cells in electron-microscope pictures, pixel by pixel: maps of doubt beside the
 * picture and what is wrong.
 */
record TrainMembrane() implements TrainRecipe {

  private static final UNetRecipe NETWORK = new UNetRecipe("membrane", 12, 0.3, 30, 42);
  private static final List<String> LABELS = List.of("cell", "membrane");

  /** One picture in five is kept for testing, the last ones. */
  private static final int TEST_SHARE = 5;

  @Override
  public String name() {
    return NETWORK.name();
  }

  @Override
  public List<String> options() {
    return List.of("--data", "--epochs", "--seed");
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    if (options.data().isEmpty()) {
      throw new BadInputException(
          "recipe membrane needs --data DIR, the folder of image/0.png … and label/0.png …;"
              + " \"credence data fetch membrane\" brings it to data/membrane/train");
    }
    UNetRecipe recipe = options.epochs().map(NETWORK::withEpochs).orElse(NETWORK);
    recipe = options.seed().map(recipe::withSeed).orElse(recipe);
    CnnRecipe.checkTarget(options.out(), options.overwrite());
    SegmentedImages all = SegmentedImages.read(options.data().get());
    if (all.count() < 2) {
      throw new BadInputException(
          options.data().get()
              + " holds one picture; one to learn from and one to test are needed");
    }
    int split = all.count() - Math.max(1, all.count() / TEST_SHARE);
    SegmentedImages test = all.part(split, all.count());
    print.printf(
        Locale.ROOT,
        "%s: %d training and %d test pictures of %d × %d, %d epochs%n",
        name(),
        split,
        test.count(),
        all.size(),
        all.size(),
        recipe.epochs());
    long start = System.nanoTime();
    try (Progress progress = Progress.of("training", OptionalLong.empty(), " steps")) {
      recipe.train(
          all.part(0, split),
          LABELS,
          options.out(),
          options.overwrite(),
          TrainProgress.listener(progress));
    }
    print.printf(Locale.ROOT, "trained in %.0f s%n", (System.nanoTime() - start) / 1e9);
    try (SavedModelEngine engine = SavedModelEngine.load(options.out());
        Progress progress = Progress.of("testing", OptionalLong.of(test.count()), " pictures")) {
      test(engine, test, options, print, progress);
    }
    print.println("written to " + options.out());
  }

  private static void test(
      SavedModelEngine engine,
      SegmentedImages test,
      TrainOptions options,
      PrintWriter print,
      Progress progress)
      throws IOException {
    int pixels = test.size() * test.size();
    int count = test.count() * pixels;
    double[] once = new double[count];
    double[] entropy = new double[count];
    double[] information = new double[count];
    boolean[] wrongOnce = new boolean[count];
    boolean[] wrong = new boolean[count];
    SamplingPlan plan = SamplingPlan.standard();
    TrainMembraneChart chart = new TrainMembraneChart(test);
    for (int picture = 0; picture < test.count(); picture++) {
      FloatNdArray x =
          NdArrays.wrap(
              Shape.of(1, test.size(), test.size(), 1), DataBuffers.of(test.pixels(picture)));
      FloatNdArray served = engine.singlePass(x);
      ClassificationPrediction passes = engine.classify(x, plan);
      int from = picture * pixels;
      for (int i = 0; i < pixels; i++) {
        float membrane = served.getFloat(0, i / test.size(), i % test.size(), 1);
        once[from + i] = -Math.max(membrane, 1 - membrane);
        wrongOnce[from + i] = (membrane > .5 ? 1 : 0) != test.label(picture, i);
        wrong[from + i] = passes.summaries().get(i).predictedClass() != test.label(picture, i);
      }
      copy(passes.values(ClassificationMeasure.PREDICTIVE_ENTROPY), entropy, from);
      copy(passes.values(ClassificationMeasure.MUTUAL_INFORMATION), information, from);
      chart.add(picture, passes);
      progress.stepTo(picture + 1);
    }
    TextTable table =
        new TextTable("")
            .row("pixels", "wrong %", "AUROC of wrong", "mean where right", "where wrong");
    row(
        table,
        "1 − max softmax, one pass",
        wrongOnce,
        Arrays.stream(once).map(p -> 1 + p).toArray());
    row(table, "predictive entropy, 50 passes", wrong, entropy);
    row(table, "mutual information, 50 passes", wrong, information);
    table.lines().forEach(print::println);
    print.println(
        "picture "
            + TrainPicture.write(
                chart.draw(), options.out().resolveSibling(options.out().getFileName() + ".png")));
  }

  private static void copy(double[] values, double[] all, int from) {
    System.arraycopy(values, 0, all, from, values.length);
  }

  private static void row(TextTable table, String name, boolean[] wrong, double[] doubt) {
    double[] right = where(doubt, wrong, false);
    double[] mistaken = where(doubt, wrong, true);
    double share = (double) mistaken.length / doubt.length;
    if (right.length == 0 || mistaken.length == 0) {
      table.row(name, String.format(Locale.ROOT, "%.2f", 100 * share), "-", "-", "-");
      return;
    }
    table.row(
        name,
        String.format(Locale.ROOT, "%.2f", 100 * share),
        String.format(Locale.ROOT, "%.4f", OutOfDistribution.auroc(right, mistaken)),
        String.format(Locale.ROOT, "%.3f", StatUtils.mean(right)),
        String.format(Locale.ROOT, "%.3f", StatUtils.mean(mistaken)));
  }

  private static double[] where(double[] doubt, boolean[] wrong, boolean kept) {
    return IntStream.range(0, doubt.length)
        .filter(i -> wrong[i] == kept)
        .mapToDouble(i -> doubt[i])
        .toArray();
  }
}
