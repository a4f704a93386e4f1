package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.calibration.ReferenceFile.Case;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fitted scalings against {@code make_scaling_reference.py}, which finds them by another method.
 * That program says why the tolerances are what they are.
 */
class CalibrationReferenceTest {

  private static final double LIKELIHOOD = 1e-12;

  static List<Case> cases() {
    return ReferenceFile.cases("scaling-reference.json", "cases");
  }

  static List<Case> ofEveryClass() {
    return cases().stream().filter(c -> c.node().has("vector")).toList();
  }

  private static HeldOut heldOut(Case reference) {
    double[][] rows = reference.rows("rows");
    int[] labels = reference.integers("labels");
    HeldOut heldOut =
        reference.node().get("kind").textValue().equals("LOGITS")
            ? HeldOut.ofLogits(rows[0].length)
            : HeldOut.ofProbabilities(rows[0].length);
    for (int n = 0; n < rows.length; n++) {
      heldOut.add(rows[n], labels[n]);
    }
    return heldOut;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void temperature_ofReferenceInputs_isAsFoundElsewhere(Case reference) {
    Calibration fitted = Calibration.fit(Scaling.TEMPERATURE, heldOut(reference), "m");
    Case expected = reference.part("temperature");
    double temperature = expected.number("temperature");
    assertEquals(temperature, fitted.temperature().getAsDouble(), 1e-10 * temperature);
    check(reference, expected, fitted);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofEveryClass")
  void vector_ofReferenceInputs_isAsFoundElsewhere(Case reference) {
    Calibration fitted = Calibration.fit(Scaling.VECTOR, heldOut(reference), "m");
    Case expected = reference.part("vector");
    check(reference, expected, fitted);
    double[] biases = new double[fitted.classes()];
    Arrays.setAll(biases, fitted::bias);
    double mean = Arrays.stream(biases).average().getAsDouble();
    for (int k = 0; k < biases.length; k++) {
      double weight = expected.numbers("weights")[k];
      assertEquals(weight, fitted.weight(k, k), 1e-5 * Math.abs(weight));
      assertEquals(
          expected.numbers("biases")[k], biases[k] - mean, 1e-5 * (1 + Math.abs(biases[k])));
    }
    checkProbabilities(reference, expected, fitted);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofEveryClass")
  void matrix_ofReferenceInputs_isAsFoundElsewhere(Case reference) {
    Calibration fitted = Calibration.fit(Scaling.MATRIX, heldOut(reference), "m");
    Case expected = reference.part("matrix");
    check(reference, expected, fitted);
    checkProbabilities(reference, expected, fitted);
  }

  private static void check(Case reference, Case expected, Calibration fitted) {
    double before = reference.number("before");
    double after = expected.number("after");
    assertEquals(
        before, fitted.fit().negativeLogLikelihoodBefore(), LIKELIHOOD * Math.max(1, before));
    assertEquals(after, fitted.fit().negativeLogLikelihoodAfter(), LIKELIHOOD);
    assertEquals(reference.rows("rows").length, fitted.fit().inputs());
  }

  private static void checkProbabilities(Case reference, Case expected, Calibration fitted) {
    double[][] probabilities = expected.rows("probabilities");
    for (int n = 0; n < probabilities.length; n++) {
      assertArrayEquals(probabilities[n], fitted.probabilities(reference.rows("rows")[n]), 1e-6);
    }
  }
}
