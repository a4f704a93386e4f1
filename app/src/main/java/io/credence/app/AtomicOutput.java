package io.credence.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that appears complete or not at all: written beside its place, moved there by {@link
 * #publish}, removed if closed before, also by Ctrl-C.
 */
final class AtomicOutput implements AutoCloseable {

  private final Path target;
  private final Path temporary;
  private final Thread cleaner;

  private AtomicOutput(Path target, Path temporary) {
    this.target = target;
    this.temporary = temporary;
    this.cleaner = new Thread(this::remove);
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /**
   * Prepares a file, and the folders above it.
   *
   * @throws IllegalArgumentException if the path is a folder or a device, or lies below a file
   */
  static AtomicOutput create(Path name) throws IOException {
    Path target = target(name);
    Path folder = target.toAbsolutePath().getParent();
    // Not createTempFile, which would leave the result readable by its owner alone.
    String part = "." + target.getFileName() + "-" + UUID.randomUUID() + ".part";
    return new AtomicOutput(target, Files.createFile(folder.resolve(part)));
  }

  /**
   * The file that a name stands for, once the folders above it are there.
   *
   * @throws IllegalArgumentException as {@link #create}
   */
  static Path target(Path name) throws IOException {
    // Through a link, the file it names is replaced, and not the link.
    Path target = Files.isSymbolicLink(name) && Files.exists(name) ? name.toRealPath() : name;
    if (Files.isDirectory(target)) {
      throw new IllegalArgumentException(target + " is a folder; name the file to write");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      // A device such as /dev/null would be replaced, not written to.
      throw new IllegalArgumentException(target + " is no regular file; name the file to write");
    }
    Path folder = target.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          target + " cannot be written: " + e.getFile() + " is a file, not a folder", e);
    }
    return target;
  }

  /** The path to write to until it is published. */
  Path path() {
    return temporary;
  }

  BufferedWriter writer() throws IOException {
    return Files.newBufferedWriter(temporary, StandardCharsets.UTF_8);
  }

  /** Moves the file to its place, over a file that is there already. */
  void publish() throws IOException {
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The JVM is already shutting down: the hook runs, or has run.
      return;
    }
  }

  private void remove() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
