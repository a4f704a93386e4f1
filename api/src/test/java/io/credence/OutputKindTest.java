package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputKindTest {

  @ParameterizedTest
  @CsvSource({
    "PROBABILITIES, false, true",
    "LOGITS, false, true",
    "BINARY_PROBABILITY, true, true",
    "BINARY_LOGIT, true, true",
    "MEAN, false, false",
    "MEAN_AND_VARIANCE, false, false",
    "MEAN_AND_LOG_VARIANCE, false, false",
    "QUANTILES, false, false",
    "MIXTURE_DENSITY, false, false"
  })
  void isBinaryAndIsClassification_ofEachKind_areAsDocumented(
      OutputKind kind, boolean binary, boolean classification) {
    assertEquals(binary, kind.isBinary());
    assertEquals(classification, kind.isClassification());
  }

  @Test
  void values_areThoseTestedHere() {
    assertEquals(
        List.of(
            OutputKind.PROBABILITIES,
            OutputKind.LOGITS,
            OutputKind.BINARY_PROBABILITY,
            OutputKind.BINARY_LOGIT,
            OutputKind.MEAN,
            OutputKind.MEAN_AND_VARIANCE,
            OutputKind.MEAN_AND_LOG_VARIANCE,
            OutputKind.QUANTILES,
            OutputKind.MIXTURE_DENSITY),
        List.of(OutputKind.values()));
  }

  @ParameterizedTest
  @EnumSource
  void parse_everyKindInEverySpelling_isThatKind(OutputKind kind) {
    String lower = kind.name().toLowerCase(Locale.ROOT);
    assertEquals(kind, OutputKind.parse(kind.name()));
    assertEquals(kind, OutputKind.parse(lower));
    assertEquals(kind, OutputKind.parse(lower.replace('_', '-')));
    assertEquals(kind, OutputKind.parse("  " + lower + "\n"));
  }

  @Test
  void parse_whereTheLocaleIsTurkish_isTheSame() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      assertEquals(OutputKind.LOGITS, OutputKind.parse("logits"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "softmax", "LOGIT", "binary probability"})
  void parse_unknown_listsTheChoices(String name) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> OutputKind.parse(name)).getMessage();
    assertEquals(
        "output kind \""
            + name
            + "\" is unknown; choose one of PROBABILITIES, LOGITS, BINARY_PROBABILITY,"
            + " BINARY_LOGIT, MEAN, MEAN_AND_VARIANCE, MEAN_AND_LOG_VARIANCE, QUANTILES,"
            + " MIXTURE_DENSITY",
        message);
  }
}
