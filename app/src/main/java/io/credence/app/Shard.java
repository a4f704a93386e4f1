package io.credence.app;

import io.credence.app.input.BadInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of several parts of an input, that are scored apart: rows that follow one another, whole
 * batches of them.
 *
 * @param index which, 1 to {@code of}
 * @param of how many there are
 */
record Shard(int index, int of) {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  /**
   * Rows of an input.
   *
   * @param from the first, from 0
   * @param to that after the last
   */
  record Range(long from, long to) {}

  /**
   * Reads a text such as {@code 2/8}.
   *
   * @return the shard; that of the whole input if there is no text
   * @throws BadInputException if it is none
   */
  static Shard parse(@Nullable String text) {
    if (text == null) {
      return new Shard(1, 1);
    }
    Matcher parts = TEXT.matcher(text);
    if (parts.matches()) {
      Shard shard = new Shard(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
      if (1 <= shard.index && shard.index <= shard.of) {
        return shard;
      }
    }
    throw new BadInputException(
        "--shard " + text + " is no part of a whole; give I/N, I from 1 to N, as in 2/8");
  }

  /**
   * Its rows.
   *
   * @param rows how many the input has
   * @param batch how many are scored at once
   * @throws BadInputException if there are more shards than batches
   */
  Range range(long rows, int batch) {
    long batches = (rows + batch - 1) / batch;
    if (of > 1 && of > batches) {
      throw new BadInputException(
          "--shard "
              + this
              + " is one of more shards than there are batches: "
              + rows
              + " rows make "
              + batches
              + ", of "
              + batch
              + " rows; use at most "
              + batches
              + " shards");
    }
    return new Range(
        (index - 1) * batches / of * batch, Math.min(rows, index * batches / of * batch));
  }

  /** Returns the text that is read, as in {@code 2/8}. */
  @Override
  public String toString() {
    return index + "/" + of;
  }
}
