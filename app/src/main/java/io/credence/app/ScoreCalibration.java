package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.app.input.BadInputException;
import io.credence.calibration.Calibration;
import io.credence.calibration.ModelFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Puts calibrated probabilities beside those of the model. */
final class ScoreCalibration {

  private final Path file;
  private final Calibration calibration;

  private ScoreCalibration(Path file, Calibration calibration) {
    this.file = file;
    this.calibration = calibration;
  }

  /**
   * Reads a calibration for a model.
   *
   * @param models its folder, or those of its members
   * @throws BadInputException if the model is no classifier, or the file cannot be read or is that
   *     of another model
   */
  static ScoreCalibration read(Path file, ModelDescription model, List<Path> models)
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
    Optional<JsonNode> plan = Optional.ofNullable(line.remove("plan"));
    ArrayNode array = line.putArray("calibratedProbabilities");
    int top = 0;
    for (int k = 0; k < probabilities.length; k++) {
      array.add(probabilities[k]);
      top = probabilities[k] > probabilities[top] ? k : top;
    }
    line.put("calibratedClass", top);
    plan.ifPresent(node -> line.set("plan", node));
  }
}
