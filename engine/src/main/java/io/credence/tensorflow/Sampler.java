package io.credence.tensorflow;

import io.credence.Masks;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import java.util.Optional;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * Draws the passes of one batch: as many in a call as fit the memory budget, where the model treats
 * rows one by one, else one.
 */
final class Sampler {

  /** What the largest tensor of a call may take: more is slower, it falls out of the caches. */
  private static final long TENSOR_BYTES = 8L << 20;

  /** Unless weights are large: each call reads and packs them, which so much work makes up for. */
  private static final long TIMES_WEIGHTS = 4;

  private static final int MAX_CHUNK = 1024;

  private final BatchRun run;
  private final int rows;
  private final int chunk;
  private Shape answer = Shape.unknown();

  /**
   * Starts sampling a batch.
   *
   * @param chunk passes in a call, ≥ 1
   */
  Sampler(BatchRun run, int rows, int chunk) {
    this.run = run;
    this.rows = rows;
    this.chunk = chunk;
  }

  /** How many passes of a batch of that many rows fit a call. */
  static int chunk(BatchRun.Wiring wiring, int rows) {
    long perPass = Math.max(1, wiring.bytesPerRow()) * rows;
    long most = Math.max(TENSOR_BYTES, TIMES_WEIGHTS * wiring.bytesOfWeights());
    return (int) Math.max(1, Math.min(MAX_CHUNK, most / perPass));
  }

  /** Takes in the outputs of passes. */
  interface Sink {

    /**
     * Takes in the outputs of some passes that follow each other, one below the other.
     *
     * @param outputs good for the time of the call
     */
    void accept(int first, int passes, FloatDataBuffer outputs);
  }

  /** Hands on the outputs of the passes of a plan, from a first to before a last, in turn. */
  void passes(SamplingPlan plan, int from, int to, Sink sink) {
    passes(plan, from, to, Optional.empty(), sink);
  }

  /**
   * The same.
   *
   * @param kept masks of the plan's seed that rows share
   */
  void passes(SamplingPlan plan, int from, int to, Optional<KeptMasks.OfSeed> kept, Sink sink) {
    long groups = plan.masks() == Masks.PER_ROW ? rows : 1;
    for (int first = from; first < to; first += chunk) {
      int copies = Math.min(chunk, to - first);
      int end = first + copies;
      PassPlan some = new PassPlan(plan.seed(), first, copies, rows, groups, true);
      try (Result result = run.draw(some, kept.filter(masks -> masks.has(end)))) {
        sink.accept(
            first, copies, ElementTypes.toBuffer(check(result.get(0), (long) rows * copies)));
      }
    }
  }

  /** The outputs of a plan, one pass below the other. */
  float[] draw(PassPlan plan) {
    try (Result result = run.draw(plan, Optional.empty())) {
      return ElementTypes.toFloats(check(result.get(0), rows * plan.copies()));
    }
  }

  /** The output as the model is served. */
  float[] serve() {
    try (Result result = run.serve()) {
      return ElementTypes.toFloats(check(result.get(0), rows));
    }
  }

  /** The shape of what the model answers for one row; known once it has answered. */
  Shape answer() {
    return answer;
  }

  private Tensor check(Tensor output, long rows) {
    Shape shape = output.shape();
    if (!ElementTypes.hasRows(shape) || shape.get(0) != rows || shape.size() == 0) {
      throw new ModelLoadException(
          "the output has shape "
              + TensorSpec.describe(shape)
              + " for "
              + rows
              + " rows; one row of numbers is needed for each, as in [N, K]");
    }
    answer = shape.subShape(1, shape.numDimensions());
    return output;
  }
}
