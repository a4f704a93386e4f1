package io.credence.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data that is no part of the project; tests that need it are skipped where it is not there. */
final class SharedFolder {

  private SharedFolder() {}

  /** Something among the SavedModels of other people. */
  static Path savedModel(String name) {
    return of("savedmodels", name);
  }

  /** The folder of a data set. */
  static Path data(String name) {
    return of("data", name);
  }

  private static Path of(String folder, String name) {
    String variable = System.getenv("CREDENCE_SHARED");
    Path root = variable == null ? Path.of("../../shared") : Path.of(variable);
    Path path = root.resolve(folder).resolve(name);
    assumeTrue(Files.exists(path), "nothing at " + path + ": set CREDENCE_SHARED");
    return path;
  }
}
