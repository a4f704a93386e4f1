package io.credence.tensorflow;

import io.credence.tensorflow.GraphIndex.Port;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AssetFileDef;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * What gives a graph its state once it is imported: the op that restores variables, then the op
 * that initialises tables.
 *
 * @param restore the node that restores variables
 * @param prefix the tensor that takes the prefix of the variable files; there if {@code restore} is
 * @param init the node that initialises tables
 * @param assets the tensors that take the path of a file of the model, and the files
 */
record Startup(
    Optional<String> restore,
    Optional<Port> prefix,
    Optional<String> init,
    Map<Port, Path> assets) {

  /** That of a graph without state. */
  static final Startup NONE =
      new Startup(Optional.empty(), Optional.empty(), Optional.empty(), Map.of());

  private static final List<String> INIT_COLLECTIONS =
      List.of("saved_model_main_op", "legacy_init_op");

  /**
   * Reads what a model says of it.
   *
   * @throws ModelLoadException if an asset lies outside the model's folder
   */
  static Startup of(SavedModelFiles files) {
    MetaGraphDef model = files.metaGraph();
    Optional<SaverDef> saver =
        files.hasSaver() ? Optional.of(model.getSaverDef()) : Optional.empty();
    Map<Port, Path> assets = new LinkedHashMap<>();
    for (AssetFileDef asset : model.getAssetFileDefList()) {
      assets.put(Port.parse(asset.getTensorInfo().getName()), file(files.folder(), asset));
    }
    return new Startup(
        saver.map(each -> Port.parse(each.getRestoreOpName()).node()),
        saver.map(each -> Port.parse(each.getFilenameTensorName())),
        initOp(model),
        assets);
  }

  /** The nodes that a graph must hold to be given its state. */
  List<String> roots() {
    List<String> roots = new ArrayList<>();
    restore.ifPresent(roots::add);
    prefix.ifPresent(port -> roots.add(port.node()));
    init.ifPresent(roots::add);
    return roots;
  }

  /** TensorFlow 2 names the op in a signature of its own, TensorFlow 1 in a collection. */
  private static Optional<String> initOp(MetaGraphDef model) {
    SignatureDef signature = model.getSignatureDefMap().get(SavedModelFiles.INIT_SIGNATURE);
    if (signature != null) {
      return signature.getOutputsMap().values().stream()
          .map(TensorInfo::getName)
          .findFirst()
          .map(name -> Port.parse(name).node());
    }
    for (String name : INIT_COLLECTIONS) {
      CollectionDef collection = model.getCollectionDefMap().get(name);
      if (collection != null && collection.getNodeList().getValueCount() > 0) {
        return Optional.of(Port.parse(collection.getNodeList().getValue(0)).node());
      }
    }
    return Optional.empty();
  }

  private static Path file(Path folder, AssetFileDef asset) {
    String name = asset.getFilename();
    Path assets = folder.resolve("assets");
    try {
      Path file = assets.resolve(name).normalize();
      if (!name.isEmpty() && file.startsWith(assets.normalize()) && !file.equals(assets)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // Falls through: no file can be of that name.
    }
    throw new ModelLoadException(
        "asset \""
            + name
            + "\" of "
            + folder
            + " is no file below "
            + assets
            + "; a model may read files of its own only");
  }

  /**
   * Refuses a model that lacks a file that one of its nodes takes the path of.
   *
   * @throws ModelLoadException if it does; the message names the file
   */
  void checkAsset(NodeDef node) {
    assets.forEach(
        (tensor, file) -> {
          if (tensor.node().equals(node.getName()) && !Files.isRegularFile(file)) {
            throw new ModelLoadException(
                "the asset "
                    + file
                    + " is missing; copy the folder assets/ along with saved_model.pb");
          }
        });
  }
}
