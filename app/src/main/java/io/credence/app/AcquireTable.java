package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.app.input.BadInputException;
import io.credence.app.table.Table;
import io.credence.app.table.TableColumn;
import io.credence.app.table.TableEngine;
import io.credence.app.table.TableException;
import io.credence.app.table.TableFormat;
import io.credence.app.table.TableRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file whose rows are named by a column {@code id}: results of {@code credence score} or of
 * {@code credence acquire}, or any other table.
 *
 * @param table the table
 */
record AcquireTable(Table table) {

  static final String ID = "id";

  /** Takes in a row: its id, and the value asked for. */
  @FunctionalInterface
  interface Sink {
    void accept(String id, JsonNode value);
  }

  /**
   * Opens a file.
   *
   * @param option the option that names it
   * @throws BadInputException if there is no such file, it is empty or damaged, or has no ids
   */
  static AcquireTable open(TableEngine engine, String option, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          option + " names " + file + ", where no file is; name a .jsonl, .parquet or .csv file");
    }
    if (Files.size(file) == 0) {
      throw new BadInputException(file + " is empty; at least one row is needed");
    }
    try {
      TableFormat format = TableFormat.of(file).orElse(TableFormat.JSON_LINES);
      AcquireTable opened = new AcquireTable(Table.open(engine, file, format));
      opened.check(ID, "the names of its rows; write them to a column of that name");
      return opened;
    } catch (TableException e) {
      throw unreadable(file, e);
    }
  }

  private static BadInputException unreadable(Path file, TableException e) {
    return new BadInputException(
        file + " cannot be read: " + e.getMessage() + "; bring the whole file, as it was written");
  }

  /**
   * Refuses a file that lacks a column.
   *
   * @param next what the column has, and what to do
   * @throws BadInputException if it is not there
   */
  void check(String column, String next) {
    List<TableColumn> columns = table.columns();
    if (columns.stream().noneMatch(each -> each.name().equals(column))) {
      throw new BadInputException(
          table.path()
              + " has no column \""
              + column
              + "\", "
              + next
              + "; its columns are "
              + columns.stream().map(TableColumn::name).toList());
    }
  }

  long count() throws IOException {
    try {
      return table.count();
    } catch (TableException e) {
      throw unreadable(table.path(), e);
    }
  }

  /** A query of the ids, for queries over several files. */
  String ids() throws IOException {
    return "SELECT CAST(id AS VARCHAR) AS id FROM " + table.from(Map.of(ID, "VARCHAR"));
  }

  /**
   * Reads all rows in order, in constant memory.
   *
   * @param column what is read beside the id; JSON null where it is empty
   * @throws BadInputException if a row has no id, or the file is damaged
   */
  void read(Optional<String> column, Sink sink) throws IOException {
    String value = column.map(TableEngine::name).orElse("NULL");
    Map<String, String> types =
        column.isPresent() ? Map.of(ID, "VARCHAR", column.get(), "JSON") : Map.of(ID, "VARCHAR");
    String query = "SELECT CAST(id AS VARCHAR), " + value + " FROM " + table.from(types);
    try (TableRows rows = table.engine().query(query)) {
      for (long row = 0; rows.next(); row++) {
        JsonNode id = rows.get(0);
        if (id.isNull()) {
          throw new BadInputException(
              table.path()
                  + ", row "
                  + row
                  + " (from 0), has no id, or cannot be read; bring the whole file, as it was"
                  + " written");
        }
        sink.accept(id.asText(), rows.get(1));
      }
    } catch (TableException e) {
      throw unreadable(table.path(), e);
    }
  }
}
