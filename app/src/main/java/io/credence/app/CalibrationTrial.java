package io.credence.app;

import io.credence.calibration.Calibration;
import io.credence.calibration.CalibrationBins;
import io.credence.calibration.CalibrationException;
import io.credence.calibration.HeldOut;
import io.credence.calibration.ReliabilityDiagram;
import io.credence.calibration.Scaling;
import io.credence.calibration.ScoringRules;
import io.credence.statistics.ClassificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Labelled predictions, what they are worth as they are, and what calibration makes of them: of two
 * halves, every other input, each calibrated by a fit to the other.
 */
final class CalibrationTrial {

  private static final int HALVES = 2;

  private final int classes;
  private final List<double[]> predictions = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();
  private final Grades before;
  private @Nullable Grades after;
  private boolean crossed;

  /** Everything that is told of one way to predict. */
  private static final class Grades {
    private final ScoringRules rules;
    private final CalibrationBins bins = CalibrationBins.standard();

    Grades(int classes) {
      this.rules = ScoringRules.of(classes);
    }

    void add(double[] probabilities, int label) {
      rules.add(probabilities, label);
      bins.add(probabilities, label);
    }

    ReliabilityDiagram diagram() {
      return bins.diagram();
    }
  }

  CalibrationTrial(int classes) {
    this.classes = classes;
    this.before = new Grades(classes);
  }

  void add(ClassificationSummary summary, int label) {
    predictions.add(summary.meanProbabilities());
    labels.add(label);
    before.add(summary.meanProbabilities(), label);
  }

  /**
   * The calibration that fits all inputs best.
   *
   * @throws CalibrationException if none does
   */
  Calibration fit(Scaling scaling, String model) {
    HeldOut all = HeldOut.ofProbabilities(classes);
    for (int n = 0; n < labels.size(); n++) {
      all.add(predictions.get(n), labels.get(n));
    }
    Calibration fitted = Calibration.fit(scaling, all, model);
    Grades grades;
    try {
      grades = crossed(scaling, model);
      crossed = true;
    } catch (CalibrationException | IllegalArgumentException e) {
      grades = new Grades(classes); // a half may have too few inputs where the whole has enough
      for (int n = 0; n < labels.size(); n++) {
        grades.add(fitted.probabilities(predictions.get(n)), labels.get(n));
      }
    }
    after = grades;
    return fitted;
  }

  private Grades crossed(Scaling scaling, String model) {
    Grades grades = new Grades(classes);
    for (int half = 0; half < HALVES; half++) {
      HeldOut others = HeldOut.ofProbabilities(classes);
      for (int n = 1 - half; n < labels.size(); n += HALVES) {
        others.add(predictions.get(n), labels.get(n));
      }
      Calibration fitted = Calibration.fit(scaling, others, model);
      for (int n = half; n < labels.size(); n += HALVES) {
        grades.add(fitted.probabilities(predictions.get(n)), labels.get(n));
      }
    }
    return grades;
  }

  private Grades calibrated() {
    if (after == null) {
      throw new IllegalStateException("nothing was fitted yet");
    }
    return after;
  }

  ReliabilityDiagram before() {
    return before.diagram();
  }

  /** After {@link #fit}. */
  ReliabilityDiagram after() {
    return calibrated().diagram();
  }

  /** What the second column of {@link #rows} is of. */
  String how() {
    return crossed ? "" : " (on the inputs of the fit)";
  }

  /** The lines of a table for people, after {@link #fit}. */
  List<String[]> rows() {
    Grades then = calibrated();
    return List.of(
        row(
            "expected calibration error",
            before().expectedCalibrationError(),
            after().expectedCalibrationError()),
        row(
            "negative log-likelihood",
            before.rules.negativeLogLikelihood(),
            then.rules.negativeLogLikelihood()),
        row("Brier score", before.rules.brierScore(), then.rules.brierScore()),
        row("error rate", before.rules.errorRate(), then.rules.errorRate()));
  }

  private static String[] row(String name, double first, double second) {
    return new String[] {
      name, String.format(Locale.ROOT, "%.4f", first), String.format(Locale.ROOT, "%.4f", second)
    };
  }
}
