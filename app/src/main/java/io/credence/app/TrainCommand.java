package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.models.CnnRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a network with dropout and exports it as a SavedModel with its sidecar. */
@Command(
    name = "train",
    description = {
      "Trains networks with dropout and exports them as SavedModels.",
      "",
      "Pictures to be classified:",
      "  street-digits     draws its own",
      "  lenet             reads MNIST or Fashion-MNIST in IDX files",
      "  lenet5            the same, without dropout: for ensembles",
      "  outlier-exposure  takes the published weights of Hendrycks et al. 2019, and",
      "                    prints their table where --data says where pictures are",
      "  active-learning   labels of MNIST, chosen by BALD and others: how few will do,",
      "                    beside what was published; stopped, it goes on where it was",
      "Pixels to be classified:",
      "  membrane          reads image/0.png ... and label/0.png ...",
      "Numbers to be told from tables of numbers:",
      "  uci               MC dropout and deep ensembles on the splits of a set, or of",
      "                    each set of a folder, beside what was published; stopped,",
      "                    it goes on where it was",
      "Small, with a picture of what comes of it:",
      "  outliers-2d       where softmax, dropout, an ensemble and Outlier Exposure",
      "                    are in doubt",
      "  regression-1d     doubt away from the data, by ReLU and by tanh",
      "  mixture-1d        three answers to one question"
    },
    footer = {
      "",
      "Examples:",
      "  credence train street-digits --out out/street-digits",
      "  credence train lenet --data data/mnist --outliers letters --out out/lenet",
      "  credence train outlier-exposure --weights weights --data data --out out/oe",
      "  credence train outliers-2d --out out/outliers-2d",
      "  credence train uci --data data/uci --out out/uci"
    })
final class TrainCommand implements Callable<Integer> {

  private static final List<TrainRecipe> RECIPES =
      List.of(
          new TrainPictures(CnnRecipe.streetDigits(), false),
          new TrainPictures(CnnRecipe.lenet(), true),
          new TrainPictures(CnnRecipe.lenet5(), true),
          new TrainOutlierExposure(),
          new TrainPlane(),
          new TrainCube(),
          new TrainMixture(),
          new TrainMembrane(),
          new TrainUci(),
          new TrainActive());

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(index = "0", paramLabel = "RECIPE", description = "one of the names above")
  private String recipe;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "folder of the data: for lenet, lenet5 and active-learning the four IDX files, for outlier-exposure mnist,"
              + " fashion-mnist and notmnist with those files, for membrane image and label, for uci"
              + " data/data.txt and its index_*.txt, or folders with these")
  private @Nullable Path data;

  @Option(
      names = "--weights",
      paramLabel = "DIR",
      description =
          "folder of the .npy files of a network, or of such folders (outlier-exposure only)")
  private @Nullable Path weights;

  @Option(
      names = "--outliers",
      paramLabel = "PATH",
      description =
          "pictures of no class, to be unsure of: a folder, or a .npy (0-255) or IDX file"
              + " (classifiers of pictures)")
  private @Nullable Path outliers;

  @Option(
      names = "--lambda",
      paramLabel = "X",
      description = "weight of the outliers in the loss (default: 0.5)")
  private @Nullable Double lambda;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "folder of the SavedModel, or SavedModels, to write")
  private Path out;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "train on the first N pictures only (lenet, lenet5, street-digits; default: all)")
  private @Nullable Integer limit;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "times every input is seen (default: as many as the recipe needs)")
  private @Nullable Integer epochs;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "seed of weights, order, masks and drawn data (default: 42)")
  private @Nullable Long seed;

  @Option(names = "--overwrite", description = "replace the model that is there already")
  private boolean overwrite;

  /** Made by picocli. */
  TrainCommand() {}

  @Override
  public Integer call() throws IOException {
    TrainRecipe chosen =
        RECIPES.stream()
            .filter(each -> each.name().equals(recipe))
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "recipe \"" + recipe + "\" is unknown; choose one of " + names()));
    TrainOptions options =
        new TrainOptions(
            out,
            overwrite,
            Optional.ofNullable(data),
            Optional.ofNullable(weights),
            Optional.ofNullable(outliers),
            Optional.ofNullable(lambda),
            Optional.ofNullable(limit),
            Optional.ofNullable(epochs),
            Optional.ofNullable(seed));
    options.checkUnused(chosen.name(), chosen.options());
    chosen.run(options, spec.commandLine().getOut());
    return 0;
  }

  private static String names() {
    return RECIPES.stream().map(TrainRecipe::name).collect(Collectors.joining(", "));
  }
}
