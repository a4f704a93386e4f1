package io.credence.app;

import io.credence.ImagePreprocessing;
import io.credence.InputRange;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.UncertaintyEngine;
import io.credence.app.input.BadInputException;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of loading a model, the same for every command that loads one. */
final class ModelOptions {

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description =
          "folder of a SavedModel, the one that holds saved_model.pb; to score with an ensemble,"
              + " its members, as A,B,C, or the folder that holds their folders")
  private String model;

  @Option(
      names = "--signature",
      defaultValue = "serving_default",
      split = ",",
      arity = "1",
      hideParamSyntax = true,
      paramLabel = "NAME",
      description =
          "signature to run; of several, as A,B, the first that a model has (default:"
              + " ${DEFAULT-VALUE})")
  private List<String> signature;

  @Option(
      names = "--output",
      split = ",",
      arity = "1",
      hideParamSyntax = true,
      paramLabel = "NAME",
      description =
          "output to sample; of several, as A,B, the first that a model has (default: the only"
              + " one)")
  private List<String> output = new ArrayList<>();

  @Option(
      names = "--output-kind",
      paramLabel = "KIND",
      description =
          "what the output means: PROBABILITIES, LOGITS, BINARY_PROBABILITY, BINARY_LOGIT; of a"
              + " regressor MEAN, MEAN_AND_VARIANCE or MEAN_AND_LOG_VARIANCE (default: what the"
              + " sidecar, credence.json, or the last op says)")
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
      description =
          "refuse inputs outside the training range instead of warning; of a table also stop at the"
              + " first bad row instead of setting it aside")
  private boolean strict;

  @Option(
      names = "--dropout",
      paramLabel = "TENSOR=RATE",
      description =
          "a tensor that was dropped in training, where the model does not say so (Keras 3), or a"
              + " placeholder that decides a rate; RATE within (0, 1); repeatable")
  private List<String> dropout = new ArrayList<>();

  @Option(
      names = "--input-tensor",
      paramLabel = "NAME=TENSOR",
      description =
          "a tensor to feed in place of the signature's inputs, and what to call it; repeatable")
  private List<String> inputTensors = new ArrayList<>();

  @Option(
      names = "--output-tensor",
      paramLabel = "TENSOR",
      description = "a tensor to sample in place of an output of the signature")
  private @Nullable String outputTensor;

  @Option(
      names = "--tags",
      split = ",",
      paramLabel = "TAG",
      description = "tags of the graph to load, where there are several (default: serve)")
  private String @Nullable [] tags;

  @Option(
      names = "--allow-unsafe-ops",
      description = "run ops that read or write files or run code: only for models you trust")
  private boolean allowUnsafeOps;

  /** Made by picocli. */
  ModelOptions() {}

  /** The folders of the models: one, or the members of an ensemble. */
  List<Path> models() {
    return ModelFolders.of(model);
  }

  /** Whether bad rows of a table end a run. */
  boolean strict() {
    return strict;
  }

  /**
   * One model and the options asked for, ready to load.
   *
   * @throws BadInputException if several are named; otherwise as {@link #builder(Path)}
   */
  SavedModelEngine.Builder builder() {
    List<Path> models = models();
    if (models.size() > 1) {
      throw new BadInputException(
          "--model names " + models.size() + " models, " + models + "; this command takes one");
    }
    return builder(models.get(0));
  }

  /**
   * The model, or the ensemble, loaded; the caller closes it.
   *
   * @throws BadInputException if options of an ensemble are given for one model; otherwise as
   *     {@link #builder(Path)}
   */
  UncertaintyEngine load(EnsembleOptions ensemble) {
    List<Path> models = models();
    if (models.size() == 1) {
      ensemble.refuseForOne();
      if (!ensemble.asServed()) {
        return builder(models.get(0)).load();
      }
    }
    return ensemble.of(models.stream().map(this::builder).toList()).load();
  }

  /**
   * A model and the options asked for, ready to load.
   *
   * @throws IllegalArgumentException if the output kind is unknown or the range is empty
   * @throws BadInputException if the range is not two numbers, or a tensor or rate is none
   */
  private SavedModelEngine.Builder builder(Path folder) {
    SavedModelEngine.Builder builder =
        SavedModelEngine.builder(folder)
            .signature(signature.get(0), rest(signature))
            .strict(strict);
    if (!output.isEmpty()) {
      builder.output(output.get(0), rest(output));
    }
    if (outputKind != null) {
      builder.outputKind(OutputKind.parse(outputKind));
    }
    if (inputRange != null) {
      builder.inputRange(range(inputRange));
    }
    TensorOptions.dropout(dropout).forEach(builder::dropout);
    TensorOptions.inputs(inputTensors).forEach(builder::inputTensor);
    if (outputTensor != null) {
      builder.outputTensor(
          TensorOptions.output(outputTensor, output.isEmpty() ? null : String.join(",", output)));
    }
    if (tags != null) {
      builder.tags(tags);
    }
    if (allowUnsafeOps) {
      builder.allowUnsafeOps();
    }
    return builder;
  }

  /**
   * What the models say of pictures.
   *
   * @throws BadInputException if members of an ensemble do not say the same
   */
  Optional<ImagePreprocessing> image() throws IOException {
    Optional<ImagePreprocessing> image = Optional.empty();
    Path first = models().get(0);
    for (Path model : models()) {
      Optional<ImagePreprocessing> own = Sidecar.ofModel(model).image();
      if (image.isPresent() && own.isPresent() && !own.equals(image)) {
        throw new BadInputException(
            first
                + " and "
                + model
                + " prepare pictures in different ways, "
                + image.get()
                + " and "
                + own.get()
                + "; feed the values themselves as .npy or JSON Lines, or mend credence.json");
      }
      image = image.or(() -> own);
    }
    return image;
  }

  private static String[] rest(List<String> names) {
    return names.subList(1, names.size()).toArray(String[]::new);
  }

  private static InputRange range(double[] bounds) {
    if (bounds.length != 2) {
      throw new BadInputException(
          "--input-range takes two numbers, MIN,MAX, as in 0,1; got " + bounds.length);
    }
    return new InputRange(bounds[0], bounds[1]);
  }
}
