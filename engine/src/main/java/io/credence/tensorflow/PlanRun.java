package io.credence.tensorflow;

import io.credence.ClassificationPrediction;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.StoppingRule;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.Moments;
import io.credence.statistics.RegressionMoments;
import io.credence.statistics.RegressionSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Draws the passes of a plan for a batch, and lets rows go once they have had enough. */
final class PlanRun {

  private final SamplingPlan plan;
  private final SampledBatch batch;
  private final TreeMap<Integer, ClassificationSummary> classes = new TreeMap<>();
  private final TreeMap<Integer, RegressionSummary> targets = new TreeMap<>();

  /** The rows that are still in the batch, by their numbers in the whole of it. */
  private int[] rows;

  private PlanRun(SamplingPlan plan, SampledBatch batch) {
    this.plan = plan;
    this.batch = batch;
    this.rows = new int[0];
  }

  /**
   * The prediction of a plan.
   *
   * @param doubts what was doubtful about the inputs; asked for when all is drawn
   */
  static Prediction predict(SamplingPlan plan, SampledBatch batch, Supplier<List<String>> doubts) {
    PlanRun run = new PlanRun(plan, batch);
    if (plan.stopping().isPresent()) {
      run.until(plan.stopping().get());
    } else {
      Moments moments = batch.draw(0, plan.passes());
      run.rows = IntStream.range(0, batch.rows()).toArray();
      run.take(moments, run.rows);
    }
    return run.prediction(doubts.get());
  }

  private void until(StoppingRule rule) {
    rows = IntStream.range(0, batch.rows()).toArray();
    int taken = 0;
    while (rows.length > 0) {
      int next = rule.nextLook(taken, plan.passes());
      Moments moments = batch.draw(taken, next);
      taken = next;
      boolean[] enough = new boolean[rows.length];
      if (taken == plan.passes()) {
        Arrays.fill(enough, true);
      } else {
        double[] errors = moments.standardErrors(rule.measure());
        int places = errors.length / rows.length;
        for (int i = 0; i < rows.length; i++) {
          enough[i] =
              Arrays.stream(errors, i * places, (i + 1) * places)
                  .allMatch(error -> error <= rule.tolerance());
        }
      }
      part(moments, enough);
    }
  }

  private void part(Moments moments, boolean[] enough) {
    take(moments, IntStream.range(0, rows.length).filter(i -> enough[i]).toArray());
    int[] staying = IntStream.range(0, rows.length).filter(i -> !enough[i]).toArray();
    if (staying.length > 0 && staying.length < rows.length) {
      batch.keep(staying);
    }
    rows = Arrays.stream(staying).map(i -> rows[i]).toArray();
  }

  /** Notes the summaries of the rows at some positions. */
  private void take(Moments moments, int... positions) {
    if (positions.length == 0) {
      return;
    }
    int places = moments.inputs() / rows.length;
    // Summaries of a few rows must not hold on to the numbers of all.
    Moments taken =
        positions.length == rows.length ? moments : moments.keep(places(places, positions));
    int[] to = places(places, Arrays.stream(positions).map(i -> rows[i]).toArray());
    if (taken instanceof ClassificationMoments some) {
      put(some.summaries(), to, classes);
    } else if (taken instanceof RegressionMoments some) {
      put(some.summaries(), to, targets);
    }
  }

  private static <T> void put(List<T> summaries, int[] to, Map<Integer, T> goal) {
    for (int i = 0; i < to.length; i++) {
      goal.put(to[i], summaries.get(i));
    }
  }

  /** The places of some rows, in turn. */
  static int[] places(int each, int... rows) {
    return Arrays.stream(rows)
        .flatMap(row -> IntStream.range(row * each, (row + 1) * each))
        .toArray();
  }

  private Prediction prediction(List<String> doubts) {
    List<String> warnings = new ArrayList<>(doubts);
    if (!differ()) {
      warnings.add(same());
    }
    return classes.isEmpty()
        ? new RegressionPrediction(List.copyOf(targets.values()), batch.places(), plan, warnings)
        : new ClassificationPrediction(
            List.copyOf(classes.values()), batch.places(), plan, warnings);
  }

  private String same() {
    boolean ofClasses = !classes.isEmpty();
    long samples =
        ofClasses
            ? classes.firstEntry().getValue().samples()
            : targets.firstEntry().getValue().samples();
    int members =
        ofClasses
            ? classes.firstEntry().getValue().members()
            : targets.firstEntry().getValue().members();
    return members > 1
        ? "all "
            + members
            + " members gave the very same output for this batch: they may be copies of one model,"
            + " or the output saturated"
        : "all "
            + samples
            + " passes gave the very same output for this batch: dropout may be off in this"
            + " model, or the output saturated";
  }

  /** Whether the samples of any row differ, or there is one only. */
  private boolean differ() {
    return classes.values().stream()
            .anyMatch(
                one -> one.samples() == 1 || Arrays.stream(one.variances()).anyMatch(v -> v > 0))
        || targets.values().stream()
            .anyMatch(
                one ->
                    one.samples() == 1
                        || Arrays.stream(one.epistemicVariance()).anyMatch(v -> v > 0));
  }
}
