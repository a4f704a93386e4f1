package io.credence.tensorflow;

import io.credence.InputRange;
import io.credence.ModelDescription;
import io.credence.ModelReport;
import io.credence.OutputKind;
import io.credence.Prediction;
import io.credence.RegressionHead;
import io.credence.SampleSink;
import io.credence.SamplingPlan;
import io.credence.UncertaintyEngine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.NdArray;

/**
 * Runs a TensorFlow SavedModel by MC dropout: T passes, each with dropout masks of its own, drawn
 * from (seed, site, pass) alone and shared by all rows of a batch.
 *
 * <p>Dropout is found where the graph draws, always or gated by a placeholder, and where Keras 2
 * left it out of what it serves; {@link Builder#dropout} names it where no trace is left. Nothing
 * else that training does is turned on, and no variable is ever assigned after loading.
 *
 * <p>What no dropout site can reach is computed once a batch. The rest runs many passes in a call,
 * on copies of the batch, where the model is proven to treat rows one by one; else one pass in a
 * call, and {@link io.credence.SamplingCost#passByPass} says why. The first batch holds the
 * compiled graph against the model as it is served; a {@link ModelLoadException} says what differs.
 *
 * <p>Safe for use by many threads at once. Owns a TensorFlow session and graph; {@link #close}
 * waits for running passes and frees them.
 */
public final class SavedModelEngine implements UncertaintyEngine {

  private final ModelDescription description;
  private final LoadedModel model;
  private final Optional<RegressionHead> head;

  /** Takes over the model, and closes it when it is closed. */
  SavedModelEngine(ModelDescription description, LoadedModel model, Optional<RegressionHead> head) {
    this.description = description;
    this.model = model;
    this.head = head;
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
    return predict(inputs, plan, Optional.empty());
  }

  @Override
  public Prediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, SampleSink sink) {
    SampleArrays.refuseStopping(plan);
    return predict(inputs, plan, Optional.of(sink));
  }

  private Prediction predict(
      Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan, Optional<SampleSink> sink) {
    try (ModelCall call = model.begin(inputs)) {
      MemberBatch batch = new MemberBatch(member(0), call, plan, sink);
      return PlanRun.predict(plan, batch, call::doubts);
    }
  }

  @Override
  public FloatNdArray sample(Map<String, ? extends NdArray<?>> inputs, SamplingPlan plan) {
    SampleArrays.refuseStopping(plan);
    try (ModelCall call = model.begin(inputs)) {
      SampleArrays samples = new SampleArrays(plan.passes());
      call.passes(
          plan,
          0,
          plan.passes(),
          (first, passes, outputs) -> samples.add(passes, outputs, call.rows(), call.answer()));
      return samples.all();
    }
  }

  @Override
  public FloatNdArray singlePass(Map<String, ? extends NdArray<?>> inputs) {
    // A draw that is always on would not repeat as it is served.
    return draw(inputs, description.sites().stream().anyMatch(LoadedModel::isAlwaysOn), true);
  }

  /** The output of the graph that passes run, with every mask at one. */
  FloatNdArray masksAtOne(Map<String, ? extends NdArray<?>> inputs) {
    return draw(inputs, true, false);
  }

  private FloatNdArray draw(
      Map<String, ? extends NdArray<?>> inputs, boolean sampled, boolean dropped) {
    try (ModelCall call = model.begin(inputs)) {
      PassPlan first = new PassPlan(SamplingPlan.DEFAULT_SEED, 0, 1, call.rows(), 1, dropped);
      float[] outputs = sampled ? call.draw(first) : call.served();
      return SampleArrays.array(outputs, call.rows(), call.answer());
    }
  }

  /** Begins a call, which the caller closes. */
  ModelCall begin(Map<String, ? extends NdArray<?>> inputs) {
    return model.begin(inputs);
  }

  /** What the batches of this model have in common, as that member of an ensemble. */
  MemberBatch.Member member(int index) {
    return new MemberBatch.Member(
        description.outputKind(), head, !description.sites().isEmpty(), index);
  }

  /** Waits for calls in flight, then frees the native memory. */
  @Override
  public void close() {
    model.close();
  }

  /** Why a call runs one pass only, or empty if it runs several. */
  Optional<String> passByPass() {
    return description.cost().passByPass();
  }

  /** Passes that a call runs on a batch of so many rows. */
  int chunk(int rows) {
    return model.chunk(rows);
  }

  /** The graph and the session that calls run on. */
  RestoredGraph restored() {
    return model.restored();
  }

  /** Options for loading a SavedModel. Each may be set once or not at all. */
  public static final class Builder {

    final Path model;
    Optional<Set<String>> tags = Optional.empty();
    String signature = "serving_default";
    List<String> otherSignatures = List.of();
    Optional<String> output = Optional.empty();
    List<String> otherOutputs = List.of();

    /** What is done with a model that has no dropout, or whose dropout is not wanted. */
    SamplingGraph.Role role = SamplingGraph.Role.PASSES;

    Optional<OutputKind> outputKind = Optional.empty();
    Optional<InputRange> inputRange = Optional.empty();
    boolean strict;
    final Map<String, Double> dropout = new LinkedHashMap<>();

    /** Passes in a call at most; 0 for as many as fit. */
    int maxChunk;

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
     * The signature to run: of several names the first that the model has, for members of an
     * ensemble that were exported in different ways. Default: {@code serving_default}.
     *
     * @param name a signature of the model
     * @param others names to look for where it has no such signature
     * @return this
     */
    public Builder signature(String name, String... others) {
      signature = name;
      otherSignatures = List.of(others);
      return this;
    }

    /**
     * The output to sample: of several names the first that the signature has. Default: the only
     * output of the signature; needed if it has several.
     *
     * @param name an output of the signature
     * @param others names to look for where it has no such output
     * @return this
     */
    public Builder output(String name, String... others) {
      output = Optional.of(name);
      otherOutputs = List.of(others);
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
     * Names a tensor as dropped in training, where the model does not say so itself: Keras 3 leaves
     * no trace of dropout in what it exports. Or names the rate that a placeholder of the model
     * decides, a keep probability say. May be called for several tensors.
     *
     * @param tensor a tensor, {@code layer/Relu} or {@code layer/Relu:0}, or a placeholder
     * @param rate the share of units dropped in training, within (0, 1)
     * @return this
     * @throws IllegalArgumentException if {@code !(0 < rate && rate < 1)}
     */
    public Builder dropout(String tensor, double rate) {
      if (!(0 < rate && rate < 1)) {
        throw new IllegalArgumentException(
            "the dropout rate of \"" + tensor + "\" is " + rate + "; it must be within (0, 1)");
      }
      dropout.put(GraphIndex.Port.parse(tensor).toString(), rate);
      return this;
    }

    /** The same options for another role; these stay as they are. */
    Builder copy(SamplingGraph.Role newRole) {
      Builder copy = new Builder(model);
      copy.tags = tags;
      copy.signature = signature;
      copy.otherSignatures = otherSignatures;
      copy.output = output;
      copy.otherOutputs = otherOutputs;
      copy.outputKind = outputKind;
      copy.inputRange = inputRange;
      copy.strict = strict;
      copy.dropout.putAll(dropout);
      copy.maxChunk = maxChunk;
      copy.inputTensors.putAll(inputTensors);
      copy.outputTensor = outputTensor;
      copy.policy = policy;
      copy.role = newRole;
      return copy;
    }

    /** Runs at most that many passes in a call. */
    Builder maxChunk(int passes) {
      maxChunk = passes;
      return this;
    }

    /**
     * Tells what there is in the model, also of one that cannot be sampled as it is: signatures,
     * dropout sites, what sampling costs, and what to do next. Of several outputs none of which is
     * named, looks into the first that holds floating-point numbers.
     *
     * @return the report
     * @throws ModelLoadException if the model cannot be read at all
     * @throws IllegalArgumentException if both {@link #output} and {@link #outputTensor} are set
     */
    public ModelReport inspect() {
      return Inspector.inspect(this);
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
