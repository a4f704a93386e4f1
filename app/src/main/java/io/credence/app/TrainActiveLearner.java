package io.credence.app;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.acquisition.ActiveLearner;
import io.credence.acquisition.Strategy;
import io.credence.acquisition.TopK;
import io.credence.models.CnnRecipe;
import io.credence.models.LabelledImages;
import io.credence.models.TrainingListener;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.SampleArray;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.index.Indices;

/**
 * Learns pictures from scratch in each round, exports the model, and scores the pool with it. Who
 * labels is there already: the labels of the set.
 */
final class TrainActiveLearner implements ActiveLearner<SampleArray> {

  private static final int PASSES = 100;
  private static final int EPOCHS = 20;
  private static final int BATCH = 250;
  private static final int PICTURES_A_STEP = 32;

  private final TrainActivePool kind;
  private final LabelledImages pool;
  private final LabelledImages test;
  private final Path model;
  private final int steps;
  private final long seed;
  private final Progress progress;
  private double accuracy = Double.NaN;

  /**
   * A learner that knows nothing.
   *
   * @param model the folder of the model of the last round
   * @param steps steps of a training at least, which sees each picture 20 times at least
   * @param seed seed of the run
   * @param progress hears of steps
   */
  TrainActiveLearner(
      TrainActivePool kind,
      LabelledImages pool,
      LabelledImages test,
      Path model,
      int steps,
      long seed,
      Progress progress) {
    this.kind = kind;
    this.pool = pool;
    this.test = test;
    this.model = model;
    this.steps = steps;
    this.seed = seed;
    this.progress = progress;
  }

  @Override
  public void train(List<String> labelled) {
    int stepsOfEpoch = (labelled.size() + PICTURES_A_STEP - 1) / PICTURES_A_STEP;
    CnnRecipe recipe =
        CnnRecipe.active()
            .withEpochs(Math.max(EPOCHS, (steps + stepsOfEpoch - 1) / stepsOfEpoch))
            .withSeed(seedOfRound(labelled.size()));
    List<String> names = IntStream.range(0, pool.classes()).mapToObj(Integer::toString).toList();
    TrainingListener listener =
        (step, total, loss) -> progress.message(" step " + step + " of " + total);
    try {
      accuracy = recipe.train(pool.select(indices(labelled)), test, names, model, true, listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The share of right answers, dropout off, as the code of Gal et al. takes it. */
  @Override
  public double evaluate() {
    return accuracy;
  }

  @Override
  public void score(List<String> unlabelled, Strategy strategy, TopK<SampleArray> candidates) {
    if (strategy == Strategy.RANDOM) {
      unlabelled.forEach(id -> candidates.offer(id, 0));
      return;
    }
    int labels = pool.size() - unlabelled.size();
    List<String> some = kind.looked(unlabelled, pool.size(), seedOfRound(labels));
    SamplingPlan plan = SamplingPlan.of(PASSES).withSeed(seedOfRound(labels));
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      for (int from = 0; from < some.size(); from += BATCH) {
        List<String> ids = some.subList(from, Math.min(from + BATCH, some.size()));
        FloatNdArray samples = engine.sample(images(ids), plan);
        ClassificationMoments moments =
            SampleArray.of(samples).classify(OutputKind.PROBABILITIES, 0);
        for (int i = 0; i < ids.size(); i++) {
          int row = i;
          candidates.offer(
              ids.get(i), strategy.score(moments.summary(i)), () -> ofRow(samples, row));
        }
      }
    }
  }

  private static SampleArray ofRow(FloatNdArray samples, int row) {
    return SampleArray.of(samples.slice(Indices.all(), Indices.range(row, row + 1), Indices.all()));
  }

  @Override
  public double[][] distributions(SampleArray samples) {
    return samples.probabilities(OutputKind.PROBABILITIES);
  }

  @Override
  public void label(List<String> acquired) {
    // The set has the labels.
  }

  private FloatNdArray images(List<String> ids) {
    return NdArrays.wrap(
        Shape.of(ids.size(), pool.height(), pool.width(), pool.channels()),
        DataBuffers.of(pool.values(indices(ids))));
  }

  private static int[] indices(List<String> ids) {
    return ids.stream().mapToInt(Integer::parseInt).toArray();
  }

  /** Weights, masks and what is looked at: of this run and no other, and the same if resumed. */
  private long seedOfRound(int labels) {
    return seed * 1_000_003 + labels;
  }
}
