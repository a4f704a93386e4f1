package io.credence.tensorflow;

import io.credence.InputRange;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.RegressionHead;
import io.credence.Sidecar;
import io.credence.TensorSpec;
import io.credence.tensorflow.GraphIndex.Port;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.MetaGraphDef;

/** Makes an engine of a SavedModel: read, find sites, rewrite, cut, import, restore. */
final class EngineLoader {

  private final SavedModelEngine.Builder options;
  private final SavedModelFiles files;
  private final Sidecar sidecar;

  private EngineLoader(SavedModelEngine.Builder options) {
    this.options = options;
    this.files = SavedModelFiles.read(options.model, options.tags);
    this.sidecar = sidecar();
  }

  static SavedModelEngine load(SavedModelEngine.Builder options) {
    try {
      return new EngineLoader(options).load();
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException
        | NoSuchElementException
        | ArithmeticException
        | NegativeArraySizeException
        | ClassCastException
        | BufferUnderflowException
        | UnsupportedOperationException
        | TensorFlowException e) {
      // What no check has foreseen; a defect of ours would look the same, so the cause is kept.
      throw new ModelLoadException(
          options.model
              + ": the graph is damaged: "
              + e
              + "; copy the model again from where it was exported",
          e);
    }
  }

  private SavedModelEngine load() {
    Endpoints endpoints = Endpoints.of(options, files);
    InnerInputs.Fed fed =
        InnerInputs.replace(files.metaGraph().getGraphDef(), endpoints.inputs(), options.policy);
    SamplingGraph graph = compile(fed, endpoints.output().port());
    RestoredGraph model = open(graph);
    try {
      List<TensorSpec> inputs =
          fed.inputs().stream()
              .filter(each -> graph.wiring().inputs().containsKey(each.name()))
              .map(each -> spec(each, model, each.port()))
              .toList();
      inputs.forEach(this::checkRows);
      TensorSpec output = spec(endpoints.output(), model, graph.wiring().served());
      ModelDescription description =
          new ModelDescription(
              options.model.toString(),
              endpoints.source(),
              inputs,
              output,
              outputKind(graph.served(), graph.wiring().served(), output),
              sidecar.labels(),
              graph.sites(),
              graph.cost());
      checkLabels(description);
      Optional<InputRange> range = options.inputRange.or(sidecar::inputRange);
      InputCheck inputCheck = new InputCheck(inputs, range, options.strict);
      Optional<RegressionHead> head =
          sidecar.regressionHead().filter(each -> each.kind() == description.outputKind());
      return new SavedModelEngine(
          description,
          new LoadedModel(description, model, graph.wiring(), inputCheck, options.maxChunk),
          head);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private SamplingGraph compile(InnerInputs.Fed fed, Port output) {
    Map<String, Port> inputs = new LinkedHashMap<>();
    fed.inputs().forEach(input -> inputs.put(input.name(), input.port()));
    MetaGraphDef model = files.metaGraph().toBuilder().setGraphDef(fed.graph()).build();
    return named(
        () -> {
          FlatModel flat = SamplingGraph.flatten(model, inputs, output, options.dropout);
          // Before anything is imported: TensorFlow computes constants while it infers shapes.
          Startup startup = Startup.of(files);
          options.policy.check(flat.runs(startup), List.of(flat.output().node()), startup);
          SamplingGraph graph = SamplingGraph.compile(flat, inputs, options.role);
          KerasMetadata.of(files).check(graph.sites());
          return graph;
        });
  }

  private RestoredGraph open(SamplingGraph graph) {
    BatchRun.Wiring wiring = graph.wiring();
    Set<String> passes = new LinkedHashSet<>();
    wiring.inputs().values().forEach(port -> passes.add(port.node()));
    passes.add(wiring.served().node());
    passes.add(wiring.sampled().node());
    return named(() -> RestoredGraph.open(files, graph.definition(), passes, options.policy));
  }

  /** Says in the message which model it is about. */
  private <T> T named(Supplier<T> step) {
    try {
      return step.get();
    } catch (ModelLoadException e) {
      String message = String.valueOf(e.getMessage());
      String model = options.model.toString();
      throw message.contains(model) ? e : new ModelLoadException(model + ": " + message, e);
    }
  }

  private TensorSpec spec(Endpoint endpoint, RestoredGraph model, Port port) {
    return named(() -> endpoint.spec(model.graph(), port));
  }

  private void checkRows(TensorSpec input) {
    if (!input.shape().isUnknown() && input.shape().numDimensions() == 0) {
      throw new ModelLoadException(
          "input \""
              + input.name()
              + "\" of "
              + options.model
              + " is a scalar; its first dimension must be the rows of the batch");
    }
  }

  private Sidecar sidecar() {
    try {
      return Sidecar.ofModel(options.model);
    } catch (IllegalArgumentException | IOException e) {
      throw new ModelLoadException(e.getMessage(), e);
    }
  }

  /** What the caller, the sidecar or the last op declares; they must not contradict each other. */
  private OutputKind outputKind(GraphIndex index, Port output, TensorSpec spec) {
    Optional<OutputKind> declared = options.outputKind.or(sidecar::outputKind);
    Optional<OutputKind> ofGraph = kindOfLastOp(index, output, spec.shape());
    // A Sigmoid may also bound a regression target; a Softmax is nothing but a distribution.
    boolean bounded =
        declared.equals(Optional.of(OutputKind.MEAN))
            && ofGraph.equals(Optional.of(OutputKind.BINARY_PROBABILITY));
    if (declared.isPresent() && ofGraph.isPresent() && !declared.equals(ofGraph) && !bounded) {
      throw new ModelLoadException(
          "the output of "
              + options.model
              + " is declared as "
              + declared.get()
              + ", but the graph ends in "
              + (ofGraph.get() == OutputKind.PROBABILITIES ? "Softmax" : "Sigmoid")
              + ", so it is "
              + ofGraph.get()
              + "; declare that, or nothing");
    }
    return declared
        .or(() -> ofGraph)
        .orElseThrow(
            () ->
                new ModelLoadException(
                    "nothing says what the output \""
                        + spec.name()
                        + "\" of "
                        + options.model
                        + " means: the graph ends in neither Softmax nor Sigmoid; declare its output kind, one of "
                        + OutputKind.choices()));
  }

  static Optional<OutputKind> kindOfLastOp(GraphIndex index, Port output, Shape shape) {
    var node = index.node(output.node());
    while (node.getOp().equals("Identity")) {
      node = index.node(GraphIndex.producer(node.getInput(0)));
    }
    boolean single =
        !shape.isUnknown()
            && shape.numDimensions() > 0
            && shape.get(shape.numDimensions() - 1) == 1;
    return switch (node.getOp()) {
      case "Softmax" -> Optional.of(OutputKind.PROBABILITIES);
      case "Sigmoid" -> single ? Optional.of(OutputKind.BINARY_PROBABILITY) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static void checkLabels(ModelDescription model) {
    Shape shape = model.output().shape();
    long width =
        shape.isUnknown() || shape.numDimensions() == 0 ? -1 : shape.get(shape.numDimensions() - 1);
    long classes =
        switch (model.outputKind()) {
          case BINARY_PROBABILITY, BINARY_LOGIT -> 2;
          case MEAN_AND_VARIANCE, MEAN_AND_LOG_VARIANCE -> width < 0 ? -1 : width / 2;
          case QUANTILES, MIXTURE_DENSITY -> -1; // how many targets, the head tells
          case PROBABILITIES, LOGITS, MEAN -> width;
        };
    int labels = model.labels().size();
    if (labels > 0 && classes > 0 && labels != classes) {
      throw new ModelLoadException(
          model.model()
              + " has "
              + classes
              + (model.outputKind().isClassification() ? " classes" : " targets")
              + ", but its "
              + Sidecar.FILE_NAME
              + " names "
              + labels
              + " labels; mend the labels");
    }
  }
}
