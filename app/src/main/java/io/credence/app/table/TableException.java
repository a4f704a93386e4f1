package io.credence.app.table;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** A table that cannot be read or written. The message is what DuckDB says, without its advice. */
public final class TableException extends IOException {

  private static final long serialVersionUID = 1L;
  private static final int LINES = 4;

  TableException(SQLException cause) {
    super(reason(String.valueOf(cause.getMessage())), cause);
  }

  TableException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether there was no room to write: a full disk, or a limit on the size of files.
   *
   * @return whether that is what DuckDB says
   */
  public boolean isOfWriting() {
    String message = String.valueOf(getMessage());
    return message.contains("No space left")
        || message.contains("Could not write")
        || message.contains("File too large")
        || message.contains("Permission denied");
  }

  private static String reason(String message) {
    // The driver wraps what the engine says; its own words tell nothing.
    String own = message.substring(message.lastIndexOf("Error: ") + "Error: ".length());
    String said = message.contains("Error: ") ? own : message;
    List<String> lines =
        said.lines()
            .map(String::strip)
            .takeWhile(line -> !line.startsWith("Possible") && !line.startsWith("LINE "))
            .filter(line -> !line.isEmpty())
            .limit(LINES)
            .toList();
    return String.join(", ", lines).replaceAll("\\w+Exception: ", "");
  }
}
