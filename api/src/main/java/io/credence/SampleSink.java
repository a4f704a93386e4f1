package io.credence;

import org.tensorflow.ndarray.Shape;

/** Takes in the raw samples of a prediction, as they are drawn: member by member, pass by pass. */
@FunctionalInterface
public interface SampleSink {

  /**
   * Takes in the outputs of one pass.
   *
   * @param member the member of the ensemble, 0 ≤ member &lt; M; 0 for one model
   * @param pass the pass of that member, 0 ≤ pass &lt; T
   * @param outputs the outputs as the model gives them, the last dimension running fastest; do not
   *     keep or change it
   * @param shape their shape, {@code [N, …, K]}
   */
  void accept(int member, int pass, float[] outputs, Shape shape);
}
