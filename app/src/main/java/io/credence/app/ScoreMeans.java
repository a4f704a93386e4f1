package io.credence.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.StoppingRule;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionSummary;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the measures of all inputs of a run come to on average, and the largest of their errors. */
sealed interface ScoreMeans {

  /** Means for a model of this kind of output, of no input yet. */
  static ScoreMeans of(ModelDescription model, SamplingPlan plan) {
    Optional<Measure> stopping = plan.stopping().map(StoppingRule::measure);
    return model.outputKind().isClassification()
        ? new OfClassification(model, stopping)
        : new OfRegression(model, stopping);
  }

  void add(Prediction prediction);

  /** Prints them for people, a measure a line. */
  void print(PrintWriter to);

  /** Puts them into the summary for machines; {@code docs/json.md} documents it. */
  void putInto(ObjectNode summary);

  /** The mean of the name of a measure, in camel case. */
  private static String meanOf(Measure measure) {
    return "mean"
        + measure.key().substring(0, 1).toUpperCase(Locale.ROOT)
        + measure.key().substring(1);
  }

  /** The name of a measure as people write it. */
  private static String words(Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Entropies in nats, and the largest probability. */
  final class OfClassification implements ScoreMeans {

    private final Map<ClassificationMeasure, Double> sums =
        new EnumMap<>(ClassificationMeasure.class);
    private final Map<ClassificationMeasure, Double> errors =
        new EnumMap<>(ClassificationMeasure.class);
    private long summaries;

    private OfClassification(ModelDescription model, Optional<Measure> stopping) {
      sums.put(ClassificationMeasure.PREDICTIVE_ENTROPY, 0.0);
      sums.put(ClassificationMeasure.MUTUAL_INFORMATION, 0.0);
      sums.put(ClassificationMeasure.MAX_PROBABILITY, 0.0);
      stopping.ifPresent(measure -> sums.put((ClassificationMeasure) measure, 0.0));
      if (!model.members().isEmpty()) {
        sums.put(ClassificationMeasure.BETWEEN_MEMBERS_MUTUAL_INFORMATION, 0.0);
        sums.put(ClassificationMeasure.WITHIN_MEMBERS_MUTUAL_INFORMATION, 0.0);
      }
    }

    @Override
    public void add(Prediction prediction) {
      List<ClassificationSummary> all = ((ClassificationPrediction) prediction).summaries();
      summaries += all.size();
      for (ClassificationSummary s : all) {
        for (Map.Entry<ClassificationMeasure, Double> each : sums.entrySet()) {
          each.setValue(each.getValue() + each.getKey().of(s));
          s.standardError(each.getKey())
              .ifPresent(error -> errors.merge(each.getKey(), error, Math::max));
        }
      }
    }

    @Override
    public void print(PrintWriter to) {
      int longest =
          sums.keySet().stream().mapToInt(measure -> words(measure).length()).max().orElse(0);
      sums.forEach(
          (measure, sum) -> {
            String unit = measure.unit() == ClassificationMeasure.Unit.NATS ? " nats" : "     ";
            String error =
                errors.containsKey(measure)
                    ? String.format(
                        Locale.ROOT, "   standard error at most %.4f", errors.get(measure))
                    : "";
            String name = "mean %-" + longest + "s   ";
            String line =
                String.format(Locale.ROOT, name + "%.4f", words(measure), sum / summaries);
            to.println((line + unit + error).stripTrailing());
          });
    }

    @Override
    public void putInto(ObjectNode summary) {
      sums.forEach((measure, sum) -> summary.put(meanOf(measure), sum / summaries));
      if (!errors.isEmpty()) {
        ObjectNode largest = summary.putObject("largestStandardError");
        errors.forEach((measure, error) -> largest.put(measure.key(), error));
      }
    }
  }

  /** The epistemic standard deviation of each target, in its own units. */
  final class OfRegression implements ScoreMeans {

    private static final int TARGETS_SHOWN = 10;

    private final ModelDescription model;
    private final RegressionMeasure measured;
    private double[] deviations = {};
    private double[] errors = {};
    private long summaries;
    private boolean told = true;

    private OfRegression(ModelDescription model, Optional<Measure> stopping) {
      this.model = model;
      this.measured =
          stopping
              .map(measure -> (RegressionMeasure) measure)
              .orElse(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION);
    }

    @Override
    public void add(Prediction prediction) {
      for (RegressionSummary s : ((RegressionPrediction) prediction).summaries()) {
        if (summaries == 0) {
          deviations = new double[s.targets()];
          errors = new double[s.targets()];
        }
        summaries++;
        for (int d = 0; d < deviations.length; d++) {
          deviations[d] += s.epistemicStandardDeviation(d);
          told = told && s.standardError(measured, d).isPresent();
          errors[d] = Math.max(errors[d], s.standardError(measured, d).orElse(0));
        }
      }
    }

    @Override
    public void print(PrintWriter to) {
      to.println(
          "mean epistemic standard deviation"
              + (told ? ", and the largest standard error of the " + words(measured) : ""));
      for (int d = 0; d < Math.min(deviations.length, TARGETS_SHOWN); d++) {
        String name = (model.labels().isEmpty() ? "target " : "") + model.label(d);
        String error = told ? String.format(Locale.ROOT, "   %.4g", errors[d]) : "";
        to.printf(Locale.ROOT, "  %-22s  %.4g%s%n", name, deviations[d] / summaries, error);
      }
      if (deviations.length > TARGETS_SHOWN) {
        to.println("  and of " + (deviations.length - TARGETS_SHOWN) + " targets more");
      }
    }

    @Override
    public void putInto(ObjectNode summary) {
      ArrayNode all = summary.putArray(meanOf(RegressionMeasure.EPISTEMIC_STANDARD_DEVIATION));
      for (double sum : deviations) {
        all.add(sum / summaries);
      }
      if (told) {
        ArrayNode largest = summary.putObject("largestStandardError").putArray(measured.key());
        for (double error : errors) {
          largest.add(error);
        }
      }
    }
  }
}
