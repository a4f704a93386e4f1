package io.credence.tensorflow;

import io.credence.ClassificationPrediction;
import io.credence.InputRange;
import io.credence.Masks;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.RegressionPrediction;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.statistics.ClassificationMoments;
import io.credence.statistics.RegressionMoments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.ndarray.index.Indices;

/**
 * Runs a TensorFlow SavedModel by MC dropout: T passes, each with dropout masks of its own, drawn
 * from (seed, site, pass) alone and shared by all rows of a batch.
 *
 * <p>The model's dropout must stand in its main graph, either always on or gated by a boolean
 * placeholder outside the signature. What no dropout site can reach is computed once a batch. No
 * variable is ever assigned after loading.
 *
 * <p>The first batch proves, on one of its rows, that a row scored alone gets the score it has in
 * company, and that the first dimension of what is dropped is the batch. A model for which that is
 * not so is refused with a {@link ModelLoadException}.
 *
 * <p>Safe for use by many threads at once. Owns a TensorFlow session and graph; {@link #close}
 * waits for running passes and frees them.
 */
public final class SavedModelEngine implements UncertaintyEngine {

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final ModelDescription description;
  private final RestoredGraph model;
  private final BatchRun.Wiring wiring;
  private final InputCheck inputCheck;
  private final ReadWriteLock open = new ReentrantReadWriteLock();
  private boolean closed;
  private volatile boolean proven;

  SavedModelEngine(
      ModelDescription description,
      RestoredGraph model,
      BatchRun.Wiring wiring,
      InputCheck inputCheck) {
    this.description = description;
    this.model = model;
    this.wiring = wiring;
    this.inputCheck = inputCheck;
  }

  /**
   * Loads a model with every option at its default.
   *
   * @param model the folder that holds {@code saved_model.pb}
   * @return the engine, which the caller closes
   * @throws ModelLoadException if the model cannot be loaded, or has no dropout
   */
  public static SavedModelEngine load(Path model) {
    return builder(model).load();
  }

  /**
   * Options for loading a model.
   *
   * @param model the folder that holds {@code saved_model.pb}
   * @return the options, all at their defaults
   */
  public static Builder builder(Path model) {
    return new Builder(model);
  }

  @Override
  public ModelDescription describe() {
    return description;
  }

  @Override
  public Prediction predict(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    return call(
        inputs,
        (run, rows, doubts) -> {
          List<String> warnings = new ArrayList<>(doubts);
          float[] first = draw(run, plan, 0, rows);
          IntFunction<float[]> draws = pass -> pass == 0 ? first : draw(run, plan, pass, rows);
          int width = first.length / rows;
          if (!description.outputKind().isClassification()) {
            RegressionMoments moments = RegressionMoments.of(rows, width);
            addPasses(draws, plan.passes(), moments::add).ifPresent(warnings::add);
            return new RegressionPrediction(moments.summaries(), plan, warnings);
          }
          ClassificationMoments moments =
              ClassificationMoments.of(rows, width, description.outputKind());
          addPasses(draws, plan.passes(), moments::add).ifPresent(warnings::add);
          return new ClassificationPrediction(moments.summaries(), plan, warnings);
        });
  }

  /** Adds every pass to some moments, and warns if all are the same. */
  private static Optional<String> addPasses(
      IntFunction<float[]> draws, int passes, Consumer<float[]> moments) {
    float[] first = draws.apply(0);
    moments.accept(first);
    boolean differ = passes == 1;
    for (int pass = 1; pass < passes; pass++) {
      float[] outputs = draws.apply(pass);
      moments.accept(outputs);
      differ = differ || !Arrays.equals(first, outputs);
    }
    return differ
        ? Optional.empty()
        : Optional.of(
            "all "
                + passes
                + " passes gave the very same output for this batch: dropout may be off in this"
                + " model, or the output saturated");
  }

  @Override
  public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    return call(
        inputs,
        (run, rows, doubts) -> {
          float[] first = draw(run, plan, 0, rows);
          long size = (long) first.length * plan.passes();
          if (size > MAX_ARRAY) {
            throw new IllegalArgumentException(
                plan.passes()
                    + " passes × "
                    + first.length
                    + " numbers do not fit one array; sample fewer rows at once, or use predict");
          }
          float[] all = Arrays.copyOf(first, (int) size);
          for (int pass = 1; pass < plan.passes(); pass++) {
            System.arraycopy(
                draw(run, plan, pass, rows), 0, all, pass * first.length, first.length);
          }
          return array(all, Shape.of(plan.passes(), rows, first.length / rows));
        });
  }

  @Override
  public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
    return call(
        inputs,
        (run, rows, doubts) -> {
          try (Result result = run.serve(SamplingPlan.DEFAULT_SEED)) {
            float[] outputs = read(result.get(0), rows);
            return array(outputs, Shape.of(rows, outputs.length / rows));
          }
        });
  }

  /** Waits for calls in flight, then frees the native memory. */
  @Override
  public void close() {
    open.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        model.close();
      }
    } finally {
      open.writeLock().unlock();
    }
  }

  /** What a call does with a batch. */
  private interface Body<T> {
    T apply(BatchRun run, int rows, List<String> doubts);
  }

  private <T> T call(Map<String, ? extends NdArray<?>> inputs, Body<T> body) {
    open.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "the engine of " + description.model() + " is closed; load the model again");
      }
      List<String> doubts = inputCheck.check(inputs);
      prove(inputs);
      try (BatchRun run = open(inputs)) {
        return body.apply(run, rows(inputs), doubts);
      }
    } finally {
      open.readLock().unlock();
    }
  }

  /** Two threads may both prove; that does no harm. */
  private void prove(Map<String, ? extends NdArray<?>> inputs) {
    boolean fixed =
        description.inputs().stream()
            .anyMatch(spec -> !spec.shape().isUnknown() && spec.shape().get(0) >= 0);
    if (proven || fixed) {
      return; // a model that reads batches of one size only has no company to choose
    }
    Map<String, NdArray<?>> two = new LinkedHashMap<>();
    Map<String, NdArray<?>> one = new LinkedHashMap<>();
    inputs.forEach(
        (name, array) -> {
          two.put(name, ElementTypes.firstRowTwice(array));
          one.put(name, array.slice(Indices.range(0, 1)));
        });
    SamplingPlan plan = SamplingPlan.of(1);
    try (BatchRun pair = open(two);
        BatchRun alone = open(one)) {
      RowProof.shapes(wiring, pair);
      RowProof.rows(draw(alone, plan, 0, 1), draw(pair, plan, 0, 2));
    }
    proven = true;
  }

  private int rows(Map<String, ? extends NdArray<?>> inputs) {
    return Math.toIntExact(inputs.get(description.inputs().get(0).name()).shape().get(0));
  }

  private BatchRun open(Map<String, ? extends NdArray<?>> inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      inputs.forEach((name, array) -> tensors.put(name, ElementTypes.toTensor(array)));
      return BatchRun.open(model.session(), wiring, tensors);
    } catch (RuntimeException e) {
      tensors.values().forEach(Tensor::close);
      throw e;
    }
  }

  private float[] draw(BatchRun run, SamplingPlan plan, int pass, int rows) {
    if (plan.masks() != Masks.SHARED) {
      throw new IllegalArgumentException(
          "masks " + plan.masks() + " are not drawn yet; use " + Masks.SHARED);
    }
    try (Result result = run.draw(plan.seed(), pass)) {
      return read(result.get(0), rows);
    }
  }

  private float[] read(Tensor output, int rows) {
    Shape shape = output.shape();
    boolean perRow = ElementTypes.hasRows(shape) && shape.get(0) == rows;
    if (!perRow || shape.numDimensions() > 2) {
      throw new ModelLoadException(
          "output \""
              + description.output().name()
              + "\" of "
              + description.model()
              + " has shape "
              + shape
              + " for "
              + rows
              + " rows; [N, K] is needed");
    }
    return ElementTypes.toFloats(output);
  }

  private static FloatNdArray array(float[] values, Shape shape) {
    FloatDataBuffer buffer = DataBuffers.of(values);
    return NdArrays.wrap(shape, buffer);
  }

  /** Options for loading a SavedModel. Each may be set once or not at all. */
  public static final class Builder {

    final Path model;
    Optional<Set<String>> tags = Optional.empty();
    String signature = "serving_default";
    Optional<String> output = Optional.empty();
    Optional<OutputKind> outputKind = Optional.empty();
    Optional<InputRange> inputRange = Optional.empty();
    boolean strict;
    final Map<String, String> inputTensors = new LinkedHashMap<>();
    Optional<String> outputTensor = Optional.empty();
    OpPolicy policy = OpPolicy.LISTED;

    private Builder(Path model) {
      this.model = model;
    }

    /**
     * The tags of the graph to run, where a SavedModel holds several: the graph that has these and
     * no others. Default: {@code serve}; then a graph that has other tags beside it will do, and so
     * will the only graph of a model if it has no tags at all.
     *
     * @param names the tags, in any order; none for a graph without tags
     * @return this
     */
    public Builder tags(String... names) {
      tags = Optional.of(Set.copyOf(Arrays.asList(names)));
      return this;
    }

    /**
     * The signature to run. Default: {@code serving_default}.
     *
     * @param name a signature of the model
     * @return this
     */
    public Builder signature(String name) {
      signature = name;
      return this;
    }

    /**
     * The output to sample. Default: the only output of the signature; needed if it has several.
     *
     * @param name an output of the signature
     * @return this
     */
    public Builder output(String name) {
      output = Optional.of(name);
      return this;
    }

    /**
     * A tensor of the main graph to feed, for a model without a fitting signature. May be called
     * for several. Any tensor will do: where it is not a placeholder, what is fed stands in for
     * what the graph would compute, and nothing that only leads up to it is run. Default: the
     * inputs of the signature; once a tensor is named, none of these is fed.
     *
     * @param name what the input is called in calls
     * @param tensor {@code node} or {@code node:index}
     * @return this
     * @throws IllegalArgumentException if another tensor has that name already
     */
    public Builder inputTensor(String name, String tensor) {
      String known = inputTensors.putIfAbsent(name, tensor);
      if (known != null) {
        throw new IllegalArgumentException(
            "input \""
                + name
                + "\" is tensor \""
                + known
                + "\" already; give each a name of its own");
      }
      return this;
    }

    /**
     * The tensor of the main graph to sample, for a model without a fitting signature. Default: an
     * output of the signature. Where it is set, the signature only says what is fed, and that only
     * if no {@link #inputTensor} is named.
     *
     * @param tensor {@code node} or {@code node:index}; also what the output is called in {@link
     *     SavedModelEngine#describe}
     * @return this
     */
    public Builder outputTensor(String tensor) {
      outputTensor = Optional.of(tensor);
      return this;
    }

    /**
     * Runs whatever ops the model holds. A SavedModel is a program: it can read and write files and
     * open connections as the user that runs it. Default: ops that do more than compute are refused
     * by name; set this only for a model whose origin you trust.
     *
     * @return this
     */
    public Builder allowUnsafeOps() {
      policy = OpPolicy.ANY;
      return this;
    }

    /**
     * What the numbers of the output mean. Default: what the sidecar says, else what the last op of
     * the graph says (Softmax, Sigmoid); needed if neither does.
     *
     * @param kind the kind
     * @return this
     */
    public Builder outputKind(OutputKind kind) {
      outputKind = Optional.of(kind);
      return this;
    }

    /**
     * The range of the training inputs, one for every floating-point input of the model;
     * predictions for inputs outside it carry a warning. Default: what the sidecar says, else no
     * check.
     *
     * @param range the range, after preprocessing
     * @return this
     */
    public Builder inputRange(InputRange range) {
      inputRange = Optional.of(range);
      return this;
    }

    /**
     * Whether inputs outside the training range are refused, not just warned of. Default: false.
     *
     * @param refuse whether to refuse them
     * @return this
     */
    public Builder strict(boolean refuse) {
      strict = refuse;
      return this;
    }

    /**
     * Loads the model.
     *
     * @return the engine, which the caller closes
     * @throws ModelLoadException if the model cannot be loaded, has no dropout, or does not say
     *     what its output means
     * @throws IllegalArgumentException if both {@link #output} and {@link #outputTensor} are set
     */
    public SavedModelEngine load() {
      if (output.isPresent() && outputTensor.isPresent()) {
        throw new IllegalArgumentException(
            "both output(\""
                + output.get()
                + "\") and outputTensor(\""
                + outputTensor.get()
                + "\") are set; set the one to sample");
      }
      return EngineLoader.load(this);
    }
  }
}
