package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.models.CnnRecipe;
import io.credence.models.OutlierExposure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Makes SavedModels of the MNIST networks that the authors of Outlier Exposure trained, and tests
 * them as they did. Nothing is trained here: the weights are theirs, so that the numbers can be
 * held against the published ones.
 */
record TrainOutlierExposure() implements TrainRecipe {

  private static final long DEFAULT_SEED = 42;

  @Override
  public String name() {
    return "outlier-exposure";
  }

  @Override
  public List<String> options() {
    return List.of("--data", "--weights", "--seed");
  }

  @Override
  public void run(TrainOptions options, PrintWriter print) throws IOException {
    Path weights =
        options
            .weights()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "recipe outlier-exposure needs --weights DIR, the folder of the eight .npy"
                            + " files of a network, or of several such folders"));
    Map<Path, Path> models = models(weights, options.out());
    for (Path out : models.values()) {
      CnnRecipe.checkTarget(out, options.overwrite());
    }
    TrainOutlierSets sets =
        options.data().isPresent()
            ? TrainOutlierSets.read(options.data().get(), options.seed().orElse(DEFAULT_SEED))
            : null;
    for (Map.Entry<Path, Path> each : models.entrySet()) {
      OutlierExposure.export(each.getKey(), each.getValue(), options.overwrite());
      print.println(each.getKey().getFileName() + " written to " + each.getValue());
    }
    if (sets == null) {
      print.println("not tested: name the folder of mnist, fashion-mnist and notmnist with --data");
      return;
    }
    try (Progress progress =
        Progress.of(
            "testing", OptionalLong.of((long) models.size() * sets.pictures()), " pictures")) {
      TrainOutlierTable table = new TrainOutlierTable(sets, progress);
      for (Map.Entry<Path, Path> each : models.entrySet()) {
        List<String> lines = table.lines(each.getValue());
        print.println();
        print.println(each.getKey().getFileName());
        lines.forEach(print::println);
      }
    }
  }

  /** The folder of each network's weights, and that of its model. */
  private static Map<Path, Path> models(Path weights, Path out) throws IOException {
    Map<Path, Path> models = new LinkedHashMap<>();
    if (Files.isDirectory(weights) && !isNetwork(weights)) {
      try (Stream<Path> entries = Files.list(weights)) {
        entries
            .filter(TrainOutlierExposure::isNetwork)
            .sorted()
            .forEach(each -> models.put(each, out.resolve(each.getFileName().toString())));
      }
    }
    if (models.isEmpty()) {
      models.put(weights, out); // what is wrong with it is told when it is read
    }
    return models;
  }

  private static boolean isNetwork(Path folder) {
    return Files.exists(folder.resolve("conv1.weight.npy"));
  }
}
