package io.credence.app;

import io.credence.ClassificationPrediction;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import io.credence.statistics.Measure;
import io.credence.statistics.RegressionMeasure;
import io.credence.statistics.RegressionSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** What one number of passes says of all inputs, and how long it took. */
final class SweepScores {

  private final Measure measure;
  private final Optional<ScoreLabels> labels;
  private final List<Double> values = new ArrayList<>();
  private final List<Double> errors = new ArrayList<>();
  private long nanos;
  private long timed;

  SweepScores(Measure measure, Optional<ScoreLabels> labels) {
    this.measure = measure;
    this.labels = labels;
  }

  /** Takes in the next inputs, and the time they took. */
  void add(Prediction prediction, long tookNanos) {
    nanos += tookNanos;
    timed += prediction.size();
    labels.ifPresent(each -> each.add(prediction));
    int places = (int) prediction.places().size();
    for (int n = 0; n < prediction.size(); n++) {
      double value = 0;
      double error = 0;
      for (int place = n * places; place < (n + 1) * places; place++) {
        value += value(prediction, place) / places;
        error = Math.max(error, error(prediction, place).orElse(Double.NaN));
      }
      values.add(value);
      errors.add(error);
    }
  }

  private double value(Prediction prediction, int row) {
    if (prediction instanceof ClassificationPrediction classes) {
      return ((ClassificationMeasure) measure).of(classes.summaries().get(row));
    }
    RegressionSummary s = ((RegressionPrediction) prediction).summaries().get(row);
    return IntStream.range(0, s.targets())
        .mapToDouble(d -> ((RegressionMeasure) measure).of(s, d).orElse(0))
        .average()
        .orElse(0);
  }

  private OptionalDouble error(Prediction prediction, int row) {
    if (prediction instanceof ClassificationPrediction classes) {
      ClassificationSummary s = classes.summaries().get(row);
      return s.standardError((ClassificationMeasure) measure);
    }
    RegressionSummary s = ((RegressionPrediction) prediction).summaries().get(row);
    return IntStream.range(0, s.targets())
        .mapToDouble(d -> s.standardError((RegressionMeasure) measure, d).orElse(Double.NaN))
        .max();
  }

  /** Number of inputs. */
  int inputs() {
    return values.size();
  }

  /** What these scores are worth, held against others of the same inputs. */
  SweepPoint point(int passes, SweepScores reference, int top) {
    double[] own = array(values);
    double[] other = array(reference.values);
    OptionalDouble correlation = OptionalDouble.empty();
    if (own.length > 1 && differ(own) && differ(other)) {
      correlation = OptionalDouble.of(new SpearmansCorrelation().correlation(own, other));
    }
    boolean told = errors.stream().noneMatch(error -> error.isNaN());
    return new SweepPoint(
        passes,
        timed * 1e9 / nanos,
        told ? errors.stream().mapToDouble(Double::doubleValue).average() : OptionalDouble.empty(),
        told ? errors.stream().mapToDouble(Double::doubleValue).max() : OptionalDouble.empty(),
        correlation,
        overlap(least(top), reference.least(top)),
        graded(ScoreLabels::errorRate),
        graded(ScoreLabels::expectedCalibrationError));
  }

  private OptionalDouble graded(ToDoubleFunction<ScoreLabels> number) {
    return labels.isPresent()
        ? OptionalDouble.of(number.applyAsDouble(labels.get()))
        : OptionalDouble.empty();
  }

  private static boolean differ(double[] values) {
    return Arrays.stream(values).distinct().count() > 1;
  }

  private static double overlap(Set<Integer> some, Set<Integer> others) {
    Set<Integer> both = new HashSet<>(some);
    both.retainAll(others);
    return (double) both.size() / some.size();
  }

  /** The inputs that are to be trusted least; of equals the first. */
  private Set<Integer> least(int top) {
    boolean higher = !(measure instanceof ClassificationMeasure of) || of.higherMeansLessTrust();
    Comparator<Integer> byValue = Comparator.comparing(values::get);
    return new HashSet<>(
        IntStream.range(0, values.size())
            .boxed()
            .sorted(higher ? byValue.reversed() : byValue)
            .limit(top)
            .toList());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
