package io.credence.app;

import io.credence.acquisition.ActiveLearning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** How many labels each trial needed, beside what was published. */
final class TrainActiveTable {

  private final Map<TrainActiveTrial, List<ActiveLearning>> loops;

  /**
   * A table.
   *
   * @param loops of each trial the loops so far, one for each beginning
   */
  TrainActiveTable(Map<TrainActiveTrial, List<ActiveLearning>> loops) {
    this.loops = loops;
  }

  /** The lines of a pool; none where nothing was tried on it. */
  List<String> lines(TrainActivePool pool) {
    List<TrainActiveTrial> trials =
        loops.keySet().stream().filter(trial -> trial.pool() == pool).toList();
    if (trials.isEmpty()) {
      return List.of();
    }
    int least =
        trials.stream()
            .flatMap(trial -> loops.get(trial).stream())
            .mapToInt(loop -> loop.labelled().size())
            .min()
            .orElseThrow();
    int errors = trials.stream().mapToInt(trial -> trial.published().size()).max().orElseThrow();
    TextTable table = new TextTable("  ");
    List<String> head = new ArrayList<>(List.of("chosen by", "a round"));
    for (int error = 0; error < errors; error++) {
      head.add(percent(TrainActiveTrial.ERRORS.get(error)) + " wrong");
      head.addAll(List.of("mean", "published"));
    }
    head.add(pool.hasCopies() ? "copies of one another among " + least : "");
    table.row(head.toArray(String[]::new));
    for (TrainActiveTrial trial : trials) {
      table.row(cells(trial, errors, least).toArray(String[]::new));
    }
    List<String> lines = new ArrayList<>(List.of(pool.title() + ": labels until so few are wrong"));
    lines.addAll(table.lines());
    return lines;
  }

  private List<String> cells(TrainActiveTrial trial, int errors, int least) {
    List<String> cells =
        new ArrayList<>(List.of(trial.strategy().key(), Integer.toString(trial.round())));
    for (int i = 0; i < errors; i++) {
      double error = TrainActiveTrial.ERRORS.get(i);
      cells.add(each(trial, loop -> labelsTo(loop, error).stream().boxed().findFirst()));
      OptionalDouble mean = mean(trial, error);
      cells.add(mean.isPresent() ? String.format(Locale.ROOT, "%.0f", mean.orElseThrow()) : "-");
      cells.add(trial.published(i).orElse("-"));
    }
    cells.add(
        trial.pool().hasCopies()
            ? each(trial, loop -> Optional.of(copies(trial.pool(), loop, least)))
            : "");
    return cells;
  }

  /** A number of each beginning, in their order. */
  private String each(TrainActiveTrial trial, Count number) {
    return loops.get(trial).stream()
        .map(loop -> number.of(loop).map(n -> Integer.toString(n)).orElse("-"))
        .collect(Collectors.joining(" "));
  }

  @FunctionalInterface
  private interface Count {
    Optional<Integer> of(ActiveLearning loop);
  }

  /** Pictures that have a copy before them, among the first so many labels. */
  private static int copies(TrainActivePool pool, ActiveLearning loop, int labels) {
    List<String> labelled = loop.labelled();
    return pool.duplicates(labelled.subList(0, labels), labelled.size() + loop.unlabelled().size());
  }

  /** The labels of the first round with no larger share of wrong answers. */
  static OptionalInt labelsTo(ActiveLearning loop, double error) {
    return loop.history().stream()
        .filter(round -> 1 - round.metric() <= error + 1e-9)
        .mapToInt(ActiveLearning.Round::labels)
        .findFirst();
  }

  /** Empty unless all beginnings got there. */
  private OptionalDouble mean(TrainActiveTrial trial, double error) {
    List<OptionalInt> labels =
        loops.get(trial).stream().map(loop -> labelsTo(loop, error)).toList();
    return labels.stream().allMatch(OptionalInt::isPresent)
        ? labels.stream().mapToInt(OptionalInt::orElseThrow).average()
        : OptionalDouble.empty();
  }

  static String percent(double share) {
    return Math.round(100 * share) + " %";
  }
}
