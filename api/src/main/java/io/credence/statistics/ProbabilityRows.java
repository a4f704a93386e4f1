package io.credence.statistics;

import io.credence.OutputKind;
import java.util.Objects;

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

  /** Refuses outputs that cannot be what was declared; {@code sample} is for the message. */
  void check(float[] outputs, long sample) {
    if (outputs.length != inputs * width()) {
      throw new IllegalArgumentException(
          "a sample of "
              + inputs
              + " inputs × "
              + width()
              + " numbers has "
              + inputs * width()
              + " values, got "
              + outputs.length);
    }
    for (int n = 0; n < inputs; n++) {
      check(outputs, n, sample);
    }
  }

  private void check(float[] outputs, int input, long sample) {
    double sum = 0;
    for (int k = 0; k < width(); k++) {
      float value = outputs[input * width() + k];
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

  /** Writes the distribution of one input, its outputs checked before, into {@code row}. */
  void read(float[] outputs, int input, double[] row) {
    int from = input * width();
    switch (kind) {
      case PROBABILITIES -> {
        for (int k = 0; k < classes; k++) {
          row[k] = Math.max(outputs[from + k], 0);
        }
        normalise(row);
      }
      case LOGITS -> {
        double max = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
          max = Math.max(max, outputs[from + k]);
        }
        for (int k = 0; k < classes; k++) {
          row[k] = Math.exp(outputs[from + k] - max);
        }
        normalise(row);
      }
      case BINARY_PROBABILITY -> {
        row[1] = Math.min(Math.max(outputs[from], 0), 1);
        row[0] = 1 - row[1];
      }
      case BINARY_LOGIT -> {
        row[1] = 1 / (1 + Math.exp(-(double) outputs[from]));
        row[0] = 1 / (1 + Math.exp(outputs[from]));
      }
      default -> throw new IllegalStateException(kind + " is refused when moments are made");
    }
  }

  private static void normalise(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    for (int k = 0; k < row.length; k++) {
      row[k] /= sum;
    }
  }
}
