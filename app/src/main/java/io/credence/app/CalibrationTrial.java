package io.credence.app;

import io.credence.calibration.Calibration;
import io.credence.calibration.CalibrationBins;
import io.credence.calibration.CalibrationException;
import io.credence.calibration.HeldOut;
import io.credence.calibration.ReliabilityDiagram;
import io.credence.calibration.Scaling;
import io.credence.calibration.ScoringRules;
import io.credence.decision.Abstention;
import io.credence.decision.AbstentionRule;
import io.credence.statistics.ClassificationSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
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
  private final Optional<AbstentionOptions.Asked> asked;
  private final List<Double> doubts = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();
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

  CalibrationTrial(int classes, Optional<AbstentionOptions.Asked> asked) {
    this.classes = classes;
    this.asked = asked;
    this.before = new Grades(classes);
  }

  void add(ClassificationSummary summary, int label) {
    predictions.add(summary.meanProbabilities());
    labels.add(label);
    before.add(summary.meanProbabilities(), label);
    asked.ifPresent(told -> doubts.add(told.measure().of(summary)));
    losses.add(summary.predictedClass() == label ? 0.0 : 1.0);
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
    return asked.isPresent() ? fitted.withAbstention(chosen(asked.get(), 0, 1)) : fitted;
  }

  /** The rule for every {@code step}-th input from a first. */
  private Abstention chosen(AbstentionOptions.Asked told, int first, int step) {
    return Abstention.choose(
        told.target(),
        told.level(),
        told.measure(),
        every(doubts, first, step),
        every(losses, first, step));
  }

  private static double[] every(List<Double> values, int first, int step) {
    return IntStream.iterate(first, i -> i < values.size(), i -> i + step)
        .mapToDouble(values::get)
        .toArray();
  }

  /**
   * What the rule did to the inputs, for people, and what rules of halves did to the other halves,
   * if both halves have one; after {@link #fit}.
   */
  List<String> lines(Abstention whole) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "\"don't know\" where %s is %s %.6g, for a %s of %s:",
            whole.rule().measure().key(),
            asked.orElseThrow().measure().higherMeansLessTrust() ? "above" : "below",
            whole.rule().threshold(),
            whole.target(),
            whole.level()));
    lines.add(answered("of these inputs", whole.coverage(), whole.risk()));
    int answered = 0;
    double wrong = 0;
    try {
      for (int half = 0; half < HALVES; half++) {
        AbstentionRule rule = chosen(asked.orElseThrow(), half, HALVES).rule();
        for (int n = 1 - half; n < losses.size(); n += HALVES) {
          if (rule.answers(doubts.get(n))) {
            answered++;
            wrong += losses.get(n);
          }
        }
      }
    } catch (IllegalArgumentException e) {
      return lines; // a half may have no such threshold where the whole has one
    }
    lines.add(
        answered(
            "by the threshold of the other half",
            answered / (double) losses.size(),
            wrong / answered));
    return lines;
  }

  private static String answered(String which, double coverage, double risk) {
    return String.format(
        Locale.ROOT,
        "  %s %.2f %% are answered, %.2f %% of these wrong",
        which,
        100 * coverage,
        100 * risk);
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
