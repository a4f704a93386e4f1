package io.credence.jmh;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.models.BundledModel;
import io.credence.models.data.Picture;
import io.credence.models.data.StreetDigits;
import io.credence.tensorflow.SavedModelEngine;
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
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;

/**
 * The time of one predict call on the bundled model of street digits, beside one ordinary pass of
 * the same batch. Compare rows of one run only: machines differ, and so does one machine over time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PredictBenchmark {

  /** Rows of a batch, N. */
  @Param({"1", "64"})
  public int batch;

  /** Passes of a plan, T. */
  @Param({"10", "50"})
  public int passes;

  private BundledModel model;
  private SavedModelEngine engine;
  private FloatNdArray images;

  /** Made by JMH. */
  public PredictBenchmark() {}

  /** Loads the model and draws the pictures. */
  @Setup(Level.Trial)
  public void open() {
    model = BundledModel.streetDigits();
    engine = SavedModelEngine.load(model.folder());
    float[] values = new float[batch * Picture.VALUES];
    for (int i = 0; i < batch; i++) {
      StreetDigits.of(5).digit(i).copyTo(values, i * Picture.VALUES, 1f / 255);
    }
    Shape shape = Shape.of(batch, Picture.HEIGHT, Picture.WIDTH, Picture.CHANNELS);
    images = NdArrays.wrap(shape, DataBuffers.of(values));
  }

  /** Frees the model. */
  @TearDown(Level.Trial)
  public void close() {
    engine.close();
    model.close();
  }

  /**
   * T passes with dropout, summarised.
   *
   * @return the prediction
   */
  @Benchmark
  public ClassificationPrediction predict() {
    return engine.classify(images, SamplingPlan.of(passes));
  }

  /**
   * One pass without dropout: what serving the model costs without Credence.
   *
   * @return its output
   */
  @Benchmark
  public FloatNdArray singlePass() {
    return engine.singlePass(images);
  }
}
