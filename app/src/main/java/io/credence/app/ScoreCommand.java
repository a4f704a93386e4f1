package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.ModelDescription;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.app.input.BadInputException;
import io.credence.app.input.ColumnMap;
import io.credence.app.input.InputSource;
import io.credence.app.input.TableSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Scores inputs with a SavedModel: one JSON object an input, with every measure. */
@Command(
    name = "score",
    customSynopsis = "credence score --model DIR --input PATH [--out FILE] [OPTION]...",
    description = {
      "Scores inputs with a SavedModel by MC dropout, or with an ensemble of several.",
      "Writes one JSON object an input: mean probabilities, predictive entropy, expected entropy,"
          + " mutual information (nats), variances, votes, their standard errors, and the plan that"
          + " made them; for a regressor the mean and epistemic variance of each target; for a model"
          + " that answers with a map, such as a class for each pixel, arrays of these.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 defect, 2 bad input or usage, 3 output cannot be written.",
      "",
      "Examples:",
      "  credence score --model models/street-digits \\",
      "      --input credence-demo/pictures --out scores.jsonl",
      "  credence score --model seed1,seed2,seed3 --input x.npy --out scores.jsonl",
      "  credence score --model DIR --input x.npy --tolerance 0.01 \\",
      "      --measures mutualInformation,margin"
    })
final class ScoreCommand implements Callable<Integer> {

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ModelOptions modelOptions;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "PATH",
      description =
          "folder of PNG or JPEG pictures, a .npy, IDX (gzip too) or JSON Lines file, or a table:"
              + " .parquet, .arrow, .csv")
  private Path input;

  @Mixin private ResultOptions results;

  @Mixin private InputOptions reading;

  @Mixin private PartsOptions parts;

  @Mixin private PlanOptions planOptions;

  @Mixin private ToleranceOptions tolerance;

  @Mixin private EnsembleOptions ensemble;

  @Mixin private FieldOptions fields;

  @Option(
      names = "--samples-out",
      paramLabel = "FILE",
      description =
          ".npy file to write the raw outputs of every pass to, shape [S, N, …, K], members of an"
              + " ensemble one after another")
  private @Nullable Path samplesOut;

  @Option(
      names = "--skip-bad",
      description = "pass over pictures and lines that cannot be read, and count them")
  private boolean skipBad;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "the class of each row, in the order of rows: an IDX (gzip too) or .npy file of integers,"
              + " or a text of one index or name a line; adds error rate, negative log-likelihood"
              + " and Brier score (classifiers only; not with --skip-bad or a folder)")
  private @Nullable Path labels;

  @Option(
      names = "--calibration",
      paramLabel = "FILE",
      description =
          "what `credence calibrate` wrote for this model: adds calibratedProbabilities and"
              + " calibratedClass to each line, and with a threshold whether there is an answer"
              + " (classifiers only; default: what the model's credence.json carries)")
  private @Nullable Path calibration;

  @Option(names = "--json", description = "print the summary as JSON, for machines")
  private boolean json;

  /** Made by picocli. */
  ScoreCommand() {}

  @Override
  public Integer call() throws IOException {
    checkFiles();
    SamplingPlan basic =
        planOptions.plan(
            tolerance.isSet() ? ToleranceOptions.MAX_PASSES : SamplingPlan.DEFAULT_PASSES);
    ScoreTotals totals;
    try (UncertaintyEngine engine = modelOptions.load(ensemble)) {
      ModelDescription model = engine.describe();
      SamplingPlan plan = tolerance.in(basic, model.outputKind().isClassification());
      if (tolerance.isSet()) {
        ensemble.refuseTolerance(model);
      }
      fields.check(model.outputKind().isClassification());
      Optional<ScoreCalibration> calibrated =
          ScoreCalibration.of(calibration, model, modelOptions.models());
      totals = new ScoreTotals(plan, model, calibrated);
      if (calibrated.isPresent() && !tolerance.isSet()) {
        calibrated.get().doubt(ensemble.asServed() ? 0 : plan.passes()).ifPresent(totals::note);
      }
      try (InputSource source =
          reading.open(input, model.inputs(), modelOptions, skipBad, modelOptions.strict())) {
        if (labels != null) {
          totals.labelled(ScoreLabels.read(labels, input, model, source.size()));
        }
        score(new ScoreRun(engine, plan, fields, totals, input), source, plan);
      }
    }
    report(totals);
    return 0;
  }

  private void checkFiles() throws IOException {
    Path out = results.file();
    results.refuseSame(input);
    parts.inParts(reading.isTable(input), out, labels, samplesOut); // checks options
    if (labels != null) {
      ScoreLabels.checkOptions(labels, input, out, skipBad);
      reading.checkOrder(input, modelOptions.strict());
    }
    if (samplesOut == null) {
      return;
    }
    if (samplesOut.toString().equals("-")) {
      throw new BadInputException(
          "--samples-out is a file of its own, not standard output; name a .npy file to write");
    }
    if (tolerance.isSet()) {
      throw new BadInputException(
          "with --tolerance inputs take different numbers of passes, which make up no array; leave"
              + " out --samples-out, or take a fixed number of --passes");
    }
    for (Path other : Stream.of(out, labels, input).filter(Objects::nonNull).toList()) {
      if (samplesOut.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())) {
        throw new BadInputException(
            "--samples-out is " + other + ", which is read or written already; name another file");
      }
    }
  }

  private void score(ScoreRun run, InputSource source, SamplingPlan plan) throws IOException {
    Optional<ColumnMap> columns =
        source instanceof TableSource rows ? Optional.of(rows.columns()) : Optional.empty();
    columns.ifPresent(run.totals()::columns);
    boolean skipping = skipBad || (columns.isPresent() && !modelOptions.strict());
    Path out = results.file();
    try (SamplesOutput samples = SamplesOutput.of(samplesOut)) {
      if (out == null) {
        LinesTarget lines = new LinesTarget(Optional.empty(), stdout(), samples.file());
        run.score(source, lines, skipping, source.size());
      } else if (parts.inParts(reading.isTable(input), out, labels, samplesOut)) {
        RunManifest manifest =
            RunManifest.of(
                spec.commandLine().getParseResult(), modelOptions.models(), plan, input, columns);
        parts
            .longRun(input, out, manifest)
            .score(run, source, skipping, samples, spec.commandLine().getErr());
        return;
      } else {
        try (AtomicOutput file = AtomicOutput.create(out)) {
          try (Writer writer = file.writer()) {
            LinesTarget lines = new LinesTarget(Optional.of(out), writer, samples.file());
            run.score(source, lines, skipping, source.size());
          }
          samples.publish();
          file.publish();
          return;
        }
      }
      samples.publish();
    }
  }

  private Writer stdout() {
    return new PrintWriter(System.out, false, StandardCharsets.UTF_8);
  }

  private void report(ScoreTotals totals) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    totals.printProblems(err);
    Path out = results.file();
    // Results own standard output when they are written there.
    PrintWriter to = out == null ? err : spec.commandLine().getOut();
    if (json) {
      to.println(new ObjectMapper().writeValueAsString(totals.toJson()));
      return;
    }
    totals.print(to);
    if (out != null) {
      to.println("written to " + out);
      Path bad = PartsOutput.badFile(out);
      if (totals.anySkipped() && Files.exists(bad)) {
        to.println("skipped rows written to " + bad);
      }
    }
    if (samplesOut != null) {
      to.println("samples written to " + samplesOut);
    }
  }
}
