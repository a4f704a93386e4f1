package io.credence.app.table;

import java.util.regex.Pattern;

/**
 * A column of a table.
 *
 * @param name its name
 * @param type its type as DuckDB writes it, as in {@code FLOAT} or {@code DOUBLE[]}
 */
public record TableColumn(String name, String type) {

  private static final Pattern INTEGER = Pattern.compile("U?(TINY|SMALL|BIG|HUGE)?(INT|INTEGER)");
  private static final Pattern REAL = Pattern.compile("FLOAT|DOUBLE|DECIMAL.*");
  private static final Pattern DIMENSION = Pattern.compile("\\[\\d*]$");

  /**
   * Its type within lists, if it is one of these.
   *
   * @return the type without brackets at its end
   */
  public String element() {
    String inner = type;
    while (DIMENSION.matcher(inner).find()) {
      inner = DIMENSION.matcher(inner).replaceFirst("");
    }
    return inner;
  }

  /**
   * Whether its values are lists.
   *
   * @return whether they are
   */
  public boolean isList() {
    return !element().equals(type);
  }

  /**
   * Whether its values, or those in its lists, are integers.
   *
   * @return whether they are
   */
  public boolean isInteger() {
    return INTEGER.matcher(element()).matches();
  }

  /**
   * Whether its values, or those in its lists, are numbers.
   *
   * @return whether they are
   */
  public boolean isNumber() {
    return isInteger() || REAL.matcher(element()).matches();
  }

  /** Returns name and type as in {@code f0 FLOAT}. */
  @Override
  public String toString() {
    return name + " " + type;
  }
}
