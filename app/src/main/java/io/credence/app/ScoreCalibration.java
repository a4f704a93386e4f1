package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.Sidecar;
import io.credence.app.input.BadInputException;
import io.credence.calibration.Calibration;
import io.credence.calibration.CalibrationBins;
import io.credence.calibration.ModelFingerprint;
import io.credence.calibration.ScoringRules;
import io.credence.decision.Decision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts calibrated probabilities beside those of the model, and says where there is no answer, if
 * the calibration holds a rule for it.
 */
final class ScoreCalibration {

  private final Path file;
  private final Calibration calibration;
  private final ScoringRules rules;
  private final CalibrationBins bins = CalibrationBins.standard();
  private long answered;
  private long wrong;
  private double[] last = {};

  private ScoreCalibration(Path file, Calibration calibration) {
    this.file = file;
    this.calibration = calibration;
    this.rules = ScoringRules.of(calibration.classes());
  }

  /**
   * The calibration for a model: that of a file, or else the one that the sidecar of a single model
   * carries, if it does.
   *
   * @throws BadInputException as {@link #read}
   * @throws IllegalArgumentException if the sidecar carries the calibration of another model
   */
  static Optional<ScoreCalibration> of(
      @Nullable Path file, ModelDescription model, List<Path> models) throws IOException {
    if (file != null) {
      return Optional.of(read(file, model, models));
    }
    if (models.size() > 1 || !model.outputKind().isClassification()) {
      return Optional.empty();
    }
    return Calibration.ofModel(models.get(0))
        .map(own -> new ScoreCalibration(models.get(0).resolve(Sidecar.FILE_NAME), own));
  }

  /**
   * Reads a calibration for a model.
   *
   * @param models its folder, or those of its members
   * @throws BadInputException if the model is no classifier, or the file cannot be read or is that
   *     of another model
   */
  private static ScoreCalibration read(Path file, ModelDescription model, List<Path> models)
      throws IOException {
    if (!model.outputKind().isClassification()) {
      throw new BadInputException(
          "--calibration is of probabilities, but "
              + model.model()
              + " is a regressor, its output "
              + model.outputKind()
              + "; leave out --calibration");
    }
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          "--calibration is " + file + ", which is no file; credence calibrate writes one");
    }
    try {
      return new ScoreCalibration(file, Calibration.read(file, ModelFingerprint.of(models)));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()));
    }
  }

  /** Puts what is calibrated into the line of an input, before the plan, which stays last. */
  void putInto(ObjectNode line, Prediction prediction, int index) {
    ClassificationPrediction classified = (ClassificationPrediction) prediction;
    if (prediction.places().numDimensions() > 0
        || classified.get(0).classes() != calibration.classes()) {
      throw new BadInputException(
          file
              + " is a calibration of one answer of "
              + calibration.classes()
              + " classes for each row, which is not what this output gives; leave out"
              + " --calibration");
    }
    double[] probabilities = calibration.probabilities(classified.get(index));
    last = probabilities;
    Optional<JsonNode> plan = Optional.ofNullable(line.remove("plan"));
    ArrayNode array = line.putArray("calibratedProbabilities");
    int top = 0;
    for (int k = 0; k < probabilities.length; k++) {
      array.add(probabilities[k]);
      top = probabilities[k] > probabilities[top] ? k : top;
    }
    line.put("calibratedClass", top);
    calibration
        .abstention()
        .ifPresent(chosen -> decide(line, chosen.rule().decide(classified.get(index))));
    plan.ifPresent(node -> line.set("plan", node));
  }

  private void decide(ObjectNode line, Decision<Integer> decision) {
    line.put("answered", decision instanceof Decision.Answer);
    if (decision instanceof Decision.DontKnow<Integer> unknown) {
      line.put("reason", unknown.reason());
    } else {
      answered++;
    }
  }

  /** Grades the input of the last line. */
  void grade(ObjectNode line, int label) {
    rules.add(last, label);
    bins.add(last, label);
    boolean given = line.path("answered").asBoolean();
    wrong += given && line.path("predictedClass").intValue() != label ? 1 : 0;
  }

  /**
   * Says where the calibration was fitted on predictions that were sampled in another way.
   *
   * @param passes of each model now, 0 as served
   */
  Optional<String> doubt(int passes) {
    return calibration.passes().isEmpty() || calibration.passes().getAsInt() == passes
        ? Optional.empty()
        : Optional.of(
            file
                + " was fitted on "
                + sampled(calibration.passes().getAsInt())
                + ", and is applied to "
                + sampled(passes)
                + "; it fits these less well");
  }

  private static String sampled(int passes) {
    return passes == 0 ? "models as served" : "the mean of " + passes + " passes";
  }

  /** Prints what the calibrated probabilities are worth, and how many inputs have an answer. */
  void print(PrintWriter to, long inputs, boolean labelled) {
    if (labelled) {
      to.printf(
          Locale.ROOT,
          "calibrated                likelihood %.4f nats, Brier %.4f, calibration err. %.4f%n",
          rules.negativeLogLikelihood(),
          rules.brierScore(),
          bins.diagram().expectedCalibrationError());
    }
    if (calibration.abstention().isPresent()) {
      to.printf(
          Locale.ROOT,
          "answered                  %.4f of the inputs%s%n",
          (double) answered / inputs,
          labelled ? String.format(Locale.ROOT, ", %.4f of these wrong", risk()) : "");
    }
  }

  private double risk() {
    return answered == 0 ? 0 : (double) wrong / answered;
  }

  /** Puts the same into the summary for machines. */
  void putInto(ObjectNode summary, boolean labelled) {
    if (labelled) {
      summary
          .putObject("calibrated")
          .put("errorRate", rules.errorRate())
          .put("negativeLogLikelihood", rules.negativeLogLikelihood())
          .put("brierScore", rules.brierScore())
          .put("expectedCalibrationError", bins.diagram().expectedCalibrationError());
    }
    if (calibration.abstention().isPresent()) {
      summary.put("answered", answered);
      if (labelled) {
        summary.put("errorRateOfAnswered", risk());
      }
    }
  }
}
