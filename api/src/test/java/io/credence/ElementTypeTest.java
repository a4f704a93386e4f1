package io.credence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;

class ElementTypeTest {

  static Stream<Arguments> arrays() {
    Shape shape = Shape.of(2);
    return Stream.of(
        arguments(ElementType.FLOAT32, NdArrays.ofFloats(shape), true),
        arguments(ElementType.FLOAT64, NdArrays.ofDoubles(shape), true),
        arguments(ElementType.INT32, NdArrays.ofInts(shape), false),
        arguments(ElementType.INT64, NdArrays.ofLongs(shape), false),
        arguments(ElementType.UINT8, NdArrays.ofBytes(shape), false),
        arguments(ElementType.BOOL, NdArrays.ofBooleans(shape), false),
        arguments(ElementType.STRING, NdArrays.ofObjects(String.class, shape), false));
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void carrier_ofEachType_takesItsArrays(ElementType type, NdArray<?> array, boolean floating) {
    assertEquals(true, type.carrier().isInstance(array));
    assertEquals(floating, type.isFloating());
  }

  @Test
  void arrays_coverEveryType() {
    assertEquals(
        Set.of(ElementType.values()), arrays().map(a -> a.get()[0]).collect(Collectors.toSet()));
  }
}
