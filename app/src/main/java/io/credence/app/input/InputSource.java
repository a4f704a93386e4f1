package io.credence.app.input;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Rows to be scored, read in order and in constant memory. */
public interface InputSource extends AutoCloseable {

  /**
   * Number of rows in all, if it is known before they are read.
   *
   * @return the number, or empty
   */
  OptionalLong size();

  /**
   * Reads the next rows.
   *
   * @param rows how many at most, ≥ 1
   * @return at least one row, or empty at the end
   * @throws BadInputException if a row cannot be read or does not fit the model
   * @throws IOException if the file cannot be read
   */
  Optional<InputBatch> next(int rows) throws IOException;

  /**
   * What was passed over so far because it could not be read.
   *
   * @return a message for each; always empty unless bad rows are to be skipped
   */
  List<String> skipped();

  @Override
  void close() throws IOException;
}
