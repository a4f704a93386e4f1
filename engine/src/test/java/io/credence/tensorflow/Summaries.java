package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.statistics.ClassificationMeasure;
import io.credence.statistics.ClassificationSummary;
import java.util.List;

/** Compares summaries that should be the same but for rounding. */
final class Summaries {

  /** Of statistics of the very same samples. */
  static final double ROUNDING = 1e-12;

  private Summaries() {}

  static void assertClose(
      List<ClassificationSummary> expected, List<ClassificationSummary> actual) {
    assertEquals(expected.size(), actual.size());
    for (int n = 0; n < expected.size(); n++) {
      assertClose(expected.get(n), actual.get(n), ROUNDING);
    }
  }

  static void assertClose(
      ClassificationSummary expected, ClassificationSummary actual, double absolute) {
    assertEquals(expected.samples(), actual.samples());
    for (ClassificationMeasure measure : ClassificationMeasure.values()) {
      assertEquals(measure.of(expected), measure.of(actual), absolute, measure.name());
      assertEquals(
          expected.standardError(measure).orElseThrow(),
          actual.standardError(measure).orElseThrow(),
          absolute,
          measure.name());
    }
  }
}
