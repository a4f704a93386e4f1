package io.credence.app;

import io.credence.JsonFields;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.app.input.BadInputException;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is written of each input. */
final class FieldOptions {

  @Option(
      names = "--measures",
      split = ",",
      arity = "1",
      hideParamSyntax = true,
      paramLabel = "MEASURE,…",
      description =
          "write these measures only, each with its standard error, such as"
              + " mutualInformation,margin, and no distributions; an unknown name is answered with"
              + " the list (default: all that docs/json.md lists)")
  private String @Nullable [] measures;

  @Option(
      names = "--bias-corrected",
      description = "also write each measure corrected for the bias that few passes give it")
  private boolean biasCorrected;

  /** Made by picocli. */
  FieldOptions() {}

  /**
   * Refuses measures that a kind of model does not have.
   *
   * @throws IllegalArgumentException if one is unknown; the message lists those there are
   */
  void check(boolean classification) {
    if (measures != null) {
      named(classification);
    }
  }

  private List<Measure> named(boolean classification) {
    return Arrays.stream(measures == null ? new String[0] : measures)
        .map(name -> Measure.parse(name.trim(), classification))
        .toList();
  }

  /**
   * What is written of a prediction.
   *
   * @throws BadInputException if a measure needs what the model does not tell
   */
  JsonFields of(Prediction prediction, boolean classification) {
    JsonFields fields =
        measures == null
            ? JsonFields.standard(prediction)
            : new JsonFields(named(classification), false, false);
    if (measures != null && prediction instanceof RegressionPrediction targets) {
      fields.measures().forEach(measure -> refuseUntold(measure, targets));
    }
    return biasCorrected ? fields.withBiasCorrected() : fields;
  }

  private static void refuseUntold(Measure measure, RegressionPrediction prediction) {
    if (((RegressionMeasure) measure).of(prediction.summaries().get(0), 0).isEmpty()) {
      throw new BadInputException(
          "--measures asks for "
              + measure.key()
              + ", but the model predicts no variance; leave it out, or declare another"
              + " --output-kind, or observationVariance in credence.json");
    }
  }
}
