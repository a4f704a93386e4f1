package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.Masks;
import io.credence.Prediction;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.app.input.BadInputException;
import io.credence.app.input.BadRow;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import io.credence.statistics.Measure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells what numbers of passes cost and give, on a model and inputs of the user's. */
@Command(
    name = "sweep",
    description = {
      "Scores inputs with several numbers of passes: what each costs, and how near it comes.",
      "The reference is the largest number with another seed, so that no pass is in both."
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 defect, 2 bad input or usage, 3 output cannot be written.",
      "",
      "Example:",
      "  credence sweep --model models/street-digits --input pictures --out sweep"
    })
final class SweepCommand implements Callable<Integer> {

  private static final String SCHEMA = "credence.sweep/1";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Mixin private ModelOptions modelOptions;

  @Mixin private EnsembleOptions ensemble;

  @Mixin private InputOptions reading;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "PATH",
      description =
          "folder of pictures, a .npy, IDX or JSON Lines file, or a table: .parquet, .arrow, .csv")
  private Path input;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder for sweep.csv, sweep.json and sweep.png")
  private Path out;

  @Option(
      names = "--passes",
      split = ",",
      arity = "1",
      hideParamSyntax = true,
      paramLabel = "T,…",
      defaultValue = "5,10,20,50,100,200,500,1000",
      description = "numbers of passes, at least two (default: ${DEFAULT-VALUE})")
  private int[] passes;

  @Option(
      names = "--measure",
      paramLabel = "MEASURE",
      description =
          "the measure (default: mutualInformation; of a regressor epistemicStandardDeviation)")
  private @Nullable String measure;

  @Option(
      names = "--goal",
      defaultValue = "0.99",
      paramLabel = "R",
      description =
          "rank correlation that is good enough; the fewest passes that reach it are recommended"
              + " (default: ${DEFAULT-VALUE})")
  private double goal;

  @Option(
      names = "--top",
      defaultValue = "0.1",
      paramLabel = "SHARE",
      description =
          "share of the inputs whose choice is compared, those to be trusted least (default:"
              + " ${DEFAULT-VALUE})")
  private double top;

  @Option(
      names = "--limit",
      defaultValue = "2000",
      paramLabel = "N",
      description = "inputs at most, from the first (default: ${DEFAULT-VALUE})")
  private int limit;

  @Option(
      names = "--seed",
      defaultValue = "" + SamplingPlan.DEFAULT_SEED,
      paramLabel = "S",
      description = "seed of the dropout masks (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "the class of each row, in the order of rows: an IDX (gzip too) or .npy file of integers,"
              + " or a text of one index or name a line; adds error rate and expected calibration"
              + " error (classifiers only; not with a folder)")
  private @Nullable Path labels;

  /** Made by picocli. */
  SweepCommand() {}

  @Override
  public Integer call() throws IOException {
    check();
    int most = Arrays.stream(passes).max().orElseThrow();
    Map<SamplingPlan, SweepScores> scores = new LinkedHashMap<>();
    SamplingPlan reference = new SamplingPlan(most, ~seed, Masks.SHARED);
    Measure asked;
    try (UncertaintyEngine engine = modelOptions.load(ensemble)) {
      boolean classes = engine.describe().outputKind().isClassification();
      String usual = classes ? "mutualInformation" : "epistemicStandardDeviation";
      asked = Measure.parse(measure == null ? usual : measure, classes);
      try (InputSource source =
          reading.open(
              input, engine.describe().inputs(), modelOptions, false, modelOptions.strict())) {
        Optional<ScoreLabels> known =
            labels == null
                ? Optional.empty()
                : Optional.of(ScoreLabels.read(labels, input, engine.describe(), source.size()));
        for (int each : Arrays.stream(passes).sorted().distinct().toArray()) {
          scores.put(
              new SamplingPlan(each, seed, Masks.SHARED),
              new SweepScores(asked, known.map(ScoreLabels::again)));
        }
        scores.put(reference, new SweepScores(asked, Optional.empty()));
        score(engine, source, scores);
      }
    }
    SweepScores other = scores.remove(reference);
    if (other == null || other.inputs() < 2) {
      throw new BadInputException(
          input + " holds fewer than two rows, and no ranks; give some hundreds of inputs");
    }
    int compared = (int) Math.max(1, Math.round(top * other.inputs()));
    List<SweepPoint> points = new ArrayList<>();
    scores.forEach((plan, own) -> points.add(own.point(plan.passes(), other, compared)));
    write(points, asked, other.inputs());
    return 0;
  }

  private void check() throws IOException {
    if (Arrays.stream(passes).distinct().count() < 2 || Arrays.stream(passes).min().orElse(0) < 1) {
      throw new BadInputException(
          "--passes is "
              + Arrays.toString(passes)
              + "; name at least two different numbers, each at least 1, as in 10,50,200");
    }
    if (!(goal > 0 && goal <= 1)) {
      throw new BadInputException("--goal is " + goal + "; it must be above 0 and at most 1");
    }
    if (!(top > 0 && top <= 1)) {
      throw new BadInputException("--top is " + top + "; it must be above 0 and at most 1");
    }
    if (limit < 2) {
      throw new BadInputException("--limit is " + limit + "; it must be at least 2");
    }
    if (labels != null) {
      ScoreLabels.checkOptions(labels, input, null, false);
      reading.checkOrder(input, modelOptions.strict());
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new BadInputException(out + " is no folder; name another with --out");
    }
  }

  private void score(
      UncertaintyEngine engine, InputSource source, Map<SamplingPlan, SweepScores> scores)
      throws IOException {
    BatchRows rows = BatchRows.of(engine.describe().inputs());
    long done = 0;
    OptionalLong size =
        source.size().isPresent()
            ? OptionalLong.of(Math.min(limit, source.size().getAsLong()))
            : OptionalLong.empty();
    try (Progress progress = Progress.of("sweeping", size, " inputs")) {
      Optional<InputBatch> batch =
          source.next(rows.fixedBy().isPresent() ? rows.count() : Math.min(rows.count(), limit));
      while (batch.isPresent() && done < limit) {
        rows.check(input, batch.get(), done);
        for (Map.Entry<SamplingPlan, SweepScores> each : scores.entrySet()) {
          if (done == 0) {
            engine.predict(batch.get().inputs(), each.getKey()); // the first call of a size is slow
          }
          long begun = System.nanoTime();
          Prediction prediction = engine.predict(batch.get().inputs(), each.getKey());
          each.getValue().add(prediction, System.nanoTime() - begun);
        }
        done += batch.get().ids().size();
        progress.stepTo(done);
        batch =
            rows.fixedBy().isPresent() || done + rows.count() <= limit
                ? source.next(rows.count())
                : done < limit ? source.next((int) (limit - done)) : Optional.empty();
      }
    }
    List<BadRow> bad = source.takeBad();
    if (!bad.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("note: " + bad.size() + " skipped, the first " + bad.get(0).reason());
    }
  }

  private void write(List<SweepPoint> points, Measure asked, int inputs) throws IOException {
    OptionalInt recommended =
        points.stream()
            .filter(point -> point.rankCorrelation().orElse(-1) >= goal)
            .mapToInt(SweepPoint::passes)
            .min();
    PrintWriter print = spec.commandLine().getOut();
    TextTable table = new TextTable("").row(points.get(0).heads());
    points.forEach(point -> table.row(point.cells()));
    print.println(
        asked.key() + " of " + inputs + " inputs, held against as many passes of another seed");
    table.lines().forEach(print::println);
    print.println(advice(points, recommended));
    StringBuilder csv = new StringBuilder(String.join(",", SweepPoint.FIELDS)).append('\n');
    points.forEach(point -> csv.append(point.toCsv()).append('\n'));
    text("sweep.csv", csv.toString());
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("schema", SCHEMA).put("measure", asked.key()).put("inputs", inputs);
    json.put("seed", seed).put("goal", goal).put("top", top);
    recommended.ifPresent(number -> json.put("recommendedPasses", number));
    points.forEach(point -> json.withArray("points").add(point.toJson()));
    text("sweep.json", json.toPrettyString() + "\n");
    try (AtomicOutput file = AtomicOutput.create(out.resolve("sweep.png"))) {
      ImageIO.write(
          new SweepChart(points, asked.key(), recommended).draw(), "png", file.path().toFile());
      file.publish();
    }
    print.println("written to " + out + ": sweep.csv, sweep.json, sweep.png");
  }

  private String advice(List<SweepPoint> points, OptionalInt recommended) {
    if (recommended.isPresent()) {
      return recommended.getAsInt()
          + " passes are the fewest whose ranks agree to "
          + goal
          + " with those of other passes";
    }
    SweepPoint most = points.get(points.size() - 1);
    return "no number reaches a rank correlation of "
        + goal
        + (most.rankCorrelation().isEmpty()
            ? "; all inputs are alike, so there are no ranks"
            : String.format(
                Locale.ROOT,
                "; the most, %d, agree with as many others to %.4f",
                most.passes(),
                most.rankCorrelation().getAsDouble()));
  }

  private void text(String name, String content) throws IOException {
    try (AtomicOutput file = AtomicOutput.create(out.resolve(name))) {
      Files.writeString(file.path(), content, StandardCharsets.UTF_8);
      file.publish();
    }
  }
}
