package io.credence.app.input;

import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.tensorflow.ndarray.Shape;

/**
 * PNG and JPEG pictures below a folder, in the order of their paths, resized by area averaging and
 * rescaled. Transparent parts become white.
 */
final class PictureFolder implements InputSource {

  /** Pictures are held in memory whole before they are resized. */
  private static final long MAX_PIXELS = 100_000_000;

  private final Path root;
  private final List<Path> files;
  private final TensorSpec spec;
  private final ImagePreprocessing preprocessing;
  private final boolean skipBad;
  private final List<BadRow> bad = new ArrayList<>();
  private int position;
  private int end;

  /**
   * Lists the pictures.
   *
   * @param path a folder, or one picture
   * @throws BadInputException if there is none
   */
  PictureFolder(Path path, TensorSpec spec, ImagePreprocessing preprocessing, boolean skipBad)
      throws IOException {
    this.spec = spec;
    this.preprocessing = preprocessing;
    this.skipBad = skipBad;
    if (Files.isDirectory(path)) {
      // A walk does not enter a folder that is itself a link.
      this.root = Files.isSymbolicLink(path) ? path.toRealPath() : path;
      try (Stream<Path> below = Files.walk(root)) {
        this.files =
            below.filter(Files::isRegularFile).filter(PictureFolder::isPicture).sorted().toList();
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
    } else {
      this.root = path.toAbsolutePath().getParent();
      this.files = List.of(path.toAbsolutePath());
    }
    if (files.isEmpty()) {
      throw new BadInputException(
          path + " holds no picture: no file in it ends in .png, .jpg or .jpeg");
    }
    this.end = files.size();
  }

  static boolean isPicture(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(files.size());
  }

  @Override
  public Optional<InputBatch> next(int rows) {
    int size = preprocessing.height() * preprocessing.width() * preprocessing.channels();
    byte[] pixels = new byte[Math.multiplyExact(Math.min(rows, end - position), size)];
    List<String> ids = new ArrayList<>();
    while (position < end && ids.size() < rows) {
      Path file = files.get(position++);
      try {
        byte[] picture = read(file);
        System.arraycopy(picture, 0, pixels, ids.size() * size, size);
        ids.add(root.relativize(file).toString());
      } catch (BadInputException e) {
        if (!skipBad) {
          throw e;
        }
        bad.add(
            new BadRow(
                position - 1, root.relativize(file).toString(), String.valueOf(e.getMessage())));
      }
    }
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    Shape shape = Shape.of(ids.size(), preprocessing.height(), preprocessing.width());
    boolean plain =
        preprocessing.channels() == 1
            && !spec.shape().isUnknown()
            && spec.shape().numDimensions() == 3;
    if (!plain) {
      shape = shape.append(preprocessing.channels());
    }
    byte[] filled = Arrays.copyOf(pixels, ids.size() * size);
    return Optional.of(
        new InputBatch(
            ids, Map.of(spec.name(), Pixels.toArray(filled, shape, spec, preprocessing))));
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void restrict(long from, long to) {
    if (from > files.size()) {
      throw BadInputException.shorter(root, files.size(), from);
    }
    position = (int) from;
    end = (int) Math.min(to, files.size());
  }

  @Override
  public List<BadRow> takeBad() {
    List<BadRow> taken = List.copyOf(bad);
    bad.clear();
    return taken;
  }

  @Override
  public void close() {}

  private byte[] read(Path file) {
    Optional<BufferedImage> image;
    List<String> warnings = new ArrayList<>();
    try {
      image = decode(file, warnings);
    } catch (IOException | RuntimeException e) {
      // Damaged files make the decoders throw anything from IIOException to IndexOutOfBounds.
      throw unreadable(file, e.getMessage());
    }
    if (image.isEmpty()) {
      throw unreadable(file, "it is neither PNG nor JPEG, whatever its name says");
    }
    // The JPEG decoder fills up what is missing with grey and only warns.
    if (warnings.stream().anyMatch(w -> w.contains("Truncated") || w.contains("premature end"))) {
      throw unreadable(file, "it was cut short");
    }
    return pixels(resized(withPlainGrey(image.get())));
  }

  /** As ImageIO.read, which keeps the warnings to itself. */
  private static Optional<BufferedImage> decode(Path file, List<String> warnings)
      throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return Optional.empty();
      }
      ImageReader reader = readers.next();
      try {
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        if ((long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS) {
          throw new IOException(
              reader.getWidth(0)
                  + " × "
                  + reader.getHeight(0)
                  + " pixels are more than the "
                  + MAX_PIXELS
                  + " that are read");
        }
        return Optional.of(reader.read(0));
      } finally {
        reader.dispose();
      }
    }
  }

  /** Grey with alpha, which Java takes for linear light and would brighten, value by value. */
  private static BufferedImage withPlainGrey(BufferedImage image) {
    ColorModel colors = image.getColorModel();
    if (colors.getColorSpace().getType() != ColorSpace.TYPE_GRAY || !colors.hasAlpha()) {
      return image;
    }
    int shift = colors.getComponentSize(0) - 8;
    Raster raster = image.getRaster();
    BufferedImage argb =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int grey = raster.getSample(x, y, 0) >> shift;
        argb.setRGB(x, y, raster.getSample(x, y, 1) >> shift << 24 | grey * 0x010101);
      }
    }
    return argb;
  }

  private static BadInputException unreadable(Path file, String reason) {
    return new BadInputException(
        "picture "
            + file
            + " cannot be read: "
            + reason
            + "; replace it, or pass over such files with --skip-bad");
  }

  private BufferedImage resized(BufferedImage image) {
    int height = preprocessing.height();
    int width = preprocessing.width();
    BufferedImage rgb = opaque(image, image.getWidth(), image.getHeight());
    boolean fits = image.getWidth() == width && image.getHeight() == height;
    return fits
        ? rgb
        : opaque(rgb.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING), width, height);
  }

  private static BufferedImage opaque(Image image, int width, int height) {
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = rgb.createGraphics();
    graphics.drawImage(image, 0, 0, Color.WHITE, null);
    graphics.dispose();
    return rgb;
  }

  private byte[] pixels(BufferedImage image) {
    int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    byte[] pixels = new byte[rgb.length * preprocessing.channels()];
    for (int i = 0; i < rgb.length; i++) {
      int red = (rgb[i] >> 16) & 0xFF;
      int green = (rgb[i] >> 8) & 0xFF;
      int blue = rgb[i] & 0xFF;
      if (preprocessing.channels() == 1) {
        // Luma of ITU-R BT.601, as most image libraries compute grey.
        pixels[i] = (byte) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
      } else {
        pixels[3 * i] = (byte) red;
        pixels[3 * i + 1] = (byte) green;
        pixels[3 * i + 2] = (byte) blue;
      }
    }
    return pixels;
  }
}
