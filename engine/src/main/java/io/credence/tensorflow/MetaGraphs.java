package io.credence.tensorflow;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/** Chooses among the meta graphs of a SavedModel by their tags. */
final class MetaGraphs {

  private static final String SERVE = "serve";

  private MetaGraphs() {}

  /**
   * The graph whose tags are just those asked for, in any order. Where none are asked for: the one
   * tagged {@code serve} alone, else the first tagged {@code serve} among other tags, else the only
   * one, if it has no tags at all.
   *
   * @throws ModelLoadException if there is none; the message lists the tags there are
   */
  static MetaGraphDef choose(Path proto, SavedModel model, Optional<Set<String>> tags) {
    List<MetaGraphDef> graphs = model.getMetaGraphsList();
    if (graphs.isEmpty()) {
      throw new ModelLoadException(
          proto + " holds no graph: the file is empty or was cut short; copy it again");
    }
    Set<String> asked = tags.orElse(Set.of(SERVE));
    Optional<MetaGraphDef> exact = first(graphs, graph -> tagsOf(graph).equals(asked));
    if (exact.isEmpty() && tags.isEmpty()) {
      exact = first(graphs, graph -> tagsOf(graph).contains(SERVE));
    }
    if (exact.isEmpty() && tags.isEmpty() && graphs.size() == 1) {
      exact = first(graphs, graph -> tagsOf(graph).isEmpty());
    }
    return exact.orElseThrow(
        () ->
            new ModelLoadException(
                proto
                    + " has no graph tagged "
                    + new TreeSet<>(asked)
                    + ", only "
                    + graphs.stream().map(MetaGraphs::tagsOf).toList()
                    + "; choose one of these with tags(..), or export the model for serving"));
  }

  private static Optional<MetaGraphDef> first(
      List<MetaGraphDef> graphs, Predicate<MetaGraphDef> which) {
    return graphs.stream().filter(which).findFirst();
  }

  private static Set<String> tagsOf(MetaGraphDef graph) {
    return new TreeSet<>(graph.getMetaInfoDef().getTagsList());
  }
}
