package io.credence.models.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFloatsTest {

  private static final float[] VALUES = {1, -2, 3.5f, 0, 1e-20f, 6};

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("a.npy");
  }

  private static byte[] data(float... values) {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return data.array();
  }

  private String refused(byte[] bytes, int... shape) throws IOException {
    Files.write(file, bytes);
    String message =
        assertThrows(IOException.class, () -> NpyFloats.read(file, shape)).getMessage();
    assertTrue(message.startsWith(file + " "), message);
    return message.substring(file.toString().length() + 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void read_eachVersion_givesTheValues(int version) throws IOException {
    Files.write(file, NpyWriter.bytes(version, "<f4", "False", new int[] {2, 3}, data(VALUES)));
    assertArrayEquals(VALUES, NpyFloats.read(file, 2, 3));
  }

  @Test
  void read_cutShort_tellsTheBytes() throws IOException {
    byte[] whole = NpyWriter.bytes(1, "<f4", "False", new int[] {2, 3}, data(VALUES));
    assertEquals(
        "is damaged: shape [2, 3] takes 24 bytes, but 21 are there; save it again",
        refused(Arrays.copyOf(whole, whole.length - 3), 2, 3));
    assertEquals(
        "is damaged: shape [2, 3] takes 24 bytes, but 25 are there; save it again",
        refused(Arrays.copyOf(whole, whole.length + 1), 2, 3));
    assertEquals(
        "has a damaged header: version 1, length 118, and 10 bytes are there; save it again",
        refused(Arrays.copyOf(whole, 20), 2, 3));
    assertEquals("is damaged: 5 bytes; save it with numpy.save", refused(new byte[5], 2, 3));
  }

  @Test
  void read_noNpy_isRefused() throws IOException {
    assertEquals("is no .npy file; save it with numpy.save", refused(new byte[64], 2, 3));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<f8", ">f4", "|u1", "<i4"})
  void read_otherType_isNamed(String type) throws IOException {
    String message =
        refused(NpyWriter.bytes(1, type, "False", new int[] {2, 3}, data(VALUES)), 2, 3);
    assertTrue(message.startsWith("holds elements of type '" + type + "', but '<f4'"), message);
  }

  @Test
  void read_fortranOrder_isRefused() throws IOException {
    String message =
        refused(NpyWriter.bytes(1, "<f4", "True", new int[] {2, 3}, data(VALUES)), 2, 3);
    assertTrue(message.contains("in Fortran order, but '<f4' in C order is needed"), message);
  }

  @Test
  void read_otherShape_namesBoth() throws IOException {
    assertEquals(
        "has shape [2, 3], but [3, 2] is needed; name the right weights",
        refused(NpyWriter.bytes(1, "<f4", "False", new int[] {2, 3}, data(VALUES)), 3, 2));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void read_notFinite_namesTheElement(float bad) throws IOException {
    assertEquals(
        "holds " + bad + " at element 1; every value must be finite",
        refused(NpyWriter.bytes(1, "<f4", "False", new int[] {2}, data(1, bad)), 2));
  }
}
