package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class TensorSpecTest {

  private static final long ANY = Shape.UNKNOWN_SIZE;
  private static final TensorSpec IMAGE =
      new TensorSpec("image", ElementType.FLOAT32, Shape.of(ANY, 32, 24, 3));

  @Test
  void accepts_knownDimensionsEqual_isTrueForAnyBatch() {
    assertTrue(IMAGE.accepts(Shape.of(1, 32, 24, 3)));
    assertTrue(IMAGE.accepts(Shape.of(500, 32, 24, 3)));
  }

  @Test
  void accepts_aKnownDimensionDiffers_isFalse() {
    assertFalse(IMAGE.accepts(Shape.of(1, 32, 24, 1)));
    assertFalse(IMAGE.accepts(Shape.of(1, 24, 32, 3)));
    assertFalse(IMAGE.accepts(Shape.of(1, ANY, 24, 3)));
  }

  @Test
  void accepts_anotherRank_isFalse() {
    assertFalse(IMAGE.accepts(Shape.of(32, 24, 3)));
    assertFalse(IMAGE.accepts(Shape.of(1, 32, 24, 3, 1)));
    assertFalse(IMAGE.accepts(Shape.scalar()));
    assertFalse(IMAGE.accepts(Shape.unknown()));
  }

  @Test
  void accepts_ownShapeUnknown_isTrueForAll() {
    TensorSpec free = new TensorSpec("x", ElementType.INT64, Shape.unknown());
    assertTrue(free.accepts(Shape.of(2, 3)));
    assertTrue(free.accepts(Shape.scalar()));
    assertTrue(free.accepts(Shape.unknown()));
  }

  @Test
  void acceptsRow_isFreeOfTheNumberOfRows() {
    TensorSpec four = new TensorSpec("x", ElementType.FLOAT32, Shape.of(4, 3, ANY));
    assertTrue(four.acceptsRow(Shape.of(3, 7)));
    assertFalse(four.acceptsRow(Shape.of(4, 3)));
    assertFalse(four.acceptsRow(Shape.of(3)));
    assertFalse(four.accepts(Shape.of(1, 3, 7)));
    assertTrue(IMAGE.acceptsRow(Shape.of(32, 24, 3)));
    assertTrue(new TensorSpec("x", ElementType.INT64, Shape.of(ANY)).acceptsRow(Shape.scalar()));
  }

  @Test
  void acceptsRow_ofNoShapeOrAScalar_isAllOrNothing() {
    assertTrue(new TensorSpec("x", ElementType.INT64, Shape.unknown()).acceptsRow(Shape.of(5)));
    TensorSpec scalar = new TensorSpec("x", ElementType.INT64, Shape.scalar());
    assertFalse(scalar.acceptsRow(Shape.scalar()));
  }

  @Test
  void rows_areTheFirstDimensionWhereItIsFixed() {
    assertEquals(
        OptionalLong.of(4), new TensorSpec("x", ElementType.INT64, Shape.of(4, ANY)).rows());
    assertEquals(OptionalLong.empty(), IMAGE.rows());
    assertEquals(
        OptionalLong.empty(), new TensorSpec("x", ElementType.INT64, Shape.unknown()).rows());
    assertEquals(
        OptionalLong.empty(), new TensorSpec("x", ElementType.INT64, Shape.scalar()).rows());
  }

  @Test
  void toString_isNameTypeAndShape() {
    assertEquals("image FLOAT32[?, 32, 24, 3]", IMAGE.toString());
    assertEquals(
        "x INT64[...]", new TensorSpec("x", ElementType.INT64, Shape.unknown()).toString());
  }

  @Test
  void describe_scalar_isEmptyBrackets() {
    assertEquals("[]", TensorSpec.describe(Shape.scalar()));
  }
}
