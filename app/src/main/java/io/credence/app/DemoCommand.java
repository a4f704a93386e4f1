package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.PredictionJson;
import io.credence.SamplingPlan;
import io.credence.decision.OutOfDistribution;
import io.credence.models.BundledModel;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The main job on an embedded default: digits and pictures with no digit, scored and shown. */
@Command(
    name = "demo",
    description = {
      "Scores pictures of street digits, and pictures that hold no digit, with the bundled model.",
      "Prints a table, writes scores.jsonl, contact-sheet.png and the pictures of the table, and"
          + " tells how well each score separates the two kinds."
    },
    footer = {"", "Example:", "  credence demo --out credence-demo"})
final class DemoCommand implements Callable<Integer> {

  private static final long PICTURES = 3;
  private static final long HELD_OUT_PICTURES = 4;
  private static final int TABLE_ROWS = 10;

  /** The share of held-out digits that are answered. */
  private static final double COVERAGE = 0.95;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--out",
      defaultValue = "credence-demo",
      paramLabel = "DIR",
      description = "folder for the results (default: ${DEFAULT-VALUE})")
  private Path out;

  @Option(
      names = "--count",
      defaultValue = "600",
      paramLabel = "N",
      description = "pictures of each kind, at least 10 (default: ${DEFAULT-VALUE})")
  private int count;

  @Option(
      names = "--passes",
      defaultValue = "50",
      paramLabel = "T",
      description = "networks drawn, at least 1 (default: ${DEFAULT-VALUE})")
  private int passes;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "S",
      description = "seed of the dropout masks (default: ${DEFAULT-VALUE})")
  private long seed;

  /** Made by picocli. */
  DemoCommand() {}

  @Override
  public Integer call() throws IOException {
    if (count < TABLE_ROWS) {
      throw new IllegalArgumentException(
          "--count is " + count + "; it must be at least " + TABLE_ROWS);
    }
    SamplingPlan plan = new SamplingPlan(passes, seed);
    List<DemoScore> digits;
    List<DemoScore> others;
    double threshold;
    try (BundledModel model = BundledModel.streetDigits();
        SavedModelEngine engine = SavedModelEngine.load(model.folder());
        Progress progress = Progress.of("scoring", OptionalLong.of(3L * count), " pictures")) {
      DemoScore.Scorer scorer = new DemoScore.Scorer(engine, plan, progress);
      StreetDigits held = StreetDigits.of(HELD_OUT_PICTURES);
      StreetDigits shown = StreetDigits.of(PICTURES);
      threshold = threshold(scorer.score(pictures(held::digit)));
      digits = scorer.score(pictures(shown::digit));
      others = scorer.score(pictures(shown::noDigit));
    }
    double softmaxAuroc = auroc(digits, others, score -> -score.softmax());
    double entropyAuroc = auroc(digits, others, score -> score.summary().predictiveEntropy());
    print(digits, others, threshold, softmaxAuroc, entropyAuroc);
    writeScores(digits, others, plan, threshold);
    writePictures(digits, others);
    try (AtomicOutput file = AtomicOutput.create(out.resolve("contact-sheet.png"))) {
      ImageIO.write(
          new ContactSheet(digits, others, threshold, softmaxAuroc, entropyAuroc).draw(),
          "png",
          file.path().toFile());
      file.publish();
    }
    PrintWriter print = spec.commandLine().getOut();
    print.println();
    print.println("Look at      " + out.resolve("contact-sheet.png"));
    print.println("All scores   " + out.resolve("scores.jsonl"));
    print.println("Pictures     " + out.resolve("pictures"));
    return 0;
  }

  private List<Picture> pictures(java.util.function.LongFunction<Picture> draw) {
    return LongStream.range(0, count).parallel().mapToObj(draw).toList();
  }

  private static double threshold(List<DemoScore> heldOut) {
    double[] entropies =
        heldOut.stream().mapToDouble(score -> score.summary().predictiveEntropy()).toArray();
    return new Percentile().evaluate(entropies, 100 * COVERAGE);
  }

  private static double auroc(
      List<DemoScore> digits, List<DemoScore> others, ToDoubleFunction<DemoScore> score) {
    return OutOfDistribution.auroc(
        digits.stream().mapToDouble(score).toArray(), others.stream().mapToDouble(score).toArray());
  }

  private void print(
      List<DemoScore> digits,
      List<DemoScore> others,
      double threshold,
      double softmaxAuroc,
      double entropyAuroc) {
    PrintWriter print = spec.commandLine().getOut();
    print.printf(
        Locale.ROOT,
        "Street digits, and pictures with no digit, scored by MC dropout (%d passes, seed %d).%n"
            + "Entropy and mutual information in nats; high means uncertain.%n%n",
        passes,
        seed);
    print.printf(
        "%-22s %8s %8s %10s %10s  %s%n",
        "picture", "softmax", "mean p", "predictive", "mutual", "answer");
    print.printf("%-22s %8s %8s %10s %10s%n", "", "one pass", "max", "entropy", "inform.");
    Stream.concat(digits.stream().limit(TABLE_ROWS), others.stream().limit(TABLE_ROWS))
        .forEach(
            score ->
                print.printf(
                    Locale.ROOT,
                    "%-22s %8.4f %8.4f %10.4f %10.4f  %s%n",
                    score.picture().id(),
                    score.softmax(),
                    score.summary().maxProbability(),
                    score.summary().predictiveEntropy(),
                    score.summary().mutualInformation(),
                    score.answer(threshold)));
    print.printf(
        Locale.ROOT,
        "%nAnswered below a predictive entropy of %.4f nats: where %.0f %% of other digits lie.%n",
        threshold,
        100 * COVERAGE);
    print.printf(
        Locale.ROOT,
        "  of %d digits       %5.1f %% answered, %.1f %% of the answers right%n",
        digits.size(),
        100 * share(digits, s -> s.answered(threshold)),
        100 * share(digits.stream().filter(s -> s.answered(threshold)).toList(), DemoScore::right));
    print.printf(
        Locale.ROOT,
        "  of %d with no digit %4.1f %% answered; %.1f %% have a one-pass softmax above 0.9%n",
        others.size(),
        100 * share(others, s -> s.answered(threshold)),
        100 * share(others, s -> s.softmax() > 0.9));
    print.printf(
        Locale.ROOT,
        "%nAUROC of \"has a digit\", %d pictures of each kind (1 is perfect, 0.5 is a coin)%n"
            + "  max softmax of one pass   %.4f%n  predictive entropy        %.4f%n",
        digits.size(),
        softmaxAuroc,
        entropyAuroc);
  }

  private static double share(
      List<DemoScore> scores, java.util.function.Predicate<DemoScore> predicate) {
    return scores.isEmpty()
        ? 0
        : (double) scores.stream().filter(predicate).count() / scores.size();
  }

  private void writeScores(
      List<DemoScore> digits, List<DemoScore> others, SamplingPlan plan, double threshold)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (AtomicOutput file = AtomicOutput.create(out.resolve("scores.jsonl"))) {
      try (Writer writer = file.writer()) {
        for (DemoScore score : Stream.concat(digits.stream(), others.stream()).toList()) {
          ObjectNode json =
              PredictionJson.of(score.picture().id(), score.summary(), plan, score.model());
          json.put("hasDigit", score.picture().label().isPresent());
          json.put("softmaxOfOnePass", score.softmax());
          json.put("answered", score.answered(threshold));
          writer.write(mapper.writeValueAsString(json) + "\n");
        }
      }
      file.publish();
    }
  }

  private void writePictures(List<DemoScore> digits, List<DemoScore> others) throws IOException {
    Path folder = Files.createDirectories(out.resolve("pictures"));
    for (List<DemoScore> kind : List.of(digits, others)) {
      for (DemoScore score : kind.subList(0, TABLE_ROWS)) {
        try (AtomicOutput file =
            AtomicOutput.create(folder.resolve(score.picture().id() + ".png"))) {
          ImageIO.write(score.picture().toImage(), "png", file.path().toFile());
          file.publish();
        }
      }
    }
  }
}
