package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.SamplingPlan;
import io.credence.Sidecar;
import io.credence.UncertaintyEngine;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import io.credence.calibration.Calibration;
import io.credence.calibration.CalibrationException;
import io.credence.calibration.ModelFingerprint;
import io.credence.calibration.Scaling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fits a calibration to labelled inputs that a model was not trained on. */
@Command(
    name = "calibrate",
    description = {
      "Fits a calibration to labelled inputs that the model was not trained on, so that of the"
          + " answers given with a probability of 80 %% four in five are right.",
      "What it is worth is told of two halves, each calibrated by the other; the file is fitted to"
          + " both.",
      "With --risk, --coverage or --false-alarm-rate it also chooses when to answer \"don't know\"."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 defect, 2 bad input or usage, 3 output cannot be written.",
      "",
      "Example:",
      "  credence calibrate --model out/lenet --input DATA/t10k-images-idx3-ubyte.gz \\",
      "      --labels DATA/t10k-labels-idx1-ubyte.gz --out out/calibration \\",
      "      --risk 0.005",
      "  credence score --model out/lenet --input x.npy \\",
      "      --calibration out/calibration/calibration.json --out scores.jsonl"
    })
final class CalibrateCommand implements Callable<Integer> {

  private static final String PICTURE = "reliability.png";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ModelOptions modelOptions;

  @Mixin private EnsembleOptions ensemble;

  @Mixin private InputOptions reading;

  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "PATH",
      description =
          "held-out inputs: a .npy, IDX (gzip too) or JSON Lines file, or a table: .parquet, .arrow, .csv")
  private Path input;

  @Option(
      names = "--labels",
      required = true,
      paramLabel = "FILE",
      description =
          "the class of each row, in the order of rows: an IDX (gzip too) or .npy file of integers,"
              + " or a text of one index or name a line")
  private Path labels;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder for " + Calibration.FILE_NAME + " and " + PICTURE)
  private Path out;

  @Option(
      names = "--scaling",
      defaultValue = "TEMPERATURE",
      paramLabel = "SCALING",
      description =
          "${COMPLETION-CANDIDATES}: one number, 2 K numbers, or K² + K (default: ${DEFAULT-VALUE})")
  private Scaling scaling;

  @Mixin private AbstentionOptions abstention;

  @Option(
      names = "--attach",
      description =
          "also put the calibration into the model's credence.json, from where score takes it"
              + " without being told (one model only)")
  private boolean attach;

  /** Made by picocli. */
  CalibrateCommand() {}

  @Override
  public Integer call() throws IOException {
    ScoreLabels.checkOptions(labels, input, null, false);
    reading.checkOrder(input, modelOptions.strict());
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new BadInputException(out + " is no folder; name another with --out");
    }
    SamplingPlan plan = planOptions.plan(SamplingPlan.DEFAULT_PASSES);
    Optional<AbstentionOptions.Asked> asked = abstention.asked();
    if (attach && modelOptions.models().size() > 1) {
      throw new BadInputException(
          "--attach puts the calibration of one model into its credence.json, but --model names "
              + modelOptions.models().size()
              + "; leave out --attach, and give the file to score --calibration");
    }
    // No errors are told, so none need to be prepared.
    SamplingPlan quick = plan.withErrorGroups(0);
    CalibrationTrial trial;
    try (UncertaintyEngine engine = modelOptions.load(ensemble)) {
      try (InputSource source =
          reading.open(
              input, engine.describe().inputs(), modelOptions, false, modelOptions.strict())) {
        trial = predict(engine, source, quick, asked);
      }
    }
    Calibration calibration;
    try {
      calibration =
          trial
              .fit(scaling, ModelFingerprint.of(modelOptions.models()))
              .withPasses(ensemble.asServed() ? 0 : plan.passes());
    } catch (CalibrationException | IllegalArgumentException e) {
      throw new BadInputException(input + ": " + e.getMessage());
    }
    write(calibration, trial);
    return 0;
  }

  private CalibrationTrial predict(
      UncertaintyEngine engine,
      InputSource source,
      SamplingPlan plan,
      Optional<AbstentionOptions.Asked> asked)
      throws IOException {
    ModelDescription model = engine.describe();
    ScoreLabels known = ScoreLabels.read(labels, input, model, source.size());
    BatchRows rows = BatchRows.of(model.inputs());
    Optional<CalibrationTrial> trial = Optional.empty();
    Optional<String> warning = Optional.empty();
    long done = 0;
    try (Progress progress = Progress.of("predicting", source.size(), " inputs")) {
      Optional<InputBatch> batch = source.next(rows.count());
      while (batch.isPresent()) {
        rows.check(input, batch.get(), done);
        Prediction prediction = predict(engine, batch.get(), plan);
        warning = warning.or(() -> prediction.warnings().stream().findFirst());
        known.add(prediction);
        ClassificationPrediction classified = (ClassificationPrediction) prediction;
        if (trial.isEmpty()) {
          trial = Optional.of(new CalibrationTrial(classified.get(0).classes(), asked));
        }
        for (int i = 0; i < classified.size(); i++) {
          trial.get().add(classified.get(i), known.of(done + i));
        }
        done += classified.size();
        progress.stepTo(done);
        batch = source.next(rows.count());
      }
    }
    known.checkNumber(done);
    warning.ifPresent(text -> spec.commandLine().getErr().println("warning: " + text));
    return trial.orElseThrow(() -> new BadInputException(input + " holds no row"));
  }

  /** What is refused here, a value say, is known by its row within the batch only. */
  private Prediction predict(UncertaintyEngine engine, InputBatch batch, SamplingPlan plan) {
    try {
      return engine.predict(batch.inputs(), plan);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          input + ", from row \"" + batch.ids().get(0) + "\" on: " + e.getMessage());
    }
  }

  private void write(Calibration calibration, CalibrationTrial trial) throws IOException {
    try (AtomicOutput file = AtomicOutput.create(out.resolve(Calibration.FILE_NAME));
        AtomicOutput picture = AtomicOutput.create(out.resolve(PICTURE))) {
      calibration.write(file.path());
      ImageIO.write(
          new ReliabilityChart(trial.before(), trial.after()).draw(),
          "png",
          picture.path().toFile());
      if (attach) {
        calibration.attach(modelOptions.models().get(0));
      }
      picture.publish();
      file.publish();
    }
    PrintWriter print = spec.commandLine().getOut();
    print.printf(
        Locale.ROOT,
        "%s scaling of %d inputs%s%n",
        calibration.scaling().name().toLowerCase(Locale.ROOT),
        calibration.fit().inputs(),
        calibration.temperature().isPresent()
            ? String.format(
                Locale.ROOT, ", temperature %.4f", calibration.temperature().getAsDouble())
            : "");
    TextTable table = new TextTable("").row("", "as predicted", "calibrated" + trial.how());
    trial.rows().forEach(table::row);
    table.lines().forEach(print::println);
    calibration.abstention().ifPresent(chosen -> trial.lines(chosen).forEach(print::println));
    print.println("written to " + out + ": " + Calibration.FILE_NAME + ", " + PICTURE);
    if (attach) {
      print.println("attached to " + modelOptions.models().get(0) + ": " + Sidecar.FILE_NAME);
    }
  }
}
