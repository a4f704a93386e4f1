package io.credence.app;

import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where results go, the same for every command that writes a row for each input. */
final class ResultOptions {

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "file to write: JSON Lines, .parquet, .arrow or .csv (default, or -: JSON Lines on standard"
              + " output)")
  private @Nullable Path out;

  /** Made by picocli. */
  ResultOptions() {}

  /** The file; null for standard output. */
  @Nullable Path file() {
    return out == null || out.toString().equals("-") ? null : out;
  }

  /**
   * Refuses to write over a file that is read.
   *
   * @throws BadInputException if the two are one
   */
  void refuseSame(Path read) throws IOException {
    Path file = file();
    if (file != null && Files.exists(file) && Files.exists(read) && Files.isSameFile(file, read)) {
      throw new BadInputException("--out is " + read + ", which is read; name another file");
    }
  }
}
