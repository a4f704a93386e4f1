package io.credence.app;

import io.credence.app.input.NpyBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Rows for {@link TinyModels}; row i is the same however many there are. */
final class TinyInputs {

  private TinyInputs() {}

  /** Rows of four numbers, from a first to before a last. */
  static Path rows(Path file, int from, int to) {
    return npy(file, from, to, "4", 4);
  }

  /** Rows of 2 × 3 places of four numbers. */
  static Path maps(Path file, int from, int to) {
    return npy(file, from, to, "2, 3, 4", 24);
  }

  private static Path npy(Path file, int from, int to, String dims, int each) {
    ByteBuffer data = NpyBytes.littleEndian((to - from) * each * Float.BYTES);
    IntStream.range(from * each, to * each).forEach(i -> data.putFloat(value(i)));
    try {
      return NpyBytes.write(file, "<f4", "(" + (to - from) + ", " + dims + ")", data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One row as JSON Lines, its input under some name. */
  static Path line(Path file, String input, int row) throws IOException {
    return Files.writeString(
        file,
        "{\"%s\":[%s,%s,%s,%s]}\n"
            .formatted(
                input, value(4 * row), value(4 * row + 1), value(4 * row + 2), value(4 * row + 3)));
  }

  private static float value(int i) {
    return (float) Math.sin(i * 1.7);
  }
}
