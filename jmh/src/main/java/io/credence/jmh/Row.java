package io.credence.jmh;

import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * A line of the table: a ratio of what is measured.
 *
 * @param group the case it belongs to
 * @param name what is compared, {@code what : with what}
 * @param measures what is measured for it
 * @param ratio the ratio in one round
 * @param target what it is to be
 */
record Row(
    Case group,
    String name,
    List<Measure> measures,
    ToDoubleFunction<Scores> ratio,
    Optional<Target> target) {

  /**
   * What a ratio is to be.
   *
   * @param atLeast whether more is better
   * @param value the limit
   */
  record Target(boolean atLeast, double value) {

    boolean isMet(double ratio) {
      return atLeast ? ratio >= value : ratio <= value;
    }

    @Override
    public String toString() {
      return (atLeast ? ">= " : "<= ") + number(value);
    }
  }

  /** A line without a target: the value of one measure over that of another. */
  static Row of(Case group, String name, Measure above, Measure below) {
    return new Row(
        group,
        name,
        List.of(above, below),
        scores -> scores.of(above) / scores.of(below),
        Optional.empty());
  }

  /** A line without a target: the time of one way over that of another, taken in turns. */
  static Row ofTurns(Case group, String name, Measure turns, String above, String below) {
    return new Row(
        group,
        name,
        List.of(turns),
        scores -> scores.way(turns, above) / scores.way(turns, below),
        Optional.empty());
  }

  Row atLeast(double limit) {
    return new Row(group, name, measures, ratio, Optional.of(new Target(true, limit)));
  }

  Row atMost(double limit) {
    return new Row(group, name, measures, ratio, Optional.of(new Target(false, limit)));
  }

  /** The ratios of the rounds that have one, ascending. */
  double[] ratios(List<Scores> rounds) {
    return rounds.stream().flatMapToDouble(round -> valueIn(round, ratio)).sorted().toArray();
  }

  /** A number of a round, or none where something was not measured in it. */
  static DoubleStream valueIn(Scores round, ToDoubleFunction<Scores> of) {
    try {
      return DoubleStream.of(of.applyAsDouble(round));
    } catch (NoSuchElementException e) {
      return DoubleStream.empty();
    }
  }

  /** Why no round has a ratio. */
  String whyNot(Scores round) {
    return measures.stream()
        .filter(round.missing()::containsKey)
        .map(round.missing()::get)
        .findFirst()
        .orElse("not measured");
  }

  /** The middle one of ascending numbers, or the mean of the middle two. */
  static double median(double... ascending) {
    int half = ascending.length / 2;
    return ascending.length % 2 == 1
        ? ascending[half]
        : (ascending[half - 1] + ascending[half]) / 2;
  }

  /** A number in three digits or so. */
  static String number(double value) {
    double size = Math.abs(value);
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }
}
