package io.credence.app.input;

import io.credence.ElementType;
import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.ndarray.Shape;

/** Opens an input by what it is: pictures, {@code .npy}, IDX, or JSON Lines. */
public final class InputSources {

  private final List<TensorSpec> specs;
  private final Optional<ImagePreprocessing> sidecar;
  private final OptionalDouble scale;
  private final boolean skipBad;

  /**
   * How inputs are read.
   *
   * @param specs the inputs of the model
   * @param sidecar how the model's sidecar says that pictures become inputs
   * @param scale the factor for pixels that the user asks for, in place of the sidecar's
   * @param skipBad whether rows that cannot be read are passed over
   */
  public InputSources(
      List<TensorSpec> specs,
      Optional<ImagePreprocessing> sidecar,
      OptionalDouble scale,
      boolean skipBad) {
    this.specs = specs;
    this.sidecar = sidecar;
    this.scale = scale;
    this.skipBad = skipBad;
  }

  /**
   * Opens an input.
   *
   * @param path a folder of pictures, one picture, or a {@code .npy}, IDX or JSON Lines file
   * @return the source, which the caller closes
   * @throws BadInputException if there is nothing at the path, it is empty or of no known kind, or
   *     it does not fit the model
   * @throws IOException if it cannot be read
   */
  public InputSource open(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new BadInputException(
          "no input at "
              + path
              + "; name a folder of PNG or JPEG pictures, or a .npy, IDX or JSON Lines file");
    }
    if (Files.isDirectory(path) || PictureFolder.isPicture(path)) {
      TensorSpec spec = only("pictures");
      return new PictureFolder(path, spec, preprocessing(spec), skipBad);
    }
    byte[] start = start(path);
    if (start.length == 0) {
      throw new BadInputException(path + " is empty; at least one row is needed");
    }
    if (NpyFile.isNpy(start)) {
      return new NpyFile(path, only("a .npy file"));
    }
    if (firstVisible(start) == '{' || path.toString().matches("(?i).*\\.(jsonl|ndjson)")) {
      return new JsonLines(path, specs, skipBad);
    }
    boolean gzip = start.length > 1 && start[0] == 0x1F && start[1] == (byte) 0x8B;
    if (gzip || (start.length > 1 && start[0] == 0 && start[1] == 0)) {
      TensorSpec spec = only("an IDX file");
      return new IdxImages(path, spec, preprocessing(spec));
    }
    throw new BadInputException(
        path
            + " is of no kind that is read: neither .npy nor IDX nor JSON Lines, and its name ends"
            + " in none of .png, .jpg, .jpeg");
  }

  private TensorSpec only(String what) {
    if (specs.size() != 1) {
      throw new BadInputException(
          "the model has "
              + specs.size()
              + " inputs, "
              + specs
              + ", but "
              + what
              + " feeds only one; use JSON Lines with one object of named inputs a line");
    }
    return specs.get(0);
  }

  private ImagePreprocessing preprocessing(TensorSpec spec) {
    if (sidecar.isPresent()) {
      ImagePreprocessing s = sidecar.get();
      return scale.isEmpty()
          ? s
          : new ImagePreprocessing(
              s.height(), s.width(), s.channels(), scale.getAsDouble(), s.offset());
    }
    if (scale.isEmpty() && spec.type() != ElementType.UINT8) {
      throw new BadInputException(
          "nothing says how pixels become values of input \""
              + spec.name()
              + "\": the model has no credence.json; say --scale 0.00392156862745098 if it was"
              + " trained on 0–1, or --scale 1 if on 0–255");
    }
    Shape shape = spec.shape();
    boolean sized =
        !shape.isUnknown()
            && (shape.numDimensions() == 3 || shape.numDimensions() == 4)
            && shape.get(1) > 0
            && shape.get(2) > 0;
    if (!sized) {
      throw new BadInputException(
          "input \""
              + spec.name()
              + "\" reads "
              + TensorSpec.describe(shape)
              + ", which is no size of a picture; use .npy or JSON Lines");
    }
    int channels = shape.numDimensions() == 4 ? (int) shape.get(3) : 1;
    return new ImagePreprocessing(
        (int) shape.get(1), (int) shape.get(2), channels, scale.orElse(1), 0);
  }

  private static byte[] start(Path path) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
      return in.readNBytes(64);
    }
  }

  private static char firstVisible(byte[] start) {
    for (byte b : start) {
      if (!Character.isWhitespace(b)) {
        return (char) b;
      }
    }
    return ' ';
  }
}
