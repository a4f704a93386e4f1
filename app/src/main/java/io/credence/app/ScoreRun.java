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
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Scores the batches of an input one after another, and writes a line for each row. */
final class ScoreRun {

  /**
   * Where results go.
   *
   * @param out the file of the lines, for messages; empty for standard output
   * @param writer the lines
   * @param samples the raw samples, where they are asked for
   */
  record Target(Optional<Path> out, Writer writer, Optional<SamplesFile> samples) {}

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

  /**
   * Scores all there is.
   *
   * @param skipping whether rows that cannot be read are passed over
   * @throws BadInputException if there is no row, or the last batch has too few
   */
  void score(InputSource source, Target target, boolean skipping) throws IOException {
    BatchRows rows = BatchRows.of(engine.describe().inputs());
    if (!skipping) {
      rows.checkSize(input, source.size()); // of what is passed over, none counts
    }
    try (Progress progress = Progress.of("scoring", source.size(), " inputs")) {
      Optional<InputBatch> batch = source.next(rows.count());
      while (batch.isPresent()) {
        rows.check(input, batch.get(), totals.inputs());
        write(target, lines(batch.get(), predict(batch.get(), target.samples())));
        progress.stepTo(totals.inputs() + source.skipped().size());
        batch = source.next(rows.count());
      }
    }
    if (totals.inputs() == 0) {
      throw new BadInputException(
          input
              + " holds no row that can be scored"
              + (source.skipped().isEmpty()
                  ? ""
                  : "; the first problem: " + source.skipped().get(0)));
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

  /** Written at once, so that a full disk or a closed pipe stops the run. */
  private static void write(Target target, CharSequence lines) {
    try {
      target.writer().append(lines).flush();
    } catch (IOException e) {
      throw new OutputException(
          target.out().map(Path::toString).orElse("standard output")
              + " cannot be written: "
              + e.getMessage(),
          e);
    }
    // A PrintWriter keeps its errors to itself.
    if (target.writer() instanceof PrintWriter printer && printer.checkError()) {
      throw new OutputException("standard output cannot be written: it is closed, or full");
    }
  }

  /** What is refused here, a value say, is known by its row within the batch only. */
  private Prediction predict(InputBatch batch, Optional<SamplesFile> samples) {
    try {
      if (samples.isEmpty()) {
        return engine.predict(batch.inputs(), plan);
      }
      Prediction prediction = engine.predict(batch.inputs(), plan, samples.get());
      samples.get().endBatch();
      return prediction;
    } catch (IllegalArgumentException e) {
      List<String> ids = batch.ids();
      throw new IllegalArgumentException(
          input
              + ", among the rows \""
              + ids.get(0)
              + "\" to \""
              + ids.get(ids.size() - 1)
              + "\": "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("refused"),
          e);
    }
  }
}
