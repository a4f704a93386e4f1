package io.credence.app;

import io.credence.app.input.BadInputException;
import io.credence.decision.AbstentionTarget;
import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.Measure;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose when a classifier says that it does not know. */
final class AbstentionOptions {

  @Option(
      names = "--coverage",
      paramLabel = "C",
      description = "choose when to answer \"don't know\": a share C of inputs has an answer")
  private @Nullable Double coverage;

  @Option(
      names = "--risk",
      paramLabel = "R",
      description = "or so: a share R of answers is wrong at most")
  private @Nullable Double risk;

  @Option(
      names = "--false-alarm-rate",
      paramLabel = "A",
      description = "or so: a share A of inputs such as these goes without an answer at most")
  private @Nullable Double falseAlarmRate;

  @Option(
      names = "--abstain-by",
      paramLabel = "MEASURE",
      description = "the measure that has the threshold (default: predictiveEntropy)")
  private @Nullable String measure;

  /**
   * What is asked for.
   *
   * @param target what the threshold is for
   * @param level the share
   * @param measure what has the threshold
   */
  record Asked(AbstentionTarget target, double level, ClassificationMeasure measure) {}

  /** Made by picocli. */
  AbstentionOptions() {}

  /**
   * What is asked for, if anything is.
   *
   * @throws BadInputException if two targets are, or a measure without one
   * @throws IllegalArgumentException if there is no such measure
   */
  Optional<Asked> asked() {
    Map<AbstentionTarget, Double> given = new EnumMap<>(AbstentionTarget.class);
    put(given, AbstentionTarget.COVERAGE, coverage);
    put(given, AbstentionTarget.RISK, risk);
    put(given, AbstentionTarget.FALSE_ALARM_RATE, falseAlarmRate);
    if (given.size() > 1) {
      throw new BadInputException(
          "a threshold is for one of "
              + given.keySet()
              + "; leave out all but one of --coverage, --risk and --false-alarm-rate");
    }
    if (given.isEmpty() && measure != null) {
      throw new BadInputException(
          "--abstain-by "
              + measure
              + " says by what, not how often; add --coverage, --risk or --false-alarm-rate");
    }
    Measure by = Measure.parse(measure == null ? "predictiveEntropy" : measure, true);
    return given.entrySet().stream()
        .findFirst()
        .map(e -> new Asked(e.getKey(), e.getValue(), (ClassificationMeasure) by));
  }

  private static void put(
      Map<AbstentionTarget, Double> given, AbstentionTarget target, @Nullable Double level) {
    if (level == null) {
      return;
    }
    if (!(level >= 0 && level <= 1)) {
      throw new BadInputException(
          "the " + target + " asked for is " + level + "; it is a share, within 0-1");
    }
    given.put(target, level);
  }
}
