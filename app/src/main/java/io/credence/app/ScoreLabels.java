package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ClassificationPrediction;
import io.credence.ModelDescription;
import io.credence.Prediction;
import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.Labels;
import io.credence.calibration.CalibrationBins;
import io.credence.calibration.ScoringRules;
import io.credence.statistics.ClassificationSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ndarray.Shape;

/** The labels of a run's inputs, row by row, and how well its predictions agree with them. */
final class ScoreLabels {

  private static final String ONE_BY_ONE = "; give one label for each row, in the order of rows";

  private final Path input;
  private final Labels labels;
  private final ModelDescription model;
  private final CalibrationBins bins = CalibrationBins.standard();
  private Optional<ScoringRules> rules = Optional.empty();

  private ScoreLabels(Path input, Labels labels, ModelDescription model) {
    this.input = input;
    this.labels = labels;
    this.model = model;
  }

  /**
   * Refuses, before a model is loaded, what labels do not go with.
   *
   * @throws BadInputException if there is no file of labels, the input is a folder or rows of it
   *     may be passed over, or the output would replace the labels
   */
  static void checkOptions(Path file, Path input, @Nullable Path out, boolean skipBad)
      throws IOException {
    if (skipBad) {
      throw new BadInputException(
          "--labels goes by the order of rows, which --skip-bad would break; mend the bad rows and"
              + " leave out --skip-bad");
    }
    if (Files.isDirectory(input)) {
      throw new BadInputException(
          "--labels goes by the order of rows, but "
              + input
              + " is a folder of pictures; save them as one .npy or IDX file, or leave out --labels"
              + " and match lines and labels by id");
    }
    Labels.checkFile(file);
    if (out != null && Files.exists(out) && Files.isSameFile(out, file)) {
      throw new BadInputException("--out is the file of labels, " + file + "; name another file");
    }
  }

  /**
   * Reads the labels, and checks what can be checked before anything is scored.
   *
   * @param file the labels
   * @param size the number of rows of the input, if that is known
   * @throws BadInputException if the model is no classifier, or answers with a map, the labels
   *     cannot be read, their number is another than that of rows, or there is no such class
   */
  static ScoreLabels read(Path file, Path input, ModelDescription model, OptionalLong size)
      throws IOException {
    if (!model.outputKind().isClassification()) {
      throw new BadInputException(
          "--labels are classes, but "
              + model.model()
              + " is a regressor, its output "
              + model.outputKind()
              + "; leave out --labels");
    }
    Shape output = model.output().shape();
    if (!output.isUnknown() && output.numDimensions() > 2) {
      throw ofMap(model, TensorSpec.describe(output));
    }
    ScoreLabels read = new ScoreLabels(input, Labels.read(file, model.labels()), model);
    if (size.isPresent()) {
      read.checkNumber(size.getAsLong());
    }
    classes(model).ifPresent(read.labels::check);
    return read;
  }

  private static BadInputException ofMap(ModelDescription model, String shape) {
    return new BadInputException(
        "--labels gives one class a row, but "
            + model.model()
            + " answers with a map, shape "
            + shape
            + ", a class for each place; leave out --labels");
  }

  /** The same labels, for another run over the same inputs. */
  ScoreLabels again() {
    return new ScoreLabels(input, labels, model);
  }

  /** Number of classes, as far as the model tells before it runs. */
  private static OptionalInt classes(ModelDescription model) {
    if (model.outputKind().isBinary()) {
      return OptionalInt.of(2);
    }
    Shape shape = model.output().shape();
    boolean told =
        !shape.isUnknown() && shape.numDimensions() > 0 && shape.get(shape.numDimensions() - 1) > 0;
    return told ? OptionalInt.of((int) shape.get(shape.numDimensions() - 1)) : OptionalInt.empty();
  }

  /**
   * Grades the next rows.
   *
   * @throws BadInputException if there are fewer labels than rows, a label is no class, or the
   *     prediction is a map
   */
  void add(Prediction prediction) {
    if (prediction.places().numDimensions() > 0) {
      throw ofMap(model, TensorSpec.describe(prediction.places()) + " of each row");
    }
    ClassificationPrediction classified = (ClassificationPrediction) prediction;
    int classes = classified.get(0).classes();
    if (rules.isEmpty()) {
      labels.check(classes);
      rules = Optional.of(ScoringRules.of(classes));
    }
    ScoringRules all = rules.get();
    if (all.inputs() + prediction.size() > labels.size()) {
      throw new BadInputException(labels + ", but " + input + " has more rows" + ONE_BY_ONE);
    }
    for (ClassificationSummary summary : classified.summaries()) {
      int label = labels.get((int) all.inputs());
      all.add(summary, label);
      bins.add(summary, label);
    }
  }

  /**
   * Refuses labels of another number than the rows that there were.
   *
   * @throws BadInputException if the numbers differ
   */
  void checkNumber(long rows) {
    if (rows != labels.size()) {
      throw new BadInputException(labels + ", but " + input + " " + rows + " rows" + ONE_BY_ONE);
    }
  }

  /** Puts the label of a row into its line, before the plan, which stays last. */
  void putInto(ObjectNode line, long row) {
    Optional<JsonNode> plan = Optional.ofNullable(line.remove("plan"));
    int label = of(row);
    line.put("label", label);
    if (!model.labels().isEmpty()) {
      line.put("labelName", model.label(label));
    }
    plan.ifPresent(node -> line.set("plan", node));
  }

  /** The label of a row that was graded. */
  int of(long row) {
    return labels.get((int) row);
  }

  /** The share of the rows graded so far that were answered wrong. */
  double errorRate() {
    return rules.orElseThrow().errorRate();
  }

  /** How far answers are right as often as their largest mean probability says. */
  double expectedCalibrationError() {
    return bins.diagram().expectedCalibrationError();
  }

  /** Prints the scores for people, one a line. */
  void print(PrintWriter to) {
    ScoringRules all = rules.orElseThrow();
    to.printf(
        Locale.ROOT,
        "error rate                %.4f%nnegative log-likelihood   %.4f nats%s%n"
            + "Brier score               %.4f%n"
            + "expected calibration err. %.4f%n",
        all.errorRate(),
        all.negativeLogLikelihood(),
        Double.isInfinite(all.negativeLogLikelihood()) ? ", a label has probability 0" : "",
        all.brierScore(),
        expectedCalibrationError());
  }

  /** Puts the scores into the summary for machines; {@code docs/json.md} documents it. */
  void putInto(ObjectNode summary) {
    ScoringRules all = rules.orElseThrow();
    summary.put("errorRate", all.errorRate());
    // JSON has no infinity; Jackson writes it as the string "Infinity".
    summary.put("negativeLogLikelihood", all.negativeLogLikelihood());
    summary.put("brierScore", all.brierScore());
    summary.put("expectedCalibrationError", expectedCalibrationError());
  }
}
