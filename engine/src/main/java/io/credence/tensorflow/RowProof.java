package io.credence.tensorflow;

import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Proves, on a row of the first batch, what sharing masks rests on: that the first dimension of
 * every dropped tensor is the batch, and that a row scored alone gets the score it has in company.
 */
final class RowProof {

  /** Matrix products of other sizes round otherwise; a mixed row is off by far more. */
  private static final double TOLERANCE = 1e-4;

  private RowProof() {}

  /**
   * Checks the shapes of dropped tensors for a batch of two.
   *
   * @param pair a run on two rows
   * @throws ModelLoadException if the first dimension of one is not two
   */
  static void shapes(BatchRun.Wiring wiring, BatchRun pair) {
    if (wiring.batchShapes().isEmpty()) {
      return;
    }
    try (Result shapes = pair.batchShapes()) {
      for (int i = 0; i < wiring.batchShapes().size(); i++) {
        long first = first(shapes.get(i));
        if (first != 2) {
          throw new ModelLoadException(
              "a dropped tensor of the model has "
                  + first
                  + " as its first dimension for 2 rows (its shape is given by \""
                  + wiring.batchShapes().get(i)
                  + "\"): masks can be shared between rows only where the first dimension is the"
                  + " batch; such models cannot be sampled yet");
        }
      }
    }
  }

  /**
   * Compares a row alone with the same row in company.
   *
   * @throws ModelLoadException if they differ
   */
  static void rows(float[] alone, float[] company) {
    for (int k = 0; k < alone.length; k++) {
      double slack = TOLERANCE * Math.max(1, Math.abs(alone[k]));
      if (!(Math.abs(alone[k] - company[k]) <= slack)) {
        throw new ModelLoadException(
            "a row scored alone gives "
                + alone[k]
                + ", and "
                + company[k]
                + " in company, by the same network: the model mixes the rows of a batch, and its"
                + " scores would depend on it; such models cannot be sampled yet");
      }
    }
  }

  private static long first(Tensor shape) {
    if (shape instanceof TInt64 longs) {
      return longs.getLong(0);
    }
    return ((TInt32) shape).getInt(0);
  }
}
