package io.credence.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Collectors;

/** Manifests of data sets, as a team would write them. */
final class Manifests {

  private Manifests() {}

  /** A set {@code own} of one file. */
  static Path write(Path folder, List<String> urls, String path, byte[] content)
      throws IOException {
    return Files.writeString(
        folder.resolve("own.json"),
        """
        {
          "name": "own",
          "title": "random bytes",
          "licence": "none",
          "home": "https://example.org/own",
          "use": "credence train lenet --data DIR",
          "urls": [%s],
          "files": [
            {"path": "%s", "bytes": %d, "sha256": "%s"}
          ]
        }
        """
            .formatted(
                urls.stream().map(url -> '"' + url + '"').collect(Collectors.joining(", ")),
                path,
                content.length,
                sha256(content)));
  }

  static String sha256(byte[] content) {
    try {
      StringBuilder text = new StringBuilder();
      for (byte b : MessageDigest.getInstance("SHA-256").digest(content)) {
        text.append(String.format("%02x", b));
      }
      return text.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
