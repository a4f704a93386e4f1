package io.credence.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.table.Table;
import io.credence.app.table.TableEngine;
import io.credence.app.table.TableException;
import io.credence.app.table.TableFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Makes tables of lines of results, and joins results. What cannot be finished is left to those who
 * named the file, which is why DuckDB is to make none of its own beside it.
 */
final class ResultTables {

  /** They are the same in every row; the summary tells them. */
  private static final List<String> LEFT_OUT = List.of("schema", "plan");

  private static final int USUAL_LINE = 16 << 20;

  private ResultTables() {}

  /**
   * Makes a Parquet file of lines of JSON, with a column for each field but schema and plan.
   * Objects become structs, arrays lists.
   *
   * @param longest how many bytes the longest line has, or more
   */
  static void toParquet(Path lines, long longest, Path to) throws IOException {
    ObjectNode first;
    try (BufferedReader reader = Files.newBufferedReader(lines)) {
      first = (ObjectNode) new ObjectMapper().readTree(reader.readLine());
    }
    first.remove(LEFT_OUT);
    String types =
        fields(first, (name, type) -> TableEngine.text(name) + ": " + TableEngine.text(type));
    run(
        "COPY (SELECT * FROM read_json("
            + TableEngine.file(lines)
            + ", format = 'newline_delimited', maximum_object_size = "
            + Math.max(USUAL_LINE, 2 * longest)
            + ", columns = {"
            + types
            + "})) TO "
            + TableEngine.text(to.toString())
            + " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
  }

  private static String fields(JsonNode object, java.util.function.BinaryOperator<String> text) {
    return object.properties().stream()
        .map(field -> text.apply(field.getKey(), type(field.getValue())))
        .collect(Collectors.joining(", "));
  }

  private static String type(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT ->
          "STRUCT(" + fields(value, (name, type) -> TableEngine.name(name) + " " + type) + ")";
      case ARRAY -> {
        JsonNode element = value.isEmpty() ? value.path(0) : value.get(0);
        for (JsonNode each : value) {
          element = element.isNull() ? each : element;
        }
        yield type(element) + "[]";
      }
      case STRING -> "VARCHAR";
      case BOOLEAN -> "BOOLEAN";
      case NUMBER -> value.isIntegralNumber() ? "BIGINT" : "DOUBLE";
      default -> "DOUBLE";
    };
  }

  /**
   * Joins parts to a file of results.
   *
   * @param parts of JSON Lines if these are joined, or else of Parquet
   */
  static void join(List<Path> parts, ResultFormat format, Path to) throws IOException {
    switch (format) {
      case JSON_LINES -> append(parts, to, false);
      case PARQUET ->
          run(
              "COPY (SELECT * FROM "
                  + parquet(parts)
                  + ") TO "
                  + TableEngine.text(to.toString())
                  + " (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)");
      case ARROW -> arrow("SELECT * FROM " + parquet(parts), to);
      case CSV -> {
        String columns = String.join(", ", flat(parts));
        run(
            "COPY (SELECT "
                + columns
                + " FROM "
                + parquet(parts)
                + ") TO "
                + TableEngine.text(to.toString())
                + " (FORMAT csv, HEADER, USE_TMP_FILE false)");
      }
    }
  }

  /** Joins files of results, all of one format. */
  static void merge(List<Path> files, ResultFormat format, Path to) throws IOException {
    switch (format) {
      case CSV -> append(files, to, true);
      case ARROW -> {
        try (TableEngine engine = TableEngine.start()) {
          List<String> all = new ArrayList<>();
          for (Path file : files) {
            all.add("FROM " + Table.open(engine, file, TableFormat.ARROW).from(Map.of()));
          }
          engine.writeArrow(String.join(" UNION ALL BY NAME ", all), to);
        } catch (IOException e) {
          throw failed(to, e);
        }
      }
      default -> join(files, format, to);
    }
  }

  private static void arrow(String query, Path to) {
    try (TableEngine engine = TableEngine.start()) {
      engine.writeArrow(query, to);
    } catch (IOException e) {
      throw failed(to, e);
    }
  }

  /**
   * Puts files one after another, of all but the first without their first line if it is a header.
   */
  static void append(List<Path> files, Path to, boolean headers) throws IOException {
    try (OutputStream out = Files.newOutputStream(to)) {
      boolean first = true;
      for (Path file : files) {
        try (InputStream in = new java.io.BufferedInputStream(Files.newInputStream(file))) {
          int passed = headers && !first ? in.read() : '\n';
          while (passed >= 0 && passed != '\n') {
            passed = in.read();
          }
          in.transferTo(out);
        }
        first = false;
      }
    } catch (IOException e) {
      throw failed(to, e);
    }
  }

  private static String parquet(List<Path> parts) {
    return parts.stream()
        .map(TableEngine::file)
        .collect(Collectors.joining(", ", "read_parquet([", "], union_by_name = true)"));
  }

  /** Columns of CSV hold no structs: a field of one becomes a column, named with a dot. */
  private static List<String> flat(List<Path> parts) throws IOException {
    List<String> columns = new ArrayList<>();
    try (TableEngine engine = TableEngine.start()) {
      for (List<String> row : engine.rows("DESCRIBE SELECT * FROM " + parquet(parts))) {
        String name = TableEngine.name(row.get(0));
        if (!row.get(1).startsWith("STRUCT") || row.get(1).endsWith("]")) {
          columns.add(name);
          continue;
        }
        String fields = "DESCRIBE SELECT " + name + ".* FROM " + parquet(parts);
        for (List<String> field : engine.rows(fields)) {
          columns.add(
              name
                  + "."
                  + TableEngine.name(field.get(0))
                  + " AS "
                  + TableEngine.name(row.get(0) + "." + field.get(0)));
        }
      }
    }
    return columns;
  }

  private static void run(String copy) throws IOException {
    try (TableEngine engine = TableEngine.start()) {
      engine.run(copy);
    } catch (TableException e) {
      throw new OutputException("results cannot be written: " + e.getMessage(), e);
    }
  }

  private static OutputException failed(Path to, IOException e) {
    return new OutputException(to + " cannot be written: " + e.getMessage(), e);
  }
}
