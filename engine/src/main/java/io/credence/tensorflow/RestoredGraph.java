package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.types.TString;

/**
 * A graph in a session, its variables restored by the model's own saver and its tables initialised.
 * Owns both; closing waits for running passes.
 */
final class RestoredGraph implements AutoCloseable {

  private final Graph graph;
  private final Session session;

  private RestoredGraph(Graph graph, Session session) {
    this.graph = graph;
    this.session = session;
  }

  /**
   * Imports of a graph made of a model's what its passes and its state need, and gives it the
   * model's state.
   *
   * @param definition the graph
   * @param passes the nodes that passes will feed and fetch
   * @param policy which ops may run
   * @throws ModelLoadException if the policy or TensorFlow refuses the graph, or the state cannot
   *     be restored
   */
  static RestoredGraph open(
      SavedModelFiles files, GraphDef definition, Collection<String> passes, OpPolicy policy) {
    Startup startup = Startup.of(files);
    List<String> roots = new ArrayList<>(passes);
    roots.addAll(startup.roots());
    GraphDef needed = GraphPruner.prune(definition, roots);
    // Before the import: TensorFlow computes constants while it infers shapes.
    policy.check(needed, passes, startup);
    needed.getNodeList().forEach(startup::checkAsset);
    Graph graph = new Graph();
    RestoredGraph restored = new RestoredGraph(graph, new Session(graph));
    try {
      graph.importGraphDef(needed);
      restored.restore(files, startup);
      restored.initialise(files, startup);
      return restored;
    } catch (RuntimeException e) {
      restored.close();
      throw e instanceof ModelLoadException ? e : refused(files, e);
    }
  }

  Graph graph() {
    return graph;
  }

  Session session() {
    return session;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  private void restore(SavedModelFiles files, Startup startup) {
    if (startup.restore().isEmpty()) {
      return;
    }
    try {
      Map<Port, Path> feeds = new LinkedHashMap<>(startup.assets());
      startup.prefix().ifPresent(port -> feeds.put(port, files.variablesPrefix()));
      run(startup.restore().get(), feeds);
    } catch (TensorFlowException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new ModelLoadException(
          "the weights of "
              + files.folder()
              + " cannot be restored: "
              + firstLine(e)
              + "; copy the folder variables/ again from where the model was exported",
          e);
    }
  }

  private void initialise(SavedModelFiles files, Startup startup) {
    if (startup.init().isEmpty()) {
      return;
    }
    try {
      run(startup.init().get(), startup.assets());
    } catch (TensorFlowException | IllegalArgumentException | UnsupportedOperationException e) {
      throw new ModelLoadException(
          "the tables of " + files.folder() + " cannot be initialised: " + firstLine(e), e);
    }
  }

  /** Runs an op with paths fed to those tensors that are there to take them. */
  private void run(String op, Map<Port, Path> paths) {
    Session.Runner runner = session.runner().addTarget(op);
    List<TString> feeds = new ArrayList<>();
    try {
      for (Map.Entry<Port, Path> each : paths.entrySet()) {
        Port port = each.getKey();
        if (graph.operation(port.node()) != null) {
          TString path = TString.scalarOf(each.getValue().toString());
          feeds.add(path);
          runner.feed(port.node(), port.index(), path);
        }
      }
      runner.run().close();
    } finally {
      feeds.forEach(TString::close);
    }
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }

  private static ModelLoadException refused(SavedModelFiles files, RuntimeException e) {
    return new ModelLoadException(
        "TensorFlow cannot load "
            + files.folder()
            + ": "
            + firstLine(e)
            + "; the files may be damaged, or not belong together",
        e);
  }
}
