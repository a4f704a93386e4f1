package io.credence.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFingerprintTest {

  @TempDir Path folder;

  private Path model(String name, String weights) throws IOException {
    Path model = folder.resolve(name);
    Files.createDirectories(model.resolve("variables"));
    Files.writeString(model.resolve("saved_model.pb"), "graph");
    Files.writeString(model.resolve("variables/variables.index"), "i");
    Files.writeString(model.resolve("variables/variables.data-00000-of-00001"), weights);
    return model;
  }

  /**
   * By Python's hashlib: s = lambda b: sha256(b).digest(); sha256(b"model\0" + b"saved_model.pb\0"
   * + s(b"graph") + b"variables/variables.data-00000-of-00001\0" + s(b"w") +
   * b"variables/variables.index\0" + s(b"i")).
   */
  @Test
  void of_knownFiles_isStable() throws IOException {
    assertEquals(
        "sha256:e236799cff489e7250dd6f1e81b7e08301069da6702a8afb7f95ef4840145c2a",
        ModelFingerprint.of(List.of(model("a", "w"))));
  }

  @Test
  void of_copy_isTheSameAndOfOtherWeightsAnother() throws IOException {
    String first = ModelFingerprint.of(List.of(model("a", "w")));
    Path copy = model("b", "w");
    Files.writeString(copy.resolve("credence.json"), "{}");
    Files.writeString(copy.resolve("fingerprint.pb"), "x");
    assertEquals(first, ModelFingerprint.of(List.of(copy)));
    assertNotEquals(first, ModelFingerprint.of(List.of(model("c", "v"))));
    Files.createDirectories(copy.resolve("assets"));
    Files.writeString(copy.resolve("assets/words.txt"), "a");
    assertNotEquals(first, ModelFingerprint.of(List.of(copy)));
  }

  @Test
  void of_ensemble_dependsOnItsMembersAndTheirOrder() throws IOException {
    Path a = model("a", "w");
    Path b = model("b", "v");
    String both = ModelFingerprint.of(List.of(a, b));
    assertNotEquals(both, ModelFingerprint.of(List.of(b, a)));
    assertNotEquals(both, ModelFingerprint.of(List.of(a)));
    assertNotEquals(ModelFingerprint.of(List.of(a)), ModelFingerprint.of(List.of(a, a)));
  }

  @Test
  void of_noModel_isRefused() {
    assertEquals(
        "no model is given; give the folder of one at least",
        assertThrows(IllegalArgumentException.class, () -> ModelFingerprint.of(List.of()))
            .getMessage());
    assertEquals(
        folder
            + " holds no saved_model.pb and no saved_model.pbtxt; give the folder of a SavedModel",
        assertThrows(IllegalArgumentException.class, () -> ModelFingerprint.of(List.of(folder)))
            .getMessage());
  }
}
