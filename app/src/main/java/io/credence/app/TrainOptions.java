package io.credence.app;

import io.credence.app.input.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the user asks of a training; what was not said is empty.
 *
 * @param out the folder to write
 * @param overwrite whether a model that is there already is replaced
 * @param data the folder of the data
 * @param weights the folder of weights that others trained
 * @param outliers pictures of no class
 * @param lambda the weight of the outliers in the loss
 * @param limit training inputs at most
 * @param epochs times every input is seen
 * @param seed the seed
 */
record TrainOptions(
    Path out,
    boolean overwrite,
    Optional<Path> data,
    Optional<Path> weights,
    Optional<Path> outliers,
    Optional<Double> lambda,
    Optional<Integer> limit,
    Optional<Integer> epochs,
    Optional<Long> seed) {

  /** Refuses what a recipe has no use for. */
  void checkUnused(String recipe, List<String> used) {
    refuse(recipe, used, "--data", data);
    refuse(recipe, used, "--weights", weights);
    refuse(recipe, used, "--outliers", outliers);
    refuse(recipe, used, "--lambda", lambda);
    refuse(recipe, used, "--limit", limit);
    refuse(recipe, used, "--epochs", epochs);
    refuse(recipe, used, "--seed", seed);
  }

  private static void refuse(String recipe, List<String> used, String option, Optional<?> value) {
    if (value.isPresent() && !used.contains(option)) {
      throw new BadInputException(
          "recipe " + recipe + " has no use for " + option + "; leave it out");
    }
  }
}
