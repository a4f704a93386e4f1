package io.credence.tensorflow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;

/**
 * The folder of a SavedModel and the one of its meta graphs that was asked for.
 *
 * @param folder the folder that holds {@code saved_model.pb}
 * @param metaGraph graph, signatures and saver
 */
record SavedModelFiles(Path folder, MetaGraphDef metaGraph) {

  private static final String PROTO = "saved_model.pb";
  private static final String TEXT_PROTO = "saved_model.pbtxt";

  /** The signature that stands for the op which initialises tables; no function to call. */
  static final String INIT_SIGNATURE = "__saved_model_init_op";

  /**
   * Reads the folder.
   *
   * @throws ModelLoadException if there is no such folder, it holds no SavedModel, or the files are
   *     damaged or incomplete
   */
  static SavedModelFiles read(Path folder) {
    return read(folder, Optional.empty());
  }

  /**
   * Reads the folder, and of its graphs the one of these tags, as {@link MetaGraphs#choose} tells.
   *
   * @throws ModelLoadException as above, or if no graph has these tags
   */
  static SavedModelFiles read(Path folder, Optional<Set<String>> tags) {
    Path proto = proto(folder);
    MetaGraphDef metaGraph = MetaGraphs.choose(proto, parse(proto), tags);
    try {
      GraphCheck.check(metaGraph.getGraphDef());
    } catch (ModelLoadException e) {
      throw new ModelLoadException(folder + ": " + e.getMessage(), e);
    }
    SavedModelFiles files = new SavedModelFiles(folder, metaGraph);
    files.checkVariables();
    return files;
  }

  /**
   * The tags of each graph in the folder.
   *
   * @throws ModelLoadException if there is no such folder, it holds no SavedModel, or the file is
   *     damaged
   */
  static List<List<String>> tags(Path folder) {
    return parse(proto(folder)).getMetaGraphsList().stream()
        .map(graph -> List.copyOf(graph.getMetaInfoDef().getTagsList()))
        .toList();
  }

  private static Path proto(Path folder) {
    if (!Files.exists(folder)) {
      throw new ModelLoadException(
          "no model at "
              + folder
              + ": there is no such folder; name the folder that holds "
              + PROTO);
    }
    Path proto = folder.resolve(PROTO);
    if (!Files.isRegularFile(proto)) {
      proto = folder.resolve(TEXT_PROTO);
    }
    if (!Files.isRegularFile(proto)) {
      throw new ModelLoadException(
          folder + " is no SavedModel: it holds no " + PROTO + "; " + nearby(folder));
    }
    return proto;
  }

  /** The signature of that name, which the caller knows to be there. */
  SignatureDef signature(String name) {
    return findSignature(name).orElseThrow();
  }

  Optional<SignatureDef> findSignature(String name) {
    return signatures().contains(name)
        ? Optional.of(metaGraph.getSignatureDefOrThrow(name))
        : Optional.empty();
  }

  /** The names of all signatures, sorted. */
  List<String> signatures() {
    return metaGraph.getSignatureDefMap().keySet().stream()
        .filter(name -> !name.equals(INIT_SIGNATURE))
        .sorted()
        .toList();
  }

  /** The prefix of the variable files, as the restore op wants it. */
  Path variablesPrefix() {
    return folder.resolve("variables").resolve("variables");
  }

  /** Whether the graph restores variables from files. */
  boolean hasSaver() {
    return metaGraph.hasSaverDef() && !metaGraph.getSaverDef().getRestoreOpName().isEmpty();
  }

  private static SavedModel parse(Path proto) {
    try (InputStream in = Files.newInputStream(proto)) {
      if (Files.size(proto) > Integer.MAX_VALUE) {
        throw new IOException("a protocol buffer holds at most 2 GiB");
      }
      if (proto.endsWith(TEXT_PROTO)) {
        return TextProto.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      return SavedModel.parseFrom(in);
    } catch (IOException e) {
      throw new ModelLoadException(
          proto
              + " is damaged or was cut short ("
              + size(proto)
              + "): "
              + e.getMessage()
              + "; copy the model again from where it was exported",
          e);
    }
  }

  private static String size(Path file) {
    try {
      return Files.size(file) + " bytes";
    } catch (IOException e) {
      return "unreadable";
    }
  }

  private void checkVariables() {
    boolean stateful =
        metaGraph.getGraphDef().getNodeList().stream()
            .map(NodeDef::getOp)
            .anyMatch(op -> op.equals("VariableV2") || op.equals("VarHandleOp"));
    Path variables = folder.resolve("variables");
    if (!stateful || !hasSaver()) {
      return;
    }
    if (!Files.isRegularFile(variables.resolve("variables.index"))) {
      throw new ModelLoadException(
          folder
              + " lacks its weights: "
              + variables.resolve("variables.index")
              + " is missing; copy the folder variables/ along with "
              + PROTO);
    }
    try (Stream<Path> entries = Files.list(variables)) {
      if (entries.noneMatch(p -> p.getFileName().toString().startsWith("variables.data-"))) {
        throw new ModelLoadException(
            folder
                + " lacks its weights: "
                + variables
                + " holds no variables.data-…; copy the whole folder variables/");
      }
    } catch (IOException e) {
      throw new ModelLoadException(variables + " cannot be listed: " + e.getMessage(), e);
    }
  }

  private static String nearby(Path folder) {
    try (Stream<Path> below = Files.walk(folder, 2)) {
      List<Path> found =
          below.filter(p -> p.endsWith(PROTO)).map(Path::getParent).sorted().toList();
      if (!found.isEmpty()) {
        return "there is one in " + found.get(found.size() - 1) + ", name that folder";
      }
    } catch (IOException | UncheckedIOException e) {
      return "it cannot be listed: " + e.getMessage();
    }
    return "name the folder that an export wrote (saved_model.pb and variables/)";
  }
}
