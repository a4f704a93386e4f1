package io.credence.app.input;

import io.credence.TensorSpec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/**
 * The rows of an array saved by NumPy, {@code .npy}, along its first dimension, with values as they
 * are: no rescaling. Format: numpy.lib.format, versions 1 to 3. Numbers are widened to the input's
 * type where none can change its value, or rounded from float64 to float32; anything else is
 * refused.
 */
final class NpyFile implements InputSource {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER =
      Pattern.compile(
          "\\{\\s*'descr':\\s*'([<>|=][a-zA-Z]\\d+)',\\s*'fortran_order':\\s*(True|False),"
              + "\\s*'shape':\\s*\\(([\\d, ]*)\\),?\\s*\\}\\s*");
  private static final int MAX_HEADER = 1 << 16;

  /**
   * Fewer rows than asked for are read where they would be more values than this, unless the model
   * reads that many or none.
   */
  private static final int MAX_VALUES = 1 << 24;

  private final Path path;
  private final TensorSpec spec;
  private final InputStream in;
  private final String type;
  private final ByteOrder order;
  private final long[] dims;
  private final int rowValues;
  private long headerBytes;
  private long position;
  private long end;

  /**
   * Opens the file.
   *
   * @throws BadInputException if it is no {@code .npy} file, damaged, or does not fit the input
   */
  NpyFile(Path path, TensorSpec spec) throws IOException {
    this.path = path;
    this.spec = spec;
    this.in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      Matcher header = header();
      this.type = header.group(1).substring(1);
      this.order =
          header.group(1).charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      this.dims = dims(header.group(3));
      check(header.group(1), header.group(2).equals("True"));
      this.rowValues = rowValues();
      this.end = dims[0];
      checkLength();
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  static boolean isNpy(byte[] start) {
    return start.length >= MAGIC.length
        && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(dims[0]);
  }

  @Override
  public Optional<InputBatch> next(int rows) throws IOException {
    int few = spec.rows().isPresent() ? rows : Math.max(1, MAX_VALUES / rowValues);
    int count = (int) Math.min(Math.min(rows, few), end - position);
    if (count == 0) {
      return Optional.empty();
    }
    long[] shape = dims.clone();
    shape[0] = count;
    int values = count * rowValues;
    byte[] bytes = in.readNBytes(values * width(type));
    if (bytes.length < values * width(type)) {
      throw new BadInputException(path + " became shorter while it was read; save it again");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    Numbers numbers = new Numbers(spec.type(), values);
    for (int i = 0; i < values; i++) {
      put(numbers, i, buffer);
    }
    NdArray<?> array = numbers.toArray(Shape.of(shape));
    List<String> ids =
        LongStream.range(position, position + count).mapToObj(Long::toString).toList();
    position += count;
    return Optional.of(new InputBatch(ids, Map.of(spec.name(), array)));
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void restrict(long from, long to) throws IOException {
    if (from > dims[0]) {
      throw BadInputException.shorter(path, dims[0], from);
    }
    in.skipNBytes((from - position) * rowValues * width(type));
    position = from;
    end = Math.min(to, dims[0]);
  }

  @Override
  public List<BadRow> takeBad() {
    return List.of();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Matcher header() throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2 || !isNpy(start)) {
      throw new BadInputException(path + " is no .npy file: it does not start with \\x93NUMPY");
    }
    int major = start[MAGIC.length];
    byte[] lengthBytes = in.readNBytes(major == 1 ? 2 : 4);
    ByteBuffer length =
        ByteBuffer.wrap(Arrays.copyOf(lengthBytes, 4)).order(ByteOrder.LITTLE_ENDIAN);
    int size = length.getInt();
    if (major < 1 || major > 3 || size < 0 || size > MAX_HEADER) {
      throw new BadInputException(
          path
              + " has a damaged header: version "
              + major
              + ", length "
              + size
              + "; save it again");
    }
    headerBytes = (long) start.length + lengthBytes.length + size;
    String text = new String(in.readNBytes(size), StandardCharsets.UTF_8);
    Matcher header = HEADER.matcher(text);
    if (!header.matches()) {
      throw new BadInputException(
          path
              + " has a header that is not understood: "
              + text.strip()
              + "; save one plain array of numbers");
    }
    return header;
  }

  private long[] dims(String text) {
    try {
      return Arrays.stream(text.split(","))
          .map(String::strip)
          .filter(s -> !s.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw new BadInputException(
          path + " has a damaged header: its shape is (" + text + "); save it again", e);
    }
  }

  private int rowValues() {
    long values = 1;
    long most = Integer.MAX_VALUE / Double.BYTES / spec.rows().orElse(1);
    for (int i = 1; i < dims.length; i++) {
      if (values > most / dims[i]) {
        throw new BadInputException(
            path + " has rows too large for memory: its shape is " + Arrays.toString(dims));
      }
      values *= dims[i];
    }
    return (int) values;
  }

  /** Refuses a file that was cut short before any row is scored. */
  private void checkLength() throws IOException {
    long rowBytes = (long) rowValues * width(type);
    long there = Files.size(path) - headerBytes;
    if (there / rowBytes < dims[0]) {
      throw new BadInputException(
          path
              + " was cut short: its header promises "
              + dims[0]
              + " rows of "
              + rowBytes
              + " bytes, but "
              + there
              + " bytes are there; save it again");
    }
  }

  private void check(String descr, boolean fortranOrder) throws IOException {
    boolean castable =
        switch (spec.type()) {
          case FLOAT32 -> List.of("f4", "f8", "u1", "i1", "u2", "i2", "b1").contains(type);
          case FLOAT64 ->
              List.of("f4", "f8", "u1", "i1", "u2", "i2", "u4", "i4", "b1").contains(type);
          case INT32 -> List.of("i4", "i2", "u2", "i1", "u1").contains(type);
          case INT64 -> List.of("i8", "i4", "u4", "i2", "u2", "i1", "u1").contains(type);
          case UINT8 -> type.equals("u1");
          case BOOL -> type.equals("b1");
          case STRING -> false;
        };
    if (!castable) {
      throw new BadInputException(
          path
              + " holds elements of type '"
              + descr
              + "', but input \""
              + spec.name()
              + "\" reads "
              + spec.type()
              + "; convert the array with astype before saving it");
    }
    if (fortranOrder) {
      throw new BadInputException(
          path + " is in Fortran order; save it with numpy.ascontiguousarray");
    }
    if (dims.length == 0 || Arrays.stream(dims).anyMatch(dim -> dim == 0)) {
      throw new BadInputException(
          path
              + " is empty: its shape is "
              + Arrays.toString(dims)
              + "; at least one row is needed");
    }
    if (!spec.acceptsRow(Shape.of(Arrays.copyOfRange(dims, 1, dims.length)))) {
      throw new BadInputException(
          path
              + " has shape "
              + Arrays.toString(dims)
              + ", but input \""
              + spec.name()
              + "\" reads "
              + TensorSpec.describe(spec.shape())
              + " (? is free; the first is the number of rows)");
    }
  }

  private static int width(String type) {
    return type.charAt(1) - '0';
  }

  private void put(Numbers numbers, int i, ByteBuffer buffer) {
    switch (type) {
      case "f4" -> numbers.put(i, finite(i, buffer.getFloat()));
      case "f8" -> numbers.put(i, finite(i, buffer.getDouble()));
      case "u1" -> numbers.put(i, buffer.get() & 0xFFL);
      case "i1", "b1" -> numbers.put(i, (long) buffer.get());
      case "u2" -> numbers.put(i, buffer.getShort() & 0xFFFFL);
      case "i2" -> numbers.put(i, (long) buffer.getShort());
      case "u4" -> numbers.put(i, buffer.getInt() & 0xFFFFFFFFL);
      case "i4" -> numbers.put(i, (long) buffer.getInt());
      default -> numbers.put(i, buffer.getLong());
    }
  }

  /** Checked here, where the row is known within the file and not within a batch. */
  private double finite(int i, double value) {
    if (!Numbers.isFinite(spec.type(), value)) {
      throw new BadInputException(
          path
              + " holds "
              + value
              + " in row "
              + (position + i / rowValues)
              + ", element "
              + i % rowValues
              + "; every value must be finite as "
              + spec.type()
              + ", mend or drop that row");
    }
    return value;
  }
}
