package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.PredictionJson;
import io.credence.SamplingPlan;
import io.credence.models.BundledModel;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import io.credence.tensorflow.SavedModelEngine;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main job on an embedded default: digits and pictures with no digit, scored and shown. */
@Command(
    name = "demo",
    description = {
      "Scores pictures of street digits, and pictures that hold no digit, with the bundled model.",
      "Prints a table, writes scores.jsonl, contact-sheet.png and the pictures of the table, and"
          + " tells how well each score separates the two kinds."
    },
    footer = {"", "Examples:", "  credence demo --out credence-demo", "  credence demo --unscaled"})
final class DemoCommand implements Callable<Integer> {

  private static final long PICTURES = 3;
  private static final long HELD_OUT_PICTURES = 4;
  private static final int TABLE_ROWS = 10;
  private static final float SCALE = 1f / 255;
  private static final String SCORES = "scores.jsonl";
  private static final String SHEET = "contact-sheet.png";
  private static final String UNSCALED_SCORES = "scores-unscaled.jsonl";
  private static final String UNSCALED_SHEET = "unscaled.png";

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
      names = "--unscaled",
      description =
          "feed the same pictures as 0-255 too, as a pipeline does that forgets 1/255; tell what"
              + " becomes of the scores, and write unscaled.png and scores-unscaled.jsonl")
  private boolean unscaled;

  @Mixin private PlanOptions planOptions;

  /** Made by picocli. */
  DemoCommand() {}

  @Override
  public Integer call() throws IOException {
    if (count < TABLE_ROWS) {
      throw new IllegalArgumentException(
          "--count is " + count + "; it must be at least " + TABLE_ROWS);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new IllegalArgumentException(out + " is no folder; name another with --out");
    }
    PrintWriter print = spec.commandLine().getOut();
    try (SavedModelEngine engine = engine()) {
      DemoResult result = score(engine, planOptions.plan());
      writeScores(result, SCORES);
      writePictures(result);
      writePng(new ContactSheet(result).draw(), Path.of(SHEET));
      if (unscaled) {
        DemoUnscaled both = new DemoUnscaled(result, scoreUnscaled(engine, result));
        writeScores(both.unscaled(), UNSCALED_SCORES);
        writePng(new UnscaledSheet(both).draw(), Path.of(UNSCALED_SHEET));
        both.print(print);
      } else {
        new DemoTable(result, print).print(TABLE_ROWS, COVERAGE);
      }
    }
    print.println();
    print.println("Look at      " + out.resolve(unscaled ? UNSCALED_SHEET : SHEET));
    print.println("All scores   " + out.resolve(unscaled ? UNSCALED_SCORES : SCORES));
    print.println("Pictures     " + out.resolve("pictures"));
    return 0;
  }

  private DemoResult score(SavedModelEngine engine, SamplingPlan plan) {
    try (Progress progress = Progress.of("scoring", OptionalLong.of(3L * count), " pictures")) {
      DemoScore.Scorer scorer = new DemoScore.Scorer(engine, plan, SCALE, progress);
      double threshold =
          threshold(scorer.score(pictures(StreetDigits.of(HELD_OUT_PICTURES)::digit)));
      return score(scorer, plan, threshold);
    }
  }

  private DemoResult scoreUnscaled(SavedModelEngine engine, DemoResult scaled) {
    try (Progress progress = Progress.of("unscaled", OptionalLong.of(2L * count), " pictures")) {
      DemoScore.Scorer scorer = new DemoScore.Scorer(engine, scaled.plan(), 1, progress);
      return score(scorer, scaled.plan(), scaled.threshold());
    }
  }

  private DemoResult score(DemoScore.Scorer scorer, SamplingPlan plan, double threshold) {
    StreetDigits shown = StreetDigits.of(PICTURES);
    List<DemoScore> digits = scorer.score(pictures(shown::digit));
    List<DemoScore> others = scorer.score(pictures(shown::noDigit));
    return new DemoResult(plan, digits, others, threshold, scorer.warning());
  }

  /** The files are needed for loading only. */
  private static SavedModelEngine engine() {
    try (BundledModel model = BundledModel.streetDigits()) {
      return SavedModelEngine.load(model.folder());
    }
  }

  private List<Picture> pictures(LongFunction<Picture> draw) {
    return LongStream.range(0, count).parallel().mapToObj(draw).toList();
  }

  private static double threshold(List<DemoScore> heldOut) {
    double[] entropies =
        heldOut.stream().mapToDouble(score -> score.summary().predictiveEntropy()).toArray();
    return new Percentile().evaluate(entropies, 100 * COVERAGE);
  }

  private void writeScores(DemoResult result, String name) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (AtomicOutput file = AtomicOutput.create(out.resolve(name))) {
      try (Writer writer = file.writer()) {
        for (List<DemoScore> kind : List.of(result.digits(), result.others())) {
          for (DemoScore score : kind) {
            ObjectNode json =
                PredictionJson.of(
                    score.picture().id(),
                    new ClassificationPrediction(
                        List.of(score.summary()), result.plan(), List.of()),
                    0,
                    score.model());
            json.put("hasDigit", score.picture().label().isPresent());
            json.put("softmaxOfOnePass", score.softmax());
            json.put("answered", score.answered(result.threshold()));
            writer.write(mapper.writeValueAsString(json) + "\n");
          }
        }
      }
      file.publish();
    }
  }

  private void writePictures(DemoResult result) throws IOException {
    for (List<DemoScore> kind : List.of(result.digits(), result.others())) {
      for (DemoScore score : kind.subList(0, TABLE_ROWS)) {
        writePng(score.picture().toImage(), Path.of("pictures", score.picture().id() + ".png"));
      }
    }
  }

  private void writePng(BufferedImage image, Path name) throws IOException {
    try (AtomicOutput file = AtomicOutput.create(out.resolve(name))) {
      ImageIO.write(image, "png", file.path().toFile());
      file.publish();
    }
  }
}
