package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.ndarray.Shape;

class ImageBatchesTest {

  private static LabelledImages pixels(int... values) {
    byte[] pixels = new byte[values.length];
    byte[] labels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) values[i];
      labels[i] = (byte) (i % 2);
    }
    return new LabelledImages(pixels, labels, 1, 1, 1);
  }

  @Test
  void of_withoutOutliers_weighsEachAlike() {
    ImageBatches batches = new ImageBatches(pixels(0, 51, 102), 2, Optional.empty(), 1);
    ImageBatches.Batch batch = batches.of(new int[] {2, 1});
    assertEquals(Shape.of(2, 1, 1, 1), batch.images().shape());
    assertEquals(.4, batch.images().getFloat(0, 0, 0, 0), 1e-6);
    assertEquals(1, batch.targets().getFloat(0, 0));
    assertEquals(1, batch.targets().getFloat(1, 1));
    assertEquals(0, batch.targets().getFloat(1, 0));
    assertEquals(.5, batch.weights().getFloat(1));
  }

  @Test
  void of_withOutliers_addsAsMany_eachSeenAsOften() {
    Outliers outliers = new Outliers(pixels(151, 152, 153), 0.25);
    ImageBatches batches = new ImageBatches(pixels(0, 51), 4, Optional.of(outliers), 1);
    Map<Integer, Integer> seen = new HashMap<>();
    for (int step = 0; step < 6; step++) {
      ImageBatches.Batch batch = batches.of(new int[] {0, 1});
      assertEquals(Shape.of(4, 1, 1, 1), batch.images().shape());
      assertEquals(.5, batch.weights().getFloat(0));
      for (int i = 2; i < 4; i++) {
        assertEquals(.125, batch.weights().getFloat(i), "lambda / n");
        for (int k = 0; k < 4; k++) {
          assertEquals(.25, batch.targets().getFloat(i, k));
        }
        seen.merge(Math.round(255 * batch.images().getFloat(i, 0, 0, 0)), 1, Integer::sum);
      }
    }
    assertEquals(Map.of(151, 4, 152, 4, 153, 4), seen);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void outliers_weightOutOfRange_isRefused(double weight) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Outliers(pixels(1), weight))
            .getMessage();
    assertEquals(
        "lambda is " + weight + "; it must be at least 0 and finite, and 0.5 is usual", message);
  }
}
