package io.credence.app;

import io.credence.ElementType;
import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.ColumnMap;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import io.credence.app.input.InputSources;
import io.credence.app.input.TableSource;
import io.credence.app.table.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.Shape;

/** Where inputs lie, by their ids. */
final class AcquireEmbeddings {

  private static final TensorSpec SPEC =
      new TensorSpec("embedding", ElementType.FLOAT64, Shape.of(-1, -1));
  private static final int ROWS = 1024;

  private AcquireEmbeddings() {}

  /**
   * Reads some embeddings, in constant memory but for these.
   *
   * @param file a table with a column {@code id} and columns of numbers, or one of lists; or a
   *     {@code .npy} file, [N, D], whose rows go by their index from 0
   * @param wanted the ids that are read
   * @throws BadInputException if the file is missing, empty or damaged
   */
  static Map<String, double[]> read(Path file, Set<String> wanted) throws IOException {
    Map<String, double[]> found = new HashMap<>();
    try (InputSource source = open(file);
        Progress progress = Progress.of("reading embeddings", source.size(), " inputs")) {
      Optional<InputBatch> batch = source.next(ROWS);
      while (batch.isPresent()) {
        NdArray<?> rows = batch.get().inputs().get(SPEC.name());
        for (int i = 0; i < batch.get().ids().size(); i++) {
          String id = batch.get().ids().get(i);
          if (wanted.contains(id)) {
            found.put(id, row(rows.get(i)));
          }
        }
        progress.stepTo(source.position());
        batch = source.next(ROWS);
      }
    }
    return found;
  }

  private static InputSource open(Path file) throws IOException {
    Optional<TableFormat> format = TableFormat.of(file);
    if (format.isPresent() && Files.isRegularFile(file) && Files.size(file) > 0) {
      ColumnMap.Wanted all = new ColumnMap.Wanted(Map.of(), Optional.empty());
      return TableSource.open(file, format.get(), List.of(SPEC), all, true);
    }
    return new InputSources(List.of(SPEC), Optional.empty(), OptionalDouble.empty(), false)
        .open(file);
  }

  private static double[] row(NdArray<?> row) {
    double[] values = new double[Math.toIntExact(row.size())];
    int[] i = {0};
    row.scalars().forEach(each -> values[i[0]++] = ((Number) each.getObject()).doubleValue());
    return values;
  }
}
