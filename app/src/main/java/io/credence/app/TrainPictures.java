package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.models.CnnRecipe;
import io.credence.models.LabelledImages;
import io.credence.models.Outliers;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** Trains a classifier of pictures: street digits that it draws, or those of IDX files. */
record TrainPictures(CnnRecipe recipe, boolean reads) implements TrainRecipe {

  /** The seed of the pictures that train the bundled model; other seeds draw other pictures. */
  static final long TRAINING_PICTURES = 1;

  /** The seed of the pictures that test it. */
  static final long TEST_PICTURES = 2;

  private static final int TRAINING_COUNT = 50_000;
  private static final int TEST_COUNT = 5_000;

  @Override
  public String name() {
    return recipe.name();
  }

  @Override
  public List<String> options() {
    List<String> options =
        new ArrayList<>(List.of("--outliers", "--lambda", "--limit", "--epochs", "--seed"));
    if (reads) {
      options.add("--data");
    }
    return options;
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    if (reads && options.data().isEmpty()) {
      throw new BadInputException(
          "recipe "
              + name()
              + " needs --data DIR, the folder of the four IDX files of MNIST or Fashion-MNIST;"
              + " \"credence data fetch mnist\" brings one to data/mnist");
    }
    if (options.limit().orElse(1) < 1) {
      throw new BadInputException(
          "--limit is " + options.limit().get() + "; it must be at least 1 picture");
    }
    CnnRecipe chosen = options.epochs().map(recipe::withEpochs).orElse(recipe);
    chosen = options.seed().map(chosen::withSeed).orElse(chosen);
    // Known before the pictures are drawn, which takes a while.
    CnnRecipe.checkTarget(options.out(), options.overwrite());
    long start = System.nanoTime();
    LabelledImages train =
        pictures(options, "train", TRAINING_PICTURES, TRAINING_COUNT)
            .first(options.limit().orElse(Integer.MAX_VALUE));
    LabelledImages test = pictures(options, "t10k", TEST_PICTURES, TEST_COUNT);
    Optional<Outliers> outliers = TrainOutliers.read(options, train);
    chosen = outliers.map(chosen::withOutliers).orElse(chosen);
    int classes = Math.max(train.classes(), test.classes());
    List<String> labels = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    print.printf(
        Locale.ROOT,
        "%s: %,d training and %,d test pictures of %d × %d × %d, %d classes, %d epochs%n",
        name(),
        train.size(),
        test.size(),
        train.height(),
        train.width(),
        train.channels(),
        classes,
        chosen.epochs());
    outliers.ifPresent(
        exposed ->
            print.printf(
                Locale.ROOT,
                "exposed to %,d outliers of %s, lambda %s%n",
                exposed.images().size(),
                options.outliers().orElseThrow(),
                exposed.weight()));
    double accuracy;
    try (Progress progress = Progress.of("training", OptionalLong.empty(), " steps")) {
      accuracy =
          chosen.train(
              train,
              test,
              labels,
              options.out(),
              options.overwrite(),
              TrainProgress.listener(progress));
    }
    print.printf(
        Locale.ROOT,
        "test accuracy %.2f %% (of the exported model, dropout off), %.0f s%nwritten to %s%n",
        100 * accuracy,
        (System.nanoTime() - start) / 1e9,
        options.out());
  }

  private LabelledImages pictures(TrainOptions options, String prefix, long seed, int count)
      throws IOException {
    return reads
        ? LabelledImages.idx(options.data().orElseThrow(), prefix)
        : LabelledImages.streetDigits(seed, count);
  }
}
