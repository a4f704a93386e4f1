package io.credence.app.input;

import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.models.data.IdxFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.tensorflow.ndarray.LongNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/** The class of each row of an input, in the order of the rows, all in memory. */
public final class Labels {

  private static final String KINDS = "an IDX (.gz too), .npy or text file";
  private static final int NPY_ROWS = 1 << 16;

  private final Path path;
  private final long[] values;
  private final boolean text;

  private Labels(Path path, long[] values, boolean text) {
    this.path = path;
    this.values = values;
    this.text = text;
  }

  /**
   * Refuses what cannot be a file of labels, without reading it.
   *
   * @param path where the labels are
   * @throws BadInputException if there is no file, or no regular one
   */
  public static void checkFile(Path path) {
    if (!Files.exists(path)) {
      throw new BadInputException("no labels at " + path + "; name " + KINDS);
    }
    if (!Files.isRegularFile(path)) {
      String what = Files.isDirectory(path) ? " is a folder" : " is no regular file";
      throw new BadInputException("labels " + path + what + "; name " + KINDS);
    }
  }

  /**
   * Reads labels: unsigned bytes of an IDX file, integers of a {@code .npy} file of shape {@code
   * [N]} or {@code [N, 1]}, or a text of one index or name a line. Whether there are such classes,
   * {@link #check} tells.
   *
   * @param path the file
   * @param names the name of each class, for texts; empty if none are known
   * @return the labels, at least one
   * @throws BadInputException if there is no file, it holds no label, it is damaged, or a line is
   *     no label
   * @throws IOException if it cannot be read, or is no IDX file though it starts like one
   */
  public static Labels read(Path path, List<String> names) throws IOException {
    checkFile(path);
    byte[] start;
    try (InputStream in = Files.newInputStream(path)) {
      start = in.readNBytes(8);
    }
    boolean gzip = start.length > 1 && start[0] == 0x1F && start[1] == (byte) 0x8B;
    boolean text = false;
    long[] values;
    if (NpyFile.isNpy(start)) {
      values = npy(path);
    } else if (gzip || (start.length > 1 && start[0] == 0 && start[1] == 0)) {
      values = idx(path);
    } else {
      values = new TextLabels(path, names).read();
      text = true;
    }
    if (values.length == 0) {
      throw new BadInputException(path + " holds no label; at least one is needed");
    }
    return new Labels(path, values, text);
  }

  private static long[] idx(Path path) throws IOException {
    byte[] bytes = IdxFile.readLabels(path);
    long[] values = new long[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return values;
  }

  private static long[] npy(Path path) throws IOException {
    LongStream.Builder values = LongStream.builder();
    TensorSpec spec = new TensorSpec("labels", ElementType.INT64, Shape.unknown());
    try (NpyFile file = new NpyFile(path, spec)) {
      Optional<InputBatch> batch = file.next(NPY_ROWS);
      while (batch.isPresent()) {
        NdArray<?> array = batch.get().inputs().get(spec.name());
        checkShape(path, array.shape(), file.size().getAsLong());
        long[] some = new long[(int) array.size()];
        ((LongNdArray) array).copyTo(DataBuffers.of(some, false, false));
        for (long value : some) {
          values.add(value);
        }
        batch = file.next(NPY_ROWS);
      }
    }
    return values.build().toArray();
  }

  private static void checkShape(Path path, Shape batch, long rows) {
    if (batch.numDimensions() == 1 || (batch.numDimensions() == 2 && batch.get(1) == 1)) {
      return;
    }
    Shape shape = Shape.of(rows).append(batch.subShape(1, batch.numDimensions()));
    throw new BadInputException(
        path
            + " has shape "
            + TensorSpec.describe(shape)
            + "; labels are one class a row, [N] or [N, 1]; of one-hot rows save argmax(axis=1)");
  }

  /**
   * Number of labels.
   *
   * @return N ≥ 1
   */
  public int size() {
    return values.length;
  }

  /**
   * The label of a row.
   *
   * @param row the row, 0 ≤ row &lt; N
   * @return the class; meaningful after {@link #check}
   * @throws ArrayIndexOutOfBoundsException if there is no such row
   */
  public int get(int row) {
    return Math.toIntExact(values[row]);
  }

  /**
   * Refuses labels of classes that there are not.
   *
   * @param classes number of classes, K
   * @throws BadInputException if a label is below 0 or not below K; names the first such row
   */
  public void check(int classes) {
    for (int row = 0; row < values.length; row++) {
      if (!(values[row] >= 0 && values[row] < classes)) {
        throw new BadInputException(
            path
                + (text ? ", line " + (row + 1) : ", row " + row)
                + ", holds the label "
                + values[row]
                + "; the classes of the model are 0 to "
                + (classes - 1)
                + "; mend the label, or drop that row of both files");
      }
    }
  }

  /** Returns the path and the number of labels. */
  @Override
  public String toString() {
    return path + " holds " + values.length + " labels";
  }
}
