package io.credence.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.RegressionSummary;
import java.io.PrintWriter;
import java.util.Locale;

/** What the measures of all inputs of a run come to on average. */
sealed interface ScoreMeans {

  /** Means for a model of this kind of output, of no input yet. */
  static ScoreMeans of(ModelDescription model) {
    return model.outputKind().isClassification() ? new OfClassification() : new OfRegression(model);
  }

  void add(Prediction prediction);

  /** Prints them for people, a measure a line. */
  void print(PrintWriter to, long inputs);

  /** Puts them into the summary for machines; {@code docs/json.md} documents it. */
  void putInto(ObjectNode summary, long inputs);

  /** Entropies in nats, and the largest probability. */
  final class OfClassification implements ScoreMeans {

    private double predictiveEntropy;
    private double mutualInformation;
    private double maxProbability;

    @Override
    public void add(Prediction prediction) {
      for (ClassificationSummary s : ((ClassificationPrediction) prediction).summaries()) {
        predictiveEntropy += s.predictiveEntropy();
        mutualInformation += s.mutualInformation();
        maxProbability += s.maxProbability();
      }
    }

    @Override
    public void print(PrintWriter to, long inputs) {
      to.printf(
          Locale.ROOT,
          "mean predictive entropy   %.4f nats%nmean mutual information   %.4f nats%n"
              + "mean max probability      %.4f%n",
          predictiveEntropy / inputs,
          mutualInformation / inputs,
          maxProbability / inputs);
    }

    @Override
    public void putInto(ObjectNode summary, long inputs) {
      summary.put("meanPredictiveEntropy", predictiveEntropy / inputs);
      summary.put("meanMutualInformation", mutualInformation / inputs);
      summary.put("meanMaxProbability", maxProbability / inputs);
    }
  }

  /** The epistemic standard deviation of each target, in its own units. */
  final class OfRegression implements ScoreMeans {

    private static final int TARGETS_SHOWN = 10;

    private final ModelDescription model;
    private double[] deviations = {};

    private OfRegression(ModelDescription model) {
      this.model = model;
    }

    @Override
    public void add(Prediction prediction) {
      for (RegressionSummary s : ((RegressionPrediction) prediction).summaries()) {
        if (deviations.length == 0) {
          deviations = new double[s.targets()];
        }
        for (int d = 0; d < deviations.length; d++) {
          deviations[d] += s.epistemicStandardDeviation(d);
        }
      }
    }

    @Override
    public void print(PrintWriter to, long inputs) {
      to.println("mean epistemic standard deviation");
      for (int d = 0; d < Math.min(deviations.length, TARGETS_SHOWN); d++) {
        String name = (model.labels().isEmpty() ? "target " : "") + model.label(d);
        to.printf(Locale.ROOT, "  %-22s  %.4g%n", name, deviations[d] / inputs);
      }
      if (deviations.length > TARGETS_SHOWN) {
        to.println("  and of " + (deviations.length - TARGETS_SHOWN) + " targets more");
      }
    }

    @Override
    public void putInto(ObjectNode summary, long inputs) {
      ArrayNode all = summary.putArray("meanEpistemicStandardDeviation");
      for (double sum : deviations) {
        all.add(sum / inputs);
      }
    }
  }
}
