package io.credence.app.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A table in a file.
 *
 * <p>The cells of CSV are read as text, whatever their first rows look like, so that one that is no
 * number can be told apart from the rest.
 */
public final class Table {

  /**
   * What lines of CSV have beyond their last column goes here. No header can hold such a name,
   * which DuckDB would have stripped.
   */
  public static final String SURPLUS = " surplus ";

  private static final String JSON_OPTIONS = "format = 'newline_delimited', ignore_errors = true";

  private final TableEngine engine;
  private final Path path;
  private final TableFormat format;
  private final List<TableColumn> columns;
  private final String csvOptions;

  private Table(
      TableEngine engine,
      Path path,
      TableFormat format,
      List<TableColumn> columns,
      String csvOptions) {
    this.engine = engine;
    this.path = path;
    this.format = format;
    this.columns = List.copyOf(columns);
    this.csvOptions = csvOptions;
  }

  /**
   * Opens a table.
   *
   * @param engine what reads it
   * @param path the file
   * @param format its format
   * @return the table
   * @throws IOException if it cannot be read as one
   */
  public static Table open(TableEngine engine, Path path, TableFormat format) throws IOException {
    String file = TableEngine.file(path);
    return switch (format) {
      case PARQUET -> {
        List<TableColumn> columns = describe(engine, "read_parquet(" + file + ")");
        yield new Table(engine, path, format, columns, "");
      }
      case JSON_LINES -> {
        String from = "read_json(" + file + ", " + JSON_OPTIONS + ")";
        yield new Table(engine, path, format, describe(engine, from), "");
      }
      case CSV -> ofCsv(engine, path);
      case ARROW -> new Table(engine, path, format, describe(engine, engine.arrow(path)), "");
    };
  }

  private static Table ofCsv(TableEngine engine, Path path) throws IOException {
    String file = TableEngine.file(path);
    List<String> dialect =
        engine
            .rows(
                "SELECT Delimiter, Quote, Escape, HasHeader, SkipRows FROM sniff_csv("
                    + file
                    + ", null_padding = true, strict_mode = false)")
            .get(0);
    String quote = orQuote(dialect.get(1));
    String options =
        "auto_detect = false, null_padding = true, delim = "
            + TableEngine.text(dialect.get(0))
            + ", quote = "
            + quote
            + ", escape = "
            + orQuote(dialect.get(2))
            + ", skip = "
            + dialect.get(4);
    List<TableColumn> found =
        describe(engine, "read_csv(" + file + ", null_padding = true, strict_mode = false)");
    // A line that is too long makes a column without a name; the first line tells how many there
    // are.
    List<List<String>> first =
        engine.rows(
            "SELECT * FROM read_csv("
                + file
                + ", header = false, "
                + options
                + ", columns = "
                + types(found)
                + ") LIMIT 1");
    int width = found.size();
    while (!first.isEmpty() && width > 1 && first.get(0).get(width - 1).isEmpty()) {
      width--;
    }
    return new Table(
        engine,
        path,
        TableFormat.CSV,
        found.subList(0, width),
        "header = " + dialect.get(3) + ", " + options);
  }

  private static String orQuote(String sniffed) {
    return TableEngine.text(sniffed.isEmpty() || sniffed.equals("(empty)") ? "\"" : sniffed);
  }

  private static List<TableColumn> describe(TableEngine engine, String from) throws IOException {
    List<TableColumn> columns = new ArrayList<>();
    for (List<String> row : engine.rows("DESCRIBE SELECT * FROM " + from)) {
      columns.add(new TableColumn(row.get(0), row.get(1)));
    }
    return columns;
  }

  private static String types(List<TableColumn> columns) {
    return columns.stream()
        .map(column -> TableEngine.text(column.name()) + ": 'VARCHAR'")
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /**
   * The file.
   *
   * @return its path
   */
  public Path path() {
    return path;
  }

  /**
   * The format of the file.
   *
   * @return the format
   */
  public TableFormat format() {
    return format;
  }

  /**
   * What reads the table.
   *
   * @return the engine
   */
  public TableEngine engine() {
    return engine;
  }

  /**
   * The columns, in the order of the file. The type of a column of CSV is that of its first rows.
   *
   * @return the columns
   */
  public List<TableColumn> columns() {
    return columns;
  }

  /**
   * The number of rows. This reads the whole of a text file, and so finds lines that cannot be
   * read.
   *
   * @return the number, ≥ 0
   * @throws IOException if the file is damaged
   */
  public long count() throws IOException {
    return Long.parseLong(engine.rows("SELECT count(*) FROM " + from(Map.of())).get(0).get(0));
  }

  /**
   * What follows {@code FROM} in a query of the table.
   *
   * @param jsonTypes the types that columns of JSON Lines are read as; others are left out
   * @return the text, for one query
   * @throws IOException if an Arrow file is damaged
   */
  public String from(Map<String, String> jsonTypes) throws IOException {
    String file = TableEngine.file(path);
    return switch (format) {
      case PARQUET -> "read_parquet(" + file + ")";
      case ARROW -> engine.arrow(path);
      case CSV -> {
        List<TableColumn> all = new ArrayList<>(columns);
        all.add(new TableColumn(SURPLUS, "VARCHAR"));
        yield "read_csv(" + file + ", " + csvOptions + ", columns = " + types(all) + ")";
      }
      case JSON_LINES -> {
        Map<String, String> some = new LinkedHashMap<>(jsonTypes);
        if (some.isEmpty()) {
          some.put(columns.get(0).name(), "JSON");
        }
        String types =
            some.entrySet().stream()
                .map(e -> TableEngine.text(e.getKey()) + ": " + TableEngine.text(e.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        yield "read_json(" + file + ", " + JSON_OPTIONS + ", columns = " + types + ")";
      }
    };
  }
}
