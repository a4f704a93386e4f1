package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.credence.OutputKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rates of the training function against those that Keras wrote beside it. */
class KerasMetadataTest {

  @TempDir Path folder;

  @BeforeEach
  void write() {
    KerasModels.write(
        folder,
        (tf, x) -> KerasModels.served(tf, "drop", tf.nn.relu(x)),
        (tf, x) -> KerasModels.training(tf, "drop", tf.nn.relu(x), .25f));
  }

  private void metadata(String json) throws IOException {
    UnknownFieldSet.Field text =
        UnknownFieldSet.Field.newBuilder()
            .addLengthDelimited(ByteString.copyFrom(json, StandardCharsets.UTF_8))
            .build();
    UnknownFieldSet node = UnknownFieldSet.newBuilder().addField(5, text).build();
    UnknownFieldSet.Field nodes =
        UnknownFieldSet.Field.newBuilder().addLengthDelimited(node.toByteString()).build();
    Files.write(
        folder.resolve("keras_metadata.pb"),
        UnknownFieldSet.newBuilder().addField(1, nodes).build().toByteArray());
  }

  private SavedModelEngine load() {
    return SavedModelEngine.builder(folder).outputKind(OutputKind.LOGITS).load();
  }

  private static String layer(double rate) {
    return "{\"config\": {\"layers\": [{\"class_name\": \"Dropout\", \"config\":"
        + " {\"name\": \"drop\", \"rate\": "
        + rate
        + "}}]}}";
  }

  @Test
  void metadata_sameRate_isFine() throws IOException {
    metadata(layer(.25));
    try (SavedModelEngine engine = load()) {
      assertEquals(.25, engine.describe().sites().get(0).rate().orElseThrow());
    }
  }

  @Test
  void metadata_otherRate_isRefused() throws IOException {
    metadata(layer(.5));
    String message = assertThrows(ModelLoadException.class, () -> load().close()).getMessage();
    assertTrue(message.contains("\"model/drop/Identity\" drops 0.25"), message);
    assertTrue(message.contains("but [0.5] by what Keras wrote"), message);
  }

  @Test
  void metadata_ofOtherLayersOrDamaged_isPassedOver() throws IOException {
    metadata("{\"config\": {\"name\": \"other\", \"rate\": 0.5}}");
    load().close();
    metadata("{");
    load().close();
    Files.write(folder.resolve("keras_metadata.pb"), new byte[] {-1, -1, 3});
    load().close();
  }
}
