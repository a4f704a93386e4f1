package io.credence.app.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code .npy} files byte by byte, also wrong ones. */
public final class NpyBytes {

  private NpyBytes() {}

  /** A file of version 1 in C order, as NumPy writes it. */
  public static Path write(Path file, String descr, String shape, ByteBuffer data)
      throws IOException {
    byte[] copy = new byte[data.capacity()];
    data.rewind().get(copy);
    return Files.write(file, bytes(1, header("'" + descr + "'", "False", shape), copy));
  }

  public static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A file of float32 zeros. */
  public static Path zeros(Path file, int... dims) throws IOException {
    StringBuilder shape = new StringBuilder("(");
    int values = 1;
    for (int dim : dims) {
      shape.append(dim).append(", ");
      values *= dim;
    }
    return write(file, "<f4", shape.append(')').toString(), littleEndian(4 * values));
  }

  /** The text of a header, as NumPy writes it. */
  public static String header(String descr, String fortranOrder, String shape) {
    return "{'descr': "
        + descr
        + ", 'fortran_order': "
        + fortranOrder
        + ", 'shape': "
        + shape
        + ", }";
  }

  /** A whole file of a version from 1 to 3. */
  public static byte[] bytes(int major, String header, byte[] data) {
    int prefix = major == 1 ? 10 : 12;
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    int length = (prefix + text.length + 64) / 64 * 64 - prefix;
    byte[] all = new byte[prefix + length + data.length];
    ByteBuffer bytes = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) major).put((byte) 0);
    if (major == 1) {
      bytes.putShort((short) length);
    } else {
      bytes.putInt(length);
    }
    bytes.put(text);
    while (bytes.position() < prefix + length - 1) {
      bytes.put((byte) ' ');
    }
    bytes.put((byte) '\n').put(data);
    return all;
  }
}
