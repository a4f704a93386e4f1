package io.credence.app.input;

import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import io.credence.models.data.IdxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.Shape;

/** Pictures of an IDX file, rescaled; rows are named by their index. */
final class IdxImages implements InputSource {

  private static final int SKIPPED_AT_ONCE = 256;

  private final Path path;
  private final IdxFile file;
  private final TensorSpec spec;
  private final ImagePreprocessing preprocessing;
  private final long[] rowShape;
  private int position;
  private long end = Long.MAX_VALUE;

  /**
   * Opens the file.
   *
   * @throws BadInputException if its pictures are not of the size that the model reads
   */
  IdxImages(Path path, TensorSpec spec, ImagePreprocessing preprocessing) throws IOException {
    this.path = path;
    this.file = IdxFile.open(path);
    this.spec = spec;
    this.preprocessing = preprocessing;
    this.rowShape = rowShape(file.shape(), spec);
    if (!spec.acceptsRow(Shape.of(rowShape))) {
      file.close();
      throw new BadInputException(
          path
              + " holds rows of shape "
              + TensorSpec.describe(Shape.of(rowShape))
              + ", but input \""
              + spec.name()
              + "\" reads "
              + TensorSpec.describe(spec.shape())
              + " (? is free; the first is the number of rows)");
    }
  }

  /**
   * Rows as they are in the file, with a channel of one where the model wants a fourth dimension.
   */
  private static long[] rowShape(int[] shape, TensorSpec spec) {
    int inner = shape.length - 1;
    boolean channel = inner == 2 && !spec.shape().isUnknown() && spec.shape().numDimensions() == 4;
    long[] row = new long[inner + (channel ? 1 : 0)];
    java.util.Arrays.fill(row, 1);
    for (int i = 0; i < inner; i++) {
      row[i] = shape[i + 1];
    }
    return row;
  }

  private Shape shape(int rows) {
    return Shape.of(rows).append(Shape.of(rowShape));
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(file.shape()[0]);
  }

  @Override
  public Optional<InputBatch> next(int rows) throws IOException {
    byte[] pixels = file.read((int) Math.min(rows, end - position));
    if (pixels.length == 0) {
      return Optional.empty();
    }
    int count = Math.toIntExact(pixels.length / Shape.of(rowShape).size());
    int from = position;
    position += count;
    List<String> ids = IntStream.range(from, position).mapToObj(Integer::toString).toList();
    return Optional.of(
        new InputBatch(
            ids, Map.of(spec.name(), Pixels.toArray(pixels, shape(count), spec, preprocessing))));
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void restrict(long from, long to) throws IOException {
    while (position < from) {
      byte[] passed = file.read((int) Math.min(SKIPPED_AT_ONCE, from - position));
      if (passed.length == 0) {
        throw BadInputException.shorter(path, position, from);
      }
      position += Math.toIntExact(passed.length / Shape.of(rowShape).size());
    }
    end = to;
  }

  @Override
  public List<BadRow> takeBad() {
    return List.of();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
