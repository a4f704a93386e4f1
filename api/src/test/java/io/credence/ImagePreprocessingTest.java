package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePreprocessingTest {

  @Test
  void value_ofAPixel_isScaledThenShifted() {
    ImagePreprocessing toSymmetric = new ImagePreprocessing(28, 28, 1, 2 / 255.0, -1);
    assertEquals(-1f, toSymmetric.value(0));
    assertEquals(1f, toSymmetric.value(255));
    assertEquals(-0.6f, toSymmetric.value(51));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 5 | 1 | 1 | 0 | image size is 0 × 5; both must be at least 1",
        "5 | -1 | 1 | 1 | 0 | image size is 5 × -1; both must be at least 1",
        "5 | 5 | 2 | 1 | 0 | channels is 2; it must be 1 (grey) or 3 (red, green, blue)",
        "5 | 5 | 0 | 1 | 0 | channels is 0; it must be 1 (grey) or 3 (red, green, blue)",
        "5 | 5 | 1 | 0 | 0 | scale is 0.0, offset is 0.0; both must be finite, and scale not 0",
        "5 | 5 | 1 | NaN | 0 | scale is NaN, offset is 0.0; both must be finite, and scale not 0",
        "5|5|3|1|Infinity | scale is 1.0, offset is Infinity; both must be finite, and scale not 0",
      })
  void of_badValues_isRefused(
      int height, int width, int channels, double scale, double offset, String message) {
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> new ImagePreprocessing(height, width, channels, scale, offset))
            .getMessage());
  }
}
