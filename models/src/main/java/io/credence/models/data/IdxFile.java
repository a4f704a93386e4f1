package io.credence.models.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a file of unsigned bytes in the IDX format, in which MNIST and its relatives are published:
 * the bytes 0, 0, element type, number of dimensions, then each dimension as a big-endian 32-bit
 * integer, then the elements, the last dimension fastest. A gzip-compressed file is recognised by
 * its content, not by its name.
 *
 * <p>The file is read as a stream, one block of rows after another; a row is all elements with the
 * same first index. Not safe for use by several threads. The caller owns the file and closes it.
 *
 * <p>Format: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
 */
public final class IdxFile implements AutoCloseable {
  private static final int UNSIGNED_BYTE = 0x08;
  private static final String AGAIN = "; download it again";

  private final Path path;
  private final InputStream in;
  private final int[] shape;
  private final int rowLength;
  private int rowsRead;
  private boolean endChecked;
  private boolean closed;

  private IdxFile(Path path, InputStream in, int[] shape) throws IOException {
    this.path = path;
    this.in = in;
    this.shape = shape;
    this.rowLength = rowLength(path, shape);
  }

  /**
   * Opens a file and reads its header.
   *
   * @param path an IDX file, plain or gzip-compressed
   * @return the open file, before its first row
   * @throws IOException if the file can't be read, is not an IDX file of unsigned bytes, or has a
   *     header that no file can keep; the message names the file and what was found
   */
  public static IdxFile open(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      in.mark(4);
      byte[] first = in.readNBytes(4);
      in.reset();
      if (first.length == 0) {
        throw new IOException(path + " is empty; expected an IDX file" + AGAIN);
      }
      if (first.length >= 2 && first[0] == 0x1f && first[1] == (byte) 0x8b) {
        in = unzip(path, in);
      }
      return new IdxFile(path, in, readShape(path, in));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Reads a file of labels, which has one dimension.
   *
   * @param path an IDX file, plain or gzip-compressed
   * @return the labels, one unsigned byte each
   * @throws IOException as {@link #open} and {@link #read}, or if the file has more than one
   *     dimension
   */
  public static byte[] readLabels(Path path) throws IOException {
    try (IdxFile file = open(path)) {
      if (file.shape.length != 1) {
        throw new IOException(
            path
                + " has the shape "
                + Arrays.toString(file.shape)
                + "; a file of labels has one dimension; give the path of the labels, not of the images");
      }
      return file.read(Math.max(1, file.shape[0]));
    }
  }

  /**
   * The dimensions the header states, the number of rows first.
   *
   * @return a copy, such as {@code [10000, 28, 28]}
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * Reads the next rows.
   *
   * @param rows how many rows to read at most, at least 1
   * @return the elements of {@code rows} rows, of fewer at the end of the file, empty after it
   * @throws IOException if the file holds fewer or more bytes than its header promises, or can't be
   *     read
   * @throws IllegalArgumentException if {@code rows < 1}, or the rows to read have more than 2³¹ −
   *     9 elements
   * @throws IllegalStateException if the file is closed
   */
  public byte[] read(int rows) throws IOException {
    if (closed) {
      throw new IllegalStateException(path + " is closed; read it before close()");
    }
    if (rows < 1) {
      throw new IllegalArgumentException("rows " + rows + " is not positive");
    }
    int count = Math.min(rows, shape[0] - rowsRead);
    long length = (long) count * rowLength;
    if (length > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "rows "
              + rows
              + " of "
              + rowLength
              + " bytes do not fit into one array; read fewer at a time");
    }
    byte[] block = readFully((int) length);
    rowsRead += count;
    if (rowsRead == shape[0] && !endChecked) {
      checkEnd();
      endChecked = true;
    }
    return block;
  }

  /** Closes the file. Closing it again has no effect. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      in.close();
    }
  }

  /**
   * The array grows with the bytes that arrive, so a false header can't make it allocate what isn't
   * there.
   */
  private byte[] readFully(int length) throws IOException {
    long before = (long) rowsRead * rowLength;
    byte[] block;
    try {
      block = in.readNBytes(length);
    } catch (EOFException e) {
      throw new IOException(
          path + " is cut off: the gzip stream ends early, " + promise() + AGAIN, e);
    } catch (ZipException e) {
      throw damaged(path, e);
    }
    if (block.length < length) {
      throw new IOException(
          path + " is cut off: " + promise() + " but it holds " + (before + block.length) + AGAIN);
    }
    return block;
  }

  private void checkEnd() throws IOException {
    long left = 0;
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        left += n;
      }
    } catch (EOFException | ZipException e) {
      throw damaged(path, e);
    }
    if (left > 0) {
      throw new IOException(
          path + " is too long: " + promise() + " but " + left + " more follow" + AGAIN);
    }
  }

  private String promise() {
    return "its header "
        + Arrays.toString(shape)
        + " promises "
        + (long) shape[0] * rowLength
        + " bytes after it";
  }

  private static InputStream unzip(Path path, InputStream in) throws IOException {
    try {
      return new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16);
    } catch (EOFException | ZipException e) {
      throw damaged(path, e);
    }
  }

  private static IOException damaged(Path path, IOException cause) {
    return new IOException(
        path + " is not a sound gzip file (" + cause.getMessage() + ")" + AGAIN, cause);
  }

  private static int[] readShape(Path path, InputStream in) throws IOException {
    byte[] magic = readHeader(path, in, 4);
    if (magic.length < 4 || magic[0] != 0 || magic[1] != 0) {
      throw new IOException(
          path
              + " is not an IDX file: it starts with the bytes "
              + HexFormat.ofDelimiter(" ").formatHex(magic)
              + "; an IDX file starts with 00 00, the type and the number of dimensions");
    }
    if (magic[2] != UNSIGNED_BYTE) {
      throw new IOException(
          path
              + " holds elements of type "
              + typeName(magic[2])
              + "; only 0x08, unsigned byte, is read");
    }
    int dimensions = magic[3] & 0xFF;
    if (dimensions == 0) {
      throw new IOException(path + " has no dimensions; an IDX file has at least one" + AGAIN);
    }
    byte[] sizes = readHeader(path, in, 4 * dimensions);
    if (sizes.length < 4 * dimensions) {
      throw new IOException(
          path
              + " is cut off: its header promises "
              + dimensions
              + " dimensions in "
              + 4 * dimensions
              + " bytes but it holds "
              + sizes.length
              + AGAIN);
    }
    int[] shape = new int[dimensions];
    ByteBuffer.wrap(sizes).asIntBuffer().get(shape);
    return shape;
  }

  private static byte[] readHeader(Path path, InputStream in, int length) throws IOException {
    try {
      return in.readNBytes(length);
    } catch (EOFException | ZipException e) {
      throw damaged(path, e);
    }
  }

  private static int rowLength(Path path, int[] shape) throws IOException {
    long length = 1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] < 0 || (i > 0 && shape[i] == 0)) {
        throw absurd(path, shape, "dimension " + i + " is " + shape[i]);
      }
      if (i > 0) {
        length *= shape[i];
      }
      if (length > Integer.MAX_VALUE - 8) {
        throw absurd(path, shape, "a row has more than 2147483639 elements");
      }
    }
    return (int) length;
  }

  private static IOException absurd(Path path, int[] shape, String why) {
    return new IOException(
        path + " has the impossible shape " + Arrays.toString(shape) + " (" + why + ")" + AGAIN);
  }

  private static String typeName(byte type) {
    String name =
        switch (type) {
          case 0x09 -> ", signed byte";
          case 0x0B -> ", short";
          case 0x0C -> ", int";
          case 0x0D -> ", float";
          case 0x0E -> ", double";
          default -> ", unknown";
        };
    return String.format("0x%02X", type & 0xFF) + name;
  }
}
