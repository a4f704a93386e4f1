package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.credence.app.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --model} names. */
class ModelFoldersTest {

  @TempDir Path folder;
  private Path a;
  private Path b;

  @BeforeEach
  void write() throws IOException {
    b = model("members/b", "saved_model.pbtxt");
    a = model("members/a", "saved_model.pb");
    Files.createDirectories(folder.resolve("members/notes"));
    Files.writeString(folder.resolve("members/readme.txt"), "");
  }

  private Path model(String name, String file) throws IOException {
    Path model = Files.createDirectories(folder.resolve(name));
    Files.createFile(model.resolve(file));
    return model;
  }

  private void assertRefused(String text, String message) {
    assertEquals(
        message, assertThrows(BadInputException.class, () -> ModelFolders.of(text)).getMessage());
  }

  @Test
  void of_oneModel_isThatFolder() {
    assertEquals(List.of(a), ModelFolders.of(a.toString()));
  }

  @Test
  void of_commaList_keepsItsOrder() {
    assertEquals(List.of(b, a), ModelFolders.of(b + "," + a));
    assertEquals(List.of(b, a), ModelFolders.of(b + ", " + a + "/"));
  }

  @Test
  void of_folderOfModels_areTheModelsInItByName() {
    assertEquals(List.of(a, b), ModelFolders.of(folder.resolve("members").toString()));
  }

  @Test
  void of_foldersInACommaList_areTheModelsInEach() throws IOException {
    Path other = model("other/c", "saved_model.pb");
    assertEquals(
        List.of(other, a, b), ModelFolders.of(other.getParent() + "," + folder.resolve("members")));
  }

  /** A model may hold another, a backup say, which is no member. */
  @Test
  void of_modelThatHoldsAModel_isTheOuterOne() throws IOException {
    model("members/a/old", "saved_model.pb");
    assertEquals(List.of(a), ModelFolders.of(a.toString()));
    assertEquals(List.of(a, b), ModelFolders.of(folder.resolve("members").toString()));
  }

  @Test
  void of_nameWithAComma_isOneFolderIfItIsThere() throws IOException {
    Path odd = model("a,b", "saved_model.pb");
    assertEquals(List.of(odd), ModelFolders.of(odd.toString()));
  }

  @Test
  void of_noModel_isLeftToTheLoader() {
    Path empty = folder.resolve("members/notes");
    Path nowhere = folder.resolve("nowhere");
    assertEquals(List.of(empty), ModelFolders.of(empty.toString()));
    assertEquals(List.of(nowhere), ModelFolders.of(nowhere.toString()));
    assertEquals(List.of(a, nowhere), ModelFolders.of(a + "," + nowhere));
  }

  @ParameterizedTest
  @ValueSource(strings = {",", "a,", ",a", "a,,b", "a, ,b"})
  void of_emptyNameInAList_isRefused(String text) {
    assertRefused(
        text, "--model " + text + " has an empty name; name each member, as in --model A,B,C");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void of_nothing_isRefused(String text) {
    assertRefused(text, "--model is empty; name the folder of a SavedModel");
  }

  @Test
  void of_sameFolderTwice_isRefusedByWhateverName() throws IOException {
    String end = " twice; give a member more weight with --weights";
    assertRefused(a + "," + a, "--model names " + a + end);
    Path detour = folder.resolve("members/../members/a");
    assertRefused(a + "," + detour, "--model names " + detour + end);
    Path link = Files.createSymbolicLink(folder.resolve("link"), a);
    assertRefused(a + "," + link, "--model names " + link + end);
    assertRefused(a + "," + folder.resolve("members"), "--model names " + a + end);
    Path nowhere = folder.resolve("nowhere");
    assertRefused(nowhere + "," + nowhere, "--model names " + nowhere + end);
  }
}
