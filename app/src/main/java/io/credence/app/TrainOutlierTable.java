package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.decision.OutOfDistribution;
import io.credence.statistics.ClassificationSummary;
import io.credence.tensorflow.SavedModelEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * The table of Hendrycks, Mazeika, Dietterich 2019 for one network of MNIST: how well −max softmax
 * finds wrong answers, and pictures out of distribution; below it, what passes with dropout make of
 * wrong answers.
 */
final class TrainOutlierTable {

  private static final int BATCH = 500;

  private final TrainOutlierSets sets;
  private final Progress progress;
  private final SamplingPlan plan;
  private long done;

  TrainOutlierTable(TrainOutlierSets sets, Progress progress) {
    this.sets = sets;
    this.progress = progress;
    this.plan = SamplingPlan.of(SamplingPlan.DEFAULT_PASSES).withSeed(sets.seed());
  }

  /** The lines of the table for the model in a folder. */
  List<String> lines(Path model) {
    TextTable table = new TextTable("  ").row("%", "error", "FPR95", "AUROC", "AUPR");
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      List<Answer> served = served(engine, TrainOutlierSets.of(sets.test()), sets.test().size());
      double[] inside = scores(served);
      boolean[] wrong = wrong(i -> served.get(i).predicted());
      row(table, "wrong answers", percent(wrong), wrong, inside);
      for (TrainOutlierSets.Other other : sets.others()) {
        List<Answer> answers = served(engine, other.pictures(), other.size());
        table.row(outliers(other.name(), inside, scores(answers)));
      }
      dropout(engine, table);
    }
    return table.lines();
  }

  /**
   * What a network says of a picture.
   *
   * @param predicted the most probable class
   * @param score −max softmax
   */
  private record Answer(int predicted, double score) {}

  private List<Answer> served(
      SavedModelEngine engine, TrainOutlierSets.Pictures pictures, int size) {
    List<Answer> answers = new ArrayList<>();
    for (int from = 0; from < size; from += BATCH) {
      int to = Math.min(from + BATCH, size);
      FloatNdArray softmax = engine.singlePass(array(pictures.values(from, to), to - from));
      for (int i = 0; i < to - from; i++) {
        int best = 0;
        for (int k = 1; k < softmax.shape().get(1); k++) {
          best = softmax.getFloat(i, k) > softmax.getFloat(i, best) ? k : best;
        }
        answers.add(new Answer(best, -softmax.getFloat(i, best)));
      }
      step(to - from);
    }
    return answers;
  }

  private static double[] scores(List<Answer> answers) {
    return answers.stream().mapToDouble(Answer::score).toArray();
  }

  private boolean[] wrong(IntUnaryOperator predicted) {
    boolean[] wrong = new boolean[sets.test().size()];
    for (int i = 0; i < wrong.length; i++) {
      wrong[i] = predicted.applyAsInt(i) != sets.test().label(i);
    }
    return wrong;
  }

  private String[] outliers(String name, double[] inside, double[] outside) {
    int draws = TrainOutlierSets.DRAWS;
    int size = Math.min(sets.drawn(), outside.length);
    double[][] metrics = new double[3][draws];
    SplittableRandom random = new SplittableRandom(sets.seed());
    for (int draw = 0; draw < draws; draw++) {
      double[] some = drawn(outside, size, random);
      metrics[0][draw] = OutOfDistribution.falsePositiveRate95(inside, some);
      metrics[1][draw] = OutOfDistribution.auroc(inside, some);
      metrics[2][draw] = OutOfDistribution.averagePrecision(inside, some);
    }
    return new String[] {name, "", mean(metrics[0]), mean(metrics[1]), mean(metrics[2])};
  }

  /** Some scores without repetition. */
  private static double[] drawn(double[] scores, int size, SplittableRandom random) {
    double[] some = scores.clone();
    for (int i = 0; i < size; i++) {
      int j = i + random.nextInt(some.length - i);
      double swapped = some[i];
      some[i] = some[j];
      some[j] = swapped;
    }
    return Arrays.copyOf(some, size);
  }

  private void dropout(SavedModelEngine engine, TextTable table) {
    int size = sets.test().size();
    ClassificationSummary[] summaries = new ClassificationSummary[size];
    for (int from = 0; from < size; from += BATCH) {
      int to = Math.min(from + BATCH, size);
      ClassificationPrediction prediction =
          engine.classify(
              array(TrainOutlierSets.of(sets.test()).values(from, to), to - from), plan);
      for (int i = from; i < to; i++) {
        summaries[i] = prediction.get(i - from);
      }
      step(to - from);
    }
    boolean[] wrong = wrong(i -> summaries[i].predictedClass());
    String passes = plan.passes() + " passes, ";
    row(
        table,
        passes + "1 − max probability",
        percent(wrong),
        wrong,
        scores(summaries, s -> -s.maxProbability()));
    row(
        table,
        passes + "predictive entropy",
        "",
        wrong,
        scores(summaries, ClassificationSummary::predictiveEntropy));
    row(
        table,
        passes + "mutual information",
        "",
        wrong,
        scores(summaries, ClassificationSummary::mutualInformation));
  }

  private static double[] scores(
      ClassificationSummary[] summaries, ToDoubleFunction<ClassificationSummary> score) {
    return Arrays.stream(summaries).mapToDouble(score).toArray();
  }

  private static void row(
      TextTable table, String name, String error, boolean[] wrong, double[] scores) {
    double[] right = where(scores, wrong, false);
    double[] mistaken = where(scores, wrong, true);
    if (right.length == 0 || mistaken.length == 0) {
      table.row(name, error, "-", "-", "-"); // nothing to tell apart
      return;
    }
    table.row(
        name,
        error,
        percent(OutOfDistribution.falsePositiveRate95(right, mistaken)),
        percent(OutOfDistribution.auroc(right, mistaken)),
        percent(OutOfDistribution.averagePrecision(right, mistaken)));
  }

  private static double[] where(double[] scores, boolean[] wrong, boolean kept) {
    return IntStream.range(0, scores.length)
        .filter(i -> wrong[i] == kept)
        .mapToDouble(i -> scores[i])
        .toArray();
  }

  private static String percent(boolean[] wrong) {
    long count = IntStream.range(0, wrong.length).filter(i -> wrong[i]).count();
    return percent((double) count / wrong.length);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100 * share);
  }

  /** Mean and population standard deviation over the draws. */
  private static String mean(double[] shares) {
    double mean = DoubleStream.of(shares).average().orElseThrow();
    double deviation = Math.sqrt(StatUtils.populationVariance(shares));
    return percent(mean) + " ± " + percent(deviation);
  }

  private static FloatNdArray array(float[] values, int rows) {
    return NdArrays.wrap(Shape.of(rows, 28, 28, 1), DataBuffers.of(values));
  }

  private void step(int pictures) {
    done += pictures;
    progress.stepTo(done);
  }
}
