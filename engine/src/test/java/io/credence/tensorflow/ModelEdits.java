package io.credence.tensorflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;

/** Changes the proto of a written model, for what TensorFlow's own writer does not write. */
final class ModelEdits {

  private ModelEdits() {}

  static SavedModel read(Path model) {
    try {
      return SavedModel.parseFrom(Files.readAllBytes(model.resolve("saved_model.pb")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path model, SavedModel proto) {
    try {
      Files.write(model.resolve("saved_model.pb"), proto.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path edit(Path model, Consumer<SavedModel.Builder> change) {
    SavedModel.Builder proto = read(model).toBuilder();
    change.accept(proto);
    write(model, proto.build());
    return model;
  }

  /** Changes the first meta graph. */
  static Path editGraph(Path model, Consumer<MetaGraphDef.Builder> change) {
    return edit(model, proto -> change.accept(proto.getMetaGraphsBuilder(0)));
  }
}
