package io.credence.app;

import io.credence.RegressionHead;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.models.data.TabularSet;
import io.credence.models.data.TabularSplit;
import io.credence.statistics.RegressionLogLikelihood;
import io.credence.statistics.RegressionSummary;
import io.credence.tensorflow.SavedModelEngine;
import io.credence.tensorflow.SavedModelEnsemble;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * Tests models on the test rows of a split.
 *
 * @param rmse root of the mean squared error of the mean prediction, in the unit of the target
 * @param logLikelihood mean log-likelihood of a test row, in nats
 */
record TrainUciQuality(double rmse, double logLikelihood) {

  private static final int BATCH = 500;

  /**
   * By passes with dropout: the likelihood of a row is that under the mixture of all passes, each a
   * normal distribution as the head of the model says.
   */
  static TrainUciQuality ofPasses(
      TabularSet set, TabularSplit split, Path model, RegressionHead head, SamplingPlan plan) {
    double squares = 0;
    double logLikelihoods = 0;
    int[] rows = split.test();
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      for (int from = 0; from < rows.length; from += BATCH) {
        int[] some = Arrays.copyOfRange(rows, from, Math.min(from + BATCH, rows.length));
        double[] targets = Arrays.stream(some).mapToDouble(set::target).toArray();
        RegressionLogLikelihood likelihood = RegressionLogLikelihood.of(targets, 1, head);
        RegressionPrediction prediction =
            (RegressionPrediction)
                engine.predict(
                    Map.of("x", inputs(set, some)),
                    plan,
                    (member, pass, outputs, shape) -> likelihood.add(outputs));
        squares += squares(prediction, targets);
        logLikelihoods += likelihood.mean() * some.length;
      }
    }
    return new TrainUciQuality(Math.sqrt(squares / rows.length), logLikelihoods / rows.length);
  }

  /**
   * By an ensemble: the likelihood of a row is that under one normal distribution of the mean and
   * the variance of the mixture of the members.
   */
  static TrainUciQuality ofMembers(TabularSet set, TabularSplit split, List<Path> models) {
    double squares = 0;
    double logLikelihoods = 0;
    int[] rows = split.test();
    try (SavedModelEnsemble ensemble = SavedModelEnsemble.builder(models).load()) {
      for (int from = 0; from < rows.length; from += BATCH) {
        int[] some = Arrays.copyOfRange(rows, from, Math.min(from + BATCH, rows.length));
        double[] targets = Arrays.stream(some).mapToDouble(set::target).toArray();
        RegressionPrediction prediction =
            (RegressionPrediction)
                ensemble.predict(Map.of("x", inputs(set, some)), SamplingPlan.of(1));
        squares += squares(prediction, targets);
        for (int i = 0; i < some.length; i++) {
          RegressionSummary summary = prediction.get(i);
          double deviation = Math.sqrt(summary.totalVariance(0).orElseThrow());
          logLikelihoods +=
              new NormalDistribution(null, summary.mean(0), deviation).logDensity(targets[i]);
        }
      }
    }
    return new TrainUciQuality(Math.sqrt(squares / rows.length), logLikelihoods / rows.length);
  }

  private static double squares(RegressionPrediction prediction, double[] targets) {
    double squares = 0;
    for (int i = 0; i < targets.length; i++) {
      double error = targets[i] - prediction.get(i).mean(0);
      squares += error * error;
    }
    return squares;
  }

  private static FloatNdArray inputs(TabularSet set, int[] rows) {
    int width = set.features();
    float[] values = new float[rows.length * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) set.feature(rows[i / width], i % width);
    }
    return NdArrays.wrap(Shape.of(rows.length, width), DataBuffers.of(values));
  }
}
