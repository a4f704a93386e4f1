package io.credence.jmh;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
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
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * One predict call on {@link Network}, beside what TensorFlow in Java takes for the same passes
 * without Credence, and beside the least they can take. Compare rows of one run only.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PeerBenchmark {

  /** Rows of a batch, N. */
  @Param({"1", "64"})
  public int batch;

  /** Passes of a plan, T. */
  @Param("50")
  public int passes;

  /** Where dropout stands: before the last layer, or on the features too. */
  @Param({"last", "both"})
  public String dropout;

  /** Passes whose products the floor computes in one call at most, for memory. */
  private static final int AT_ONCE = 50;

  private Path folder;
  private SavedModelEngine engine;
  private FloatNdArray pictures;
  private TFloat32 fed;
  private TFloat32 replicated;
  private Graph graph;
  private Session session;
  private Placeholder<TFloat32> input;
  private Operand<TFloat32> pass;
  private Operand<TFloat32> served;
  private Operand<TFloat32> trunk;
  private Operand<TFloat32> products;

  /** Made by JMH. */
  public PeerBenchmark() {}

  /** Builds and loads everything. */
  @Setup(Level.Trial)
  public void open() {
    boolean both = dropout.equals("both");
    folder = Network.savedModel(both);
    engine = SavedModelEngine.load(folder);
    pictures = Network.pictures(batch);
    fed = TFloat32.tensorOf(pictures);
    replicated = TFloat32.tensorOf(Shape.of(batch * (long) passes, Network.SIDE, Network.SIDE, 1));
    graph = new Graph();
    Ops tf = Ops.create(graph);
    input = Network.input(tf);
    pass = Network.of(tf, input, both, Network.Part.PASS, 0);
    served = Network.of(tf, input, both, Network.Part.SERVED, 0);
    trunk = Network.of(tf, input, both, Network.Part.TRUNK, 0);
    products =
        Network.of(tf, input, both, Network.Part.PRODUCTS, batch * Math.min(passes, AT_ONCE));
    session = new Session(graph);
    session.initialize();
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    engine.close();
    session.close();
    graph.close();
    fed.close();
    replicated.close();
    Network.delete(folder);
  }

  /**
   * T passes of one batch, summarised with errors.
   *
   * @return the prediction
   */
  @Benchmark
  public ClassificationPrediction predict() {
    return engine.classify(pictures, SamplingPlan.of(passes));
  }

  /**
   * The same without errors.
   *
   * @return the prediction
   */
  @Benchmark
  public ClassificationPrediction predictWithoutErrors() {
    return engine.classify(pictures, SamplingPlan.of(passes).withErrorGroups(0));
  }

  /** One pass with dropout off. */
  @Benchmark
  public void ordinaryPass() {
    run(served, fed);
  }

  /** T session calls, masks for each row; nothing is computed of their outputs. */
  @Benchmark
  public void sessionCalls() {
    for (int t = 0; t < passes; t++) {
      run(pass, fed);
    }
  }

  /** One session call on T copies of the batch; nothing is computed of its outputs. */
  @Benchmark
  public void replicatedBatch() {
    run(pass, replicated);
  }

  /**
   * The floor: what comes before all dropout, once, and the matrix products of the rest. Of more
   * than 50 passes these are computed 50 at a time, so T is to be a multiple of that.
   */
  @Benchmark
  public void floor() {
    run(trunk, fed);
    for (int t = 0; t < passes; t += AT_ONCE) {
      try (Result result = session.runner().fetch(products).run()) {
        result.get(0);
      }
    }
  }

  /**
   * Every way in turn, on equal terms.
   *
   * @param turns takes the times
   */
  @Benchmark
  public void turns(Turns turns) {
    turns.take(this::predict, this::ordinaryPass, this::floor, this::sessionCalls);
  }

  private void run(Operand<TFloat32> output, TFloat32 pictures) {
    try (Result result = session.runner().feed(input, pictures).fetch(output).run()) {
      result.get(0);
    }
  }
}
