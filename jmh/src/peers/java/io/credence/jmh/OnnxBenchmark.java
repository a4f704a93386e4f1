package io.credence.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
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

/**
 * The passes of {@link PeerBenchmark} in ONNX Runtime: the same layers, with Dropout in training
 * mode; nothing is computed of the outputs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class OnnxBenchmark {

  /** Rows of a batch, N. */
  @Param({"1", "64"})
  public int batch;

  /** Passes, T. */
  @Param("50")
  public int passes;

  /** Where dropout stands: before the last layer, or on the features too. */
  @Param({"last", "both"})
  public String dropout;

  private OrtSession dropping;
  private OrtSession ordinary;
  private OnnxTensor pictures;
  private OnnxTensor replicated;

  /** Made by JMH. */
  public OnnxBenchmark() {}

  /**
   * Builds the network, and sees that passes differ.
   *
   * @throws OrtException if ONNX Runtime refuses it
   */
  @Setup(Level.Trial)
  public void open() throws OrtException {
    OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    boolean both = dropout.equals("both");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Otherwise the optimiser takes dropout out, training mode or not.
      options.addConfigEntry("optimization.disable_specified_optimizers", "EliminateDropout");
      dropping = runtime.createSession(OnnxNetwork.bytes(both, true), options);
    }
    ordinary = runtime.createSession(OnnxNetwork.bytes(both, false));
    pictures = tensor(runtime, batch);
    replicated = tensor(runtime, batch * passes);
    float[] first = run(dropping, pictures);
    float[] second = run(dropping, pictures);
    if (first[0] == second[0] && first[1] == second[1]) {
      throw new IllegalStateException("two passes of ONNX Runtime with dropout are equal");
    }
  }

  /**
   * Frees the network.
   *
   * @throws OrtException if that fails
   */
  @TearDown(Level.Trial)
  public void close() throws OrtException {
    pictures.close();
    replicated.close();
    dropping.close();
    ordinary.close();
  }

  /**
   * One pass with dropout off.
   *
   * @return its first row
   * @throws OrtException if it fails
   */
  @Benchmark
  public float[] ordinaryPass() throws OrtException {
    return run(ordinary, pictures);
  }

  /**
   * T calls with dropout on.
   *
   * @throws OrtException if one fails
   */
  @Benchmark
  public void calls() throws OrtException {
    for (int t = 0; t < passes; t++) {
      run(dropping, pictures);
    }
  }

  /**
   * One call on T copies of the batch.
   *
   * @return its first row
   * @throws OrtException if it fails
   */
  @Benchmark
  public float[] replicatedBatch() throws OrtException {
    return run(dropping, replicated);
  }

  /** The first row of the outputs. */
  private static float[] run(OrtSession session, OnnxTensor x) throws OrtException {
    try (OrtSession.Result result = session.run(Map.of(OnnxNetwork.INPUT, x))) {
      float[] row = new float[Network.CLASSES];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(row);
      return row;
    }
  }

  private static OnnxTensor tensor(OrtEnvironment runtime, int rows) throws OrtException {
    float[] values = new float[rows * Network.SIDE * Network.SIDE];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    long[] shape = {rows, 1, Network.SIDE, Network.SIDE};
    return OnnxTensor.createTensor(runtime, FloatBuffer.wrap(values), shape);
  }
}
