package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.Prediction;
import io.credence.PredictionJson;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Scores the batches of an input one after another, and writes a line for each row. */
final class ScoreRun {

  private final UncertaintyEngine engine;
  private final SamplingPlan plan;
  private final FieldOptions fields;
  private final ScoreTotals totals;
  private final Path input;

  ScoreRun(
      UncertaintyEngine engine,
      SamplingPlan plan,
      FieldOptions fields,
      ScoreTotals totals,
      Path input) {
    this.engine = engine;
    this.plan = plan;
    this.fields = fields;
    this.totals = totals;
    this.input = input;
  }

  /** How many rows are scored at once. */
  BatchRows rows() {
    return BatchRows.of(engine.describe().inputs());
  }

  ScoreTotals totals() {
    return totals;
  }

  /**
   * Scores all that the source has left.
   *
   * @param skipping whether rows that cannot be read are passed over
   * @param end the row to end before, if it is known; for the progress bar
   * @throws BadInputException if there is no row, or the last batch has too few
   */
  void score(InputSource source, ScoreTarget target, boolean skipping, OptionalLong end)
      throws IOException {
    BatchRows rows = rows();
    if (!skipping) {
      rows.checkSize(input, source.size()); // of what is passed over, none counts
    }
    long begun = source.position();
    try (Progress progress = Progress.of("scoring", begun, end, " inputs");
        ReadAhead ahead = new ReadAhead(source, rows.count())) {
      ReadAhead.Item read = ahead.next();
      while (read.batch().isPresent()) {
        InputBatch batch = read.batch().get();
        rows.check(input, batch, totals.inputs());
        totals.addBad(read.bad());
        CharSequence lines = lines(batch, predict(batch, target.samples()));
        target.write(lines, batch.ids().size(), read.position(), read.bad());
        progress.stepTo(read.position());
        read = ahead.next();
      }
      totals.addBad(read.bad());
      target.write("", 0, read.position(), read.bad());
    }
    if (totals.inputs() == 0 && begun == 0) { // else rows may be scored already
      throw new BadInputException(
          input
              + " holds no row that can be scored"
              + totals.firstBad().map(reason -> "; the first problem: " + reason).orElse(""));
    }
    totals.checkEnd();
  }

  private CharSequence lines(InputBatch batch, Prediction prediction) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    totals.add(prediction);
    var asked = fields.of(prediction, engine.describe().outputKind().isClassification());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < prediction.size(); i++) {
      var json = PredictionJson.of(batch.ids().get(i), prediction, i, engine.describe(), asked);
      lines.append(mapper.writeValueAsString(totals.line(json, prediction, i))).append('\n');
    }
    return lines;
  }

  private Prediction predict(InputBatch batch, Optional<SamplesFile> samples) {
    try {
      if (samples.isEmpty()) {
        return engine.predict(batch.inputs(), plan);
      }
      Prediction prediction = engine.predict(batch.inputs(), plan, samples.get());
      samples.get().endBatch();
      return prediction;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(batch.refusal(input, e), e);
    }
  }
}
