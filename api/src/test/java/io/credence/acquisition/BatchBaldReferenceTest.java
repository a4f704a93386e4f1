package io.credence.acquisition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.credence.acquisition.BatchBald.Pick;
import io.credence.calibration.ReferenceFile;
import io.credence.calibration.ReferenceFile.Case;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Picks and gains against {@code make_batchbald_reference.py}, which enumerates all labels. That
 * program says why the tolerance is what it is.
 */
class BatchBaldReferenceTest {

  private static final double TOLERANCE = 1e-12;

  static List<Case> cases() {
    return ReferenceFile.cases("/io/credence/acquisition/batchbald-reference.json", "cases");
  }

  static double[][][] distributions(Case reference) {
    return StreamSupport.stream(reference.node().get("distributions").spliterator(), false)
        .map((JsonNode each) -> new Case(each.deepCopy()))
        .map(BatchBaldReferenceTest::rows)
        .toArray(double[][][]::new);
  }

  private static double[][] rows(Case candidate) {
    double[][] rows = new double[candidate.node().size()][];
    for (int t = 0; t < rows.length; t++) {
      JsonNode row = candidate.node().get(t);
      rows[t] = new double[row.size()];
      for (int k = 0; k < row.size(); k++) {
        rows[t][k] = row.get(k).doubleValue();
      }
    }
    return rows;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void picks_whereAllConfigurationsFit_areThoseOfBruteForce(Case reference) {
    double[][][] distributions = distributions(reference);
    List<Pick> picks =
        new BatchBald(20_000, 1).pick(distributions, reference.node().get("labels").intValue());
    assertEquals(
        Arrays.stream(reference.integers("picks")).boxed().toList(),
        picks.stream().map(Pick::candidate).toList());
    double[] gains = reference.numbers("gains");
    for (int i = 0; i < gains.length; i++) {
      assertEquals(gains[i], picks.get(i).gain(), TOLERANCE, "gain " + i);
    }
    assertEquals(
        reference.number("information"),
        picks.stream().mapToDouble(Pick::gain).sum(),
        gains.length * TOLERANCE);
    double[] bald = reference.numbers("bald");
    for (int n = 0; n < bald.length; n++) {
      double[][][] alone = {distributions[n]};
      assertEquals(bald[n], new BatchBald(100, 1).pick(alone, 1).get(0).gain(), TOLERANCE);
    }
  }

  /**
   * As many configurations as the picks need are summed over, no less: gains are then the same
   * whatever the seed.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void picks_whereAllConfigurationsJustFit_doNotDependOnTheSeed(Case reference) {
    double[][][] distributions = distributions(reference);
    int labels = Math.min(reference.node().get("labels").intValue(), distributions.length);
    int passes = distributions[0].length;
    int all = (int) Math.pow(reference.node().get("classes").intValue(), labels - 1);
    List<Pick> picks = new BatchBald(Math.max(all, passes), 1).pick(distributions, labels);
    assertEquals(picks, new BatchBald(Math.max(all, passes), 2).pick(distributions, labels));
    assertEquals(
        reference.number("information"), picks.stream().mapToDouble(Pick::gain).sum(), 1e-11);
  }
}
