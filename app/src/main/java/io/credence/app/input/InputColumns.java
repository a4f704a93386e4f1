package io.credence.app.input;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.app.table.Table;
import io.credence.app.table.TableColumn;
import io.credence.app.table.TableEngine;
import io.credence.app.table.TableException;
import io.credence.app.table.TableFormat;
import io.credence.app.table.TableRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.ndarray.Shape;

/** Reads an input of a model from columns: several of one value each, or one of lists. */
final class InputColumns {

  private final TensorSpec spec;
  private final List<TableColumn> columns;
  private final TableFormat format;
  private final boolean lists;
  private final Shape rowShape;

  private InputColumns(
      TensorSpec spec,
      List<TableColumn> columns,
      TableFormat format,
      boolean lists,
      Shape rowShape) {
    this.spec = spec;
    this.columns = columns;
    this.format = format;
    this.lists = lists;
    this.rowShape = rowShape;
  }

  /**
   * The way to read an input.
   *
   * @throws BadInputException if there are more or fewer columns than the input has numbers
   */
  static InputColumns of(TensorSpec spec, List<TableColumn> columns, Table table) {
    long width = ColumnMap.width(spec);
    TableColumn first = columns.get(0);
    boolean untyped = table.format() == TableFormat.CSV || first.type().equals("JSON");
    boolean lists = columns.size() == 1 && (first.isList() || (untyped && width != 1));
    if (lists) {
      return new InputColumns(spec, columns, table.format(), true, Shape.unknown());
    }
    boolean fits = width < 0 ? spec.acceptsRow(Shape.of(columns.size())) : width == columns.size();
    if (!fits || columns.stream().anyMatch(TableColumn::isList)) {
      throw new BadInputException(
          "input "
              + spec
              + " reads "
              + (width < 0 ? "rows of that shape" : width + " values a row")
              + " (the first dimension is that of rows), but "
              + columns.size()
              + " columns of "
              + table.path()
              + " would feed it, "
              + ColumnNames.list(columns)
              + "; say which to read with --map "
              + spec.name()
              + "=COLUMN,COLUMN");
    }
    Shape row = width < 0 ? Shape.of(columns.size()) : spec.shape().tail();
    return new InputColumns(spec, columns, table.format(), false, row);
  }

  /** What a query selects: a value for each column. */
  List<String> expressions() {
    return columns.stream().map(this::expression).toList();
  }

  private String expression(TableColumn column) {
    String name = TableEngine.name(column.name());
    if (format == TableFormat.CSV && spec.type() != ElementType.STRING) {
      return "TRY_CAST(" + name + " AS " + type() + (lists ? "[]" : "") + ")";
    }
    boolean truth = column.element().equals("BOOLEAN") && spec.type() != ElementType.BOOL;
    return truth && !lists ? "CAST(" + name + " AS INTEGER)" : name;
  }

  /** The type of a column of text. */
  private String type() {
    return switch (spec.type()) {
      case FLOAT32, FLOAT64 -> "DOUBLE";
      case INT32, INT64, UINT8 -> "BIGINT";
      case BOOL -> "BOOLEAN";
      case STRING -> "VARCHAR";
    };
  }

  /** What columns of JSON are read as. */
  Map<String, String> jsonTypes() {
    Map<String, String> types = new LinkedHashMap<>();
    for (TableColumn column : columns) {
      String brackets = column.type().substring(column.element().length());
      boolean unknown = lists && !column.isList();
      int rank = spec.shape().isUnknown() ? 2 : spec.shape().numDimensions();
      types.put(column.name(), type() + (unknown ? "[]".repeat(Math.max(1, rank - 1)) : brackets));
    }
    return types;
  }

  /** A query's word on what is wrong with a row of text; null if nothing is. */
  List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    for (TableColumn column : columns) {
      String name = TableEngine.name(column.name());
      String quoted = "column \"" + column.name() + "\" ";
      String wrong = expression(column) + " IS NULL";
      if (type().equals("BIGINT") && !lists) {
        // A fraction would be rounded.
        wrong += " OR NOT regexp_full_match(trim(" + name + "), '[+-]?[0-9]+')";
      }
      complaints.add(
          "CASE WHEN "
              + name
              + " IS NULL THEN "
              + TableEngine.text(quoted + "is empty")
              + " WHEN "
              + wrong
              + " THEN "
              + TableEngine.text(quoted + "holds \"")
              + " || "
              + name
              + " || "
              + TableEngine.text("\", which is no " + spec.type())
              + " END");
    }
    return complaints;
  }

  int size() {
    return columns.size();
  }

  /**
   * The input of the current row.
   *
   * @param first where its columns begin in the query
   * @throws BadInputException if a value cannot be an element of the input, or the shape is wrong
   */
  JsonCells read(TableRows rows, int first) throws TableException {
    if (lists) {
      return list(rows.get(first));
    }
    List<JsonNode> leaves = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      JsonNode leaf = rows.get(first + i);
      if (!JsonCells.fits(spec.type(), leaf)) {
        throw bad(columns.get(i), leaf);
      }
      leaves.add(leaf);
    }
    return new JsonCells(rowShape, leaves);
  }

  private JsonCells list(JsonNode node) {
    if (node.isNull()) {
      throw bad(columns.get(0), node);
    }
    boolean flat = node.isArray() && (node.isEmpty() || !node.get(0).isArray());
    try {
      if (flat && ColumnMap.width(spec) == node.size()) {
        TensorSpec asList = new TensorSpec(spec.name(), spec.type(), Shape.of(-1, node.size()));
        return new JsonCells(spec.shape().tail(), JsonCells.of(asList, node).leaves());
      }
      return JsonCells.of(spec, node);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private BadInputException bad(TableColumn column, JsonNode value) {
    String name = "column \"" + column.name() + "\" ";
    return new BadInputException(
        value.isNull()
            ? name + (format == TableFormat.JSON_LINES ? "is null, or of another type" : "is null")
            : name + "holds " + value + ", which is no " + spec.type());
  }
}
