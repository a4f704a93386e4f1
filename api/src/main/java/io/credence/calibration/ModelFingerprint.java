package io.credence.calibration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Tells models apart by what they compute: the SHA-256 of the files of a SavedModel that do so,
 * {@code saved_model.pb} or {@code saved_model.pbtxt} and all below {@code variables} and {@code
 * assets}, each with its name. A copy in another folder has the same fingerprint, as has one whose
 * {@code credence.json} or time stamps changed; a model trained on has another.
 *
 * <p>It knows nothing of what is chosen when the model is run: signature, dropout rates, passes.
 */
public final class ModelFingerprint {

  private static final List<String> PARTS =
      List.of("assets", "saved_model.pb", "saved_model.pbtxt", "variables");

  private ModelFingerprint() {}

  /**
   * The fingerprint of a model, or of an ensemble.
   *
   * @param models the folder of a SavedModel, or of each member of an ensemble, in their order
   * @return {@code sha256:} and 64 hexadecimal digits
   * @throws IllegalArgumentException if no folder is given, or one holds no SavedModel
   * @throws IOException if a file cannot be read
   */
  public static String of(List<Path> models) throws IOException {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("no model is given; give the folder of one at least");
    }
    MessageDigest digest = sha256();
    for (Path model : models) {
      if (!Files.isRegularFile(model.resolve("saved_model.pb"))
          && !Files.isRegularFile(model.resolve("saved_model.pbtxt"))) {
        throw new IllegalArgumentException(
            model
                + " holds no saved_model.pb and no saved_model.pbtxt; give the folder of a"
                + " SavedModel");
      }
      add("model", new byte[0], digest);
      for (String part : PARTS) {
        if (Files.exists(model.resolve(part))) {
          add(model, model.resolve(part), digest);
        }
      }
    }
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static void add(Path model, Path part, MessageDigest digest) throws IOException {
    // Names with '/' on any system, and in their order, so that a model keeps its fingerprint.
    SortedMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> below = Files.walk(part)) {
      below
          .filter(Files::isRegularFile)
          .forEach(f -> files.put(model.relativize(f).toString().replace('\\', '/'), f));
    }
    for (Map.Entry<String, Path> file : files.entrySet()) {
      MessageDigest content = sha256();
      try (InputStream in = Files.newInputStream(file.getValue())) {
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          content.update(buffer, 0, read);
        }
      }
      add(file.getKey(), content.digest(), digest);
    }
  }

  /** A name, which holds no zero byte, a zero byte, and a digest of a file's content. */
  private static void add(String name, byte[] content, MessageDigest digest) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(content);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
