package io.credence.models;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that is written beside its place and moved there when it is complete. Closing removes
 * whatever was not published.
 */
final class ModelFolder implements AutoCloseable {

  private final Path target;
  private final Path work;
  private final boolean overwrite;

  private ModelFolder(Path target, Path work, boolean overwrite) {
    this.target = target;
    this.work = work;
    this.overwrite = overwrite;
  }

  /**
   * Prepares a folder.
   *
   * @throws FileAlreadyExistsException if the target is there already and may not be replaced, or
   *     is something other than a folder
   */
  static ModelFolder create(Path target, boolean overwrite) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
      throw new FileAlreadyExistsException(
          target + " is there already, and is no folder; name another");
    }
    if (Files.exists(absolute) && !overwrite) {
      throw new FileAlreadyExistsException(
          target + " is there already; name another folder, or say --overwrite");
    }
    Files.createDirectories(absolute.getParent());
    Path work = Files.createTempDirectory(absolute.getParent(), "." + absolute.getFileName() + "-");
    Files.createDirectory(work.resolve("model"));
    Files.createDirectory(work.resolve("scratch"));
    return new ModelFolder(absolute, work, overwrite);
  }

  /** Where the files of the model go. */
  Path staging() {
    return work.resolve("model");
  }

  /** Where files go that are not part of the model. */
  Path scratch() {
    return work.resolve("scratch");
  }

  /** Moves the model to its place. */
  void publish() throws IOException {
    Path replaced = work.resolve("replaced");
    if (overwrite && Files.exists(target)) {
      Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(staging(), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (Files.exists(replaced)) {
        Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.walk(work)) {
      left = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : left) {
      Files.delete(path);
    }
  }
}
