package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.SamplingPlan;
import io.credence.models.data.Picture;
import io.credence.statistics.ClassificationSummary;
import io.credence.tensorflow.SavedModelEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * A picture of the demo and what the model says of it.
 *
 * @param picture the picture
 * @param softmax the largest softmax output of one ordinary pass
 * @param summary what the passes with dropout say
 * @param model the model that said it
 */
record DemoScore(
    Picture picture, double softmax, ClassificationSummary summary, ModelDescription model) {

  boolean answered(double threshold) {
    return summary.predictiveEntropy() <= threshold;
  }

  boolean right() {
    return picture.label().isPresent() && picture.label().getAsInt() == summary.predictedClass();
  }

  /** The label of the predicted class, or "don't know". */
  String answer(double threshold) {
    return answered(threshold) ? model.label(summary.predictedClass()) : "don't know";
  }

  /** Scores pictures in batches. */
  static final class Scorer {

    private static final int BATCH = 200;

    private final SavedModelEngine engine;
    private final SamplingPlan plan;
    private final float scale;
    private final Progress progress;
    private long done;
    private Optional<String> warning = Optional.empty();

    /** A scorer of pictures whose pixels, 0–255, are multiplied by a factor. */
    Scorer(SavedModelEngine engine, SamplingPlan plan, float scale, Progress progress) {
      this.engine = engine;
      this.plan = plan;
      this.scale = scale;
      this.progress = progress;
    }

    List<DemoScore> score(List<Picture> pictures) {
      List<DemoScore> scores = new ArrayList<>();
      for (int from = 0; from < pictures.size(); from += BATCH) {
        List<Picture> batch = pictures.subList(from, Math.min(from + BATCH, pictures.size()));
        FloatNdArray images = images(batch);
        FloatNdArray softmax = engine.singlePass(images);
        ClassificationPrediction prediction = engine.classify(images, plan);
        warning = warning.or(() -> prediction.warnings().stream().findFirst());
        for (int i = 0; i < batch.size(); i++) {
          scores.add(
              new DemoScore(batch.get(i), max(softmax, i), prediction.get(i), engine.describe()));
        }
        done += batch.size();
        progress.stepTo(done);
      }
      return scores;
    }

    /** What the engine found doubtful in the pictures so far: its first warning. */
    Optional<String> warning() {
      return warning;
    }

    private FloatNdArray images(List<Picture> pictures) {
      float[] values = new float[pictures.size() * Picture.VALUES];
      for (int i = 0; i < pictures.size(); i++) {
        pictures.get(i).copyTo(values, i * Picture.VALUES, scale);
      }
      Shape shape = Shape.of(pictures.size(), Picture.HEIGHT, Picture.WIDTH, Picture.CHANNELS);
      return NdArrays.wrap(shape, DataBuffers.of(values));
    }

    private static double max(FloatNdArray softmax, int row) {
      double max = 0;
      for (int k = 0; k < softmax.shape().get(1); k++) {
        max = Math.max(max, softmax.getFloat(row, k));
      }
      return max;
    }
  }
}
