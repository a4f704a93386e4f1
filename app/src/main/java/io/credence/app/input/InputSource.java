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
   * How many rows, or lines, were taken so far: handed out, set aside, or passed over.
   *
   * @return the number, ≥ 0; reading goes on with the row of this index, from 0
   */
  long position();

  /**
   * Reads a part of the rows, or lines, only; to be told before the first batch.
   *
   * @param from the index of the first, from 0; those before are passed over unread
   * @param to the index after the last; all that follow if there are fewer
   * @throws BadInputException if there are fewer than {@code from}
   * @throws IOException if the file cannot be read
   */
  void restrict(long from, long to) throws IOException;

  /**
   * The rows that could not be read, and were set aside since this was called last.
   *
   * @return the rows in order; always none unless bad rows are to be passed over
   */
  List<BadRow> takeBad();

  @Override
  void close() throws IOException;
}
