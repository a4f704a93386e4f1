package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.Masks;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.PredictionJson;
import io.credence.SamplingPlan;
import io.credence.app.input.BadInputException;
import io.credence.app.input.BadRow;
import io.credence.app.input.ColumnMap;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a whole run of {@code score} comes to. */
final class ScoreTotals {

  private static final int SKIPPED_SHOWN = 10;

  private final SamplingPlan plan;
  private final ScoreMeans means;
  private final PassCount passes;
  private final List<String> notes;
  private final Optional<ScoreCalibration> calibration;
  private long inputs;
  private Optional<String> warning = Optional.empty();
  private long warnings;
  private final List<String> firstBad = new ArrayList<>();
  private long bad;
  private long keptRows;
  private long keptBad;
  private Optional<ColumnMap> columns = Optional.empty();
  private Optional<ScoreLabels> labels = Optional.empty();

  ScoreTotals(SamplingPlan plan, ModelDescription model, Optional<ScoreCalibration> calibration) {
    this.plan = plan;
    this.calibration = calibration;
    this.means = ScoreMeans.of(model, plan);
    this.passes = new PassCount(plan, model);
    this.notes = new ArrayList<>(model.notes());
  }

  /** Tells something that is to be known of the whole run. */
  void note(String text) {
    notes.add(text);
  }

  /** Grades the inputs by these labels too; to be told before the first. */
  void labelled(ScoreLabels told) {
    labels = Optional.of(told);
  }

  /** Number of inputs scored so far. */
  long inputs() {
    return inputs;
  }

  void add(Prediction prediction) {
    inputs += prediction.size();
    means.add(prediction);
    passes.add(prediction);
    labels.ifPresent(told -> told.add(prediction));
    if (!prediction.warnings().isEmpty()) {
      warning = warning.or(() -> Optional.of(prediction.warnings().get(0)));
      warnings++;
    }
  }

  /** The JSON of one input of the prediction that was added last. */
  ObjectNode line(ObjectNode scores, Prediction prediction, int index) {
    calibration.ifPresent(told -> told.putInto(scores, prediction, index));
    if (labels.isPresent()) {
      long row = inputs - prediction.size() + index;
      labels.get().putInto(scores, row);
      calibration.ifPresent(told -> told.grade(scores, labels.get().of(row)));
    }
    return scores;
  }

  /**
   * Refuses a run that came to its end with labels left over.
   *
   * @throws BadInputException if there are more labels than inputs
   */
  void checkEnd() {
    labels.ifPresent(told -> told.checkNumber(inputs));
  }

  /** Tells what an earlier, unfinished run did; it is counted, but not in the means. */
  void begunWith(long rows, long badRows) {
    keptRows = rows;
    keptBad = badRows;
  }

  /** Tells which columns of a table are read. */
  void columns(ColumnMap map) {
    columns = Optional.of(map);
  }

  /** Counts rows that were set aside. */
  void addBad(List<BadRow> rows) {
    bad += rows.size();
    rows.stream().limit(SKIPPED_SHOWN - firstBad.size()).map(BadRow::reason).forEach(firstBad::add);
  }

  /** Whether a row was set aside, now or before. */
  boolean anySkipped() {
    return bad + keptBad > 0;
  }

  /** What is wrong with the first row that was set aside. */
  Optional<String> firstBad() {
    return firstBad.stream().findFirst();
  }

  /** Says what was doubtful and what was passed over. */
  void printProblems(PrintWriter to) {
    String also = warnings > 1 ? " (so in " + warnings + " batches)" : "";
    warning.ifPresent(text -> to.println("warning: " + text + also));
    notes.forEach(text -> to.println("note: " + text));
    firstBad.forEach(text -> to.println("skipped: " + text));
    if (bad > firstBad.size()) {
      to.println("skipped: " + (bad - firstBad.size()) + " more");
    }
  }

  /** Prints the summary for people. */
  void print(PrintWriter to) {
    to.printf(
        Locale.ROOT,
        "%d inputs scored with %s, seed %d%s%s%s%n",
        inputs,
        passes.words(),
        plan.seed(),
        plan.masks() == Masks.PER_ROW ? ", masks per row" : "",
        bad == 0 ? "" : "; " + bad + " skipped",
        keptRows + keptBad == 0
            ? ""
            : "; before them "
                + keptRows
                + " inputs"
                + (keptBad == 0 ? "" : ", and " + keptBad + " skipped,")
                + " of the run that was stopped, which the means leave out");
    columns.ifPresent(map -> map.words().forEach(to::println));
    if (inputs == 0) {
      return;
    }
    means.print(to);
    passes.print(to);
    labels.ifPresent(told -> told.print(to));
    calibration.ifPresent(told -> told.print(to, inputs, labels.isPresent()));
  }

  /** The summary for machines; {@code docs/json.md} documents it. */
  ObjectNode toJson() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("schema", "credence.summary/1");
    node.put("inputs", inputs);
    node.put("skipped", bad);
    if (keptRows + keptBad > 0) {
      node.put("inputsBefore", keptRows).put("skippedBefore", keptBad);
    }
    columns.ifPresent(map -> map.putInto(node));
    if (inputs > 0) {
      means.putInto(node);
      passes.putInto(node);
    }
    labels.ifPresent(told -> told.putInto(node));
    calibration.ifPresent(told -> told.putInto(node, labels.isPresent()));
    warning.ifPresent(text -> node.put("warning", text));
    if (!notes.isEmpty()) {
      notes.forEach(node.putArray("notes")::add);
    }
    node.set("plan", PredictionJson.of(plan));
    return node;
  }
}
