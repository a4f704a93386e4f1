package io.credence.app.input;

import io.credence.app.table.Table;
import io.credence.app.table.TableColumn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds columns by name, by glob ({@code f*}) or by range ({@code f0..f49}). */
final class ColumnNames {

  private static final int SHOWN = 20;
  private static final Pattern RANGE = Pattern.compile("(.*?)(\\d+)\\.\\.(.*?)(\\d+)");

  private final Path path;
  private final List<TableColumn> columns;

  ColumnNames(Table table) {
    this.path = table.path();
    this.columns = table.columns();
  }

  Optional<TableColumn> find(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /**
   * The column of this name.
   *
   * @throws BadInputException if there is none
   */
  TableColumn only(String option, String name) {
    return find(name).orElseThrow(() -> missing(option, name));
  }

  /**
   * The columns that patterns name, in the order of the patterns, those of a glob in the order of
   * the table.
   *
   * @throws BadInputException if one names none, or a column is named twice
   */
  List<TableColumn> matching(String input, List<String> patterns) {
    String option = "--map " + input;
    List<TableColumn> found = new ArrayList<>();
    for (String pattern : patterns) {
      List<TableColumn> some = matching(option, pattern);
      for (TableColumn column : some) {
        if (found.contains(column)) {
          throw new BadInputException(
              option + " names column \"" + column.name() + "\" twice; name it once");
        }
        found.add(column);
      }
    }
    return found;
  }

  private List<TableColumn> matching(String option, String pattern) {
    Optional<TableColumn> exact = find(pattern);
    if (exact.isPresent()) {
      return List.of(exact.get());
    }
    Matcher range = RANGE.matcher(pattern);
    if (range.matches() && (range.group(3).isEmpty() || range.group(3).equals(range.group(1)))) {
      return range(option, pattern, range);
    }
    List<TableColumn> some = List.of();
    if (pattern.contains("*") || pattern.contains("?")) {
      String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
      some = columns.stream().filter(column -> column.name().matches(regex)).toList();
    }
    if (some.isEmpty()) {
      throw missing(option, pattern);
    }
    return some;
  }

  private List<TableColumn> range(String option, String pattern, Matcher range) {
    String first = range.group(2);
    String last = range.group(4);
    int width = first.startsWith("0") ? first.length() : 1;
    if (first.length() > 9
        || last.length() > 9
        || Integer.parseInt(first) > Integer.parseInt(last)) {
      throw new BadInputException(
          option + " names the range " + pattern + ", which runs backwards; write f0..f49");
    }
    List<TableColumn> some = new ArrayList<>();
    for (int i = Integer.parseInt(first); i <= Integer.parseInt(last); i++) {
      String digits = Integer.toString(i);
      String padded = "0".repeat(Math.max(0, width - digits.length())) + digits;
      some.add(only(option, range.group(1) + padded));
    }
    return some;
  }

  private BadInputException missing(String option, String name) {
    return new BadInputException(
        option
            + " names column \""
            + name
            + "\", which "
            + path
            + " does not have; it has "
            + list(columns));
  }

  /** The names and types of columns, the first of many. */
  static String list(List<TableColumn> columns) {
    String some =
        columns.stream().limit(SHOWN).map(TableColumn::toString).collect(Collectors.joining(", "));
    return "["
        + some
        + (columns.size() > SHOWN ? ", and " + (columns.size() - SHOWN) + " more" : "")
        + "]";
  }
}
