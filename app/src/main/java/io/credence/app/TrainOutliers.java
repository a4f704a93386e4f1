package io.credence.app;

import io.credence.ElementType;
import io.credence.ImagePreprocessing;
import io.credence.TensorSpec;
import io.credence.app.input.BadInputException;
import io.credence.app.input.InputBatch;
import io.credence.app.input.InputSource;
import io.credence.app.input.InputSources;
import io.credence.models.LabelledImages;
import io.credence.models.Outliers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.tensorflow.ndarray.FloatNdArray;
import org.tensorflow.ndarray.Shape;

/** Reads the pictures of no class that a classifier is to be unsure of. */
final class TrainOutliers {

  private static final int BATCH = 1000;
  private static final String INPUT = "image";

  private TrainOutliers() {}

  /** The outliers that the user names, brought to the size of the training pictures. */
  static Optional<Outliers> read(TrainOptions options, LabelledImages train) throws IOException {
    if (options.outliers().isEmpty()) {
      if (options.lambda().isPresent()) {
        throw new BadInputException(
            "--lambda is the weight of outliers, but none are named; add --outliers PATH");
      }
      return Optional.empty();
    }
    LabelledImages images = images(options.outliers().get(), train);
    return Optional.of(new Outliers(images, options.lambda().orElse(Outliers.USUAL_WEIGHT)));
  }

  private static LabelledImages images(Path path, LabelledImages train) throws IOException {
    int height = train.height();
    int width = train.width();
    int channels = train.channels();
    TensorSpec spec =
        new TensorSpec(INPUT, ElementType.FLOAT32, Shape.of(-1, height, width, channels));
    // 0–255, as bytes are kept.
    ImagePreprocessing bytes = new ImagePreprocessing(height, width, channels, 1, 0);
    InputSources sources =
        new InputSources(List.of(spec), Optional.of(bytes), OptionalDouble.empty(), false);
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    try (InputSource source = sources.open(path)) {
      Optional<InputBatch> batch = source.next(BATCH);
      while (batch.isPresent()) {
        FloatNdArray values = (FloatNdArray) batch.get().inputs().get(INPUT);
        if (values == null) {
          throw new BadInputException(path + " has no input \"" + INPUT + "\"; add it");
        }
        values.scalars().forEach(scalar -> pixels.write(pixel(path, scalar.getFloat())));
        batch = source.next(BATCH);
      }
    }
    byte[] all = pixels.toByteArray();
    if (IntStream.range(0, all.length).allMatch(i -> all[i] == 0 || all[i] == 1)) {
      throw new BadInputException(
          path + " holds no value above 1; outliers are pixels of 0–255, so save them unscaled");
    }
    int each = height * width * channels;
    return new LabelledImages(all, new byte[all.length / each], height, width, channels);
  }

  private static int pixel(Path path, float value) {
    if (!(value >= 0 && value <= 255)) {
      throw new BadInputException(
          path + " holds the value " + value + "; pixels of outliers are within 0–255");
    }
    return Math.round(value);
  }
}
