package io.credence.tensorflow;

import io.credence.ModelReport;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.tensorflow.GraphIndex.Port;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** Tells what there is in a model, also of one that cannot be sampled as it is. */
final class Inspector {

  private final SavedModelEngine.Builder options;
  private final SavedModelFiles files;

  private Inspector(SavedModelEngine.Builder options) {
    this.options = options;
    this.files = SavedModelFiles.read(options.model, options.tags);
  }

  /**
   * Inspects a model.
   *
   * @throws ModelLoadException if it cannot be read at all
   */
  static ModelReport inspect(SavedModelEngine.Builder options) {
    return new Inspector(options).inspect();
  }

  private ModelReport inspect() {
    List<ModelReport.Signature> signatures =
        files.signatures().stream().map(this::describe).toList();
    chooseOutput();
    Optional<Endpoints> endpoints = endpoints();
    Optional<Compiled> compiled = endpoints.flatMap(this::compile);
    Optional<SamplingGraph> graph = compiled.flatMap(Compiled::graph);
    return new ModelReport(
        options.model.toString(),
        SavedModelFiles.tags(options.model),
        signatures,
        endpoints.map(Endpoints::source),
        endpoints.map(found -> found.output().name()),
        graph.flatMap(this::outputKind),
        graph.map(SamplingGraph::sites).orElse(List.of()),
        graph.map(SamplingGraph::cost),
        compiled.map(Compiled::refusedOps).orElse(List.of()),
        compiled.filter(c -> c.graph().isEmpty()).map(Compiled::candidates).orElse(List.of()),
        problem());
  }

  /** A model of several outputs is looked at by the first; to sample it, one must be named. */
  private void chooseOutput() {
    if (options.output.isEmpty() && options.outputTensor.isEmpty()) {
      files
          .findSignature(options.signature)
          .filter(signature -> signature.getOutputsCount() > 1)
          .ifPresent(
              signature -> options.output(new TreeMap<>(signature.getOutputsMap()).firstKey()));
    }
  }

  private Optional<Endpoints> endpoints() {
    try {
      return Optional.of(Endpoints.of(options, files));
    } catch (ModelLoadException e) {
      return Optional.empty(); // loading says the same, as the problem
    }
  }

  /**
   * What compiling comes to.
   *
   * @param refusedOps the ops that are refused
   * @param candidates tensors where dropout often stands
   * @param graph empty if the model cannot be compiled
   */
  private record Compiled(
      List<String> refusedOps, List<String> candidates, Optional<SamplingGraph> graph) {}

  private Optional<Compiled> compile(Endpoints endpoints) {
    try {
      InnerInputs.Fed fed =
          InnerInputs.replace(files.metaGraph().getGraphDef(), endpoints.inputs(), options.policy);
      Map<String, Port> inputs = new LinkedHashMap<>();
      fed.inputs().forEach(input -> inputs.put(input.name(), input.port()));
      Port output = endpoints.output().port();
      MetaGraphDef model = files.metaGraph().toBuilder().setGraphDef(fed.graph()).build();
      FlatModel flat = SamplingGraph.flatten(model, inputs, output, options.dropout);
      Startup startup = Startup.of(files);
      List<String> refused =
          OpPolicy.refused(flat.runs(startup), List.of(flat.output().node()), startup);
      boolean runs = refused.isEmpty() || options.policy == OpPolicy.ANY;
      return Optional.of(
          new Compiled(
              refused,
              CallerSites.candidates(flat),
              runs ? compile(flat, inputs) : Optional.empty()));
    } catch (ModelLoadException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Optional<SamplingGraph> compile(FlatModel model, Map<String, Port> inputs) {
    try {
      return Optional.of(SamplingGraph.compile(model, inputs));
    } catch (ModelLoadException e) {
      return Optional.empty();
    }
  }

  private Optional<OutputKind> outputKind(SamplingGraph graph) {
    if (options.outputKind.isPresent()) {
      return options.outputKind;
    }
    try {
      Optional<OutputKind> declared = Sidecar.ofModel(options.model).outputKind();
      return declared.or(
          () -> EngineLoader.kindOfLastOp(graph.served(), graph.wiring().served(), outputShape()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Shape outputShape() {
    return endpoints()
        .flatMap(found -> found.output().info())
        .map(info -> shape(info.getTensorShape()))
        .orElse(Shape.unknown());
  }

  /** Why it cannot be loaded as it is. */
  private Optional<String> problem() {
    try {
      EngineLoader.load(options).close();
      return Optional.empty();
    } catch (ModelLoadException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private ModelReport.Signature describe(String name) {
    SignatureDef signature = files.signature(name);
    return new ModelReport.Signature(
        name, tensors(signature.getInputsMap()), tensors(signature.getOutputsMap()));
  }

  private static List<ModelReport.Tensor> tensors(Map<String, TensorInfo> tensors) {
    return new TreeMap<>(tensors)
        .entrySet().stream()
            .map(
                each ->
                    new ModelReport.Tensor(
                        each.getKey(),
                        each.getValue().getName(),
                        each.getValue().getDtype().name(),
                        shape(each.getValue().getTensorShape())))
            .toList();
  }

  private static Shape shape(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? Shape.unknown()
        : Shape.of(shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray());
  }
}
