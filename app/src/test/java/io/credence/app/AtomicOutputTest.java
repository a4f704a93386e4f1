package io.credence.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is there whole, or as it was before. */
class AtomicOutputTest {

  @TempDir Path folder;

  private static void write(AtomicOutput file, String text) throws IOException {
    try (Writer writer = file.writer()) {
      writer.write(text);
    }
  }

  @Test
  void publish_newFile_isThereAlone() throws IOException {
    Path target = folder.resolve("a").resolve("b").resolve("s.txt");
    try (AtomicOutput file = AtomicOutput.create(target)) {
      write(file, "é");
      assertTrue(Files.notExists(target));
      file.publish();
    }
    assertEquals("é", Files.readString(target));
    assertEquals(List.of("s.txt"), CommandRun.names(target.getParent()));
  }

  @Test
  void publish_overAFile_replacesItOnlyThen() throws IOException {
    Path target = Files.writeString(folder.resolve("s.txt"), "old and longer");
    try (AtomicOutput file = AtomicOutput.create(target)) {
      write(file, "new");
      assertEquals("old and longer", Files.readString(target));
      file.publish();
      assertEquals("new", Files.readString(target));
    }
    assertEquals(List.of("s.txt"), CommandRun.names(folder));
  }

  @Test
  void close_notPublished_leavesNothing() throws IOException {
    Path target = Files.writeString(folder.resolve("s.txt"), "old");
    try (AtomicOutput file = AtomicOutput.create(target)) {
      write(file, "half");
      assertEquals(2, CommandRun.names(folder).size());
    }
    assertEquals("old", Files.readString(target));
    assertEquals(List.of("s.txt"), CommandRun.names(folder));
  }

  @Test
  void close_twice_isHarmless() throws IOException {
    AtomicOutput file = AtomicOutput.create(folder.resolve("s.txt"));
    file.publish();
    file.close();
    file.close();
    assertEquals(List.of("s.txt"), CommandRun.names(folder));
  }

  @Test
  void publish_permissions_areThoseOfAnyNewFile() throws IOException {
    Assumptions.assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    Path plain = Files.createFile(folder.resolve("plain"));
    Path target = folder.resolve("s.txt");
    try (AtomicOutput file = AtomicOutput.create(target)) {
      file.publish();
    }
    assertEquals(
        Files.getPosixFilePermissions(plain, LinkOption.NOFOLLOW_LINKS),
        Files.getPosixFilePermissions(target, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void create_folder_isRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> AtomicOutput.create(folder).close())
            .getMessage();
    assertTrue(message.contains(folder + " is a folder; name the file to write"), message);
    assertEquals(List.of(), CommandRun.names(folder));
  }

  @Test
  void create_belowAFile_namesTheFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path target = file.resolve("s.txt");
    String message =
        assertThrows(IllegalArgumentException.class, () -> AtomicOutput.create(target).close())
            .getMessage();
    assertTrue(
        message.contains(target + " cannot be written: " + file + " is a file, not a folder"),
        message);
  }

  @Test
  void create_device_isNotReplaced() {
    Path device = Path.of("/dev/null");
    Assumptions.assumeTrue(Files.exists(device));
    String message =
        assertThrows(IllegalArgumentException.class, () -> AtomicOutput.create(device).close())
            .getMessage();
    assertTrue(message.contains("/dev/null is no regular file"), message);
  }
}
