package io.credence.jmh;

import io.credence.jmh.Forks.ForkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what is to be compared in one go, and prints the ratios beside their targets. */
@Command(
    name = "Ratios",
    mixinStandardHelpOptions = true,
    description = {
      "Measures predict calls beside what they are compared with, prints the ratios.",
      "",
      "Each measure is taken in a process of its own, in rounds; ways to compute the same",
      "take turns within one process where they can. A ratio is one of the",
      "same round; its median over the rounds is told, with the least and the most, and",
      "beside it the ratio of the best that any round gave of either side.",
      "Slow measures are taken in the first of three rounds. Progress goes to stderr.",
      ""
    },
    footer = {
      "",
      "Example, from the root of the project:",
      "  ./mvnw -q -DskipTests -Ppeers -pl jmh -am package",
      "  TF_CPP_MIN_LOG_LEVEL=2 \\",
      "  java -cp \"jmh/target/classes:$(cat jmh/target/dependencies)\" \\",
      "    io.credence.jmh.Ratios --cases last,both --rounds 5"
    })
public final class Ratios implements Callable<Integer> {

  @Option(
      names = "--cases",
      split = ",",
      paramLabel = "CASE",
      description = "What to compare: ${COMPLETION-CANDIDATES}. Default: all but grid.")
  private Set<Case> cases = EnumSet.complementOf(EnumSet.of(Case.GRID));

  @Option(names = "--rounds", paramLabel = "N", description = "Default: 3, with --full 7.")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--full",
      description = "Longer iterations, more rounds, and slow measures in each of them.")
  private boolean full;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "Where ratios.json, jmh.json and jmh.log go. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("out", "ratios");

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  /** Slow measures are taken in the first of so many rounds. */
  private static final int SLOW_EVERY = 3;

  /** Made by picocli. */
  public Ratios() {}

  /**
   * Runs the command, and exits with 0 if everything was measured, 2 for bad usage, 1 for a defect.
   *
   * @param args the options
   */
  public static void main(String... args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Ratios()).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws IOException {
    int planned = rounds.orElse(full ? 7 : 3);
    if (planned < 1) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--rounds is " + planned + "; it must be at least 1");
    }
    List<Row> rows = Case.rows(cases);
    List<Scores> taken = new ArrayList<>();
    try (Forks forks = new Forks(out, full ? Forks.Length.FULL : Forks.Length.SHORT)) {
      for (int round = 0; round < planned; round++) {
        taken.add(round(rows, round, planned, forks));
        forks.save();
      }
    }
    Table table = new Table(rows, taken);
    table.save(out.resolve("ratios.json"));
    System.out.print(table);
    return 0;
  }

  private Scores round(List<Row> rows, int round, int planned, Forks forks) {
    Scores scores = new Scores();
    Set<Measure> all = new LinkedHashSet<>();
    rows.forEach(row -> all.addAll(row.measures()));
    List<Measure> due = new ArrayList<>(all);
    due.removeIf(measure -> !full && measure.slow() && round % SLOW_EVERY != 0);
    if (round % 2 == 1) {
      // What drifts with time then speaks for neither side.
      Collections.reverse(due);
    }
    for (int i = 0; i < due.size(); i++) {
      Measure measure = due.get(i);
      System.err.printf(
          Locale.ROOT,
          "round %d of %d, %d of %d: %s ",
          round + 1,
          planned,
          i + 1,
          due.size(),
          measure);
      try {
        scores.put(measure, forks.take(measure));
        System.err.println(Row.number(scores.of(measure)) + " " + measure.unit());
      } catch (ForkException e) {
        scores.miss(measure, String.valueOf(e.getMessage()));
        System.err.println(e.getMessage());
      }
    }
    return scores;
  }
}
