package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.ndarray.Shape;

class BatchRowsTest {

  private static final Path INPUT = Path.of("x.npy");
  private static final String FIX =
      "input \"x\" reads [4, ?], exactly 4 rows at a time; add 2 rows or drop 2, or export the"
          + " model with a free first dimension";

  private static TensorSpec spec(String name, long... shape) {
    return new TensorSpec(name, ElementType.FLOAT32, Shape.of(shape));
  }

  private static BatchRows four() {
    return BatchRows.of(List.of(spec("a", -1, 2), spec("x", 4, -1)));
  }

  private static InputBatch batch(String... ids) {
    return new InputBatch(List.of(ids), Map.of());
  }

  @ParameterizedTest
  @CsvSource({"3072, 256", "65536, 255", "16777216, 1", "99999999, 1", "-1, 256"})
  void of_freeFirstDimension_fitsMemory(long row, int rows) {
    assertEquals(rows, BatchRows.of(List.of(spec("x", -1, row))).count());
  }

  @Test
  void of_unknownShape_isTheMaximum() {
    TensorSpec unknown = new TensorSpec("x", ElementType.FLOAT32, Shape.unknown());
    assertEquals(256, BatchRows.of(List.of(unknown)).count());
  }

  @ParameterizedTest
  @CsvSource({"1", "4", "1000"})
  void of_fixedFirstDimension_isThat(int rows) {
    assertEquals(rows, BatchRows.of(List.of(spec("x", rows, 16_777_216))).count());
  }

  @Test
  void checkSize_remainder_namesItAndTheFix() {
    assertEquals(
        "x.npy holds 10 rows, but " + FIX,
        assertThrows(BadInputException.class, () -> four().checkSize(INPUT, OptionalLong.of(10)))
            .getMessage());
  }

  @Test
  void checkSize_fewerThanABatch_doesNotSayToDropAll() {
    assertEquals(
        "x.npy holds 3 rows, but input \"x\" reads [4, ?], exactly 4 rows at a time; add 1 rows,"
            + " or export the model with a free first dimension",
        assertThrows(BadInputException.class, () -> four().checkSize(INPUT, OptionalLong.of(3)))
            .getMessage());
  }

  @Test
  void checkSize_noRemainderOrUnknownOrFree_isFine() {
    assertDoesNotThrow(() -> four().checkSize(INPUT, OptionalLong.of(8)));
    assertDoesNotThrow(() -> four().checkSize(INPUT, OptionalLong.empty()));
    BatchRows free = BatchRows.of(List.of(spec("x", -1, 4)));
    assertDoesNotThrow(() -> free.checkSize(INPUT, OptionalLong.of(257)));
    assertDoesNotThrow(() -> free.check(INPUT, batch("0"), 256));
  }

  @Test
  void check_batchThatLacksRows_namesThemAndTheFix() {
    assertDoesNotThrow(() -> four().check(INPUT, batch("a", "b", "c", "d"), 0));
    assertEquals(
        "x.npy gives 6 rows, the last 2 of them (\"e\" to \"f\") too few for a batch of one"
            + " shape, but "
            + FIX,
        assertThrows(BadInputException.class, () -> four().check(INPUT, batch("e", "f"), 4))
            .getMessage());
  }
}
