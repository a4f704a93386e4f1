package io.credence.app;

import io.credence.app.input.BadRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Lines that are written as they come.
 *
 * @param out the file of the lines, for messages; empty for standard output
 * @param writer the lines
 * @param samples the raw samples, where they are asked for
 */
record LinesTarget(Optional<Path> out, Writer writer, Optional<SamplesFile> samples)
    implements ScoreTarget {

  /** Written at once, so that a full disk or a closed pipe stops the run. */
  @Override
  public void write(CharSequence lines, int rows, long position, List<BadRow> bad) {
    try {
      writer.append(lines).flush();
    } catch (IOException e) {
      throw new OutputException(
          out.map(Path::toString).orElse("standard output")
              + " cannot be written: "
              + e.getMessage(),
          e);
    }
    // A PrintWriter keeps its errors to itself.
    if (writer instanceof PrintWriter printer && printer.checkError()) {
      throw new OutputException("standard output cannot be written: it is closed, or full");
    }
  }
}
