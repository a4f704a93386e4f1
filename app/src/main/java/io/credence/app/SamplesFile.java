package io.credence.app;

import io.credence.TensorSpec;
import io.credence.statistics.SampleArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tensorflow.ndarray.Shape;

/**
 * The samples of a run as one array in a {@code .npy} file, S passes over N inputs of W numbers,
 * shape {@code [S, N, …, W]}: format 1.0 of numpy.lib.format, little-endian float32, C order. It
 * appears complete or not at all, as {@link AtomicOutput}.
 *
 * <p>Batches come one after another, and N is known at the end only, but S is the outermost
 * dimension. So batches are kept as they come in a file beside the target, and {@link #publish}
 * brings them into order. Memory is constant, but for one number a batch; the disk must hold the
 * samples twice for the time of {@link #publish}.
 *
 * <p>Not safe for use by several threads at once. The caller closes it.
 */
final class SamplesFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 20;

  /** The header begins with magic, version and a length of two bytes, and is a multiple of this. */
  private static final int ALIGNMENT = 64;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  private final Path target;
  private final AtomicOutput blocks;
  private final FileChannel channel;
  private final List<Integer> rows = new ArrayList<>();
  private Optional<Shape> first = Optional.empty();
  private boolean ended;

  private SamplesFile(Path target, AtomicOutput blocks, FileChannel channel) {
    this.target = target;
    this.blocks = blocks;
    this.channel = channel;
  }

  /**
   * Prepares a file, and the folders above it.
   *
   * @throws IllegalArgumentException as {@link AtomicOutput#create}
   * @throws IOException if no file can be made beside the target
   */
  static SamplesFile create(Path target) throws IOException {
    AtomicOutput blocks = AtomicOutput.create(target);
    try {
      return new SamplesFile(
          target,
          blocks,
          FileChannel.open(blocks.path(), StandardOpenOption.READ, StandardOpenOption.WRITE));
    } catch (IOException | RuntimeException e) {
      blocks.close();
      throw e;
    }
  }

  /**
   * Adds the samples of the next batch.
   *
   * @param samples what the passes gave, the last dimension running fastest
   * @param shape their shape, {@code [S, n, …, W]}, with n rows
   * @throws IllegalArgumentException if the shape has fewer than three dimensions or one below 1,
   *     holds another number of values, or differs from that of the first batch in more than n
   * @throws IllegalStateException if this was published or closed, or failed before
   * @throws OutputException if they cannot be written
   */
  void add(float[] samples, Shape shape) {
    checkOpen();
    SampleArray.of(samples, shape); // refuses what is no such array
    Shape before = first.orElse(shape);
    if (!withRows(before, 1).equals(withRows(shape, 1))) {
      throw new IllegalArgumentException(
          "a batch of samples of shape "
              + TensorSpec.describe(shape)
              + " does not go with the first, of shape "
              + TensorSpec.describe(before)
              + "; all but the second dimension, the rows, must agree; score such rows apart");
    }
    try {
      write(samples);
    } catch (IOException e) {
      throw failed(e);
    }
    first = Optional.of(before);
    rows.add((int) shape.get(1));
  }

  private void checkOpen() {
    if (ended) {
      throw new IllegalStateException(
          "the samples for " + target + " were published or closed already; create another file");
    }
  }

  private static Shape withRows(Shape shape, long rows) {
    long[] dims = shape.asArray();
    dims[1] = rows;
    return Shape.of(dims);
  }

  private void write(float[] samples) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer floats = bytes.asFloatBuffer();
    for (int i = 0; i < samples.length; i += floats.capacity()) {
      int count = Math.min(floats.capacity(), samples.length - i);
      floats.clear();
      floats.put(samples, i, count);
      bytes.clear().limit(count * Float.BYTES);
      writeAll(bytes, channel);
    }
  }

  private static void writeAll(ByteBuffer bytes, FileChannel to) throws IOException {
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  /**
   * Brings the batches into order and moves the file to its place, over a file that is there
   * already.
   *
   * @throws IllegalStateException if no batch was added, or this was published or closed, or failed
   *     before
   * @throws OutputException if it cannot be written
   */
  void publish() {
    checkOpen();
    if (first.isEmpty()) {
      throw new IllegalStateException(
          "no samples were added for " + target + "; call add before publish");
    }
    try (AtomicOutput file = AtomicOutput.create(target)) {
      try (FileChannel to = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
        gather(first.get(), to);
      }
      file.publish();
    } catch (IOException e) {
      throw failed(e);
    }
    ended = true;
  }

  /** Writes the header, then pass by pass what each batch has of it. */
  private void gather(Shape batch, FileChannel to) throws IOException {
    long count = rows.stream().mapToLong(Integer::longValue).sum();
    writeAll(ByteBuffer.wrap(header(withRows(batch, count))), to);
    long passes = batch.get(0);
    long rowBytes = withRows(batch, 1).size() / passes * Float.BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long s = 0; s < passes; s++) {
      long start = 0;
      for (int n : rows) {
        long bytes = n * rowBytes;
        copy(start + s * bytes, bytes, buffer, to);
        start += passes * bytes;
      }
    }
    writeAll(buffer.flip(), to);
  }

  /** Appends a piece of the blocks to the buffer, which goes on when it is full. */
  private void copy(long from, long bytes, ByteBuffer buffer, FileChannel to) throws IOException {
    long position = from;
    long end = from + bytes;
    while (position < end) {
      if (!buffer.hasRemaining()) {
        writeAll(buffer.flip(), to);
        buffer.clear();
      }
      buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + end - position));
      int read = channel.read(buffer, position);
      buffer.limit(buffer.capacity());
      if (read < 0) {
        throw new IOException("the file of its batches became shorter");
      }
      position += read;
    }
  }

  private static byte[] header(Shape shape) {
    String dims =
        Arrays.stream(shape.asArray()).mapToObj(Long::toString).collect(Collectors.joining(", "));
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + dims + "), }";
    int prefix = MAGIC.length + Short.BYTES;
    int unpadded = prefix + text.length() + 1;
    int size = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    String padded = text + " ".repeat(size - unpadded) + "\n";
    return ByteBuffer.allocate(size)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) (size - prefix))
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  private OutputException failed(IOException e) {
    ended = true; // half a batch may have been written
    String reason = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    return new OutputException(target + " cannot be written: " + reason, e);
  }

  /** Removes what was not published. Closing again has no effect. */
  @Override
  public void close() throws IOException {
    ended = true;
    try {
      channel.close();
    } finally {
      blocks.close();
    }
  }
}
