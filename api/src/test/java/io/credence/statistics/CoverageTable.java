package io.credence.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Counts how often intervals hold the truth, and prints it, one row a measure. */
final class CoverageTable {

  /** What is counted of one measure after one number of passes. */
  private static final class Tally {
    private int count;
    private int hits;
    private double truth;
    private double sum;
    private double misses;
    private double squaredMisses;
    private double corrected;
    private double error;

    double deviation() {
      double mean = misses / count;
      return Math.sqrt(Math.max(0, squaredMisses / count - mean * mean));
    }
  }

  private final Map<Measure, Map<Integer, Tally>> tallies = new LinkedHashMap<>();

  /**
   * Counts one measure of one repetition.
   *
   * @param corrected the value less its bias; empty of a measure that is not smooth
   */
  void count(
      Measure measure,
      int passes,
      double truth,
      double value,
      OptionalDouble corrected,
      double error,
      Interval interval) {
    Tally tally =
        tallies
            .computeIfAbsent(measure, m -> new LinkedHashMap<>())
            .computeIfAbsent(passes, t -> new Tally());
    tally.count++;
    tally.truth += truth;
    tally.sum += value;
    tally.misses += value - truth;
    tally.squaredMisses += (value - truth) * (value - truth);
    tally.corrected += corrected.orElse(Double.NaN);
    tally.error += error;
    // To rounding: a world's truth may lie on the end of a range, where intervals are cut off.
    tally.hits += interval.low() - 1e-12 <= truth && truth <= interval.high() + 1e-12 ? 1 : 0;
  }

  /** Counts a measure of a classifier, where its truth is known. */
  void count(ClassificationSummary summary, int passes, Map<ClassificationMeasure, Double> truths) {
    truths.forEach(
        (measure, truth) ->
            count(
                measure,
                passes,
                truth,
                measure.of(summary),
                measure.isSmooth() ? summary.biasCorrected(measure) : OptionalDouble.empty(),
                summary.standardError(measure).orElseThrow(),
                summary.interval(measure, .95).orElseThrow()));
  }

  /** Counts a measure of the first target of a regressor, where its truth is known. */
  void count(RegressionSummary summary, int passes, Map<RegressionMeasure, Double> truths) {
    truths.forEach(
        (measure, truth) ->
            count(
                measure,
                passes,
                truth,
                measure.of(summary, 0).orElseThrow(),
                summary.biasCorrected(measure, 0),
                summary.standardError(measure, 0).orElseThrow(),
                summary.interval(measure, 0, .95).orElseThrow()));
  }

  void print(String title) {
    System.out.printf("%n**%s**%n%n", title);
    System.out.println(
        "| measure | truth | mean at T = 20, 50, 200 | corrected | sd / mean standard error |"
            + " coverage % |");
    System.out.println("|---|---|---|---|---|---|");
    tallies.forEach(
        (measure, byPasses) -> {
          List<Tally> all = new ArrayList<>(byPasses.values());
          System.out.printf(
              Locale.ROOT,
              "| `%s` | %.4f | %s | %s | %s | %s |%n",
              measure,
              all.get(0).truth / all.get(0).count,
              row(all, t -> t.sum / t.count),
              row(all, t -> t.corrected / t.count),
              all.stream()
                  .map(
                      t ->
                          String.format(Locale.ROOT, "%.4f/%.4f", t.deviation(), t.error / t.count))
                  .collect(Collectors.joining(", ")),
              all.stream()
                  .map(t -> String.format(Locale.ROOT, "%.1f", 100.0 * t.hits / t.count))
                  .collect(Collectors.joining(", ")));
        });
  }

  private static String row(List<Tally> tallies, ToDoubleFunction<Tally> number) {
    return tallies.stream()
        .mapToDouble(number)
        .filter(value -> !Double.isNaN(value))
        .mapToObj(value -> String.format(Locale.ROOT, "%.4f", value))
        .collect(Collectors.joining(", "));
  }
}
