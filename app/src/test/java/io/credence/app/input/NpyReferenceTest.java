package io.credence.app.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.credence.ElementType;
import io.credence.TensorSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/**
 * Reads files that NumPy wrote; {@code make_npy.py} beside them says how. Values are equal to the
 * last bit: both sides widen exactly, or round float64 to float32 to the nearest even.
 */
class NpyReferenceTest {

  private static Path file(String name) {
    try {
      return Path.of(NpyReferenceTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static Stream<Arguments> cases(boolean refused) {
    try {
      JsonNode cases = new ObjectMapper().readTree(file("expected.json").toFile()).get("cases");
      return StreamSupport.stream(cases.spliterator(), false)
          .filter(each -> each.has("refused") == refused)
          .map(each -> Arguments.of(each.get("file").asText(), each.get("input").asText(), each));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> readable() {
    return cases(false);
  }

  static Stream<Arguments> unreadable() {
    return cases(true);
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("readable")
  void read_fileOfNumpy_sameValues(String name, String type, JsonNode expected) throws IOException {
    long[] shape = new ObjectMapper().convertValue(expected.get("shape"), long[].class);
    List<Object> values = new ArrayList<>();
    for (JsonNode value : expected.get("values")) {
      values.add(value.isIntegralNumber() ? (Object) value.longValue() : value.doubleValue());
    }
    TensorSpec spec = new TensorSpec("x", ElementType.valueOf(type), Shape.unknown());
    try (NpyFile file = new NpyFile(file(name), spec)) {
      InputBatch batch = file.next(100).orElseThrow();
      NdArray<?> array = Values.array(batch);
      assertArrayEquals(shape, array.shape().asArray());
      assertTrue(ElementType.valueOf(type).carrier().isInstance(array));
      assertEquals(values, Values.list(array));
      assertEquals(shape[0], batch.ids().size());
      assertTrue(file.next(1).isEmpty());
    }
  }

  @ParameterizedTest(name = "{0} as {1}")
  @MethodSource("unreadable")
  void open_fileThatFitsNoInput_isRefused(String name, String type, JsonNode expected) {
    TensorSpec spec = new TensorSpec("x", ElementType.valueOf(type), Shape.unknown());
    String message =
        assertThrows(BadInputException.class, () -> new NpyFile(file(name), spec).close())
            .getMessage();
    assertTrue(message.startsWith(file(name).toString()), message);
    assertTrue(message.contains(expected.get("refused").asText()), message);
  }
}
