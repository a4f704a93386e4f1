package io.credence.models;

import io.credence.Sidecar;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder that is written beside its place and moved there when it is complete. Closing removes
 * whatever was not published.
 */
final class ModelFolder implements AutoCloseable {

  private final Path target;
  private final Path work;
  private final boolean overwrite;
  private final Thread cleaner = new Thread(this::removeQuietly);

  private ModelFolder(Path target, Path work, boolean overwrite) {
    this.target = target;
    this.work = work;
    this.overwrite = overwrite;
  }

  /** What a model's folder may hold: what exporters write, and the sidecar. */
  private static final Set<String> KNOWN =
      Set.of(
          "saved_model.pb",
          "saved_model.pbtxt",
          "variables",
          "assets",
          "assets.extra",
          "fingerprint.pb",
          "keras_metadata.pb",
          Sidecar.FILE_NAME);

  /**
   * Checks that a model may be written to a folder.
   *
   * @throws FileAlreadyExistsException if the target is there already and may not be replaced: it
   *     is no folder, or it holds something that is no model
   */
  static void check(Path target, boolean overwrite) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      return;
    }
    if (!Files.isDirectory(absolute)) {
      throw new FileAlreadyExistsException(
          target + " is there already, and is no folder; name another");
    }
    if (!overwrite) {
      throw new FileAlreadyExistsException(
          target + " is there already; name another folder, or say --overwrite");
    }
    try (Stream<Path> entries = Files.list(absolute)) {
      List<String> strange =
          entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> !KNOWN.contains(name))
              .sorted()
              .limit(3)
              .toList();
      if (!strange.isEmpty()) {
        throw new FileAlreadyExistsException(
            target
                + " holds more than a model, "
                + strange
                + ", and is not overwritten; name another folder");
      }
    }
    if (absolute.equals(Path.of("").toAbsolutePath().normalize())) {
      throw new FileAlreadyExistsException(
          target + " is the current folder, and is not overwritten; name another");
    }
  }

  /**
   * Prepares a folder.
   *
   * @throws FileAlreadyExistsException as {@link #check}
   */
  static ModelFolder create(Path target, boolean overwrite) throws IOException {
    check(target, overwrite);
    Path absolute = target.toAbsolutePath().normalize();
    Files.createDirectories(absolute.getParent());
    Path work = Files.createTempDirectory(absolute.getParent(), "." + absolute.getFileName() + "-");
    ModelFolder folder = new ModelFolder(absolute, work, overwrite);
    // Ctrl-C in a long training leaves nothing behind.
    Runtime.getRuntime().addShutdownHook(folder.cleaner);
    Files.createDirectory(work.resolve("model"));
    Files.createDirectory(work.resolve("scratch"));
    return folder;
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
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      return; // The JVM is shutting down: the hook removes it.
    }
    remove();
  }

  private void removeQuietly() {
    try {
      remove();
    } catch (IOException e) {
      System.getLogger(ModelFolder.class.getName())
          .log(System.Logger.Level.WARNING, work + " cannot be removed", e);
    }
  }

  private void remove() throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.walk(work)) {
      left = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : left) {
      Files.delete(path);
    }
  }
}
