package io.credence.tensorflow;

import io.credence.DropoutSite;
import io.credence.ModelReport;
import io.credence.OutputKind;
import io.credence.Sidecar;
import io.credence.tensorflow.GraphIndex.Port;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/** Tells what there is in a model, also of one that cannot be sampled as it is. */
final class Inspector {

  private static final Set<DataType> FLOATS =
      Set.of(DataType.DT_FLOAT, DataType.DT_DOUBLE, DataType.DT_HALF, DataType.DT_BFLOAT16);

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
   * @throws IllegalArgumentException if both an output and an output tensor are named
   */
  static ModelReport inspect(SavedModelEngine.Builder options) {
    Optional<String> asked = options.output;
    try {
      return new Inspector(options).inspect();
    } finally {
      options.output = asked;
    }
  }

  private ModelReport inspect() {
    List<ModelReport.Signature> signatures =
        files.signatures().stream().map(this::describe).toList();
    Optional<String> unnamed = chooseOutput();
    Optional<Endpoints> endpoints = endpoints();
    Optional<Compiled> compiled = endpoints.flatMap(this::compile);
    return new ModelReport(
        options.model.toString(),
        SavedModelFiles.tags(options.model),
        files.metaGraph().getMetaInfoDef().getTagsList(),
        signatures,
        endpoints.map(Endpoints::source).filter(name -> files.findSignature(name).isPresent()),
        endpoints.map(found -> found.output().name()),
        compiled.flatMap(this::outputKind),
        compiled.map(Compiled::sites).orElse(List.of()),
        compiled.flatMap(Compiled::graph).map(SamplingGraph::cost),
        compiled.map(Compiled::refusedOps).orElse(List.of()),
        compiled.map(Compiled::candidates).orElse(List.of()),
        problem().or(() -> unnamed));
  }

  /**
   * A model of several outputs is looked at by one of them; to sample it, one must be named.
   *
   * @return what loading it says of that
   */
  private Optional<String> chooseOutput() {
    Optional<SignatureDef> several =
        files
            .findSignature(options.signature)
            .filter(signature -> signature.getOutputsCount() > 1)
            .filter(signature -> options.output.isEmpty() && options.outputTensor.isEmpty());
    if (several.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> problem = Optional.empty();
    try {
      Endpoints.of(options, files);
    } catch (ModelLoadException e) {
      problem = Optional.of(String.valueOf(e.getMessage()));
    }
    Map<String, TensorInfo> outputs = new TreeMap<>(several.get().getOutputsMap());
    options.output(
        outputs.entrySet().stream()
            .filter(each -> FLOATS.contains(each.getValue().getDtype()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseGet(() -> outputs.keySet().iterator().next()));
    return problem;
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
   * @param flat the model, flattened
   * @param refusedOps the ops that are refused
   * @param sites the dropout sites
   * @param candidates tensors where dropout often stands, if there is no site
   * @param graph empty if the model cannot be compiled
   */
  private record Compiled(
      FlatModel flat,
      List<String> refusedOps,
      List<DropoutSite> sites,
      List<String> candidates,
      Optional<SamplingGraph> graph) {}

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
      if (!refused.isEmpty() && options.policy != OpPolicy.ANY) {
        // Shapes are inferred by TensorFlow, which computes constants: not of what is refused.
        return Optional.of(new Compiled(flat, refused, List.of(), List.of(), Optional.empty()));
      }
      Optional<SamplingGraph> graph = told(() -> SamplingGraph.compile(flat, inputs, options.role));
      return Optional.of(
          graph.map(each -> sampled(flat, refused, each)).orElseGet(() -> found(flat, refused)));
    } catch (RuntimeException e) {
      return Optional.empty(); // loading says why, as the problem
    }
  }

  private static Compiled sampled(FlatModel flat, List<String> refused, SamplingGraph graph) {
    return new Compiled(flat, refused, graph.sites(), List.of(), Optional.of(graph));
  }

  /** A model that cannot be compiled, with its sites as far as they can be told. */
  private static Compiled found(FlatModel flat, List<String> refused) {
    List<DropoutSite> sites = new ArrayList<>();
    boolean all = true;
    for (SiteFinder finder : List.of(new RandomOps(), new KerasSites(), new CallerSites())) {
      Optional<List<Site>> found = told(() -> finder.find(flat));
      found.ifPresent(some -> some.forEach(site -> sites.add(site.described(Shape.unknown()))));
      all &= found.isPresent();
    }
    boolean none = all && sites.isEmpty();
    List<String> candidates = none ? CallerSites.candidates(flat) : List.of();
    return new Compiled(flat, refused, sites, candidates, Optional.empty());
  }

  /** What a step gives, unless it fails: then loading says why, as the problem. */
  private static <T> Optional<T> told(Supplier<T> step) {
    try {
      return Optional.of(step.get());
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private Optional<OutputKind> outputKind(Compiled compiled) {
    if (options.outputKind.isPresent()) {
      return options.outputKind;
    }
    GraphIndex index = compiled.graph().map(SamplingGraph::served).orElse(compiled.flat().graph());
    Port output = compiled.flat().output();
    try {
      Optional<OutputKind> declared = Sidecar.ofModel(options.model).outputKind();
      return declared.or(() -> EngineLoader.kindOfLastOp(index, output, outputShape()));
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
      options.load().close();
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
