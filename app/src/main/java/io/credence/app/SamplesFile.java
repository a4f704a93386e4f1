package io.credence.app;

import io.credence.SampleSink;
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
 * <p>Batches come one after another, each pass by pass, and N is known at the end only, but S is
 * the outermost dimension. So passes are kept as they come in a file beside the target, and {@link
 * #publish} brings them into order. Memory is constant, but for one number a batch; the disk must
 * hold the samples twice for the time of {@link #publish}.
 *
 * <p>Not safe for use by several threads at once. The caller closes it.
 */
final class SamplesFile implements SampleSink, AutoCloseable {

  private static final int BUFFER_BYTES = 1 << 20;

  /** The header begins with magic, version and a length of two bytes, and is a multiple of this. */
  private static final int ALIGNMENT = 64;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  private final Path target;
  private final AtomicOutput blocks;
  private final FileChannel channel;
  private final List<Integer> rows = new ArrayList<>();

  /** The first batch, of shape {@code [S, n, …, W]}. */
  private Optional<Shape> first = Optional.empty();

  /** A pass of the batch that is being added, of shape {@code [n, …, W]}. */
  private Optional<Shape> current = Optional.empty();

  private long passes;
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
   * Adds the outputs of the next pass of a batch.
   *
   * @param outputs what the pass gave, the last dimension running fastest
   * @param shape their shape, {@code [n, …, W]}, with n rows; {@code [n]} is read as {@code [n, 1]}
   * @throws IllegalArgumentException if a dimension is below 1, the shape holds another number of
   *     values, or differs from that of the pass before, or in more than n from the first batch
   * @throws IllegalStateException if this was published or closed, or failed before
   * @throws OutputException if they cannot be written
   */
  @Override
  public void accept(int member, int pass, float[] outputs, Shape shape) {
    checkOpen();
    Shape rows = shape.numDimensions() == 1 ? shape.append(Shape.of(1)) : shape;
    SampleArray.of(outputs, rows.prepend(1)); // refuses what is no such array
    Shape before = current.orElse(first.map(Shape::tail).orElse(rows));
    boolean fits = current.isPresent() ? before.equals(rows) : before.tail().equals(rows.tail());
    if (!fits) {
      throw new IllegalArgumentException(
          "outputs of shape "
              + TensorSpec.describe(rows)
              + " do not go with those before, of shape "
              + TensorSpec.describe(before)
              + "; all dimensions but the first, the rows, must agree; score such rows apart");
    }
    try {
      write(outputs);
    } catch (IOException e) {
      throw failed(e);
    }
    current = Optional.of(rows);
    passes++;
  }

  /**
   * Ends a batch: the next pass is one of other rows.
   *
   * @throws IllegalStateException if it has no pass, or another number than the first, or this was
   *     published or closed, or failed before
   */
  void endBatch() {
    checkOpen();
    Shape pass =
        current.orElseThrow(() -> new IllegalStateException("a batch without a pass is no batch"));
    if (first.isPresent() && first.get().get(0) != passes) {
      ended = true;
      throw new IllegalStateException(
          "a batch of " + passes + " passes follows one of " + first.get().get(0));
    }
    first = first.or(() -> Optional.of(pass.prepend(passes)));
    rows.add((int) pass.get(0));
    current = Optional.empty();
    passes = 0;
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
    int size = (int) Math.min(BUFFER_BYTES, (long) samples.length * Float.BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
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
   * @throws IllegalStateException if no batch was ended, or this was published or closed, or failed
   *     before
   * @throws OutputException if it cannot be written
   */
  void publish() {
    checkOpen();
    if (first.isEmpty()) {
      throw new IllegalStateException(
          "no samples were added for " + target + "; end a batch before publish");
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
    long all = batch.get(0);
    long rowBytes = withRows(batch, 1).size() / all * Float.BYTES;
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    for (long s = 0; s < all; s++) {
      long start = 0;
      for (int n : rows) {
        long bytes = n * rowBytes;
        copy(start + s * bytes, bytes, buffer, to);
        start += all * bytes;
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
