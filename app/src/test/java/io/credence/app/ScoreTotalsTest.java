package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.ElementType;
import io.credence.Masks;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.RegressionPrediction;
import io.credence.SamplingCost;
import io.credence.SamplingPlan;
import io.credence.TensorSpec;
import io.credence.app.input.BadRow;
import io.credence.statistics.RegressionMoments;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class ScoreTotalsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SHARED | 1 inputs scored with 4 passes, seed 9; 2 skipped",
        "PER_ROW | 1 inputs scored with 4 passes, seed 9, masks per row; 2 skipped"
      })
  void print_anyPlan_namesPassesSeedAndUnusualMasks(Masks masks, String firstLine) {
    SamplingPlan plan = new SamplingPlan(4, 9, masks);
    TensorSpec y = new TensorSpec("y", ElementType.FLOAT32, Shape.of(-1, 1));
    ScoreTotals totals =
        new ScoreTotals(
            plan,
            new ModelDescription(
                "m",
                "s",
                List.of(),
                y,
                OutputKind.MEAN,
                List.of(),
                List.of(),
                new SamplingCost(1, 1, .5, Optional.empty())),
            Optional.empty());
    RegressionMoments moments = RegressionMoments.of(1, 1);
    for (int pass = 0; pass < 4; pass++) {
      moments.add(new float[1]);
    }
    totals.add(new RegressionPrediction(moments.summaries(), plan, List.of()));
    totals.addBad(List.of(new BadRow(0, "0", "a"), new BadRow(1, "1", "b")));
    StringWriter text = new StringWriter();
    totals.print(new PrintWriter(text, true));
    assertEquals(firstLine, text.toString().lines().findFirst().orElseThrow());
    assertEquals(masks.name(), totals.toJson().at("/plan/masks").textValue());
  }
}
