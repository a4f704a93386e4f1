package io.credence.app;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes the picture of a recipe. */
final class TrainPicture {

  private TrainPicture() {}

  /** Writes a PNG, whole or not at all, over one that is there, and returns its path. */
  static Path write(BufferedImage image, Path path) throws IOException {
    try (AtomicOutput file = AtomicOutput.create(path)) {
      ImageIO.write(image, "png", file.path().toFile());
      file.publish();
    }
    return path;
  }
}
