package io.credence.app;

import io.credence.app.table.TableEngine;
import io.credence.app.table.TableFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Tables for tests, written and read by DuckDB. */
final class Tables {

  /**
   * Four columns of numbers for {@link TinyModels}, and an id; row i is the same in every table.
   */
  static final String COLUMNS =
      "'row-' || i AS id, CAST(sin(i) AS FLOAT) AS f0, CAST(cos(i * 3) AS DOUBLE) AS f1,"
          + " CAST(i % 7 AS INTEGER) AS f2, CAST(sin(i * i) AS FLOAT) AS f3";

  private Tables() {}

  /** Writes a query's result, in the format that the name of the file tells. */
  static Path write(Path file, String query) {
    try (TableEngine engine = TableEngine.start()) {
      if (TableFormat.of(file).equals(Optional.of(TableFormat.ARROW))) {
        engine.writeArrow(query, file);
        return file;
      }
      String rowGroups = file.toString().endsWith("parquet") ? " (ROW_GROUP_SIZE 2048)" : "";
      String json = file.toString().endsWith("jsonl") ? " (FORMAT json)" : "";
      engine.run("COPY (" + query + ") TO " + TableEngine.text(file.toString()) + rowGroups + json);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The table of so many rows. */
  static Path numbered(Path file, int rows) {
    return write(file, "SELECT " + COLUMNS + " FROM range(" + rows + ") t(i) ORDER BY i");
  }

  /** All rows of a query, as text. */
  static List<List<String>> rows(String query) {
    try (TableEngine engine = TableEngine.start()) {
      return engine.rows(query);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file within a query. */
  static String file(Path path) {
    return TableEngine.file(path);
  }
}
