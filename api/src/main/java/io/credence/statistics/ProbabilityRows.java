package io.credence.statistics;

import io.credence.OutputKind;
import java.util.Objects;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/** Checks the outputs of a pass of N inputs, and turns them into distributions over K classes. */
final class ProbabilityRows {

  /** How far a row of probabilities may be from summing to one; float16 rounding needs 5e-3. */
  private static final double SUM_TOLERANCE = 1e-2;

  private final int inputs;
  private final int classes;
  private final OutputKind kind;

  ProbabilityRows(int inputs, int classes, OutputKind kind) {
    this.inputs = inputs;
    this.classes = classes;
    this.kind = kind;
  }

  /** The rows of some inputs. */
  ProbabilityRows keep(int... kept) {
    checkKept(inputs, kept);
    return new ProbabilityRows(kept.length, classes, kind);
  }

  /** Refuses inputs that are not there, or none. */
  static void checkKept(int inputs, int... kept) {
    if (kept.length == 0) {
      throw new IllegalArgumentException("no input is named; name at least one to keep");
    }
    for (int input : kept) {
      Objects.checkIndex(input, inputs);
    }
  }

  int inputs() {
    return inputs;
  }

  int classes() {
    return classes;
  }

  OutputKind kind() {
    return kind;
  }

  /** Numbers the model gives for each input. */
  int width() {
    return kind.isBinary() ? 1 : classes;
  }

  /**
   * The outputs of one pass.
   *
   * @throws IllegalArgumentException if their number is wrong
   */
  FloatDataBuffer onePass(float[] outputs) {
    if (outputs.length != inputs * width()) {
      throw PassTiles.wrongSize(inputs, width(), outputs.length);
    }
    return DataBuffers.of(outputs, true, false);
  }

  /**
   * Refuses outputs that cannot be what was declared.
   *
   * @param from where those of the input begin
   * @param sample for the message
   */
  void check(float[] outputs, int from, int input, long sample) {
    double sum = 0;
    for (int k = 0; k < width(); k++) {
      float value = outputs[from + k];
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            where(sample, value, input, k) + "; outputs must be finite");
      }
      boolean outside = value < -SUM_TOLERANCE || value > 1 + SUM_TOLERANCE;
      if (outside && (kind == OutputKind.PROBABILITIES || kind == OutputKind.BINARY_PROBABILITY)) {
        throw new IllegalArgumentException(
            where(sample, value, input, k)
                + ", which is no probability though "
                + kind
                + " was declared; declare "
                + (kind.isBinary() ? OutputKind.BINARY_LOGIT : OutputKind.LOGITS)
                + " if these are unnormalised scores");
      }
      sum += value;
    }
    if (kind == OutputKind.PROBABILITIES && !(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new IllegalArgumentException(
          "sample "
              + sample
              + " sums to "
              + sum
              + " at input "
              + input
              + ", not to 1, though "
              + kind
              + " was declared; declare "
              + OutputKind.LOGITS
              + " if these are unnormalised scores");
    }
  }

  private static String where(long sample, float value, int input, int position) {
    return "sample " + sample + " holds " + value + " at input " + input + ", position " + position;
  }

  /** Writes the distribution of one input, its outputs checked before, into {@code rows}. */
  void read(float[] outputs, int from, double[] rows, int to) {
    switch (kind) {
      case PROBABILITIES -> {
        for (int k = 0; k < classes; k++) {
          rows[to + k] = Math.max(outputs[from + k], 0);
        }
        normalise(rows, to);
      }
      case LOGITS -> {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
          max = Math.max(max, outputs[from + k]);
        }
        for (int k = 0; k < classes; k++) {
          rows[to + k] = Math.exp(outputs[from + k] - max);
        }
        normalise(rows, to);
      }
      case BINARY_PROBABILITY -> {
        rows[to + 1] = Math.min(Math.max(outputs[from], 0), 1);
        rows[to] = 1 - rows[to + 1];
      }
      case BINARY_LOGIT -> {
        rows[to + 1] = 1 / (1 + Math.exp(-(double) outputs[from]));
        rows[to] = 1 / (1 + Math.exp(outputs[from]));
      }
      default -> throw new IllegalStateException(kind + " is refused when moments are made");
    }
  }

  private void normalise(double[] rows, int from) {
    double sum = 0;
    for (int k = from; k < from + classes; k++) {
      sum += rows[k];
    }
    for (int k = from; k < from + classes; k++) {
      rows[k] /= sum;
    }
  }
}
