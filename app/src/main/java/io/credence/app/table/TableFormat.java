package io.credence.app.table;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The kinds of files that hold a table, told by the end of their names. */
public enum TableFormat {
  /** Apache Parquet: {@code .parquet}, {@code .pq}. */
  PARQUET("parquet|pq"),
  /** Comma-separated values, whatever separates them: {@code .csv}, {@code .tsv}, gzip too. */
  CSV("csv|tsv|csv\\.gz|tsv\\.gz"),
  /** One JSON object a line: {@code .jsonl}, {@code .ndjson}, gzip too. */
  JSON_LINES("jsonl|ndjson|jsonl\\.gz|ndjson\\.gz"),
  /** Apache Arrow, a file or a stream: {@code .arrow}, {@code .arrows}, {@code .feather}. */
  ARROW("arrow|arrows|feather|ipc");

  private static final String NOT_READ = "avro|orc|xlsx|xls|sqlite|db";

  private final String ends;

  TableFormat(String ends) {
    this.ends = ends;
  }

  /**
   * The format of a file of this name.
   *
   * @param path a file
   * @return its format, or empty if it is no table of a kind that is read
   */
  public static Optional<TableFormat> of(Path path) {
    for (TableFormat format : values()) {
      if (ends(path, format.ends)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the name is that of a table of another kind, which is neither read nor written.
   *
   * @param path a file
   * @return whether it ends like one, {@code .orc} say
   */
  public static boolean isForeign(Path path) {
    return ends(path, NOT_READ);
  }

  private static boolean ends(Path path, String ends) {
    Path name = path.getFileName();
    return name != null && name.toString().toLowerCase(Locale.ROOT).matches(".*\\.(" + ends + ")");
  }
}
