package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.Prediction;
import io.credence.PredictionJson;
import io.credence.SamplingPlan;
import io.credence.Sidecar;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import io.credence.app.input.InputSources;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores inputs with a SavedModel: one JSON object an input, with every measure. */
@Command(
    name = "score",
    description = {
      "Scores inputs with a SavedModel by MC dropout.",
      "Writes one JSON object an input: mean probabilities, predictive entropy, expected entropy,"
          + " mutual information (nats), variances, variation ratio, and the plan that made them;"
          + " for a regressor the mean and epistemic variance of each target."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 defect, 2 bad input or usage, 3 output cannot be written.",
      "",
      "Example:",
      "  credence score --model models/street-digits --input credence-demo/pictures --out s.jsonl"
    })
final class ScoreCommand implements Callable<Integer> {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ModelOptions modelOptions;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "PATH",
      description = "folder of PNG or JPEG pictures, or a .npy, IDX (.gz too) or JSON Lines file")
  private Path input;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "JSON Lines file to write (default, or -: standard output)")
  private @Nullable Path out;

  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--scale",
      paramLabel = "X",
      description = "factor for 0-255 pixels of pictures and IDX (default: what the sidecar says)")
  private @Nullable Double scale;

  @Option(
      names = "--skip-bad",
      description = "pass over pictures and lines that cannot be read, and count them")
  private boolean skipBad;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "the class of each row, in the order of rows: an IDX (.gz too) or .npy file of integers,"
              + " or a text of one index or name a line; adds error rate, negative log-likelihood"
              + " and Brier score (classifiers only; not with --skip-bad or a folder)")
  private @Nullable Path labels;

  @Option(names = "--json", description = "print the summary as JSON, for machines")
  private boolean json;

  /** Made by picocli. */
  ScoreCommand() {}

  @Override
  public Integer call() throws IOException {
    SamplingPlan plan = planOptions.plan();
    if (out != null && out.toString().equals("-")) {
      out = null;
    }
    if (out != null && Files.exists(out) && Files.exists(input) && Files.isSameFile(out, input)) {
      throw new BadInputException("--out is the input itself, " + input + "; name another file");
    }
    if (labels != null) {
      ScoreLabels.checkOptions(labels, input, out, skipBad);
    }
    ScoreTotals totals;
    try (SavedModelEngine engine = modelOptions.builder().load();
        InputSource source =
            new InputSources(
                    engine.describe().inputs(),
                    Sidecar.ofModel(modelOptions.model()).image(),
                    scale == null ? OptionalDouble.empty() : OptionalDouble.of(scale),
                    skipBad)
                .open(input)) {
      totals = new ScoreTotals(plan, engine.describe());
      if (labels != null) {
        totals.labelled(ScoreLabels.read(labels, input, engine.describe(), source.size()));
      }
      if (out == null) {
        score(engine, source, plan, stdout(), totals);
      } else {
        try (AtomicOutput file = AtomicOutput.create(out)) {
          try (Writer writer = file.writer()) {
            score(engine, source, plan, writer, totals);
          }
          file.publish();
        }
      }
      totals.skipped(source.skipped());
    }
    report(totals);
    return 0;
  }

  private void score(
      SavedModelEngine engine,
      InputSource source,
      SamplingPlan plan,
      Writer writer,
      ScoreTotals totals)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    BatchRows rows = BatchRows.of(engine.describe().inputs());
    if (!skipBad) {
      rows.checkSize(input, source.size()); // of what is passed over, none counts
    }
    try (Progress progress = Progress.of("scoring", source.size(), " inputs")) {
      Optional<InputBatch> batch = source.next(rows.count());
      while (batch.isPresent()) {
        rows.check(input, batch.get(), totals.inputs());
        Prediction prediction = predict(engine, batch.get(), plan);
        totals.add(prediction);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < prediction.size(); i++) {
          lines
              .append(
                  mapper.writeValueAsString(
                      totals.line(
                          PredictionJson.of(
                              batch.get().ids().get(i), prediction, i, engine.describe()),
                          prediction,
                          i)))
              .append('\n');
        }
        write(writer, lines);
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

  /** Written at once, so that a full disk or a closed pipe stops the run. */
  private void write(Writer writer, CharSequence lines) {
    try {
      writer.append(lines).flush();
    } catch (IOException e) {
      throw new OutputException(out + " cannot be written: " + e.getMessage(), e);
    }
    // A PrintWriter keeps its errors to itself.
    if (writer instanceof PrintWriter printer && printer.checkError()) {
      throw new OutputException("standard output cannot be written: it is closed, or full");
    }
  }

  /** What is refused here, a value say, is known by its row within the batch only. */
  private Prediction predict(SavedModelEngine engine, InputBatch batch, SamplingPlan plan) {
    try {
      return engine.predict(batch.inputs(), plan);
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

  private Writer stdout() {
    return new PrintWriter(System.out, false, StandardCharsets.UTF_8);
  }

  private void report(ScoreTotals totals) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    totals.printProblems(err);
    // Results own standard output when they are written there.
    PrintWriter to = out == null ? err : spec.commandLine().getOut();
    if (json) {
      to.println(new ObjectMapper().writeValueAsString(totals.toJson()));
      return;
    }
    totals.print(to);
    if (out != null) {
      to.println("written to " + out);
    }
  }
}
