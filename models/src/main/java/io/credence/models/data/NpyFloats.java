package io.credence.models.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads a small array of float32 that NumPy saved, {@code .npy}, whole and of a known shape: the
 * weights of a layer. Format: numpy.lib.format, versions 1 to 3.
 */
public final class NpyFloats {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \\(([\\d, ]*)\\), \\}\\s*");

  private NpyFloats() {}

  /**
   * Reads an array.
   *
   * @param file the {@code .npy} file
   * @param shape the shape that it must have
   * @return its elements, the last dimension fastest
   * @throws IOException if the file cannot be read, is damaged, or holds another shape, another
   *     type, or a value that is not finite; the message names the file, what is there and what is
   *     needed
   */
  public static float[] read(Path file, int... shape) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Matcher header = header(file, bytes, data);
    String needed = text(shape);
    if (!header.group(1).equals("<f4") || header.group(2).equals("True")) {
      throw new IOException(
          file
              + " holds elements of type '"
              + header.group(1)
              + "'"
              + (header.group(2).equals("True") ? " in Fortran order" : "")
              + ", but '<f4' in C order is needed; save it with"
              + " numpy.ascontiguousarray(a, 'float32')");
    }
    String there = text(dims(file, header.group(3)));
    if (!there.equals(needed)) {
      throw new IOException(
          file + " has shape " + there + ", but " + needed + " is needed; name the right weights");
    }
    float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    if (data.remaining() != (long) values.length * Float.BYTES) {
      throw new IOException(
          file
              + " is damaged: shape "
              + there
              + " takes "
              + (long) values.length * Float.BYTES
              + " bytes, but "
              + data.remaining()
              + " are there; save it again");
    }
    data.asFloatBuffer().get(values);
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IOException(
            file + " holds " + values[i] + " at element " + i + "; every value must be finite");
      }
    }
    return values;
  }

  private static Matcher header(Path file, byte[] bytes, ByteBuffer data) throws IOException {
    if (bytes.length < 12 || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new IOException(
          file
              + (bytes.length < 12 ? " is damaged: " + bytes.length + " bytes" : " is no .npy file")
              + "; save it with numpy.save");
    }
    int major = bytes[MAGIC.length];
    data.position(MAGIC.length + 2);
    long length = major == 1 ? data.getShort() & 0xFFFF : data.getInt() & 0xFFFFFFFFL;
    if (major < 1 || major > 3 || length > data.remaining()) {
      throw new IOException(
          file
              + " has a damaged header: version "
              + major
              + ", length "
              + length
              + ", and "
              + data.remaining()
              + " bytes are there; save it again");
    }
    byte[] text = new byte[(int) length];
    data.get(text);
    Matcher header = HEADER.matcher(new String(text, StandardCharsets.UTF_8));
    if (!header.matches()) {
      throw new IOException(
          file
              + " has a header that is not understood: "
              + new String(text, StandardCharsets.UTF_8).strip()
              + "; save one plain array of float32");
    }
    return header;
  }

  private static int[] dims(Path file, String text) throws IOException {
    try {
      return Arrays.stream(text.split(",", -1))
          .map(String::strip)
          .filter(dim -> !dim.isEmpty())
          .mapToInt(Integer::parseInt)
          .toArray();
    } catch (NumberFormatException e) {
      throw new IOException(file + " has a damaged shape: (" + text + "); save it again", e);
    }
  }

  private static String text(int[] shape) {
    return Arrays.stream(shape)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
