package io.credence.tensorflow;

import io.credence.SamplingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * Holds the compiled graph against the model as it is served, and a row scored alone against the
 * same row in company, on a row of the first batch.
 */
final class RowProof {

  /** Matrix products of other sizes round otherwise; a mixed row is off by far more. */
  private static final double TOLERANCE = 1e-4;

  private RowProof() {}

  /**
   * Compares the output with every mask at one with the output as it is served.
   *
   * @throws ModelLoadException if they differ
   */
  static void served(float[] served, float[] masksAtOne) {
    int at = difference(served, masksAtOne);
    if (at >= 0) {
      throw new ModelLoadException(
          "with dropout off, the graph made for sampling gives "
              + masksAtOne[at]
              + " where the model gives "
              + served[at]
              + ": it was not taken apart rightly; please report the model's origin");
    }
  }

  /**
   * Compares two passes of a row, one by one, with two passes in one call, of the row in company.
   *
   * @param single runs one pass in a call
   * @param alone rows of its batch
   * @param pair runs two
   * @param company rows of its batch, the first of them those of the other
   * @return whether TensorFlow runs copies of this model's batch at all
   * @throws ModelLoadException if the passes differ
   */
  static boolean together(Sampler single, int alone, Sampler pair, int company) {
    SamplingPlan plan = SamplingPlan.of(2);
    List<float[]> passes = drawn(plan, single);
    List<float[]> both;
    try {
      both = drawn(plan, pair);
    } catch (TensorFlowException | UnsupportedOperationException e) {
      return false; // it works for one pass, so that is how it is run
    }
    for (int pass = 0; pass < passes.size(); pass++) {
      float[] all = both.get(pass);
      rows(passes.get(pass), Arrays.copyOf(all, all.length / company * alone));
    }
    return true;
  }

  private static List<float[]> drawn(SamplingPlan plan, Sampler sampler) {
    List<float[]> drawn = new ArrayList<>();
    sampler.passes(
        plan,
        0,
        plan.passes(),
        (first, passes, outputs) -> {
          for (int t = 0; t < passes; t++) {
            float[] pass = new float[Math.toIntExact(outputs.size() / passes)];
            outputs.offset((long) t * pass.length).read(pass);
            drawn.add(pass);
          }
        });
    return drawn;
  }

  private static void rows(float[] alone, float[] company) {
    int at = difference(alone, company);
    if (at >= 0) {
      throw new ModelLoadException(
          "a row scored alone gives "
              + alone[at]
              + ", and "
              + company[at]
              + " in company, by the same network: the rows of a batch are mixed where that was not"
              + " seen; please report the model's origin");
    }
  }

  /** The first element that differs, or −1. NaN is like NaN only. */
  private static int difference(float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      throw new ModelLoadException(
          "the model gives "
              + expected.length
              + " numbers for a row, and "
              + actual.length
              + " in company; one row of outputs for each row of inputs is needed");
    }
    for (int k = 0; k < expected.length; k++) {
      double slack = TOLERANCE * Math.max(1, Math.abs(expected[k]));
      boolean same =
          Float.compare(expected[k], actual[k]) == 0 || Math.abs(expected[k] - actual[k]) <= slack;
      if (!same) {
        return k;
      }
    }
    return -1;
  }
}
