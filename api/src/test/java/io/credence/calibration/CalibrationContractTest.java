package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.statistics.ClassificationMoments;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of fitted scalings, and what cannot be fitted. */
class CalibrationContractTest {

  private static final int INPUTS = 400;
  private static final int CLASSES = 4;

  /** Logits whose softmax labels are drawn from, told {@code overconfidence} times too large. */
  private static final class Drawn {
    final double[][] told = new double[INPUTS][CLASSES];
    final int[] labels = new int[INPUTS];

    Drawn(long seed, double overconfidence) {
      Random random = new Random(seed);
      for (int n = 0; n < INPUTS; n++) {
        double[] truth = random.doubles(CLASSES, -2, 2).toArray();
        double[] p = Softmax.of(truth);
        double u = random.nextDouble();
        while (labels[n] < CLASSES - 1 && u >= p[labels[n]]) {
          u -= p[labels[n]++];
        }
        Arrays.setAll(told[n], k -> overconfidence * truth[k]);
      }
    }

    HeldOut logits() {
      HeldOut heldOut = HeldOut.ofLogits(CLASSES);
      for (int n = 0; n < INPUTS; n++) {
        heldOut.add(told[n], labels[n]);
      }
      return heldOut;
    }

    HeldOut probabilities(boolean backwards) {
      HeldOut heldOut = HeldOut.ofProbabilities(CLASSES);
      for (int i = 0; i < INPUTS; i++) {
        int n = backwards ? INPUTS - 1 - i : i;
        heldOut.add(Softmax.of(told[n]), labels[n]);
      }
      return heldOut;
    }
  }

  /**
   * The temperature found is the overconfidence put in. Its standard error is below 0.09 of it (400
   * labels); 0.4 is more than 4.5 of those, so a seed fails falsely less often than 1e-5.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void temperature_ofKnownOverconfidence_isFound(long seed) {
    for (double overconfidence : new double[] {.5, 1, 3}) {
      Calibration found =
          Calibration.fit(Scaling.TEMPERATURE, new Drawn(seed, overconfidence).logits(), "m");
      double ratio = found.temperature().getAsDouble() / overconfidence;
      assertEquals(0, Math.log(ratio), .4, () -> "seed " + seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void fit_anything_neverLowersTheLikelihoodAndMoreNumbersRaiseIt(Scaling scaling) {
    HeldOut heldOut = new Drawn(3, 2).logits();
    Calibration.Fit fit = Calibration.fit(scaling, heldOut, "m").fit();
    assertTrue(fit.negativeLogLikelihoodAfter() <= fit.negativeLogLikelihoodBefore());
    double ofTemperature =
        Calibration.fit(Scaling.TEMPERATURE, heldOut, "m").fit().negativeLogLikelihoodAfter();
    assertTrue(fit.negativeLogLikelihoodAfter() <= ofTemperature + 1e-12);
    assertEquals(INPUTS, fit.inputs());
  }

  @ParameterizedTest
  @EnumSource
  void fit_otherOrder_isTheSame(Scaling scaling) {
    Drawn drawn = new Drawn(5, 2);
    Calibration forth = Calibration.fit(scaling, drawn.probabilities(false), "m");
    Calibration back = Calibration.fit(scaling, drawn.probabilities(true), "m");
    for (double[] row : drawn.told) {
      double[] p = Softmax.of(row);
      assertArrayEquals(forth.probabilities(p), back.probabilities(p), 1e-5);
    }
  }

  @Test
  void likelihood_afterFit_isThatOfTheScoringRules() {
    Drawn drawn = new Drawn(7, 2);
    for (Scaling scaling : Scaling.values()) {
      Calibration found = Calibration.fit(scaling, drawn.logits(), "m");
      ScoringRules after = ScoringRules.of(CLASSES);
      ScoringRules before = ScoringRules.of(CLASSES);
      for (int n = 0; n < INPUTS; n++) {
        after.add(found.probabilities(drawn.told[n]), drawn.labels[n]);
        before.add(Softmax.of(drawn.told[n]), drawn.labels[n]);
      }
      Calibration.Fit fit = found.fit();
      assertEquals(after.negativeLogLikelihood(), fit.negativeLogLikelihoodAfter(), 1e-12);
      assertEquals(before.negativeLogLikelihood(), fit.negativeLogLikelihoodBefore(), 1e-12);
    }
  }

  /** Of a temperature, logits and the logarithms of their softmax are the same. */
  @Test
  void temperature_ofLogitsAndOfProbabilities_areTheSame() {
    Drawn drawn = new Drawn(9, 2);
    Calibration logits = Calibration.fit(Scaling.TEMPERATURE, drawn.logits(), "m");
    Calibration logs = Calibration.fit(Scaling.TEMPERATURE, drawn.probabilities(false), "m");
    double expected = logits.temperature().getAsDouble();
    assertEquals(expected, logs.temperature().getAsDouble(), 1e-9 * expected);
    for (double[] row : drawn.told) {
      double[] calibrated = logits.probabilities(row);
      assertEquals(Distributions.predicted(row), Distributions.predicted(calibrated));
      assertArrayEquals(calibrated, logs.probabilities(Softmax.of(row)), 1e-9);
      assertEquals(1, Arrays.stream(calibrated).sum(), 1e-15);
    }
  }

  @Test
  void probabilities_ofSummary_areThoseOfItsMean() {
    Calibration two = temperature(OutputKind.PROBABILITIES, 2);
    ClassificationMoments moments = ClassificationMoments.of(1, 3, OutputKind.PROBABILITIES);
    moments.add(new float[] {1, 0, 0});
    moments.add(new float[] {.28125f, .71875f, 0});
    // Mean (0.640625, 0.359375, 0); with T = 2 as the roots, and 0 as the least float32.
    double[] roots = {Math.sqrt(.640625), Math.sqrt(.359375), Math.sqrt(Float.MIN_NORMAL)};
    double sum = roots[0] + roots[1] + roots[2];
    double[] expected = Arrays.stream(roots).map(r -> r / sum).toArray();
    assertArrayEquals(expected, two.probabilities(moments.summary(0)), 1e-15);
    HeldOut heldOut = HeldOut.ofProbabilities(3);
    heldOut.add(moments.summary(0), 1);
    assertEquals(Math.log(.359375), heldOut.logits(0)[1], 1e-15);
    assertEquals(1, heldOut.label(0));
    assertEquals(3, heldOut.classes());
  }

  @Test
  void probabilities_ofTemperatureOne_areTheSame() {
    double[] row = {.7, .2, .1};
    Calibration one = temperature(OutputKind.PROBABILITIES, 1);
    assertArrayEquals(row, one.probabilities(row), 1e-15);
    assertArrayEquals(new double[] {.7, .2, .1}, row, "not changed");
  }

  private static Calibration temperature(OutputKind kind, double temperature) {
    return new Calibration(
        "m",
        Scaling.TEMPERATURE,
        kind,
        3,
        new double[] {temperature},
        new Calibration.Fit(1, 0, 0));
  }

  @Test
  void fit_withoutGreatestLikelihood_isRefused() {
    HeldOut right = HeldOut.ofLogits(2);
    right.add(new double[] {3, 1}, 0);
    right.add(new double[] {1, 2}, 1);
    notFitted(
        "all 2 held-out inputs are answered right, so the likelihood grows without end as the"
            + " temperature goes to 0; add inputs until some are answered wrong",
        Scaling.TEMPERATURE,
        right);
    notFitted(
        "all 2 held-out inputs can be answered right by VECTOR scaling, so the likelihood grows"
            + " without end with its 4 numbers; add inputs, or choose TEMPERATURE",
        Scaling.VECTOR,
        right);
    notFitted(
        "all 2 held-out inputs can be answered right by MATRIX scaling, so the likelihood grows"
            + " without end with its 6 numbers; add inputs, or choose TEMPERATURE",
        Scaling.MATRIX,
        right);
    HeldOut wrong = HeldOut.ofLogits(2);
    wrong.add(new double[] {3, 1}, 1);
    notFitted(
        "labels of the held-out inputs have lower logits than classes have on average, so the"
            + " likelihood grows without end with the temperature; check that labels stand in the"
            + " order of the inputs and count classes as the model does",
        Scaling.TEMPERATURE,
        wrong);
    wrong.add(new double[] {3, 1.000001}, 0);
    String beyond =
        "no temperature within [0.001, 1000] has the greatest likelihood of the 2 held-out inputs;"
            + " check that labels stand in the order of the inputs, and add inputs";
    HeldOut tiny = HeldOut.ofLogits(2);
    tiny.add(new double[] {2e-6, 1e-6}, 0);
    tiny.add(new double[] {1.5e-6, 1e-6}, 1);
    notFitted(beyond, Scaling.TEMPERATURE, tiny);
    HeldOut even = HeldOut.ofLogits(2);
    even.add(new double[] {1, 1}, 0);
    notFitted(
        "all 1 held-out inputs are answered right, so the likelihood grows without end as the"
            + " temperature goes to 0; add inputs until some are answered wrong",
        Scaling.TEMPERATURE,
        even);
  }

  @Test
  void fit_partOfTheClassesSetApart_isRefused() {
    HeldOut heldOut = HeldOut.ofLogits(3);
    Random random = new Random(1);
    for (int n = 0; n < 60; n++) {
      // Class 2 is told by its logit without fail, the others are not told at all.
      int label = n % 3;
      heldOut.add(
          new double[] {random.nextGaussian(), random.nextGaussian(), label == 2 ? 1 : 0}, label);
    }
    String message =
        assertThrows(
                CalibrationException.class, () -> Calibration.fit(Scaling.VECTOR, heldOut, "m"))
            .getMessage();
    assertTrue(
        message.startsWith("VECTOR scaling is not determined by these 60 held-out inputs: from"),
        message);
    assertTrue(
        message.endsWith(
            " away in a logit, at the same likelihood, as where a class is set apart; add inputs,"
                + " or choose TEMPERATURE"),
        message);
  }

  @Test
  void fit_iterationsUsedUp_isRefused() {
    ScalingFit hurried = new ScalingFit(new Drawn(1, 2).logits(), 2);
    assertEquals(
        "VECTOR scaling of 400 held-out inputs did not reach the greatest likelihood in 2"
            + " iterations; its 8 numbers need more inputs, or choose TEMPERATURE",
        assertThrows(CalibrationException.class, () -> hurried.fit(Scaling.VECTOR)).getMessage());
  }

  @Test
  void fit_classNeverSeen_isRefusedWhereItMatters() {
    HeldOut heldOut = HeldOut.ofProbabilities(4);
    heldOut.add(new double[] {.6, .2, .1, .1}, 1);
    heldOut.add(new double[] {.6, .2, .1, .1}, 0);
    String rest =
        "whose probability VECTOR scaling would take to 0; add inputs of every class, or choose"
            + " TEMPERATURE";
    notFitted("no held-out input is of class 2 (and 1 more), " + rest, Scaling.VECTOR, heldOut);
    heldOut.add(new double[] {.6, .2, .1, .1}, 2);
    notFitted("no held-out input is of class 3, " + rest, Scaling.VECTOR, heldOut);
    assertTrue(Calibration.fit(Scaling.TEMPERATURE, heldOut, "m").temperature().isPresent());
  }

  private static void notFitted(String message, Scaling scaling, HeldOut heldOut) {
    assertEquals(
        message,
        assertThrows(CalibrationException.class, () -> Calibration.fit(scaling, heldOut, "m"))
            .getMessage());
  }

  @Test
  void input_thatCannotBe_isRefused() {
    HeldOut logits = HeldOut.ofLogits(3);
    HeldOut probabilities = HeldOut.ofProbabilities(3);
    refused("classes is 1; it must be at least 2", () -> HeldOut.ofLogits(1));
    refused(
        "held-out inputs are none; add some that the model was not trained on",
        () -> Calibration.fit(Scaling.TEMPERATURE, logits, "m"));
    refused(
        "2 logits are given; 3 are needed, one for each class",
        () -> logits.add(new double[] {1, 2}, 0));
    refused(
        "logits[1] is NaN; it must be finite",
        () -> logits.add(new double[] {1, Double.NaN, 2}, 0));
    refused(
        "label is 3; it must be a class, from 0 to 2", () -> logits.add(new double[] {1, 2, 3}, 3));
    refused(
        "probabilities sum to 6.0; they must sum to 1, to within 0.01; logits must go through"
            + " softmax first",
        () -> probabilities.add(new double[] {1, 2, 3}, 0));
    assertEquals(0, logits.inputs() + probabilities.inputs());
    Calibration ofLogits = temperature(OutputKind.LOGITS, 1);
    refused(
        "2 logits are given; 3 are needed, one for each class",
        () -> ofLogits.probabilities(new double[] {1, 2}));
    logits.add(new double[] {2, 1.5, -4}, 1);
    refused(
        "model is blank; give the fingerprint of the model that the calibration is for",
        () -> Calibration.fit(Scaling.TEMPERATURE, logits, " "));
    ClassificationMoments moments = ClassificationMoments.of(1, 3, OutputKind.LOGITS);
    moments.add(new float[] {1, 0, 0});
    assertEquals(
        "summaries tell probabilities, but logits were announced; make the held-out inputs with"
            + " ofProbabilities(..)",
        assertThrows(IllegalStateException.class, () -> logits.add(moments.summary(0), 0))
            .getMessage());
    assertEquals(
        "summaries tell probabilities, but the calibration was fitted on logits; fit it on"
            + " HeldOut.ofProbabilities(..)",
        assertThrows(IllegalStateException.class, () -> ofLogits.probabilities(moments.summary(0)))
            .getMessage());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void accessors_ofEachScaling_tellItsNumbers() {
    Calibration.Fit fit = new Calibration.Fit(1, 0, 0);
    Calibration temperature = temperature(OutputKind.LOGITS, 4);
    assertEquals(.25, temperature.weight(1, 1));
    assertEquals(0, temperature.weight(1, 2));
    assertEquals(0, temperature.bias(2));
    double[] numbers = {1, 2, 3, 4, 5, 6};
    Calibration vector = new Calibration("m", Scaling.VECTOR, OutputKind.LOGITS, 3, numbers, fit);
    assertEquals(2, vector.weight(1, 1));
    assertEquals(0, vector.weight(0, 1));
    assertEquals(6, vector.bias(2));
    assertFalse(vector.temperature().isPresent());
    Calibration matrix = new Calibration("m", Scaling.MATRIX, OutputKind.LOGITS, 2, numbers, fit);
    assertEquals(3, matrix.weight(1, 0));
    assertEquals(5, matrix.bias(0));
    // W z + b = (1·1 + 2·2 + 5, 3·1 + 4·2 + 6) = (10, 17)
    assertArrayEquals(
        Softmax.of(new double[] {10, 17}), matrix.probabilities(new double[] {1, 2}), 1e-15);
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.weight(2, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> matrix.bias(-1));
    assertEquals("TEMPERATURE 4.0 scaling of 3 classes for m", temperature.toString());
    assertEquals("VECTOR scaling of 3 classes for m", vector.toString());
  }
}
