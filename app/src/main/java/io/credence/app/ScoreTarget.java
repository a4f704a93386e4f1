package io.credence.app;

import io.credence.app.input.BadRow;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where the results of a run go. */
interface ScoreTarget {

  /**
   * Takes in the results of a batch, after all before it.
   *
   * @param lines a line of JSON for each row that was scored
   * @param rows how many these are
   * @param position how many rows of the input were taken until the end of the batch
   * @param bad the rows that were set aside since the batch before
   * @throws OutputException if they cannot be written
   */
  void write(CharSequence lines, int rows, long position, List<BadRow> bad) throws IOException;

  /** The raw samples, where they are asked for. */
  Optional<SamplesFile> samples();
}
