package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
