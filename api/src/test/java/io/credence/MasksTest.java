package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {

  @ParameterizedTest
  @CsvSource({"shared, SHARED", "SHARED, SHARED", "per-row, PER_ROW", "Per_Row, PER_ROW"})
  void parse_everySpelling_isThatKind(String name, Masks masks) {
    assertEquals(masks, Masks.parse(name));
    assertEquals(masks, Masks.parse(" " + name + "\n"));
  }

  @Test
  void values_areThoseTestedHere() {
    assertEquals(List.of(Masks.SHARED, Masks.PER_ROW), List.of(Masks.values()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "row", "perrow"})
  void parse_unknown_listsTheChoices(String name) {
    assertEquals(
        "masks \"" + name + "\" are unknown; choose one of SHARED, PER_ROW",
        assertThrows(IllegalArgumentException.class, () -> Masks.parse(name)).getMessage());
  }
}
