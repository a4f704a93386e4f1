package io.credence.app.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * DuckDB within this process, without a database of its own: it reads tables from files and writes
 * them. What does not fit its memory goes to temporary files, results come as a stream, rows keep
 * their order, and nothing is fetched from a network.
 *
 * <p>Not safe for use by several threads at once. The caller closes it.
 */
public final class TableEngine implements AutoCloseable {

  /** Beyond it DuckDB sorts and groups on disk. */
  private static final String MEMORY = "400MB";

  private static final int THREADS = 2;

  private static final Path MAPS = Path.of("/proc/self/maps");

  private final Connection connection;

  private TableEngine(Connection connection) {
    this.connection = connection;
  }

  /**
   * Starts an engine.
   *
   * @return the engine
   * @throws TableException if its native library cannot be loaded
   */
  public static TableEngine start() throws TableException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    try {
      TableEngine engine = new TableEngine(DriverManager.getConnection("jdbc:duckdb:", properties));
      unlinkNative();
      Path spill =
          Path.of(
              System.getProperty("java.io.tmpdir"), "credence-" + ProcessHandle.current().pid());
      engine.run("SET memory_limit = '" + MEMORY + "'");
      engine.run("SET threads = " + THREADS);
      engine.run("SET preserve_insertion_order = true");
      engine.run("SET temp_directory = " + text(spill.toString()));
      engine.run("SET autoinstall_known_extensions = false");
      engine.run("SET autoload_known_extensions = false");
      return engine;
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  /**
   * Removes the copy of the native library that the driver made, 61 MB, which a process that is
   * killed would leave behind. On Linux what is loaded stays; elsewhere the JVM removes it at exit.
   */
  private static void unlinkNative() {
    try (Stream<String> maps = Files.lines(MAPS)) {
      List<String> copies =
          maps.filter(line -> line.matches(".*/libduckdb_java\\d+\\.so"))
              .map(line -> line.substring(line.indexOf('/')))
              .distinct()
              .toList();
      for (String copy : copies) {
        Files.deleteIfExists(Path.of(copy));
      }
    } catch (IOException | UncheckedIOException e) {
      return; // no Linux, or not allowed: it is removed at exit
    }
  }

  /**
   * Runs a statement to its end.
   *
   * @param sql the statement
   * @throws TableException if it fails
   */
  public void run(String sql) throws TableException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  /**
   * All rows of a small result.
   *
   * @param sql a query
   * @return its rows, each value as text, null as the empty text
   * @throws TableException if it fails
   */
  public List<List<String>> rows(String sql) throws TableException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          String value = result.getString(i);
          row.add(value == null ? "" : value);
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  /**
   * Starts a query whose rows are read one after another.
   *
   * @param sql a query
   * @return its rows, which the caller closes
   * @throws TableException if it fails
   */
  public TableRows query(String sql) throws TableException {
    try {
      Statement statement = connection.createStatement();
      try {
        return new TableRows(statement, statement.executeQuery(sql));
      } catch (SQLException e) {
        statement.close();
        throw e;
      }
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  /**
   * A text within a statement.
   *
   * @param value any text
   * @return it in quotes
   */
  public static String text(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /**
   * A name within a statement.
   *
   * @param name the name of a column
   * @return it in double quotes
   */
  public static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /**
   * A file within a statement.
   *
   * @param path a file
   * @return its name in quotes; what would stand for several files stands for itself
   */
  public static String file(Path path) {
    return text(path.toString().replaceAll("[\\[*?]", "[$0]"));
  }

  @Override
  public void close() throws TableException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }
}
