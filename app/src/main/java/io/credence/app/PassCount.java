package io.credence.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import java.util.Locale;

/** How many passes the inputs of a run took. */
final class PassCount {

  private final SamplingPlan plan;
  private final ModelDescription model;
  private final long sampled;
  private long inputs;
  private long passes;
  private long most;

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
    }
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
    return model.members().isEmpty()
        ? number
        : number
            + (plan.stopping().isEmpty() ? "" : ",")
            + " of each of "
            + model.members().size()
            + " members";
  }

  void putInto(ObjectNode summary) {
    if (plan.stopping().isPresent()) {
      summary.put("meanPasses", (double) passes / inputs);
      summary.put("mostPasses", most);
    }
    if (!model.members().isEmpty()) {
      summary.put("members", model.members().size());
    }
  }
}
