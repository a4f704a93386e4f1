package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What a number of passes costs and gives.
 *
 * @param passes the passes, T
 * @param inputsPerSecond inputs scored in a second
 * @param meanError mean over inputs of the standard error of the measure; empty where none is told
 * @param largestError the largest of them
 * @param rankCorrelation Spearman's correlation of the measure with that of the reference, within
 *     [−1, 1]; empty where one of them is the same for all inputs
 * @param topOverlap share of the inputs to be trusted least that the reference has among them too,
 *     within [0, 1]
 * @param errorRate share of the inputs answered wrong, within [0, 1]; empty without labels
 * @param calibrationError expected calibration error, within [0, 1]; empty without labels
 */
record SweepPoint(
    int passes,
    double inputsPerSecond,
    OptionalDouble meanError,
    OptionalDouble largestError,
    OptionalDouble rankCorrelation,
    double topOverlap,
    OptionalDouble errorRate,
    OptionalDouble calibrationError) {

  static final List<String> FIELDS =
      List.of(
          "passes",
          "inputsPerSecond",
          "meanStandardError",
          "largestStandardError",
          "rankCorrelation",
          "topOverlap",
          "errorRate",
          "expectedCalibrationError");

  /** Milliseconds that an input takes. */
  double milliseconds() {
    return 1000 / inputsPerSecond;
  }

  ObjectNode toJson() {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("passes", passes);
    json.put("inputsPerSecond", inputsPerSecond);
    meanError.ifPresent(error -> json.put("meanStandardError", error));
    largestError.ifPresent(error -> json.put("largestStandardError", error));
    rankCorrelation.ifPresent(correlation -> json.put("rankCorrelation", correlation));
    json.put("topOverlap", topOverlap);
    errorRate.ifPresent(rate -> json.put("errorRate", rate));
    calibrationError.ifPresent(error -> json.put("expectedCalibrationError", error));
    return json;
  }

  /** One line of a table of {@link #FIELDS}; what is not known is empty. */
  String toCsv() {
    return passes
        + ","
        + inputsPerSecond
        + ","
        + cell(meanError)
        + ","
        + cell(largestError)
        + ","
        + cell(rankCorrelation)
        + ","
        + topOverlap
        + ","
        + cell(errorRate)
        + ","
        + cell(calibrationError);
  }

  private static String cell(OptionalDouble number) {
    return number.isPresent() ? Double.toString(number.getAsDouble()) : "";
  }

  /** The cells of a row for people. */
  String[] cells() {
    List<String> cells =
        new ArrayList<>(
            List.of(
                Integer.toString(passes),
                String.format(
                    Locale.ROOT, inputsPerSecond < 100 ? "%.1f" : "%.0f", inputsPerSecond),
                people(meanError, "%.4f"),
                people(largestError, "%.4f"),
                people(rankCorrelation, "%.4f"),
                String.format(Locale.ROOT, "%.1f %%", 100 * topOverlap)));
    if (errorRate.isPresent()) {
      cells.add(people(errorRate, "%.4f"));
      cells.add(people(calibrationError, "%.4f"));
    }
    return cells.toArray(String[]::new);
  }

  /** The heads of {@link #cells}. */
  String[] heads() {
    List<String> heads =
        new ArrayList<>(
            List.of("passes", "inputs/s", "mean error", "largest", "rank corr.", "top overlap"));
    if (errorRate.isPresent()) {
      heads.addAll(List.of("error rate", "ECE"));
    }
    return heads.toArray(String[]::new);
  }

  private static String people(OptionalDouble number, String format) {
    return number.isPresent() ? String.format(Locale.ROOT, format, number.getAsDouble()) : "-";
  }
}
