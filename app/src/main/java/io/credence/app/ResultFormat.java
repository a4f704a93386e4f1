package io.credence.app;

import io.credence.app.input.BadInputException;
import java.nio.file.Path;
import java.util.Locale;

/** What results are written as, told by the end of the name of the file. */
enum ResultFormat {
  JSON_LINES("jsonl"),
  PARQUET("parquet"),
  CSV("csv"),
  ARROW("arrow");

  private final String end;

  ResultFormat(String end) {
    this.end = end;
  }

  /** The end of the name of a part. */
  String end() {
    return end;
  }

  /**
   * The format of a file of this name.
   *
   * @throws BadInputException if its end is that of another
   */
  static ResultFormat of(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    String end = name.substring(name.lastIndexOf('.') + 1);
    return switch (name.contains(".") ? end : "") {
      case "", "jsonl", "ndjson", "json", "txt" -> JSON_LINES;
      case "parquet" -> PARQUET;
      case "csv" -> CSV;
      case "arrow", "feather" -> ARROW;
      default ->
          throw new BadInputException(
              "--out "
                  + out
                  + " ends in ."
                  + end
                  + ", which is no format of results; end it in .jsonl, .parquet, .arrow or .csv");
    };
  }
}
