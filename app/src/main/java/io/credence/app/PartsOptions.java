package io.credence.app;

import io.credence.app.input.BadInputException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of runs that may be stopped, or are shared by machines. */
final class PartsOptions {

  @Option(
      names = "--resume",
      description =
          "go on with a run that was stopped, where its last finished part ends; begins a new one"
              + " if there is none. Parts are kept in FILE.work beside --out until the end: of"
              + " tables always, of other inputs with this option")
  private boolean resume;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "score the I-th of N parts of the input, I from 1, as for N machines; credence merge joins"
              + " what they wrote")
  private @Nullable String shard;

  /** Made by picocli. */
  PartsOptions() {}

  /**
   * Whether results are written part by part.
   *
   * @param table whether the input is a table
   * @param out the output; null for standard output
   * @throws BadInputException if that is asked for, and does not go with the other files
   */
  boolean inParts(
      boolean table, @Nullable Path out, @Nullable Path labels, @Nullable Path samples) {
    Shard.parse(shard);
    boolean asked = resume || shard != null;
    String option = resume ? "--resume" : "--shard";
    if (asked && out == null) {
      throw new BadInputException(option + " needs a file to write; name one with --out");
    }
    if (asked && (labels != null || samples != null)) {
      throw new BadInputException(
          option
              + " goes not with "
              + (labels != null ? "--labels" : "--samples-out")
              + ", which is of all rows in one run; leave one out");
    }
    boolean lines = out == null || ResultFormat.of(out) == ResultFormat.JSON_LINES;
    return out != null && (asked || table || !lines);
  }

  /** A run of these options. */
  LongRun longRun(Path input, Path out, RunManifest manifest) {
    return new LongRun(input, out, Shard.parse(shard), resume, manifest);
  }
}
