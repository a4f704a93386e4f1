package io.credence.jmh;

import io.credence.ClassificationPrediction;
import io.credence.SamplingPlan;
import io.credence.tensorflow.SavedModelEngine;
import java.nio.file.Path;
import java.util.Random;
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
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * One predict call on {@link KeywordModel}, whose dropout stands after its first convolution, so
 * that nearly all of it is tail. Needs the model, see {@link KeywordModel#folder}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class KeywordBenchmark {

  /** Rows of a batch, N. */
  @Param({"1", "64"})
  public int batch;

  /** Passes of a plan, T. */
  @Param("50")
  public int passes;

  /** Passes whose convolutions the floor computes in one call; T is a multiple of it. */
  @Param("50")
  public int atOnce;

  private SavedModelEngine engine;
  private SavedModelBundle ordinary;
  private SavedModelBundle dropping;
  private Path rewritten;
  private FloatNdArray sounds;
  private TFloat32 fed;
  private Graph graph;
  private Session session;
  private Placeholder<TFloat32> input;
  private Operand<TFloat32> trunk;
  private Operand<TFloat32> products;

  /** Made by JMH. */
  public KeywordBenchmark() {}

  /** Loads everything, and sees that passes differ. */
  @Setup(Level.Trial)
  public void open() {
    Path model =
        KeywordModel.folder()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "no savedmodels/mlperf-kws in ../shared; set CREDENCE_SHARED to the folder"
                            + " that holds it"));
    engine = SavedModelEngine.load(model);
    ordinary = SavedModelBundle.load(model.toString(), "serve");
    rewritten = KeywordModel.dropping(model);
    dropping = SavedModelBundle.load(rewritten.toString(), "serve");
    float[] values = new float[Math.toIntExact(KeywordModel.sounds(batch).size())];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    sounds = NdArrays.wrap(KeywordModel.sounds(batch), DataBuffers.of(values));
    fed = TFloat32.tensorOf(sounds);
    float first = run(dropping);
    float second = run(dropping);
    if (first == second) {
      throw new IllegalStateException("two passes of the rewritten model are equal");
    }
    graph = new Graph();
    Ops tf = Ops.create(graph);
    input = tf.placeholder(TFloat32.class, Placeholder.shape(sounds.shape()));
    trunk = KeywordModel.trunk(tf, input);
    products = KeywordModel.products(tf, batch * atOnce);
    session = new Session(graph);
    session.initialize();
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void close() {
    engine.close();
    ordinary.close();
    dropping.close();
    session.close();
    graph.close();
    fed.close();
    Network.delete(rewritten);
  }

  /**
   * T passes of one batch, summarised with errors.
   *
   * @return the prediction
   */
  @Benchmark
  public ClassificationPrediction predict() {
    return engine.classify(sounds, SamplingPlan.of(passes));
  }

  /**
   * One pass with dropout off, as the model is served.
   *
   * @return a number of its output
   */
  @Benchmark
  public float ordinaryPass() {
    return run(ordinary);
  }

  /** T session calls, masks for each row; nothing is computed of their outputs. */
  @Benchmark
  public void sessionCalls() {
    for (int t = 0; t < passes; t++) {
      run(dropping);
    }
  }

  /** The floor: the first convolution once, and the convolutions of the rest for all passes. */
  @Benchmark
  public void floor() {
    try (Result result = session.runner().feed(input, fed).fetch(trunk).run()) {
      result.get(0);
    }
    for (int t = 0; t < passes; t += atOnce) {
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

  private float run(SavedModelBundle model) {
    try (Result result =
        model.session().runner().feed(KeywordModel.INPUT, fed).fetch(KeywordModel.OUTPUT).run()) {
      return ((TFloat32) result.get(0)).getFloat(0, 0);
    }
  }
}
