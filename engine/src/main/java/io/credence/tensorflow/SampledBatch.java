package io.credence.tensorflow;

import io.credence.statistics.Moments;
import org.tensorflow.ndarray.Shape;

/** A batch of which passes are drawn, by one model or by an ensemble. */
interface SampledBatch {

  /** Number of rows that are still in it. */
  int rows();

  /**
   * Draws passes of every row.
   *
   * @param from the first, as many as were drawn before
   * @param to the pass after the last
   * @return moments of all passes drawn so far, a row for each place of each row
   */
  Moments draw(int from, int to);

  /** The shape of the places of a row; known once passes were drawn. */
  Shape places();

  /** Goes on with the rows at some positions only, which ascend. */
  void keep(int... positions);
}
