package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputRangeTest {

  private static final InputRange UNIT = new InputRange(0, 1);
  private static final InputRange SYMMETRIC = new InputRange(-1, 1);
  private static final InputRange BYTES = new InputRange(0, 255);

  @Test
  void warning_bytesIntoUnitRange_saysToRescale() {
    assertEquals(
        Optional.of(
            "input \"image\" holds values in [0, 255], but the model was trained on [0, 1]: these"
                + " look like 0–255 pixels that were not rescaled; multiply them by 1/255. Scores"
                + " of such inputs mean little."),
        UNIT.warning("image", 0, 255));
  }

  @Test
  void warning_bytesIntoSymmetricRange_saysToMapThem() {
    assertEquals(
        Optional.of(
            "input \"x\" holds values in [3, 251], but the model was trained on [-1, 1]: these"
                + " look like 0–255 pixels that were not rescaled; map them to [-1, 1]. Scores of"
                + " such inputs mean little."),
        SYMMETRIC.warning("x", 3, 251));
  }

  @Test
  void warning_rescaledInputsIntoByteRange_saysRescaledTwice() {
    assertEquals(
        Optional.of(
            "input \"x\" holds values in [-1, 0.9961], but the model was trained on [0, 255]:"
                + " these look rescaled twice; feed them as they were in training. Scores of such"
                + " inputs mean little."),
        BYTES.warning("x", -1, 254 / 255.0));
  }

  @ParameterizedTest
  @CsvSource({
    // trained on [min, max], fed [low, high]
    "0, 1, -3, 3",
    "0, 1, -0.01, 255",
    "0, 1, -1, 1",
    "0, 1, 0, 256",
    "0, 1, 0, 1e12",
    "0, 1, -Infinity, 1",
    "0, 0.5, 0, 0.75",
    "0, 10, 0, 200",
    "0, 255, -100, 1",
    "0, 255, -1, 2"
  })
  void warning_otherValuesOutside_saysToCheckThePreprocessing(
      double min, double max, double low, double high) {
    String warning = new InputRange(min, max).warning("x", low, high).orElseThrow();
    assertEquals(
        "check that the preprocessing is the one used in training. Scores of such inputs mean"
            + " little.",
        warning.substring(warning.indexOf(": ") + 2));
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "0.5, NaN", "NaN, 0.5"})
  void warning_nan_isGivenAndNamesIt(double low, double high) {
    String warning = UNIT.warning("x", low, high).orElseThrow();
    assertEquals(
        "input \"x\" holds values in ["
            + text(low)
            + ", "
            + text(high)
            + "], but the model was trained on [0, 1]: check that the preprocessing is the one"
            + " used in training. Scores of such inputs mean little.",
        warning);
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "NaN" : "0.5000";
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0.25, 0.75", "0, 0", "1, 1"})
  void warning_inside_isEmpty(double low, double high) {
    assertEquals(Optional.empty(), UNIT.warning("x", low, high));
  }

  @Test
  void warning_unitValuesIntoByteRange_saysRescaledTwiceThoughTheyAreInside() {
    assertEquals(true, BYTES.warning("x", 0, 1).orElseThrow().contains("look rescaled twice"));
    assertEquals(Optional.empty(), BYTES.warning("x", 0, 0)); // a black picture
    assertEquals(Optional.empty(), BYTES.warning("x", 0, 2)); // a very dark one
  }

  @Test
  void warning_aLittleAboveOneIntoUnitRange_doesNotTakeItForPixels() {
    assertEquals(true, UNIT.warning("x", 0, 1.2).orElseThrow().contains("check that the pre"));
  }

  @Test
  void warning_outsideByAThousandthOfTheWidth_isEmptyAndBeyondItIsNot() {
    // The width is 1024, so the slack is 1.024.
    InputRange range = new InputRange(0, 1024);
    assertEquals(Optional.empty(), range.warning("x", -1.024, 1025.024));
    assertEquals(true, range.warning("x", -1.025, 5).isPresent());
    assertEquals(true, range.warning("x", 5, 1025.025).isPresent());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "NaN, 1", "0, NaN", "0, Infinity", "-Infinity, 0"})
  void of_emptyOrInfinite_isRefused(double min, double max) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new InputRange(min, max)).getMessage();
    assertEquals(
        "input range [" + min + ", " + max + "] is empty or not finite; min < max is needed",
        message);
  }
}
