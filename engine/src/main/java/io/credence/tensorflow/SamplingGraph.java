package io.credence.tensorflow;

import io.credence.DropoutSite;
import io.credence.tensorflow.GraphIndex.Port;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;

/**
 * A model's graph made ready for sampling: flattened, its dropout found and keyed, and cut into
 * trunk and tail.
 *
 * @param served the flat graph before any rewriting, for questions about its nodes
 * @param definition the graph to import
 * @param sites the sites, in the order of their keys
 * @param wiring what a pass feeds and fetches
 */
record SamplingGraph(
    GraphIndex served, GraphDef definition, List<DropoutSite> sites, BatchRun.Wiring wiring) {

  /**
   * Compiles a model.
   *
   * @param model the meta graph
   * @param inputs the signature's inputs, by name, and where each enters the main graph
   * @param output the tensor to sample, in the main graph
   * @throws ModelLoadException if the graph is damaged, or holds no dropout that can be turned on
   */
  static SamplingGraph compile(MetaGraphDef model, Map<String, Port> inputs, Port output) {
    Flattener.Flat flat = Flattener.flatten(model.getGraphDef(), output);
    GraphIndex index = GraphIndex.of(flat.graph());
    String sampled = flat.output().node();
    Set<String> fed = new LinkedHashSet<>();
    inputs.values().forEach(port -> fed.add(index.node(port.node()).getName()));

    SiteFinder.Found found = SiteFinder.find(index, sampled, fed);
    List<KerasSites.Site> layers =
        KerasSites.match(index, flat.innerNames(), KerasTwin.draws(model));
    List<DropoutSite> sites = new ArrayList<>(found.sites());
    layers.forEach(
        layer ->
            sites.add(
                new DropoutSite(
                    layer.name(), OptionalDouble.of(layer.draw().rate()), Optional.empty())));
    if (sites.isEmpty()) {
      throw new ModelLoadException(SiteFinder.noSite());
    }

    MaskRewriter.Rewritten rewritten =
        MaskRewriter.rewrite(flat.graph(), index, found.sites(), layers, fed);
    List<Port> crossing =
        TrunkCut.crossing(GraphIndex.of(rewritten.graph()), sampled, rewritten.draws(), fed);
    List<Port> masks = rewritten.masks().stream().map(Port::parse).toList();
    List<Port> batchShapes = rewritten.batchShapes().stream().map(Port::parse).toList();
    BatchRun.Wiring wiring =
        new BatchRun.Wiring(
            inputs, flat.output(), found.gates(), sites.size(), masks, batchShapes, crossing);
    return new SamplingGraph(index, rewritten.graph(), sites, wiring);
  }
}
