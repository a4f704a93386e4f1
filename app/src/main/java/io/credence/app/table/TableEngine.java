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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBResultSet;

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

  /** Rows of a batch of Arrow. */
  private static final long ARROW_ROWS = 8192;

  private static final Path MAPS = Path.of("/proc/self/maps");

  private final Connection connection;
  private final Deque<AutoCloseable> arrow = new ArrayDeque<>();

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

  /**
   * An Arrow file for one query, which reads it once.
   *
   * @param path the file
   * @return its name in that query
   * @throws IOException if it is no whole Arrow file
   */
  String arrow(Path path) throws IOException {
    ArrowFile file = ArrowFile.open(path, memory());
    arrow.push(file);
    String name = "arrow_" + arrow.size();
    try {
      connection.unwrap(DuckDBConnection.class).registerArrowStream(name, file.stream());
    } catch (SQLException e) {
      throw new TableException(e);
    }
    return name;
  }

  /**
   * Writes the result of a query as an Arrow file, in constant memory.
   *
   * @param sql a query
   * @param to the file
   * @throws IOException if the query fails, or the file cannot be written
   */
  public void writeArrow(String sql, Path to) throws IOException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      ArrowFile.write(
          (ArrowReader)
              result.unwrap(DuckDBResultSet.class).arrowExportStream(memory(), ARROW_ROWS),
          to);
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  /** What Arrow keeps outside the heap; the last to be closed. */
  private BufferAllocator memory() throws TableException {
    if (arrow.isEmpty()) {
      try {
        arrow.push(new RootAllocator());
      } catch (ExceptionInInitializerError | NoClassDefFoundError | RuntimeException e) {
        throw new TableException(
            "Arrow needs a JVM that was started with"
                + " --add-opens=java.base/java.nio=ALL-UNNAMED, as ./credence does",
            e);
      }
    }
    return (BufferAllocator) arrow.getLast();
  }

  @Override
  public void close() throws TableException {
    try {
      connection.close();
      while (!arrow.isEmpty()) {
        arrow.pop().close();
      }
    } catch (SQLException e) {
      throw new TableException(e);
    } catch (Exception e) {
      throw new TableException("an Arrow file cannot be closed: " + e.getMessage(), e);
    }
  }
}
