package io.credence.jmh;

import io.credence.jmh.Scores.Score;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Takes measures, each in a process of its own. What these print goes into a log. */
final class Forks implements AutoCloseable {

  /**
   * How long a measure takes.
   *
   * @param warmups iterations before those that count
   * @param iterations iterations that count
   * @param time of each; slow calls take their own
   */
  record Length(int warmups, int iterations, TimeValue time) {

    static final Length SHORT = new Length(2, 3, TimeValue.milliseconds(400));
    static final Length FULL = new Length(3, 5, TimeValue.seconds(2));
  }

  /** A measure that could not be taken. */
  static final class ForkException extends Exception {

    private static final long serialVersionUID = 1L;

    ForkException(String message, Throwable cause) {
      super(message, cause);
    }

    ForkException(String message) {
      super(message);
    }
  }

  /** What JMH's profiler of the heap calls the bytes that a call allocates. */
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final Path folder;
  private final Length length;
  private final PrintStream log;
  private final OutputFormat output;
  private final List<RunResult> results = new ArrayList<>();

  /** Writes {@code jmh.json} and {@code jmh.log} into a folder. */
  Forks(Path folder, Length length) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.length = length;
    this.log = stream(folder.resolve("jmh.log"));
    this.output = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
  }

  private static PrintStream stream(Path file) throws IOException {
    return new PrintStream(Files.newOutputStream(file), true, StandardCharsets.UTF_8);
  }

  /** Takes a measure. */
  Score take(Measure measure) throws ForkException {
    String missing = missing(measure);
    if (!missing.isEmpty()) {
      throw new ForkException(missing);
    }
    return measure.isFootprint() ? footprint(measure) : benchmark(measure);
  }

  private static String missing(Measure measure) {
    try {
      Class.forName(measure.className(), false, Forks.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return "not on the class path: build with -Ppeers";
    }
    return measure.benchmark().startsWith("Keyword") && KeywordModel.folder().isEmpty()
        ? "no savedmodels/mlperf-kws in ../shared or CREDENCE_SHARED"
        : "";
  }

  private Score benchmark(Measure measure) throws ForkException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(
                "^"
                    + (Forks.class.getPackageName() + "." + measure.benchmark()).replace(".", "\\.")
                    + "$")
            .forks(1)
            .threads(measure.threads())
            .warmupIterations(measure.slow() ? 1 : length.warmups())
            .warmupTime(length.time())
            .measurementIterations(
                measure.slow() ? Math.min(2, length.iterations()) : length.iterations())
            .measurementTime(length.time())
            .addProfiler(GCProfiler.class)
            .mode(measure.isThroughput() ? Mode.Throughput : Mode.AverageTime)
            .timeUnit(measure.isThroughput() ? TimeUnit.SECONDS : TimeUnit.MILLISECONDS)
            .shouldFailOnError(true);
    measure.params().forEach((name, value) -> options.param(name, value));
    try {
      Collection<RunResult> taken = new Runner(options.build(), output).run();
      RunResult result = taken.iterator().next();
      results.addAll(taken);
      double allocated =
          result.getSecondaryResults().containsKey(ALLOCATED)
              ? result.getSecondaryResults().get(ALLOCATED).getScore()
              : Double.NaN;
      double median = result.getPrimaryResult().getStatistics().getPercentile(50);
      return new Score(median, allocated, measure.isTurns() ? ways(result) : Map.of());
    } catch (RunnerException e) {
      throw new ForkException(
          "failed, " + folder.resolve("jmh.log") + " says why: " + e.getMessage(), e);
    }
  }

  /** Milliseconds of a call of each way, over all turns. */
  private static Map<String, Double> ways(RunResult result) {
    Map<String, Double> ways = new HashMap<>();
    for (Field field : Turns.class.getFields()) {
      double nanoseconds = result.getSecondaryResults().get(field.getName()).getScore();
      ways.put(field.getName(), nanoseconds / 1e6);
    }
    double turns = ways.remove("turns") * 1e6;
    ways.replaceAll((way, sum) -> sum / turns);
    return ways;
  }

  private Score footprint(Measure measure) throws ForkException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), measure.className()));
    command.add(measure.method());
    command.addAll(measure.params().values());
    log.println(String.join(" ", command));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      log.println(printed);
      int exit = process.waitFor();
      if (exit != 0) {
        throw new ForkException("failed, " + folder.resolve("jmh.log") + " says why");
      }
      String last = printed.substring(printed.lastIndexOf('\n') + 1);
      return Score.of((double) Long.parseLong(last));
    } catch (IOException e) {
      throw new ForkException("failed to start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ForkException("interrupted", e);
    }
  }

  /** Writes what JMH measured so far. */
  void save() throws IOException {
    try (PrintStream json = stream(folder.resolve("jmh.json"))) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, json).writeOut(results);
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
