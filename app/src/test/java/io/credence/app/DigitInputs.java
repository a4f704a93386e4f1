package io.credence.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.credence.app.input.NpyBytes;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** The same few street digits, in every format that is read. */
final class DigitInputs {

  static final int COUNT = 6;
  static final List<Picture> PICTURES =
      IntStream.range(0, COUNT).mapToObj(i -> StreetDigits.of(99).digit(i)).toList();

  private DigitInputs() {}

  /** PNG files, the last one in a folder of its own, which comes last by path too. */
  static Path png(Path folder) throws IOException {
    for (Picture picture : PICTURES) {
      ImageIO.write(picture.toImage(), "png", file(folder, picture).toFile());
    }
    return folder;
  }

  static Path file(Path folder, Picture picture) throws IOException {
    Path in = PICTURES.indexOf(picture) == COUNT - 1 ? folder.resolve("night") : folder;
    Files.createDirectories(in);
    return in.resolve(picture.id() + ".png");
  }

  static Path float32(Path file) throws IOException {
    ByteBuffer data = NpyBytes.littleEndian(4 * values().length);
    for (float value : values()) {
      data.putFloat(value);
    }
    return NpyBytes.write(file, "<f4", shape(), data);
  }

  static Path float64(Path file) throws IOException {
    ByteBuffer data = NpyBytes.littleEndian(8 * values().length);
    for (float value : values()) {
      data.putDouble(value);
    }
    return NpyBytes.write(file, "<f8", shape(), data);
  }

  static Path uint8(Path file) throws IOException {
    return NpyBytes.write(file, "|u1", shape(), ByteBuffer.wrap(pixels()));
  }

  /** Lines with an {@code id}, or without. */
  static Path jsonLines(Path file, boolean named) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (Picture picture : PICTURES) {
      ObjectNode row = mapper.createObjectNode();
      if (named) {
        row.put("id", picture.id());
      }
      float[] values = new float[Picture.VALUES];
      picture.copyTo(values, 0, 1f / 255);
      ArrayNode image = row.putArray("image");
      for (int y = 0; y < Picture.HEIGHT; y++) {
        ArrayNode line = image.addArray();
        for (int x = 0; x < Picture.WIDTH; x++) {
          ArrayNode pixel = line.addArray();
          for (int c = 0; c < Picture.CHANNELS; c++) {
            pixel.add(values[(y * Picture.WIDTH + x) * Picture.CHANNELS + c]);
          }
        }
      }
      lines.append(mapper.writeValueAsString(row)).append('\n');
    }
    return Files.writeString(file, lines);
  }

  static Path idx(Path file) throws IOException {
    return Files.write(file, idxBytes());
  }

  static Path idxGz(Path file) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(idxBytes());
    }
    return file;
  }

  /** The header of an IDX file of unsigned bytes, and its elements. */
  static byte[] idxBytes(byte[] elements, int... shape) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * shape.length + elements.length);
    bytes.put(new byte[] {0, 0, 8, (byte) shape.length});
    for (int dimension : shape) {
      bytes.putInt(dimension);
    }
    return bytes.put(elements).array();
  }

  private static byte[] idxBytes() {
    return idxBytes(pixels(), COUNT, Picture.HEIGHT, Picture.WIDTH, Picture.CHANNELS);
  }

  private static byte[] pixels() {
    ByteBuffer pixels = ByteBuffer.allocate(COUNT * Picture.VALUES);
    PICTURES.forEach(picture -> pixels.put(picture.pixels()));
    return pixels.array();
  }

  private static float[] values() {
    float[] values = new float[COUNT * Picture.VALUES];
    for (int i = 0; i < COUNT; i++) {
      PICTURES.get(i).copyTo(values, i * Picture.VALUES, 1f / 255);
    }
    return values;
  }

  private static String shape() {
    return "(" + COUNT + ", 32, 32, 3)";
  }
}
