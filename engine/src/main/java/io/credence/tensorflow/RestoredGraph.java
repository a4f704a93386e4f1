package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.types.TString;

/**
 * A graph in a session, its variables restored by the model's own saver and its tables initialised.
 * Owns both; closing waits for running passes.
 */
final class RestoredGraph implements AutoCloseable {

  private static final List<String> INIT_COLLECTIONS =
      List.of("saved_model_main_op", "legacy_init_op");

  private final Graph graph;
  private final Session session;

  private RestoredGraph(Graph graph, Session session) {
    this.graph = graph;
    this.session = session;
  }

  /**
   * Imports a graph made of a model's, and gives it the model's state.
   *
   * @throws ModelLoadException if TensorFlow refuses the graph, or the state cannot be restored
   */
  static RestoredGraph open(SavedModelFiles files, GraphDef definition) {
    Graph graph = new Graph();
    Session session = null;
    try {
      graph.importGraphDef(definition);
      session = new Session(graph);
      restore(session, files);
      initialise(session, files);
      return new RestoredGraph(graph, session);
    } catch (RuntimeException e) {
      if (session != null) {
        session.close();
      }
      graph.close();
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

  private static void restore(Session session, SavedModelFiles files) {
    if (!files.hasSaver()) {
      return;
    }
    SaverDef saver = files.metaGraph().getSaverDef();
    Port filename = Port.parse(saver.getFilenameTensorName());
    try (TString prefix = TString.scalarOf(files.variablesPrefix())) {
      session
          .runner()
          .feed(filename.node(), filename.index(), prefix)
          .addTarget(saver.getRestoreOpName())
          .run()
          .close();
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new ModelLoadException(
          "the weights of "
              + files.folder()
              + " cannot be restored: "
              + firstLine(e)
              + "; copy the folder variables/ again from where the model was exported",
          e);
    }
  }

  private static void initialise(Session session, SavedModelFiles files) {
    Optional<String> op = initOp(files.metaGraph());
    try {
      op.ifPresent(name -> session.runner().addTarget(Port.parse(name).node()).run().close());
    } catch (TensorFlowException | IllegalArgumentException e) {
      throw new ModelLoadException(
          "the tables of " + files.folder() + " cannot be initialised: " + firstLine(e), e);
    }
  }

  /** TensorFlow 2 names the op in a signature of its own, TensorFlow 1 in a collection. */
  private static Optional<String> initOp(MetaGraphDef model) {
    SignatureDef signature = model.getSignatureDefMap().get(SavedModelFiles.INIT_SIGNATURE);
    if (signature != null) {
      Map<String, TensorInfo> outputs = signature.getOutputsMap();
      return outputs.values().stream().map(TensorInfo::getName).findFirst();
    }
    for (String name : INIT_COLLECTIONS) {
      CollectionDef collection = model.getCollectionDefMap().get(name);
      if (collection != null && collection.getNodeList().getValueCount() > 0) {
        return Optional.of(collection.getNodeList().getValue(0));
      }
    }
    return Optional.empty();
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

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
  }
}
