package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationSummary;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a whole run of {@code score} comes to. */
final class ScoreTotals {

  private static final int SKIPPED_SHOWN = 10;

  private final SamplingPlan plan;
  private long inputs;
  private double predictiveEntropy;
  private double mutualInformation;
  private double maxProbability;
  private Optional<String> warning = Optional.empty();
  private long warnings;
  private List<String> skipped = List.of();

  ScoreTotals(SamplingPlan plan) {
    this.plan = plan;
  }

  /** Number of inputs scored so far. */
  long inputs() {
    return inputs;
  }

  void add(ClassificationPrediction prediction) {
    inputs += prediction.size();
    for (ClassificationSummary summary : prediction.summaries()) {
      predictiveEntropy += summary.predictiveEntropy();
      mutualInformation += summary.mutualInformation();
      maxProbability += summary.maxProbability();
    }
    if (!prediction.warnings().isEmpty()) {
      warning = warning.or(() -> Optional.of(prediction.warnings().get(0)));
      warnings++;
    }
  }

  void skipped(List<String> messages) {
    skipped = List.copyOf(messages);
  }

  /** Says what was doubtful and what was passed over. */
  void printProblems(PrintWriter to) {
    String also = warnings > 1 ? " (so in " + warnings + " batches)" : "";
    warning.ifPresent(text -> to.println("warning: " + text + also));
    skipped.stream().limit(SKIPPED_SHOWN).forEach(text -> to.println("skipped: " + text));
    if (skipped.size() > SKIPPED_SHOWN) {
      to.println("skipped: " + (skipped.size() - SKIPPED_SHOWN) + " more");
    }
  }

  /** Prints the summary for people. */
  void print(PrintWriter to) {
    to.printf(
        Locale.ROOT,
        "%d inputs scored with %d passes, seed %d%s%n",
        inputs,
        plan.passes(),
        plan.seed(),
        skipped.isEmpty() ? "" : "; " + skipped.size() + " skipped");
    to.printf(
        Locale.ROOT,
        "mean predictive entropy   %.4f nats%nmean mutual information   %.4f nats%n"
            + "mean max probability      %.4f%n",
        predictiveEntropy / inputs,
        mutualInformation / inputs,
        maxProbability / inputs);
  }

  /** The summary for machines; {@code docs/json.md} documents it. */
  ObjectNode toJson() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("schema", "credence.summary/1");
    node.put("inputs", inputs);
    node.put("skipped", skipped.size());
    node.put("meanPredictiveEntropy", predictiveEntropy / inputs);
    node.put("meanMutualInformation", mutualInformation / inputs);
    node.put("meanMaxProbability", maxProbability / inputs);
    warning.ifPresent(text -> node.put("warning", text));
    node.putObject("plan").put("passes", plan.passes()).put("seed", plan.seed());
    return node;
  }
}
