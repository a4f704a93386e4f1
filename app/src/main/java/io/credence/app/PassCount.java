package io.credence.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.StoppingRule;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.RegressionMeasure;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** How many passes the inputs of a run took. */
final class PassCount {

  private final SamplingPlan plan;
  private final ModelDescription model;
  private final long sampled;
  private long inputs;
  private long passes;
  private long most;
  private long above;

  PassCount(SamplingPlan plan, ModelDescription model) {
    this.plan = plan;
    this.model = model;
    this.sampled = model.members().stream().filter(ModelDescription.Member::stochastic).count();
  }

  void add(Prediction prediction) {
    int places = (int) prediction.places().size();
    for (int n = 0; n < prediction.size(); n++) {
      long samples =
          prediction instanceof ClassificationPrediction classes
              ? classes.summaries().get(n * places).samples()
              : ((RegressionPrediction) prediction).summaries().get(n * places).samples();
      long taken = ofAMember(samples);
      passes += taken;
      most = Math.max(most, taken);
      inputs++;
      int first = n * places;
      boolean enough =
          plan.stopping().stream()
              .allMatch(
                  rule ->
                      errors(prediction, rule, first, places)
                          .allMatch(error -> error <= rule.tolerance()));
      above += enough ? 0 : 1;
    }
  }

  /** The errors of a rule's measure at the places of one input; NaN where none is told. */
  private static DoubleStream errors(
      Prediction prediction, StoppingRule rule, int first, int places) {
    IntStream all = IntStream.range(first, first + places);
    if (prediction instanceof ClassificationPrediction classes) {
      ClassificationMeasure measure = (ClassificationMeasure) rule.measure();
      return all.mapToDouble(
          i -> classes.summaries().get(i).standardError(measure).orElse(Double.NaN));
    }
    RegressionMeasure measure = (RegressionMeasure) rule.measure();
    return all.mapToObj(((RegressionPrediction) prediction).summaries()::get)
        .flatMapToDouble(
            summary ->
                IntStream.range(0, summary.targets())
                    .mapToDouble(d -> summary.standardError(measure, d).orElse(Double.NaN)));
  }

  /** Members that answer as they are served give one sample each. */
  private long ofAMember(long samples) {
    if (model.members().isEmpty()) {
      return samples;
    }
    return sampled == 0 ? 1 : (samples - (model.members().size() - sampled)) / sampled;
  }

  /** In words, such as "50 passes", "31.2 passes on average, at most 431, of each of 5 members". */
  String words() {
    String number =
        plan.stopping().isEmpty()
            ? most + (most == 1 ? " pass" : " passes")
            : String.format(
                Locale.ROOT, "%.1f passes on average, at most %d", (double) passes / inputs, most);
    return model.members().size() < 2
        ? number
        : number
            + (plan.stopping().isEmpty() ? "" : ",")
            + " of each of "
            + model.members().size()
            + " members";
  }

  /** Says how many inputs ran out of passes, if any did. */
  void print(PrintWriter to) {
    if (above > 0) {
      StoppingRule rule = plan.stopping().orElseThrow();
      to.printf(
          Locale.ROOT,
          "%d inputs took all %d passes, and the standard error of their %s is still above %s%n",
          above,
          plan.passes(),
          rule.measure().key(),
          BigDecimal.valueOf(rule.tolerance()).stripTrailingZeros().toPlainString());
    }
  }

  void putInto(ObjectNode summary) {
    if (plan.stopping().isPresent()) {
      summary.put("meanPasses", (double) passes / inputs);
      summary.put("mostPasses", most);
      summary.put("aboveTolerance", above);
    }
    if (!model.members().isEmpty()) {
      summary.put("members", model.members().size());
    }
  }
}
