package io.credence.app;

import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.acquisition.Acquisition;
import io.credence.acquisition.Candidate;
import io.credence.acquisition.Diversity;
import io.credence.acquisition.Strategy;
import io.credence.acquisition.TopK;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputSource;
import io.credence.statistics.SampleArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Chooses the inputs of a pool whose labels would teach a model most. */
@Command(
    name = "acquire",
    modelTransformer = AcquireCommand.ModelIfAny.class,
    customSynopsis = {
      "credence acquire --scores FILE[,FILE]... [OPTION]...",
      "   or: credence acquire --model DIR --input PATH [OPTION]..."
    },
    description = {
      "Chooses the inputs of a pool whose labels would teach a model most, of what `credence score`"
          + " wrote, or of a model and its inputs.",
      "Writes one JSON object an input, the most wanted first: rank, id, score.",
      "",
      "Strategies: bald, entropy, variation-ratio, margin, least-confidence, mean-sd, of regressors"
          + " epistemic-variance, random; and for batches that are not all alike batchbald,"
          + " powerbald, softmax-bald, softrank-bald. batchbald needs the model, beside scores or"
          + " without.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 defect, 2 bad input or usage, 3 output cannot be written.",
      "",
      "Examples:",
      "  credence acquire --scores scores.parquet --k 2000 --out to-label.jsonl",
      "  credence acquire --model models/street-digits \\",
      "      --input credence-demo/pictures --strategy batchbald --k 5",
      "  credence acquire --scores shard-1.jsonl,shard-2.jsonl \\",
      "      --exclude labelled.jsonl --strategy powerbald --k 100"
    })
final class AcquireCommand implements Callable<Integer> {

  /** Says that {@code --model} may be left out here. */
  static final class ModelIfAny implements CommandLine.IModelTransformer {

    /** Made by picocli. */
    ModelIfAny() {}

    @Override
    public CommandSpec transform(CommandSpec spec) {
      OptionSpec model = spec.findOption("--model");
      return spec.remove(model).addOption(OptionSpec.builder(model).required(false).build());
    }
  }

  @CommandLine.Spec private CommandSpec spec;

  @Option(
      names = "--scores",
      split = ",",
      paramLabel = "FILE",
      description =
          "what `credence score` wrote of the pool, .jsonl, .parquet, .arrow or .csv; several, or all"
              + " shards, as A,B")
  private List<Path> scores = new ArrayList<>();

  @Option(
      names = "--input",
      paramLabel = "PATH",
      description =
          "the pool: a folder of PNG or JPEG pictures, a .npy, IDX (gzip too) or JSON Lines file,"
              + " or a table: .parquet, .arrow, .csv")
  private @Nullable Path input;

  @Option(
      names = "--strategy",
      defaultValue = "bald",
      paramLabel = "NAME",
      description = "by what inputs are chosen, one of the names above (default: ${DEFAULT-VALUE})")
  private String strategy;

  @Option(
      names = "--k",
      defaultValue = "10",
      paramLabel = "K",
      description = "how many are chosen (default: ${DEFAULT-VALUE})")
  private int labels;

  @Mixin private ResultOptions results;

  @Option(
      names = "--exclude",
      split = ",",
      paramLabel = "FILE",
      description =
          "ids that have labels already: what this command wrote before, another table with a"
              + " column id, or a text of one id a line; several as A,B")
  private List<Path> exclude = new ArrayList<>();

  @Mixin private AcquireOptions settings;

  @Mixin private ModelOptions modelOptions;

  @Mixin private InputOptions reading;

  @Option(
      names = "--skip-bad",
      description = "pass over pictures and lines that cannot be read, and count them")
  private boolean skipBad;

  @Mixin private PlanOptions planOptions;

  @Mixin private EnsembleOptions ensemble;

  /** Made by picocli. */
  AcquireCommand() {}

  @Override
  public Integer call() throws IOException {
    SamplingPlan plan = planOptions.plan();
    if (labels < 1) {
      throw new BadInputException("--k is " + labels + "; it must be at least 1");
    }
    Acquisition asked = settings.acquisition(Strategy.parse(strategy), labels, plan.seed());
    checkFiles();
    Set<String> excluded = AcquireIds.read(exclude);
    AcquireReport report = new AcquireReport(asked, excluded.size());
    List<? extends Candidate<?>> chosen =
        input == null
            ? choose(asked, ofScores(asked, excluded, report), excluded)
            : ofModel(asked, plan, excluded, report);
    Path out = results.file();
    AcquireOutput.write(out, asked.strategy(), chosen);
    report.print(chosen, spec.commandLine().getErr());
    if (out != null) {
      spec.commandLine().getOut().println(chosen.size() + " inputs to label written to " + out);
    }
    return 0;
  }

  private void checkFiles() throws IOException {
    boolean model = spec.commandLine().getParseResult().hasMatchedOption("--model");
    boolean joint = Strategy.parse(strategy) == Strategy.BATCHBALD;
    if (model != (input != null)) {
      throw new BadInputException(
          model
              ? "--input is missing, the pool that the model is to look at; name it"
              : "--model is missing, which is to look at --input; name its folder");
    }
    if (scores.isEmpty() && !model) {
      throw new BadInputException(
          "nothing tells of the pool; give what `credence score` wrote as --scores FILE, or --model"
              + " DIR and --input PATH");
    }
    if (!scores.isEmpty() && model != joint) {
      throw new BadInputException(
          joint
              ? "batchbald needs the samples of its candidates, which scores do not hold; add --model"
                  + " and --input, which then look at the candidates alone, or choose powerbald"
              : "--scores tells all that "
                  + strategy
                  + " needs; leave out --model and --input, or leave out --scores");
    }
    if (results.file() != null) {
      ResultFormat.of(results.file());
    }
    List<Path> read = new ArrayList<>(scores);
    read.addAll(exclude);
    settings.embeddings().ifPresent(read::add);
    if (input != null) {
      read.add(input);
    }
    for (Path each : read) {
      results.refuseSame(each);
    }
  }

  /** What the pool is offered to: with --diversify it keeps candidates whatever the strategy. */
  private TopK<SampleArray> kept(Acquisition asked) {
    return settings.diversify().isPresent()
        ? new Acquisition(
                asked.strategy(),
                asked.candidates(),
                asked.candidates(),
                asked.seed(),
                asked.coldness(),
                asked.configurations())
            .newCandidates()
        : asked.newCandidates();
  }

  private TopK<SampleArray> ofScores(Acquisition asked, Set<String> excluded, AcquireReport report)
      throws IOException {
    TopK<SampleArray> kept = kept(asked);
    try (AcquireScores files = AcquireScores.open(scores, asked.strategy())) {
      report.checkPool(files.rows(), 0);
      long passed = files.offerTo(kept, excluded);
      report.checkPool(kept.offered(), passed);
    }
    return kept;
  }

  private List<? extends Candidate<?>> ofModel(
      Acquisition asked, SamplingPlan plan, Set<String> excluded, AcquireReport report)
      throws IOException {
    Path pool = Objects.requireNonNull(input);
    boolean joint = asked.strategy() == Strategy.BATCHBALD;
    TopK<SampleArray> kept = scores.isEmpty() ? kept(asked) : ofScores(asked, excluded, report);
    OutputKind kind;
    try (UncertaintyEngine engine = modelOptions.load(ensemble)) {
      AcquireModel model = new AcquireModel(engine, plan, pool);
      kind = model.kind();
      if (joint) {
        model.checkJoint();
      }
      try (InputSource source =
          reading.open(
              pool, engine.describe().inputs(), modelOptions, skipBad, modelOptions.strict())) {
        if (scores.isEmpty()) {
          report.checkPool(source.size().orElse(Long.MAX_VALUE), 0);
          AcquireModel.Look look = model.offerTo(kept, asked.strategy(), joint, excluded, source);
          report.looked(look);
          report.checkPool(kept.offered(), look.excluded());
        } else {
          Map<String, SampleArray> samples = new HashMap<>();
          report.looked(model.sample(ids(kept), samples, source));
          kept = with(asked.newCandidates(), kept, samples, "input " + pool);
        }
      }
    }
    report.samples(kept);
    return joint
        ? asked.choose(kept, each -> each.probabilities(kind))
        : choose(asked, kept, excluded);
  }

  private List<? extends Candidate<?>> choose(
      Acquisition asked, TopK<SampleArray> kept, Set<String> excluded) throws IOException {
    if (settings.diversify().isEmpty()) {
      return asked.choose(kept);
    }
    Path file = settings.embeddings().orElseThrow();
    Set<String> ids = ids(kept);
    Set<String> wanted = new HashSet<>(ids);
    wanted.addAll(excluded);
    Map<String, double[]> embeddings = AcquireEmbeddings.read(file, wanted);
    List<Candidate<double[]>> candidates =
        with(TopK.of(asked.candidates()), kept, embeddings, "--embeddings " + file).best();
    return switch (settings.diversify().get()) {
      case K_MEANS -> Diversity.kMeans(candidates, each -> each, labels, asked.seed());
      case K_CENTER ->
          Diversity.kCenter(
              candidates,
              each -> each,
              labels,
              excluded.stream()
                  .sorted()
                  .filter(embeddings::containsKey)
                  .map(embeddings::get)
                  .toList());
    };
  }

  private static Set<String> ids(TopK<?> kept) {
    return kept.best().stream().map(Candidate::id).collect(Collectors.toSet());
  }

  /** What is kept, with a payload each. */
  private static <P> TopK<P> with(
      TopK<P> empty, TopK<?> kept, Map<String, P> payloads, String where) {
    for (Candidate<?> each : kept.best()) {
      P payload = payloads.get(each.id());
      if (payload == null) {
        throw new BadInputException(
            where
                + " has no row \""
                + each.id()
                + "\", which is among the candidates; bring what was scored, with the same ids");
      }
      empty.offer(each.id(), each.score(), () -> payload);
    }
    return empty;
  }
}
