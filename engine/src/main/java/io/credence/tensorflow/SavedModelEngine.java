package io.credence.tensorflow;

import io.credence.ClassificationPrediction;
import io.credence.InputRange;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import io.credence.statistics.ClassificationMoments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;

/**
 * Runs a TensorFlow SavedModel by MC dropout: T passes, each with dropout masks of its own, drawn
 * from (seed, site, pass) alone and shared by all rows of a batch.
 *
 * <p>The model's dropout must stand in its main graph, either always on or gated by a boolean
 * placeholder outside the signature. What no dropout site can reach is computed once a batch. No
 * variable is ever assigned after loading.
 *
 * <p>Safe for use by many threads at once. Owns a TensorFlow session and graph; {@link #close}
 * waits for running passes and frees them.
 */
public final class SavedModelEngine implements UncertaintyEngine {

  private static final int MAX_PASSES_ON_HEAP = Integer.MAX_VALUE;

  private final ModelDescription description;
  private final RestoredGraph model;
  private final BatchRun.Wiring wiring;
  private final InputCheck inputCheck;
  private final AtomicBoolean closed = new AtomicBoolean();

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
  public ClassificationPrediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    List<String> warnings = new ArrayList<>(check(inputs));
    int rows = rows(inputs);
    try (BatchRun run = open(inputs)) {
      float[] first = draw(run, plan, 0, rows);
      ClassificationMoments moments =
          ClassificationMoments.of(rows, first.length / rows, description.outputKind());
      moments.add(first);
      boolean differ = plan.passes() == 1;
      for (int pass = 1; pass < plan.passes(); pass++) {
        float[] outputs = draw(run, plan, pass, rows);
        moments.add(outputs);
        differ = differ || !Arrays.equals(first, outputs);
      }
      if (!differ) {
        warnings.add(
            "all "
                + plan.passes()
                + " passes gave the very same output for this batch: dropout may be off in this"
                + " model, or the output saturated");
      }
      return new ClassificationPrediction(moments.summaries(), plan, warnings);
    }
  }

  @Override
  public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    check(inputs);
    int rows = rows(inputs);
    try (BatchRun run = open(inputs)) {
      float[] first = draw(run, plan, 0, rows);
      long size = (long) first.length * plan.passes();
      if (size > MAX_PASSES_ON_HEAP) {
        throw new IllegalArgumentException(
            plan.passes()
                + " passes × "
                + first.length
                + " numbers do not fit one array; sample"
                + " fewer rows at once, or use predict");
      }
      float[] all = Arrays.copyOf(first, (int) size);
      for (int pass = 1; pass < plan.passes(); pass++) {
        System.arraycopy(draw(run, plan, pass, rows), 0, all, pass * first.length, first.length);
      }
      return array(all, Shape.of(plan.passes(), rows, first.length / rows));
    }
  }

  @Override
  public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
    check(inputs);
    int rows = rows(inputs);
    try (BatchRun run = open(inputs);
        Result result = run.serve(SamplingPlan.DEFAULT_SEED)) {
      float[] outputs = read(result.get(0), rows);
      return array(outputs, Shape.of(rows, outputs.length / rows));
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      model.close();
    }
  }

  private List<String> check(Map<String, ? extends NdArray<?>> inputs) {
    if (closed.get()) {
      throw new IllegalStateException(
          "the engine of " + description.model() + " is closed; load the model again");
    }
    return inputCheck.check(inputs);
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
    String signature = "serving_default";
    Optional<String> output = Optional.empty();
    Optional<OutputKind> outputKind = Optional.empty();
    Optional<InputRange> inputRange = Optional.empty();
    boolean strict;

    private Builder(Path model) {
      this.model = model;
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
     * The range of the training inputs; predictions for inputs outside it carry a warning. Default:
     * what the sidecar says, else no check.
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
     */
    public SavedModelEngine load() {
      return EngineLoader.load(this);
    }
  }
}
