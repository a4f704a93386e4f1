package io.credence.app;

import io.credence.InputRange;
import io.credence.OutputKind;
import io.credence.app.input.BadInputException;
import io.credence.tensorflow.SavedModelEngine;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of loading a model, the same for every command that loads one. */
final class ModelOptions {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "folder of a SavedModel whose dropout is on, or gated by a placeholder")
  private Path model;

  @Option(
      names = "--signature",
      defaultValue = "serving_default",
      paramLabel = "NAME",
      description = "signature to run (default: ${DEFAULT-VALUE})")
  private String signature;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "output to sample (default: the only one)")
  private @Nullable String output;

  @Option(
      names = "--output-kind",
      paramLabel = "KIND",
      description =
          "what the output means: PROBABILITIES, LOGITS, BINARY_PROBABILITY, BINARY_LOGIT, or"
              + " MEAN for a regressor (default: what the sidecar or the last op says)")
  private @Nullable String outputKind;

  @Option(
      names = "--input-range",
      split = ",",
      arity = "1",
      hideParamSyntax = true,
      paramLabel = "MIN,MAX",
      description = "range of the training inputs (default: what the sidecar says)")
  private double @Nullable [] inputRange;

  @Option(
      names = "--strict",
      description = "refuse inputs outside the training range instead of warning")
  private boolean strict;

  /** Made by picocli. */
  ModelOptions() {}

  /** The folder of the model. */
  Path model() {
    return model;
  }

  /**
   * The model and options asked for, ready to load.
   *
   * @throws IllegalArgumentException if the output kind is unknown or the range is empty
   * @throws BadInputException if the range is not two numbers
   */
  SavedModelEngine.Builder builder() {
    SavedModelEngine.Builder builder =
        SavedModelEngine.builder(model).signature(signature).strict(strict);
    if (output != null) {
      builder.output(output);
    }
    if (outputKind != null) {
      builder.outputKind(OutputKind.parse(outputKind));
    }
    if (inputRange != null) {
      builder.inputRange(range(inputRange));
    }
    return builder;
  }

  private static InputRange range(double[] bounds) {
    if (bounds.length != 2) {
      throw new BadInputException(
          "--input-range takes two numbers, MIN,MAX, as in 0,1; got " + bounds.length);
    }
    return new InputRange(bounds[0], bounds[1]);
  }
}
