package io.credence.app;

import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.ColumnMap;
import io.credence.app.input.TableSource;
import io.credence.app.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of reading a table. */
final class TableOptions {

  @Option(
      names = "--map",
      paramLabel = "INPUT=COLUMN,…",
      description =
          "columns that feed an input of the model, in order: one or several of numbers, globs"
              + " (f*) and ranges (f0..f49) of them, or one of lists; repeatable (default: the"
              + " column of the input's name, or for a model of one input all columns of numbers"
              + " but the id)")
  private List<String> maps = new ArrayList<>();

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description =
          "column that names the rows in the output (default: id, if there is one, else rows go by"
              + " their index, from 0)")
  private @Nullable String id;

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
  TableOptions() {}

  /**
   * Whether an input is read as a table: Parquet, CSV, and JSON Lines if columns are named.
   *
   * @throws BadInputException if columns are named for what is no table, or it is one of a kind
   *     that is not read
   */
  boolean isTable(Path input) {
    if (TableFormat.isForeign(input) && !Files.isDirectory(input)) {
      throw new BadInputException(
          input
              + " is a table of a kind that is not read; write it as Parquet, CSV or JSON Lines"
              + " (of Arrow, pyarrow.parquet.write_table does)");
    }
    Optional<TableFormat> format = TableFormat.of(input);
    boolean named = id != null || !maps.isEmpty();
    if (named && (format.isEmpty() || Files.isDirectory(input))) {
      throw new BadInputException(
          (id != null ? "--id" : "--map")
              + " is of columns, but "
              + input
              + " is no table (.parquet, .csv, .tsv, .jsonl, .ndjson); leave it out, or name a"
              + " table");
    }
    return format.isPresent() && (named || isTyped(format.get(), input));
  }

  /**
   * Whether results are written part by part.
   *
   * @param out the output; null for standard output
   * @throws BadInputException if that is asked for, and does not go with the other files
   */
  boolean inParts(Path input, @Nullable Path out, @Nullable Path labels, @Nullable Path samples) {
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
    return out != null && (asked || isTable(input) || !lines);
  }

  /** A run of these options. */
  LongRun longRun(Path input, Path out, RunManifest manifest) {
    return new LongRun(input, out, Shard.parse(shard), resume, manifest);
  }

  /** JSON Lines have a reader of their own, for rows of any shape; but not if they are packed. */
  private static boolean isTyped(TableFormat format, Path input) {
    return format != TableFormat.JSON_LINES || input.toString().endsWith(".gz");
  }

  /**
   * Opens a table.
   *
   * @param strict whether a bad row ends the run
   * @throws BadInputException as {@link TableSource#open}, or if there is no such file
   */
  TableSource open(Path input, List<TensorSpec> specs, boolean strict) throws IOException {
    if (!Files.isRegularFile(input)) {
      throw new BadInputException(
          "no table at " + input + "; name a .parquet, .csv or .jsonl file");
    }
    if (Files.size(input) == 0) {
      throw new BadInputException(input + " is empty; at least one row is needed");
    }
    return TableSource.open(
        input,
        TableFormat.of(input).orElseThrow(),
        specs,
        new ColumnMap.Wanted(wanted(), Optional.ofNullable(id)),
        strict);
  }

  private Map<String, List<String>> wanted() {
    Map<String, List<String>> wanted = new LinkedHashMap<>();
    for (String map : maps) {
      int equals = map.indexOf('=');
      List<String> columns =
          Arrays.stream(map.substring(equals + 1).split(",", -1)).map(String::strip).toList();
      if (equals < 1 || columns.contains("")) {
        throw new BadInputException(
            "--map " + map + " names no columns of an input; write INPUT=COLUMN,COLUMN");
      }
      if (wanted.put(map.substring(0, equals), columns) != null) {
        throw new BadInputException(
            "--map names input \""
                + map.substring(0, equals)
                + "\" twice; name all its columns at once");
      }
    }
    return wanted;
  }
}
