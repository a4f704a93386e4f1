package io.credence.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

  @TempDir private Path folder;

  @Test
  void publish_stagedFiles_standInThePlaceAlone() throws IOException {
    Path target = folder.resolve("a/b/model");
    try (ModelFolder model = ModelFolder.create(target, false)) {
      Files.writeString(model.staging().resolve("weights"), "1");
      Files.writeString(model.scratch().resolve("checkpoint"), "2");
      model.publish();
    }

    assertEquals(List.of("a", "a/b", "a/b/model", "a/b/model/weights"), all());
  }

  @Test
  void close_notPublished_leavesNothing() throws IOException {
    try (ModelFolder model = ModelFolder.create(folder.resolve("model"), false)) {
      Files.writeString(model.staging().resolve("weights"), "1");
    }

    assertEquals(List.of(), all());
  }

  @Test
  void publish_targetMadeMeanwhile_isLeftAlone() throws IOException {
    Path target = folder.resolve("model");
    try (ModelFolder model = ModelFolder.create(target, false)) {
      Files.writeString(model.staging().resolve("weights"), "new");
      Files.writeString(Files.createDirectory(target).resolve("theirs"), "old");

      assertThrows(IOException.class, model::publish);
    }

    assertEquals(List.of("model", "model/theirs"), all());
  }

  @Test
  void publish_newModelCannotBeMoved_putsTheOldOneBack() throws IOException {
    Path target = Files.createDirectory(folder.resolve("model"));
    Files.writeString(target.resolve("saved_model.pb"), "old");
    try (ModelFolder model = ModelFolder.create(target, true)) {
      Files.delete(model.staging());

      assertThrows(NoSuchFileException.class, model::publish);
    }

    assertEquals(List.of("model", "model/saved_model.pb"), all());
    assertEquals("old", Files.readString(target.resolve("saved_model.pb")));
  }

  @Test
  void create_fileInThePlace_isNeverReplaced() throws IOException {
    Path target = Files.writeString(folder.resolve("model"), "precious");

    for (boolean overwrite : new boolean[] {false, true}) {
      FileAlreadyExistsException e =
          assertThrows(
              FileAlreadyExistsException.class,
              () -> ModelFolder.create(target, overwrite).close());
      assertEquals(target + " is there already, and is no folder; name another", e.getMessage());
    }

    assertEquals(List.of("model"), all());
    assertEquals("precious", Files.readString(target));
  }

  @Test
  void create_folderInThePlace_saysHowToReplaceIt() throws IOException {
    Path target = Files.createDirectory(folder.resolve("model"));

    FileAlreadyExistsException e =
        assertThrows(
            FileAlreadyExistsException.class, () -> ModelFolder.create(target, false).close());

    assertEquals(
        target + " is there already; name another folder, or say --overwrite", e.getMessage());
  }

  private List<String> all() throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      return below
          .filter(path -> !path.equals(folder))
          .map(path -> folder.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }
}
