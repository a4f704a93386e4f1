package io.credence.app.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query, one after another.
 *
 * <p>Not safe for use by several threads at once. The caller closes it.
 */
public final class TableRows implements AutoCloseable {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Statement statement;
  private final ResultSet result;

  TableRows(Statement statement, ResultSet result) {
    this.statement = statement;
    this.result = result;
  }

  /**
   * Goes to the next row.
   *
   * @return whether there is one
   * @throws TableException if it cannot be read
   */
  public boolean next() throws TableException {
    try {
      return result.next();
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  /**
   * A value of the row.
   *
   * @param column which, from 0
   * @return the value: a number, a text, a truth value, null, or nested arrays of these
   * @throws TableException if it cannot be read
   */
  public JsonNode get(int column) throws TableException {
    try {
      return node(result.getObject(column + 1));
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }

  private static JsonNode node(@Nullable Object value) throws SQLException {
    if (value == null) {
      return JSON.nullNode();
    }
    if (value instanceof Double || value instanceof Float) {
      return JSON.numberNode(((Number) value).doubleValue());
    }
    if (value instanceof BigInteger big) {
      return JSON.numberNode(big);
    }
    if (value instanceof BigDecimal big) {
      return JSON.numberNode(big);
    }
    if (value instanceof Number number) {
      return JSON.numberNode(number.longValue());
    }
    if (value instanceof Boolean truth) {
      return JSON.booleanNode(truth);
    }
    if (value instanceof Array array) {
      ArrayNode node = JSON.arrayNode();
      for (@Nullable Object each : (@Nullable Object[]) array.getArray()) {
        node.add(node(each));
      }
      return node;
    }
    return JSON.textNode(value.toString());
  }

  @Override
  public void close() throws TableException {
    try {
      result.close();
      statement.close();
    } catch (SQLException e) {
      throw new TableException(e);
    }
  }
}
