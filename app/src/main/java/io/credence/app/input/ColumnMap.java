package io.credence.app.input;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.app.table.Table;
import io.credence.app.table.TableColumn;
import io.credence.app.table.TableFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which columns of a table feed which input of a model, and which names the rows.
 *
 * @param inputs the columns of each input, in order
 * @param id the column that names rows; without one they go by their index
 */
public record ColumnMap(Map<String, List<TableColumn>> inputs, Optional<String> id) {

  private static final String ID = "id";

  /**
   * What the user says of columns.
   *
   * @param inputs for each input columns, globs or ranges such as {@code f0..f49}
   * @param id the column that names rows; without it a column {@code id}, if there is one
   */
  public record Wanted(Map<String, List<String>> inputs, Optional<String> id) {}

  /**
   * Finds the columns: those that are named; or else the column with the name of the input; or
   * else, for the only input of a model, all columns of numbers but the id, or the only one of
   * lists.
   *
   * @param specs the inputs of the model
   * @param table the table
   * @param wanted what the user says
   * @return the columns of every input
   * @throws BadInputException if there is no such column or input, or the columns do not fit
   */
  static ColumnMap of(List<TensorSpec> specs, Table table, Wanted wanted) {
    for (String name : wanted.inputs().keySet()) {
      if (specs.stream().noneMatch(spec -> spec.name().equals(name))) {
        throw new BadInputException(
            "--map names input \"" + name + "\", which the model does not have; it has " + specs);
      }
    }
    ColumnNames names = new ColumnNames(table);
    Optional<String> id = wanted.id().map(name -> names.only("--id", name).name());
    boolean fed = specs.stream().anyMatch(spec -> spec.name().equals(ID));
    if (id.isEmpty() && !fed) {
      id = names.find(ID).map(TableColumn::name);
    }
    Map<String, List<TableColumn>> inputs = new LinkedHashMap<>();
    for (TensorSpec spec : specs) {
      List<TableColumn> columns =
          wanted.inputs().containsKey(spec.name())
              ? names.matching(spec.name(), wanted.inputs().get(spec.name()))
              : usual(spec, specs.size(), table, id);
      columns.forEach(column -> checkType(spec, column, table));
      inputs.put(spec.name(), columns);
    }
    return new ColumnMap(inputs, id);
  }

  private static List<TableColumn> usual(
      TensorSpec spec, int specs, Table table, Optional<String> id) {
    List<TableColumn> named =
        table.columns().stream().filter(column -> column.name().equals(spec.name())).toList();
    if (!named.isEmpty()) {
      return named;
    }
    List<TableColumn> others =
        table.columns().stream().filter(column -> !id.equals(Optional.of(column.name()))).toList();
    List<TableColumn> numbers =
        others.stream().filter(column -> column.isNumber() && !column.isList()).toList();
    List<TableColumn> lists =
        others.stream().filter(column -> column.isNumber() && column.isList()).toList();
    boolean alone = specs == 1 && spec.type() != ElementType.STRING;
    if (alone && numbers.isEmpty() && lists.size() == 1) {
      return lists;
    }
    if (!alone || numbers.isEmpty()) {
      throw new BadInputException(
          table.path()
              + " has no column \""
              + spec.name()
              + "\" for input "
              + spec
              + "; its columns are "
              + ColumnNames.list(table.columns())
              + "; say which to read with --map "
              + spec.name()
              + "=COLUMN,COLUMN");
    }
    // A cell that is no number makes DuckDB take the whole column of a text file for text.
    long width = width(spec);
    boolean text = table.format() == TableFormat.CSV;
    return text && numbers.size() != width && others.size() == width ? others : numbers;
  }

  /** How many numbers a row of the input has, or −1 where that is free. */
  static long width(TensorSpec spec) {
    long width = spec.shape().isUnknown() ? -1 : 1;
    for (int i = 1; width >= 0 && i < spec.shape().numDimensions(); i++) {
      width = spec.shape().get(i) < 0 ? -1 : width * spec.shape().get(i);
    }
    return width;
  }

  private static void checkType(TensorSpec spec, TableColumn column, Table table) {
    String element = column.element();
    boolean fits =
        switch (spec.type()) {
          case FLOAT32, FLOAT64 -> column.isNumber() || element.equals("BOOLEAN");
          case INT32, INT64, UINT8 -> column.isInteger();
          case BOOL -> element.equals("BOOLEAN");
          case STRING -> element.equals("VARCHAR");
        };
    // Text files tell no types: there each cell is looked at.
    boolean cells = table.format() == TableFormat.CSV || element.equals("JSON");
    if (!fits && !cells) {
      throw new BadInputException(
          "column \""
              + column.name()
              + "\" of "
              + table.path()
              + " is "
              + column.type()
              + ", but input "
              + spec
              + " reads "
              + needed(spec.type())
              + "; name other columns with --map "
              + spec.name()
              + "=COLUMN,COLUMN; there are "
              + ColumnNames.list(table.columns()));
    }
  }

  private static String needed(ElementType type) {
    return switch (type) {
      case FLOAT32, FLOAT64 -> "numbers";
      case INT32, INT64, UINT8 -> "integers";
      case BOOL -> "truth values";
      case STRING -> "text";
    };
  }

  /**
   * What is read, for people.
   *
   * @return a sentence for each input
   */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    inputs.forEach(
        (input, columns) -> {
          String first = "\"" + columns.get(0).name() + "\"";
          String last = "\"" + columns.get(columns.size() - 1).name() + "\"";
          words.add(
              "input \""
                  + input
                  + "\" reads "
                  + (columns.size() == 1
                      ? "column " + first
                      : columns.size() + " columns, " + first + " to " + last));
        });
    words.add(
        id.map(name -> "rows are named by column \"" + name + "\"")
            .orElse("rows are named by their index, from 0"));
    return words;
  }

  /**
   * Puts what is read into JSON: {@code columns}, an array for each input, and {@code idColumn}.
   *
   * @param json the object
   */
  public void putInto(ObjectNode json) {
    ObjectNode named = json.putObject("columns");
    inputs.forEach(
        (input, columns) -> {
          ArrayNode names = named.putArray(input);
          columns.forEach(column -> names.add(column.name()));
        });
    id.ifPresent(name -> json.put("idColumn", name));
  }
}
