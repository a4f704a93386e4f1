package io.credence.jmh;

import io.credence.BatchingEngine;
import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.tensorflow.SavedModelEngine;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.tensorflow.ndarray.FloatNdArray;

/**
 * Rows a second of many callers, each with one row at a time, on one engine: as they come, and put
 * into batches. Choose the number of callers with {@code -t}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class CallersBenchmark {

  private static final SamplingPlan PLAN = SamplingPlan.of(50);

  /** Where dropout stands: before the last layer, or on the features too. */
  @Param({"last", "both"})
  public String dropout;

  /** Whether calls are put into batches. */
  @Param({"false", "true"})
  public boolean batching;

  private Path folder;
  private UncertaintyEngine engine;
  private FloatNdArray picture;

  /** Made by JMH. */
  public CallersBenchmark() {}

  /** Loads the model. */
  @Setup(Level.Trial)
  public void open() {
    folder = Network.savedModel(dropout.equals("both"));
    UncertaintyEngine alone = SavedModelEngine.load(folder);
    engine = batching ? BatchingEngine.builder(alone).build() : alone;
    picture = Network.pictures(1);
  }

  /** Frees the model. */
  @TearDown(Level.Trial)
  public void close() {
    engine.close();
    Network.delete(folder);
  }

  /**
   * Fifty passes of one row.
   *
   * @return the prediction
   */
  @Benchmark
  public ClassificationPrediction predict() {
    return engine.classify(picture, PLAN);
  }
}
