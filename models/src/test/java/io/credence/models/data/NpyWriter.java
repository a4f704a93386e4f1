package io.credence.models.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes arrays as numpy.save does. */
public final class NpyWriter {

  private NpyWriter() {}

  /** Writes float32 in C order. */
  public static void write(Path file, float[] values, int... shape) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    Files.write(file, bytes(1, "<f4", "False", shape, data.array()));
  }

  /** A file of that version, type, order and shape. */
  static byte[] bytes(int version, String type, String fortran, int[] shape, byte[] data) {
    String dims =
        Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    String text =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }"
            .formatted(type, fortran, shape.length == 1 ? dims + "," : dims);
    int lengthBytes = version == 1 ? 2 : 4;
    int start = 8 + lengthBytes;
    int size = (start + text.length() + 1 + 63) / 64 * 64 - start;
    ByteBuffer file =
        ByteBuffer.allocate(start + size + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      file.putShort((short) size);
    } else {
      file.putInt(size);
    }
    file.put((text + " ".repeat(size - text.length() - 1) + "\n").getBytes(StandardCharsets.UTF_8));
    return file.put(data).array();
  }
}
