package io.credence.app;

import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.ColumnMap;
import io.credence.app.input.InputSource;
import io.credence.app.input.InputSources;
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
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of reading inputs, the same for every command that reads some. */
final class InputOptions {

  @Option(
      names = "--map",
      paramLabel = "INPUT=COLUMN,…",
      description =
          "columns that feed an input of the model, in order: one or several of numbers, globs"
              + " (f*) and ranges (f0..f49) of them, or one of lists; repeatable (default: the"
              + " column of the input's name, or for a model of one input all columns of numbers"
              + " but the id, or the only one of lists)")
  private List<String> maps = new ArrayList<>();

  @Option(
      names = "--id",
      paramLabel = "COLUMN",
      description =
          "column that names the rows in the output (default: id, if there is one, else rows go by"
              + " their index, from 0)")
  private @Nullable String id;

  @Option(
      names = "--scale",
      paramLabel = "X",
      description = "factor for 0-255 pixels of pictures and IDX (default: what the sidecar says)")
  private @Nullable Double scale;

  /** Made by picocli. */
  InputOptions() {}

  /**
   * Whether an input is read as a table: Parquet, Arrow, CSV, and JSON Lines if columns are named.
   *
   * @throws BadInputException if columns are named for what is no table, or it is one of a kind
   *     that is not read
   */
  boolean isTable(Path input) {
    if (TableFormat.isForeign(input) && !Files.isDirectory(input)) {
      throw new BadInputException(
          input
              + " is a table of a kind that is not read; write it as Parquet, Arrow, CSV or"
              + " JSON Lines");
    }
    Optional<TableFormat> format = TableFormat.of(input);
    boolean named = id != null || !maps.isEmpty();
    if (named && (format.isEmpty() || Files.isDirectory(input))) {
      throw new BadInputException(
          (id != null ? "--id" : "--map")
              + " is of columns, but "
              + input
              + " is no table (.parquet, .arrow, .csv, .tsv, .jsonl, .ndjson); leave it out, or name a"
              + " table");
    }
    return format.isPresent() && (named || isTyped(format.get(), input));
  }

  /**
   * Refuses labels in the order of rows where rows may be set aside.
   *
   * @param strict whether a bad row of a table ends the run
   * @throws BadInputException if the input is a table, and none does
   */
  void checkOrder(Path input, boolean strict) {
    if (isTable(input) && !strict) {
      throw new BadInputException(
          "--labels goes by the order of rows, which bad rows of a table, set aside, would break;"
              + " add --strict, which stops at the first");
    }
  }

  /**
   * Opens an input of any kind.
   *
   * @param specs the inputs of the model
   * @param model says how pictures become inputs
   * @param skipBad whether pictures and lines that cannot be read are passed over
   * @param strict whether a bad row of a table ends the run
   * @return the source, which the caller closes
   * @throws BadInputException as {@link TableSource#open} and {@link InputSources#open}
   */
  InputSource open(
      Path input, List<TensorSpec> specs, ModelOptions model, boolean skipBad, boolean strict)
      throws IOException {
    return isTable(input)
        ? table(input, specs, strict)
        : new InputSources(
                specs,
                model.image(),
                scale == null ? OptionalDouble.empty() : OptionalDouble.of(scale),
                skipBad)
            .open(input);
  }

  /** JSON Lines have a reader of their own, for rows of any shape; but not if they are packed. */
  private static boolean isTyped(TableFormat format, Path input) {
    return format != TableFormat.JSON_LINES || input.toString().endsWith(".gz");
  }

  private TableSource table(Path input, List<TensorSpec> specs, boolean strict) throws IOException {
    if (!Files.isRegularFile(input)) {
      throw new BadInputException(
          "no table at " + input + "; name a .parquet, .arrow, .csv or .jsonl file");
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
