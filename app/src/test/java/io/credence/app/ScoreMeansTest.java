package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.ElementType;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.RegressionPrediction;
import io.credence.SamplingCost;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import io.credence.statistics.RegressionMoments;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class ScoreMeansTest {

  @Test
  void print_manyTargets_showsTenAndCountsTheRest() {
    TensorSpec y = new TensorSpec("y", ElementType.FLOAT32, Shape.of(-1, 12));
    ScoreMeans means =
        ScoreMeans.of(
            new ModelDescription(
                "m",
                "s",
                List.of(),
                y,
                OutputKind.MEAN,
                List.of(),
                List.of(),
                new SamplingCost(1, 1, .5, Optional.empty())),
            SamplingPlan.of(2));
    for (int half : new int[] {2, 4}) {
      // Each target is 0 in one pass and 2 · half in the other: a deviation of half.
      RegressionMoments moments = RegressionMoments.of(1, 12);
      moments.add(new float[12]);
      float[] other = new float[12];
      java.util.Arrays.fill(other, 2 * half);
      moments.add(other);
      means.add(new RegressionPrediction(moments.summaries(), SamplingPlan.of(2), List.of()));
    }
    StringWriter text = new StringWriter();
    means.print(new PrintWriter(text, true));
    List<String> lines = text.toString().lines().toList();
    assertEquals(12, lines.size(), text::toString);
    assertEquals("  target 0                3.000", lines.get(1));
    assertEquals("  target 9                3.000", lines.get(10));
    assertEquals("  and of 2 targets more", lines.get(11));
  }
}
