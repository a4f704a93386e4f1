package io.credence.jmh;

import io.credence.ClassificationPrediction;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.Moments;
import io.credence.tensorflow.SavedModelEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/**
 * What each step of a predict call on {@link Network} costs by itself, for all T passes of it: the
 * steps are written anew here, as the engine runs them, since it does not tell them apart. {@code
 * chunk} passes go into a call, so chunk divides T.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PartsBenchmark {

  /** Rows of a batch, N. */
  @Param("64")
  public int batch;

  /** Passes of a plan, T. */
  @Param("50")
  public int passes;

  /** Passes that a call runs. */
  @Param({"2", "50"})
  public int chunk;

  /** Where dropout stands: before the last layer, or on the features too. */
  @Param({"last", "both"})
  public String dropout;

  private Path folder;
  private SavedModelEngine engine;
  private FloatNdArray pictures;
  private TFloat32 fed;
  private Graph graph;
  private Session session;
  private Placeholder<TFloat32> input;
  private Operand<TFloat32> trunk;
  private Placeholder<TInt64> seed;
  private TInt64 keys;
  private List<Operand<TFloat32>> masks;
  private Operand<TFloat32> noised;
  private Operand<TFloat32> tail;
  private Operand<TFloat32> nothing;
  private Result drawn;
  private final List<float[]> outputs = new ArrayList<>();
  private Moments moments;

  /** Made by JMH. */
  public PartsBenchmark() {}

  /** Builds each step, and records what passes give. */
  @Setup(Level.Trial)
  public void open() {
    boolean both = dropout.equals("both");
    folder = Network.savedModel(both);
    engine = SavedModelEngine.load(folder);
    pictures = Network.pictures(batch);
    fed = TFloat32.tensorOf(pictures);
    keys = TInt64.vectorOf(1, 2);
    graph = new Graph();
    Ops tf = Ops.create(graph);
    input = Network.input(tf);
    trunk = Network.of(tf, input, both, Network.Part.TRUNK, 0);
    seed = tf.placeholder(TInt64.class, Placeholder.shape(Shape.of(2)));
    masks = Network.masks(tf, seed, both, chunk);
    List<Operand<TFloat32>> given = new ArrayList<>();
    Network.masks(tf, tf.constant(new long[] {1, 2}), both, chunk)
        .forEach(mask -> given.add(tf.variable(mask)));
    Operand<TFloat32> crossing = Network.crossing(tf, both, batch);
    noised = tf.math.mul(tf.expandDims(crossing, tf.constant(0)), given.get(0));
    tail = Network.tail(tf, crossing, given, chunk, batch);
    nothing = tf.constant(1f);
    session = new Session(graph);
    session.initialize();
    drawn = session.runner().fetch(tail).run();
    FloatNdArray samples = engine.sample(pictures, SamplingPlan.of(passes));
    for (int t = 0; t < passes; t++) {
      float[] pass = new float[batch * Network.CLASSES];
      samples.get(t).copyTo(DataBuffers.of(pass));
      outputs.add(pass);
    }
    moments = statisticsWithErrors();
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    engine.close();
    drawn.close();
    session.close();
    graph.close();
    fed.close();
    keys.close();
    Network.delete(folder);
  }

  /**
   * All of it.
   *
   * @return the prediction
   */
  @Benchmark
  public ClassificationPrediction predict() {
    return engine.classify(pictures, SamplingPlan.of(passes));
  }

  /** What comes before all dropout, once. */
  @Benchmark
  public void trunk() {
    try (Result result = session.runner().feed(input, fed).fetch(trunk).run()) {
      result.get(0);
    }
  }

  /** Calls that compute nothing, as many as passes take. */
  @Benchmark
  public void calls() {
    inCalls(List.of(nothing));
  }

  /** The masks of all passes. */
  @Benchmark
  public void masks() {
    inCalls(masks);
  }

  /** What crosses, times the masks of the first site. */
  @Benchmark
  public void noised() {
    inCalls(List.of(noised));
  }

  /** The tail of all passes, that product included, with masks that are there already. */
  @Benchmark
  public void tail() {
    inCalls(List.of(tail));
  }

  /**
   * The outputs of all passes, from tensors into arrays.
   *
   * @return the last of them
   */
  @Benchmark
  public float[] transfer() {
    float[] last = new float[0];
    for (int t = 0; t < passes; t += chunk) {
      float[] all = new float[chunk * batch * Network.CLASSES];
      ((TFloat32) drawn.get(0)).copyTo(DataBuffers.of(all));
      for (int pass = 0; pass < chunk; pass++) {
        last = Arrays.copyOfRange(all, pass * all.length / chunk, (pass + 1) * all.length / chunk);
      }
    }
    return last;
  }

  /**
   * The moments of all passes, without errors.
   *
   * @return the moments
   */
  @Benchmark
  public Moments statistics() {
    return statistics(0);
  }

  /**
   * The moments of all passes, with error groups.
   *
   * @return the moments
   */
  @Benchmark
  public Moments statisticsWithErrors() {
    return statistics(Moments.DEFAULT_ERROR_GROUPS);
  }

  /**
   * The summaries of moments.
   *
   * @return the summaries
   */
  @Benchmark
  public Object summaries() {
    return ((ClassificationMoments) moments).summaries();
  }

  private Moments statistics(int groups) {
    Moments all =
        ClassificationMoments.of(batch, Network.CLASSES, OutputKind.PROBABILITIES)
            .withErrorGroups(groups);
    for (int t = 0; t < passes; t++) {
      all.add(t, outputs.get(t));
    }
    return all;
  }

  private void inCalls(List<Operand<TFloat32>> parts) {
    for (int t = 0; t < passes; t += chunk) {
      Session.Runner runner = session.runner().feed(seed, keys);
      parts.forEach(runner::fetch);
      try (Result result = runner.run()) {
        result.get(0);
      }
    }
  }
}
