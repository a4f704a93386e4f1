package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.credence.models.BundledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that cannot be used, as the command says it. */
class ScoreBadModelTest {

  @TempDir Path folder;
  private BundledModel bundled;
  private Path model;
  private Path input;

  @BeforeEach
  void unpack() throws IOException {
    bundled = BundledModel.streetDigits();
    model = bundled.folder();
    input = DigitInputs.uint8(folder.resolve("digits.npy"));
  }

  @AfterEach
  void remove() {
    bundled.close();
  }

  private CommandRun refused(Path badModel, Object... args) {
    Object[] all =
        Arrays.copyOf(new Object[] {"--model", badModel, "--input", input}, 4 + args.length);
    System.arraycopy(args, 0, all, 4, args.length);
    return CommandRun.refusedScore(folder, all);
  }

  @Test
  void model_noSuchFolder_isNamed() {
    Path nowhere = folder.resolve("nowhere");
    refused(nowhere).assertSays("no model at " + nowhere, "name the folder that holds");
  }

  @Test
  void model_folderOfSomethingElse_isNoSavedModel() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    refused(other).assertSays(other + " is no SavedModel", "name the folder that an export wrote");
  }

  @Test
  void model_theFileItself_pointsToItsFolder() {
    refused(model.resolve("saved_model.pb"))
        .assertSays("is no SavedModel", "there is one in " + model, "name that folder");
  }

  @Test
  void model_truncated_isNamedWithItsSize() throws IOException {
    Path proto = model.resolve("saved_model.pb");
    byte[] bytes = Files.readAllBytes(proto);
    Files.write(proto, Arrays.copyOf(bytes, bytes.length / 2));
    refused(model)
        .assertSays(proto, "cut short", bytes.length / 2 + " bytes", "copy the model again");
  }

  @Test
  void model_withoutVariables_namesTheMissingFile() throws IOException {
    Files.delete(model.resolve("variables/variables.index"));
    refused(model).assertSays("lacks its weights", "variables.index is missing", "copy");
  }

  @Test
  void model_truncatedVariables_cannotBeRestored() throws IOException {
    Path data = model.resolve("variables/variables.data-00000-of-00001");
    Files.write(data, Arrays.copyOf(Files.readAllBytes(data), 1000));
    refused(model).assertSays("the weights of " + model + " cannot be restored", "copy");
  }

  @Test
  void model_damagedSidecar_isNamed() throws IOException {
    Files.writeString(model.resolve("credence.json"), "{\"schema\":");
    refused(model).assertSays(model.resolve("credence.json"), "is no JSON");
  }

  @Test
  void model_withoutDropout_saysWhatToDo() {
    Path plain = TinyModels.withoutDropout(folder.resolve("plain"));
    refused(plain).assertSays(plain, "no dropout to turn on", "name the tensors and rates");
  }

  @Test
  void model_outputOfUnknownMeaning_listsTheKinds() {
    Path logits = TinyModels.logits(folder.resolve("logits"));
    refused(logits).assertSays("nothing says what the output \"y\"", logits, "LOGITS");
  }

  @Test
  void model_outputOfDeclaredMeaning_isScored() throws IOException {
    Path logits = TinyModels.logits(folder.resolve("logits"));
    Path rows = Files.writeString(folder.resolve("rows.jsonl"), "{\"x\":[1,2,3,4]}\n");
    Path out = folder.resolve("s.jsonl");
    assertEquals(
        1,
        CommandRun.score(out, "--model", logits, "--input", rows, "--output-kind", "logits")
            .size());
  }

  @Test
  void signature_unknown_listsTheKnown() {
    refused(model, "--signature", "predict")
        .assertSays("signature \"predict\" is not in " + model, "it has [serving_default]");
  }

  @Test
  void output_unknown_listsTheKnown() {
    refused(model, "--output", "logits")
        .assertSays("output \"logits\" is not in", "it has [probabilities]");
  }

  @Test
  void outputKind_unknown_listsTheKnown() {
    refused(model, "--output-kind", "softmaxes")
        .assertSays("output kind \"softmaxes\" is unknown", "PROBABILITIES", "BINARY_LOGIT");
  }

  @Test
  void outputKind_againstTheGraph_isRefused() {
    refused(model, "--output-kind", "LOGITS")
        .assertSays("declared as LOGITS", "ends in Softmax", "declare that, or nothing");
  }
}
