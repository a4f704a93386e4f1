package io.credence.tensorflow;

import io.credence.ElementType;
import io.credence.InputRange;
import io.credence.ModelDescription;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.TensorSpec;
import io.credence.tensorflow.GraphIndex.Port;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** Makes an engine of a SavedModel: read, find sites, rewrite, cut, import, restore. */
final class EngineLoader {

  private final SavedModelEngine.Builder options;
  private final SavedModelFiles files;
  private final SignatureDef signature;
  private final Sidecar sidecar;

  private EngineLoader(SavedModelEngine.Builder options) {
    this.options = options;
    this.files = SavedModelFiles.read(options.model, options.tags);
    this.signature = files.signature(options.signature);
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
    Map<String, Port> inputs = inputPorts();
    List<TensorSpec> inputSpecs = new ArrayList<>();
    inputs.forEach((name, port) -> inputSpecs.add(spec(name, signature.getInputsOrThrow(name))));
    String outputName = outputName();
    TensorInfo outputInfo = signature.getOutputsOrThrow(outputName);
    SamplingGraph graph = compile(inputs, Port.parse(outputInfo.getName()));

    TensorSpec outputSpec = spec(outputName, outputInfo);
    ModelDescription description =
        new ModelDescription(
            options.model.toString(),
            options.signature,
            inputSpecs,
            outputSpec,
            outputKind(graph.served(), graph.wiring().output(), outputSpec),
            sidecar.labels(),
            graph.sites());
    checkLabels(description);
    Optional<InputRange> range = options.inputRange.or(sidecar::inputRange);
    InputCheck inputCheck = new InputCheck(inputSpecs, range, options.strict);

    RestoredGraph model = open(graph);
    try {
      BatchRun.Wiring wiring =
          graph.wiring().withCrossing(fetchable(model.graph(), graph.wiring().crossing()));
      return new SavedModelEngine(description, model, wiring, inputCheck);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private SamplingGraph compile(Map<String, Port> inputs, Port output) {
    return named(() -> SamplingGraph.compile(files.metaGraph(), inputs, output));
  }

  private RestoredGraph open(SamplingGraph graph) {
    BatchRun.Wiring wiring = graph.wiring();
    Set<String> passes = new LinkedHashSet<>();
    wiring.inputs().values().forEach(port -> passes.add(port.node()));
    passes.add(wiring.output().node());
    wiring.masks().forEach(port -> passes.add(port.node()));
    wiring.batchShapes().forEach(port -> passes.add(port.node()));
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

  private Sidecar sidecar() {
    try {
      return Sidecar.ofModel(options.model);
    } catch (IllegalArgumentException | IOException e) {
      throw new ModelLoadException(e.getMessage(), e);
    }
  }

  private Map<String, Port> inputPorts() {
    Map<String, Port> ports = new LinkedHashMap<>();
    new TreeMap<>(signature.getInputsMap())
        .forEach((name, info) -> ports.put(name, Port.parse(info.getName())));
    if (ports.isEmpty()) {
      throw new ModelLoadException(
          "signature \""
              + options.signature
              + "\" of "
              + options.model
              + " has no input; choose another");
    }
    return ports;
  }

  private String outputName() {
    List<String> names = signature.getOutputsMap().keySet().stream().sorted().toList();
    if (options.output.isPresent()) {
      String name = options.output.get();
      if (!names.contains(name)) {
        throw new ModelLoadException(
            "output \""
                + name
                + "\" is not in signature \""
                + options.signature
                + "\" of "
                + options.model
                + "; it has "
                + names);
      }
      return name;
    }
    if (names.size() != 1) {
      throw new ModelLoadException(
          "signature \""
              + options.signature
              + "\" of "
              + options.model
              + " has the outputs "
              + names
              + "; choose one");
    }
    return names.get(0);
  }

  private TensorSpec spec(String name, TensorInfo info) {
    ElementType type =
        ElementTypes.of(info.getDtype())
            .orElseThrow(
                () ->
                    new ModelLoadException(
                        "\""
                            + name
                            + "\" of "
                            + options.model
                            + " is of type "
                            + info.getDtype()
                            + ", which is not read yet"));
    TensorShapeProto shape = info.getTensorShape();
    if (shape.getUnknownRank()) {
      return new TensorSpec(name, type, Shape.unknown());
    }
    long[] dims = shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
    return new TensorSpec(name, type, Shape.of(dims));
  }

  /** What the caller, the sidecar or the last op declares; they must not contradict each other. */
  private OutputKind outputKind(GraphIndex index, Port output, TensorSpec spec) {
    Optional<OutputKind> declared = options.outputKind.or(sidecar::outputKind);
    Optional<OutputKind> ofGraph = kindOfLastOp(index, output, spec);
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

  private static Optional<OutputKind> kindOfLastOp(GraphIndex index, Port output, TensorSpec spec) {
    var node = index.node(output.node());
    while (node.getOp().equals("Identity")) {
      node = index.node(GraphIndex.producer(node.getInput(0)));
    }
    Shape shape = spec.shape();
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
    long classes = model.outputKind().isBinary() ? 2 : width;
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

  /** All or nothing: a tensor that cannot leave TensorFlow sends the whole graph into the tail. */
  private static List<Port> fetchable(Graph graph, List<Port> crossing) {
    boolean all =
        crossing.stream()
            .allMatch(
                port ->
                    ElementTypes.of(
                            graph.operationOrThrow(port.node()).output(port.index()).dataType())
                        .isPresent());
    return all ? crossing : List.of();
  }
}
