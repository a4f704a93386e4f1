package io.credence.app;

import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How many rows are scored at once.
 *
 * @param count the number of rows
 * @param fixedBy the input whose first dimension fixes it; where there is none, it is a maximum
 */
record BatchRows(int count, Optional<TensorSpec> fixedBy) {

  private static final int MAX_ROWS = 256;
  private static final long BATCH_BYTES = 64L << 20;

  /** What the model fixes, or else as many as fit 64 MiB of input, at least 1, at most 256. */
  static BatchRows of(List<TensorSpec> inputs) {
    Optional<TensorSpec> fixed = inputs.stream().filter(i -> i.rows().isPresent()).findFirst();
    if (fixed.isPresent()) {
      return new BatchRows(Math.toIntExact(fixed.get().rows().getAsLong()), fixed);
    }
    long bytes = 1;
    for (TensorSpec each : inputs) {
      long values = 1;
      for (int i = 1; !each.shape().isUnknown() && i < each.shape().numDimensions(); i++) {
        values *= Math.max(each.shape().get(i), 1);
      }
      bytes += values * Float.BYTES;
    }
    return new BatchRows((int) Math.max(1, Math.min(MAX_ROWS, BATCH_BYTES / bytes)), fixed);
  }

  /**
   * Refuses an input whose last batch will lack rows, before anything is scored.
   *
   * @param size the number of its rows, if that is known
   * @throws BadInputException if the model fixes the rows of a batch, and these leave a remainder
   */
  void checkSize(Path input, OptionalLong size) {
    if (size.isPresent() && fixedBy.isPresent() && size.getAsLong() % count != 0) {
      throw uneven(input + " holds " + size.getAsLong() + " rows", size.getAsLong());
    }
  }

  /**
   * Refuses a batch that lacks rows.
   *
   * @param before the number of rows before it
   * @throws BadInputException if the model fixes the rows of a batch, and this has fewer
   */
  void check(Path input, InputBatch batch, long before) {
    List<String> ids = batch.ids();
    if (fixedBy.isPresent() && ids.size() != count) {
      long rows = before + ids.size();
      throw uneven(
          input
              + " gives "
              + rows
              + " rows, the last "
              + ids.size()
              + " of them (\""
              + ids.get(0)
              + "\" to \""
              + ids.get(ids.size() - 1)
              + "\") too few for a batch of one shape",
          rows);
    }
  }

  private BadInputException uneven(String problem, long rows) {
    TensorSpec input = fixedBy.orElseThrow();
    long over = rows % count;
    return new BadInputException(
        problem
            + ", but input \""
            + input.name()
            + "\" reads "
            + TensorSpec.describe(input.shape())
            + ", exactly "
            + count
            + " rows at a time; add "
            + (count - over)
            + " rows"
            + (rows > over ? " or drop " + over : "")
            + ", or export the model with a free first dimension");
  }
}
