package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.Interval;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of bins and calibration errors, and what is refused. */
class ReliabilityContractTest {

  private static final double ROUNDING = 1e-13;
  private static final int INPUTS = 200;

  private static double[] confidences(Random random) {
    double sharpness = Math.exp(random.nextGaussian());
    // Rounded to hundredths, so that many are equal and some lie on edges.
    return random
        .doubles(INPUTS)
        .map(u -> Math.round(100 * Math.pow(u, sharpness)) / 100.0)
        .toArray();
  }

  private static boolean[] outcomes(Random random, double... confidences) {
    boolean[] correct = new boolean[confidences.length];
    for (int i = 0; i < correct.length; i++) {
      correct[i] = random.nextDouble() < confidences[i];
    }
    return correct;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void errors_ofAnything_areInOrderAndRange(long seed) {
    Random random = new Random(seed);
    double[] confidences = confidences(random);
    boolean[] correct = outcomes(random, confidences(random));
    for (ReliabilityDiagram diagram :
        new ReliabilityDiagram[] {
          ReliabilityDiagram.equalWidth(confidences, correct, 15),
          ReliabilityDiagram.equalMass(confidences, correct, 15)
        }) {
      assertEquals(INPUTS, diagram.inputs());
      double expected = diagram.expectedCalibrationError();
      double square = diagram.rootMeanSquareCalibrationError();
      double maximum = diagram.maximumCalibrationError();
      assertTrue(0 <= expected && expected <= square + ROUNDING);
      assertTrue(square <= maximum + ROUNDING && maximum <= 1);
      double previous = 0;
      for (ReliabilityBin bin : diagram.bins()) {
        assertTrue(previous <= bin.low() && bin.low() <= bin.meanConfidence() + ROUNDING);
        assertTrue(bin.meanConfidence() <= bin.high() + ROUNDING && bin.high() <= 1);
        assertTrue(bin.accuracyInterval(.95).contains(bin.accuracy()));
        previous = bin.high();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void equalMass_distinctConfidences_hasCountsThatDifferByOneAtMost(long seed) {
    Random random = new Random(seed);
    int bins = 1 + random.nextInt(20);
    double[] confidences = random.doubles(INPUTS).toArray();
    ReliabilityDiagram diagram =
        ReliabilityDiagram.equalMass(confidences, outcomes(random, confidences), bins);
    assertEquals(bins, diagram.bins().size());
    for (ReliabilityBin bin : diagram.bins()) {
      assertTrue(Math.abs(bin.count() - (double) INPUTS / bins) < 1, bin::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void order_ofInputs_doesNotMatter(long seed) {
    Random random = new Random(seed);
    double[] confidences = confidences(random);
    boolean[] correct = outcomes(random, confidences);
    double[] backwards = new double[INPUTS];
    boolean[] alsoBackwards = new boolean[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      backwards[i] = confidences[INPUTS - 1 - i];
      alsoBackwards[i] = correct[INPUTS - 1 - i];
    }
    assertSame(
        ReliabilityDiagram.equalWidth(confidences, correct, 15),
        ReliabilityDiagram.equalWidth(backwards, alsoBackwards, 15));
    assertSame(
        ReliabilityDiagram.equalMass(confidences, correct, 15),
        ReliabilityDiagram.equalMass(backwards, alsoBackwards, 15));
  }

  private static void assertSame(ReliabilityDiagram expected, ReliabilityDiagram actual) {
    assertEquals(expected.bins().size(), actual.bins().size());
    for (int b = 0; b < expected.bins().size(); b++) {
      ReliabilityBin bin = expected.bins().get(b);
      assertEquals(bin.count(), actual.bins().get(b).count());
      assertEquals(bin.correct(), actual.bins().get(b).correct());
      assertEquals(bin.meanConfidence(), actual.bins().get(b).meanConfidence(), ROUNDING);
    }
    BrierDecomposition brier = expected.brierDecomposition();
    BrierDecomposition other = actual.brierDecomposition();
    assertEquals(brier.brierScore(), other.brierScore(), ROUNDING);
    assertEquals(brier.withinBinVariance(), other.withinBinVariance(), ROUNDING);
    assertEquals(brier.withinBinCovariance(), other.withinBinCovariance(), ROUNDING);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void merge_ofParts_isTheWhole(long seed) {
    Random random = new Random(seed);
    double[] confidences = confidences(random);
    boolean[] correct = outcomes(random, confidences);
    ReliabilityDiagram whole = ReliabilityDiagram.equalWidth(confidences, correct, 15);
    for (int cut : new int[] {0, 1, 61, INPUTS}) {
      CalibrationBins first = CalibrationBins.standard();
      CalibrationBins second = CalibrationBins.standard();
      for (int i = 0; i < INPUTS; i++) {
        (i < cut ? first : second).add(confidences[i], correct[i]);
      }
      first.merge(second);
      assertSame(whole, first.diagram());
      assertEquals(INPUTS - cut, second.inputs(), "the other is unchanged");
    }
  }

  /**
   * Of a calibrated model each bin's gap is within 4.5 standard deviations of 0: false failure
   * below 15 · 7e-6 a seed, 1e-3 of all ten.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void gaps_ofCalibratedAnswers_areNoise(long seed) {
    Random random = new Random(seed);
    CalibrationBins bins = CalibrationBins.standard();
    for (int i = 0; i < 20_000; i++) {
      double confidence = random.nextDouble();
      bins.add(confidence, random.nextDouble() < confidence);
    }
    for (ReliabilityBin bin : bins.diagram().bins()) {
      double deviation = Math.sqrt(bin.meanConfidence() * (1 - bin.meanConfidence()) / bin.count());
      assertTrue(Math.abs(bin.gap()) < 4.5 * deviation, bin::toString);
    }
  }

  @Test
  void bins_unequalCounts_areWeightedButForTheMaximum() {
    // One answer of confidence 0.05 is right, nine of 0.95 are right but one.
    CalibrationBins bins = CalibrationBins.standard();
    bins.add(.05, true);
    for (int i = 0; i < 9; i++) {
      bins.add(.95, i > 0);
    }
    ReliabilityDiagram diagram = bins.diagram();
    assertEquals(.1 * .95 + .9 * (.95 - 8.0 / 9), diagram.expectedCalibrationError(), 1e-15);
    assertEquals(.95, diagram.maximumCalibrationError(), 1e-15);
  }

  @Test
  void bins_confidenceOne_isInTheLastAndCounts() {
    CalibrationBins bins = CalibrationBins.standard();
    bins.add(1.0, false);
    ReliabilityBin last = bins.diagram().bins().get(0);
    assertEquals(14.0 / 15, last.low());
    assertEquals(1.0, last.high());
    assertEquals(1.0, bins.diagram().expectedCalibrationError());
    bins.add(1 + 1e-15, true);
    assertEquals(1.0, bins.diagram().bins().get(0).meanConfidence(), "cut off at 1");
  }

  @Test
  void add_summary_isItsPredictedClass() {
    ClassificationMoments moments = ClassificationMoments.of(1, 3, OutputKind.PROBABILITIES);
    moments.add(new float[] {.5f, .25f, .25f});
    moments.add(new float[] {0, .75f, .25f});
    CalibrationBins bins = CalibrationBins.standard();
    bins.add(moments.summary(0), 1);
    bins.add(new double[] {.25, .5, .25}, 0);
    ReliabilityBin bin = bins.diagram().bins().get(0);
    assertEquals(new ReliabilityBin(7.0 / 15, 8.0 / 15, 2, 1, .5), bin);
    ClassWiseCalibration classes = ClassWiseCalibration.of(3, 15);
    classes.add(moments.summary(0), 1);
    assertEquals(1, classes.diagram(1).bins().get(0).correct());
    assertEquals((.25 + .5 + .25) / 3, classes.expectedCalibrationError(), 1e-15);
  }

  @Test
  void add_probabilitiesThatDoNotSumToOne_areDividedByTheirSum() {
    double[] float16 = {.498, .498};
    CalibrationBins bins = CalibrationBins.standard();
    bins.add(float16, 0);
    assertEquals(.5, bins.diagram().bins().get(0).meanConfidence());
    ClassWiseCalibration classes = ClassWiseCalibration.of(2, 15);
    classes.add(float16, 0);
    assertEquals(.5, classes.diagram(1).bins().get(0).meanConfidence());
  }

  @Test
  void classWise_merge_isTheWhole() {
    ClassWiseCalibration whole = ClassWiseCalibration.of(2, 15);
    ClassWiseCalibration first = ClassWiseCalibration.of(2, 15);
    ClassWiseCalibration second = ClassWiseCalibration.of(2, 15);
    whole.add(new double[] {.2, .8}, 1);
    first.add(new double[] {.2, .8}, 1);
    whole.add(new double[] {.7, .3}, 1);
    second.add(new double[] {.7, .3}, 1);
    first.merge(second);
    assertEquals(whole.expectedCalibrationError(), first.expectedCalibrationError());
  }

  @Test
  void accuracyInterval_noneOrAllRight_isNotEmptyAndWithinRange() {
    Interval none = new ReliabilityBin(0, 1, 10, 0, .5).accuracyInterval(.95);
    Interval all = new ReliabilityBin(0, 1, 10, 10, .5).accuracyInterval(.95);
    assertEquals(0, none.low(), 1e-15);
    assertEquals(1, all.high(), 1e-15);
    assertTrue(0 <= none.low() && none.high() > .2 && all.low() < .8 && all.high() <= 1);
  }

  @Test
  void input_thatCannotBe_isRefused() {
    String no = "; it must be a probability, within [0, 1]; logits must go through softmax first";
    CalibrationBins bins = CalibrationBins.standard();
    refused("confidence is NaN" + no, () -> bins.add(Double.NaN, true));
    refused("confidence is -0.1" + no, () -> bins.add(-.1, true));
    refused("confidence is 3.5" + no, () -> bins.add(3.5, true));
    assertEquals(0, bins.inputs());
    refused("bins is 0; it must be at least 1", () -> CalibrationBins.of(0));
    refused("label is 2; it must be a class, from 0 to 1", () -> bins.add(new double[] {1, 0}, 2));
    refused(
        "14 bins do not merge into 15; make both with the same of(..)",
        () -> bins.merge(CalibrationBins.of(14)));
    refused("classes is 1; it must be at least 2", () -> ClassWiseCalibration.of(1, 15));
    refused(
        "bins of 3 classes do not merge into those of 2; make both with the same of(..)",
        () -> ClassWiseCalibration.of(2, 15).merge(ClassWiseCalibration.of(3, 15)));
    String both = "; as many of both are needed, and one at least";
    refused(
        "2 confidences and 1 outcomes are given" + both,
        () -> ReliabilityDiagram.equalMass(new double[2], new boolean[1], 15));
    refused(
        "0 confidences and 0 outcomes are given" + both,
        () -> ReliabilityDiagram.equalWidth(new double[0], new boolean[0], 15));
    refused(
        "confidence is NaN" + no,
        () -> ReliabilityDiagram.equalMass(new double[] {Double.NaN}, new boolean[1], 15));
    refused(
        "bins is -1; it must be at least 1",
        () -> ReliabilityDiagram.equalMass(new double[1], new boolean[1], -1));
    refused(
        "2 of 1 answers are right; count must be at least 1, and correct from 0 to count",
        () -> new ReliabilityBin(0, 1, 1, 2, .5));
    refused(
        "level is 1.0; it must be between 0 and 1, both exclusive",
        () -> new ReliabilityBin(0, 1, 1, 1, .5).accuracyInterval(1));
    refused(
        "count is 3000000000; intervals are told of at most 2147483647",
        () -> new ReliabilityBin(0, 1, 3_000_000_000L, 1, .5).accuracyInterval(.95));
    assertEquals(
        "no input was added yet; call add first",
        assertThrows(IllegalStateException.class, bins::diagram).getMessage());
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
