package io.credence.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.credence.OutputKind;
import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Models that cannot be used, and what is said of them. */
class BadModelTest {

  @TempDir Path folder;

  private static String message(SavedModelEngine.Builder builder) {
    return assertThrows(ModelLoadException.class, () -> builder.load().close()).getMessage();
  }

  private static String message(Path model) {
    return message(SavedModelEngine.builder(model));
  }

  private static void assertContains(String message, Object... parts) {
    for (Object part : parts) {
      assertTrue(message.contains(part.toString()), () -> "\"" + part + "\" not in: " + message);
    }
  }

  @Test
  void load_noSuchFolder_namesIt() {
    Path nowhere = folder.resolve("nowhere");
    assertContains(message(nowhere), "no model at " + nowhere, "there is no such folder");
  }

  @Test
  void load_folderWithoutModel_saysWhatIsMissing() {
    assertContains(message(folder), folder + " is no SavedModel", "holds no saved_model.pb");
  }

  @Test
  void load_folderAboveTheModel_namesTheModelsFolder() {
    Path version = TestModels.gated(folder.resolve("1"));
    assertContains(message(folder), "there is one in " + version);
  }

  @Test
  void load_truncatedAnywhere_isRefused() throws IOException {
    Path proto = TestModels.gated(folder).resolve("saved_model.pb");
    byte[] bytes = Files.readAllBytes(proto);
    for (int length : new int[] {0, 1, 2, 100, bytes.length / 2, bytes.length - 1}) {
      Files.write(proto, Arrays.copyOf(bytes, length));
      assertContains(message(folder), proto, "cut short", "copy");
    }
  }

  @Test
  void load_noIndexOfVariables_namesTheFile() throws IOException {
    TestModels.gated(folder);
    Files.delete(folder.resolve("variables/variables.index"));
    assertContains(message(folder), "lacks its weights", "variables.index is missing");
  }

  @Test
  void load_noVariables_namesTheFiles() throws IOException {
    TestModels.gated(folder);
    Files.delete(folder.resolve("variables/variables.data-00000-of-00001"));
    assertContains(message(folder), "lacks its weights", "variables.data-");
  }

  @Test
  void load_damagedVariables_saysThatTheyCannotBeRestored() throws IOException {
    TestModels.gated(folder);
    Files.write(folder.resolve("variables/variables.index"), new byte[] {1, 2, 3});
    assertContains(message(folder), "the weights of " + folder + " cannot be restored", "copy");
  }

  @Test
  void load_unknownSignature_listsTheKnown() {
    Path model = TestModels.gated(folder);
    assertContains(
        message(SavedModelEngine.builder(model).signature("predict")),
        "signature \"predict\" is not in " + model,
        "it has [serving_default]");
  }

  @Test
  void load_unknownOutput_listsTheKnown() {
    Path model = TestModels.gated(folder);
    assertContains(
        message(SavedModelEngine.builder(model).output("z")), "output \"z\" is not in", "[y]");
  }

  @Test
  void load_noDropout_saysSo() {
    assertContains(
        message(TestModels.withoutDropout(folder)),
        folder,
        "no dropout to turn on",
        "name the tensors and rates");
  }

  @Test
  void load_deadDropout_isNoDropout() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              TestModels.dropout(tf, x, .5f);
              return tf.nn.softmax(TestModels.dense(tf, x));
            });
    assertContains(message(model), "no dropout to turn on");
  }

  @Test
  void load_nothingSaysWhatTheOutputMeans_listsTheKinds() {
    assertContains(
        message(TestModels.gatedLogits(folder)),
        "nothing says what the output \"y\"",
        OutputKind.choices());
  }

  @Test
  void load_declaredAgainstTheGraph_isRefused() {
    Path model = TestModels.gated(folder);
    assertContains(
        message(SavedModelEngine.builder(model).outputKind(OutputKind.LOGITS)),
        "declared as LOGITS",
        "ends in Softmax",
        "PROBABILITIES");
  }

  @Test
  void load_sidecarWithOtherLabels_isRefused() throws IOException {
    Path model = TestModels.gated(folder);
    Files.writeString(
        model.resolve(Sidecar.FILE_NAME),
        "{\"schema\":\"credence.sidecar/1\",\"labels\":[\"a\",\"b\"]}");
    assertContains(message(model), "has 3 classes", "names 2 labels");
  }

  @Test
  void load_damagedSidecar_namesTheFile() throws IOException {
    Path model = TestModels.gated(folder);
    Files.writeString(model.resolve(Sidecar.FILE_NAME), "{");
    assertContains(message(model), model.resolve(Sidecar.FILE_NAME), "is no JSON");
  }

  @Test
  void load_batchNormalisationAfterDropout_isFine() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> dropped = TestModels.gatedDropout(tf, x, TestModels.gate(tf), .5f);
              Operand<TFloat32> image = tf.reshape(dropped, tf.constant(new int[] {-1, 1, 1, 4}));
              return tf.nn.softmax(
                  tf.reshape(
                      TestModels.batchNorm(tf, image, false), tf.constant(new int[] {-1, 4})));
            });
    try (SavedModelEngine engine = SavedModelEngine.load(model)) {
      assertEquals(1, engine.describe().sites().size());
    }
  }

  @Test
  void load_placeholderThatNobodyFeeds_isNamed() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) -> {
              Operand<TFloat32> scale =
                  tf.withName("temperature")
                      .placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
              return tf.nn.softmax(tf.math.mul(TestModels.dropout(tf, x, .5f), scale));
            });
    assertContains(message(model), "placeholder \"temperature\"", "does not feed");
  }

  @Test
  void load_randomOpThatCannotBeReseeded_isNamed() {
    Path model =
        TestModels.write(
            folder,
            (tf, x) ->
                tf.nn.softmax(tf.math.add(x, tf.random.randomGamma(tf.shape(x), tf.constant(1f)))));
    assertContains(message(model), "op RandomGamma");
  }
}
