package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.models.CnnRecipe;
import io.credence.models.LabelledImages;
import io.credence.models.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a classifier with dropout and exports it as a SavedModel with its sidecar. */
@Command(
    name = "train",
    description = {
      "Trains a classifier with dropout and exports it as a SavedModel.",
      "street-digits draws its own pictures; lenet reads MNIST or Fashion-MNIST in IDX files."
    },
    footer = {
      "",
      "Example:",
      "  credence train street-digits --out out/street-digits",
      "  credence train lenet --data data/mnist --out out/lenet"
    })
final class TrainCommand implements Callable<Integer> {

  /** The seed of the pictures that train the bundled model; other seeds draw other pictures. */
  static final long TRAINING_PICTURES = 1;

  /** The seed of the pictures that test it. */
  static final long TEST_PICTURES = 2;

  private static final int TRAINING_COUNT = 50_000;
  private static final int TEST_COUNT = 5_000;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "street-digits or lenet")
  private String recipe;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder of the four IDX files (lenet only)")
  private @Nullable Path data;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder of the SavedModel to write")
  private Path out;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "times every picture is seen (default: 8 for street-digits, 3 for lenet)")
  private @Nullable Integer epochs;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "seed of weights, order and masks (default: 42)")
  private @Nullable Long seed;

  @Option(names = "--overwrite", description = "replace the model that is there already")
  private boolean overwrite;

  /** Made by picocli. */
  TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    PrintWriter print = spec.commandLine().getOut();
    CnnRecipe chosen = recipe();
    // Known before the pictures are drawn, which takes a while.
    CnnRecipe.checkTarget(out, overwrite);
    long start = System.nanoTime();
    LabelledImages train = pictures("train", TRAINING_PICTURES, TRAINING_COUNT);
    LabelledImages test = pictures("t10k", TEST_PICTURES, TEST_COUNT);
    int classes = Math.max(train.classes(), test.classes());
    List<String> labels = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    print.printf(
        Locale.ROOT,
        "%s: %,d training and %,d test pictures of %d × %d × %d, %d classes, %d epochs%n",
        chosen.name(),
        train.size(),
        test.size(),
        train.height(),
        train.width(),
        train.channels(),
        classes,
        chosen.epochs());
    double accuracy;
    try (Progress progress = Progress.of("training", OptionalLong.empty(), " steps")) {
      accuracy = chosen.train(train, test, labels, out, overwrite, listener(progress));
    }
    print.printf(
        Locale.ROOT,
        "test accuracy %.2f %% (of the exported model, dropout off), %.0f s%nwritten to %s%n",
        100 * accuracy,
        (System.nanoTime() - start) / 1e9,
        out);
    return 0;
  }

  private CnnRecipe recipe() {
    CnnRecipe chosen =
        switch (recipe) {
          case "street-digits" -> CnnRecipe.streetDigits();
          case "lenet" -> CnnRecipe.lenet();
          default ->
              throw new BadInputException(
                  "recipe \"" + recipe + "\" is unknown; choose street-digits or lenet");
        };
    if (chosen.name().equals("lenet") && data == null) {
      throw new BadInputException(
          "recipe lenet needs --data DIR, the folder of the four IDX files of MNIST or"
              + " Fashion-MNIST");
    }
    if (chosen.name().equals("street-digits") && data != null) {
      throw new BadInputException("recipe street-digits draws its own pictures; leave out --data");
    }
    chosen = epochs == null ? chosen : chosen.withEpochs(epochs);
    return seed == null ? chosen : chosen.withSeed(seed);
  }

  private LabelledImages pictures(String prefix, long pictureSeed, int count) throws IOException {
    return data == null
        ? LabelledImages.streetDigits(pictureSeed, count)
        : LabelledImages.idx(data, prefix);
  }

  private static TrainingListener listener(Progress progress) {
    double[] smoothed = {Double.NaN};
    return (step, steps, loss) -> {
      smoothed[0] = Double.isNaN(smoothed[0]) ? loss : 0.98 * smoothed[0] + 0.02 * loss;
      progress.total(steps);
      progress.stepTo(step);
      progress.message(String.format(Locale.ROOT, " loss %.3f", smoothed[0]));
    };
  }
}
