package io.credence.jmh;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
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
 * The passes of {@link PeerBenchmark} in PyTorch, as DJL runs it: the same layers, with dropout on
 * as in training; nothing is computed of the outputs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "-Dai.djl.offline=true",
      "-DOPT_OUT_TRACKING=true",
      "-Dslf4j.internal.verbosity=ERROR"
    })
public class DjlBenchmark {

  /** Rows of a batch, N. */
  @Param({"1", "64"})
  public int batch;

  /** Passes, T. */
  @Param("50")
  public int passes;

  /** Where dropout stands: before the last layer, or on the features too. */
  @Param({"last", "both"})
  public String dropout;

  private Model model;
  private Block network;
  private ParameterStore parameters;
  private NDArray pictures;
  private NDArray replicated;

  /** Made by JMH. */
  public DjlBenchmark() {}

  /** Builds the network, and sees that passes differ. */
  @Setup(Level.Trial)
  public void open() {
    model = Model.newInstance("network", "PyTorch");
    network = network(dropout.equals("both"));
    NDManager manager = model.getNDManager();
    pictures = manager.randomUniform(0, 1, new Shape(batch, 1, Network.SIDE, Network.SIDE));
    replicated = pictures.tile(new long[] {passes, 1, 1, 1});
    network.initialize(manager, DataType.FLOAT32, pictures.getShape());
    parameters = new ParameterStore(manager, false);
    if (Arrays.equals(run(pictures, true), run(pictures, true))) {
      throw new IllegalStateException("two passes of PyTorch with dropout are equal");
    }
  }

  /** Frees the network. */
  @TearDown(Level.Trial)
  public void close() {
    model.close();
  }

  /**
   * One pass with dropout off.
   *
   * @return its output
   */
  @Benchmark
  public float[] ordinaryPass() {
    return run(pictures, false);
  }

  /** T calls with dropout on. */
  @Benchmark
  public void calls() {
    for (int t = 0; t < passes; t++) {
      run(pictures, true);
    }
  }

  /**
   * One call on T copies of the batch.
   *
   * @return its output
   */
  @Benchmark
  public float[] replicatedBatch() {
    return run(replicated, true);
  }

  private float[] run(NDArray x, boolean dropped) {
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDArray fed = x.duplicate();
      fed.attach(scope);
      NDList outputs = network.forward(parameters, new NDList(fed), dropped);
      return outputs.singletonOrThrow().softmax(-1).toFloatArray();
    }
  }

  private static Block network(boolean bothSites) {
    SequentialBlock block =
        new SequentialBlock()
            .add(convolution(32))
            .add(Activation.reluBlock())
            .add(convolution(64))
            .add(Activation.reluBlock())
            .add(Pool.maxPool2dBlock(new Shape(2, 2), new Shape(2, 2)))
            .add(Blocks.batchFlattenBlock());
    if (bothSites) {
      block.add(Dropout.builder().optRate(.25f).build());
    }
    return block
        .add(Linear.builder().setUnits(128).optBias(false).build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(.5f).build())
        .add(Linear.builder().setUnits(Network.CLASSES).optBias(false).build());
  }

  private static Block convolution(int filters) {
    return Conv2d.builder()
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .setFilters(filters)
        .optBias(false)
        .build();
  }
}
