package io.credence.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The SavedModel of street digits that comes with this library, unpacked into a temporary folder,
 * since TensorFlow reads models from the file system. Closing removes the folder.
 */
public final class BundledModel implements AutoCloseable {

  private static final String ROOT = "/io/credence/models/street-digits/";
  private static final List<String> FILES =
      List.of(
          "saved_model.pb",
          "credence.json",
          "variables/variables.index",
          "variables/variables.data-00000-of-00001");

  private final Path folder;

  private BundledModel(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks the street-digits classifier: pictures of shape {@code [N, 32, 32, 3]} with values 0–1,
   * ten classes.
   *
   * @return the model, which the caller closes
   * @throws UncheckedIOException if the temporary folder cannot be written
   */
  public static BundledModel streetDigits() {
    try {
      BundledModel model = new BundledModel(Files.createTempDirectory("credence-street-digits-"));
      try {
        model.unpack();
      } catch (IOException | RuntimeException e) {
        model.close();
        throw e;
      }
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled model cannot be unpacked: " + e.getMessage(), e);
    }
  }

  /**
   * The folder of the SavedModel, there until {@link #close}.
   *
   * @return the folder
   */
  public Path folder() {
    return folder;
  }

  private void unpack() throws IOException {
    for (String file : FILES) {
      Path target = folder.resolve(file);
      Files.createDirectories(target.getParent());
      try (InputStream in = BundledModel.class.getResourceAsStream(ROOT + file)) {
        if (in == null) {
          throw new IOException("the library lacks its resource " + ROOT + file);
        }
        Files.copy(in, target);
      }
    }
  }

  /**
   * Removes the temporary folder. Closing again has no effect.
   *
   * @throws UncheckedIOException if that fails
   */
  @Override
  public void close() {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed: " + e.getMessage(), e);
    }
  }
}
