package io.credence.jmh;

import com.sun.management.OperatingSystemMXBean;
import io.credence.SamplingPlan;
import io.credence.models.Activation;
import io.credence.models.DenseRecipe;
import io.credence.models.TrainingListener;
import io.credence.models.data.Points;
import io.credence.tensorflow.SavedModelEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * A pool of unlabelled rows to measure {@code credence score} with: a classifier of 50 numbers, and
 * tables of as many rows as are asked for; and what a loop over predictions makes of such rows.
 */
final class Pool {

  private static final int FEATURES = 50;
  private static final int CLASSES = 3;
  private static final int BATCH = 256;
  private static final int PASSES = 50;

  private Pool() {}

  /** Runs {@code model FOLDER}, {@code table FILE ROWS} or {@code loop FOLDER BATCHES}. */
  public static void main(String... args) throws IOException, SQLException {
    Path path = Path.of(args[1]);
    switch (args[0]) {
      case "model" -> model(path);
      case "table" -> table(path, Long.parseLong(args[2]));
      case "loop" -> loop(path, Integer.parseInt(args[2]));
      default -> throw new IllegalArgumentException("model, table or loop, not " + args[0]);
    }
  }

  /**
   * Two hidden layers of 64, dropout of .2 after each; the class is a matter of the first numbers.
   */
  private static void model(Path folder) throws IOException {
    Random random = new Random(42);
    int points = 2000;
    float[] inputs = new float[points * FEATURES];
    float[] targets = new float[points * CLASSES];
    float[] weights = new float[points];
    for (int i = 0; i < points; i++) {
      for (int f = 0; f < FEATURES; f++) {
        inputs[i * FEATURES + f] = random.nextFloat() * 2 - 1;
      }
      float first = inputs[i * FEATURES];
      float second = inputs[i * FEATURES + 1];
      targets[i * CLASSES + (first > 0.3 ? 0 : second > 0 ? 1 : 2)] = 1;
      weights[i] = 1f / points;
    }
    new DenseRecipe("pool", List.of(64, 64), Activation.RELU, 0.2, Optional.empty(), 200, 0, 42)
        .train(new Points(inputs, targets, weights), folder, true, TrainingListener.silent());
  }

  /** Rows of an id and 50 numbers within [−1, 1), hashes of the row and the column. */
  private static void table(Path file, long rows) throws SQLException, IOException {
    Files.deleteIfExists(file);
    String columns =
        IntStream.range(0, FEATURES)
            .mapToObj(
                f ->
                    "CAST(hash(i * %d + %d) / 18446744073709551616.0 * 2 - 1 AS FLOAT) AS f%d"
                        .formatted(FEATURES, f, f))
            .collect(Collectors.joining(", "));
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (SELECT 'row-' || i AS id, %s FROM range(%d) t(i)) TO '%s'"
              .formatted(columns, rows, file.toString().replace("'", "''")));
    }
  }

  /** Rows a second of predictions alone, of rows that are in memory already. */
  private static void loop(Path folder, int batches) {
    Random random = new Random(42);
    float[] values = new float[BATCH * FEATURES];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    FloatNdArray rows = NdArrays.wrap(Shape.of(BATCH, FEATURES), DataBuffers.of(values));
    SamplingPlan plan = SamplingPlan.of(PASSES);
    try (SavedModelEngine engine = SavedModelEngine.load(folder)) {
      for (int i = 0; i < batches / 10; i++) {
        engine.classify(rows, plan);
      }
      long start = System.nanoTime();
      long cpu = cpu();
      for (int i = 0; i < batches; i++) {
        engine.classify(rows, plan);
      }
      double scored = batches * (double) BATCH;
      System.out.printf(
          Locale.ROOT,
          "%.0f rows/s, %.1f us of processor time a row%n",
          scored / ((System.nanoTime() - start) / 1e9),
          (cpu() - cpu) / 1e3 / scored);
    }
  }

  /** Processor time of all threads, in nanoseconds. */
  private static long cpu() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
